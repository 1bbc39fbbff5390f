"""Addresses for programs: the same in every language."""

from django.urls import path, re_path

from movies.sharing.views import feeds, oembed

urlpatterns = [
    path("oembed/", oembed.oembed, name="oembed"),
    re_path(r"^news/(?P<token>[A-Za-z0-9_.-]{1,200})\.rss$", feeds.feed_rss, name="feed_rss"),
]
