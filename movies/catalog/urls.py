from django.urls import re_path

from movies.catalog import views

urlpatterns = [
    re_path(
        r"^posters/(?P<pk>[0-9]{1,18})-(?P<version>[0-9a-f]{1,24})\.(?P<language>ja|en)\.svg$",
        views.drawn_poster,
        name="drawn_poster",
    ),
]
