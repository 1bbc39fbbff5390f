from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, register_converter

from accounts.people.converters import HandleConverter

register_converter(HandleConverter, "handle")

urlpatterns = [
    path(settings.STAFF_PATH, admin.site.urls),
    path("api/v1/", include("mymovie.api")),
    *i18n_patterns(
        path("", include("movies.diary.urls")),  # first: it is asked for most
        path("", include("accounts.people.urls")),
        path("", include("mymovie.offline.urls")),
        path("", include("accounts.identity.urls")),
        path("", include("accounts.contact.urls")),
        path("", include("accounts.moderation.urls")),
        path("", include("movies.releases.urls")),
        path("", include("movies.imports.urls")),
        path("", include("movies.sharing.urls")),
        prefix_default_language=False,
    ),
    path("", include("movies.catalog.urls")),
    path("", include("movies.releases.feed_urls")),
    path("", include("movies.sharing.open_urls")),
    path("", include("accounts.people.media_urls")),
    path("", include("accounts.mail.urls")),
    path("", include("mymovie.offline.worker_urls")),
    path("", include("movies.diary.share_urls")),
]

handler400 = "mymovie.errors.bad_request"
handler403 = "mymovie.errors.forbidden"
handler404 = "mymovie.errors.not_found"
handler500 = "mymovie.errors.server_error"
