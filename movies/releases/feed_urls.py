from django.urls import re_path

from movies.releases.views import calendars

urlpatterns = [
    re_path(r"^calendar/(?P<token>[A-Za-z0-9_.-]{1,200})\.ics$", calendars.feed, name="calendar_feed"),
]
