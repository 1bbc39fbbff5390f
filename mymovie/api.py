"""The whole API, for apps and scripts. What each address does stands with it in /api/v1/docs/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.identity.api import joining
from movies.diary.api import comparisons, data, entries, feeds, films, walls, wishes
from movies.releases.api import calendars, upcoming
from mymovie.rest import docs

HANDLE = "(?P<handle>[A-Za-z0-9_]{1,15})"
OTHER = "(?P<other>[A-Za-z0-9_]{1,15})"

app_name = "api"

router = SimpleRouter(trailing_slash=False)
router.register("auth", joining.Auth, "auth")
router.register("entries", entries.Entries, "entries")
router.register("viewings", entries.Viewings, "viewings")
router.register("feed", feeds.Feed, "feed")
router.register("films", films.FilmSearch, "film-search")
router.register("films", films.Films, "film")
router.register("me", calendars.Calendar, "calendar")
router.register("me", data.Data, "data")
router.register(f"people/{HANDLE}/compare/{OTHER}", comparisons.Comparisons, "comparison")
router.register(f"people/{HANDLE}/wall", walls.Walls, "wall")
router.register("upcoming", upcoming.Upcoming, "upcoming")
router.register("watchlist", wishes.Watchlist, "watchlist")

urlpatterns = [
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.docs, name="docs"),
    path("", include(router.urls)),
]
