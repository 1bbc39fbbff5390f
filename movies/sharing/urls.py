from django.urls import path

from movies.sharing.views import feeds, pictures, posters

urlpatterns = [
    path("@<handle:handle>/og.png", pictures.wall_picture, name="wall_picture"),
    path("@<handle:handle>/films/<int:pk>/og.png", pictures.entry_picture, name="entry_picture"),
    path("films/<int:pk>/og.png", pictures.film_picture, name="film_picture"),
    path("@<handle:handle>/rss/", feeds.wall_rss, name="wall_rss"),
    path("settings/poster/", posters.poster_settings, name="poster_settings"),
    path("settings/poster/progress/", posters.poster_progress, name="poster_progress"),
    path("settings/poster/<int:pk>/", posters.download_poster, name="download_poster"),
    path("settings/feed/", feeds.feed_settings, name="feed_settings"),
    path("settings/feed/make/", feeds.make_feed, name="make_feed"),
    path("settings/feed/renew/", feeds.renew_feed, name="renew_feed"),
    path("settings/feed/end/", feeds.end_feed, name="end_feed"),
]
