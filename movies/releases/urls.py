from django.urls import path

from movies.releases.views import calendars, upcoming

urlpatterns = [
    path("upcoming/", upcoming.upcoming, name="upcoming"),
    path("settings/calendar/", calendars.calendar_settings, name="calendar_settings"),
    path("settings/calendar/make/", calendars.make_calendar, name="make_calendar"),
    path("settings/calendar/renew/", calendars.renew_calendar, name="renew_calendar"),
    path("settings/calendar/end/", calendars.end_calendar, name="end_calendar"),
]
