"""The whole API, for apps and scripts. What each address does stands with it in /api/v1/docs/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.identity.api import joining, me, tokens
from accounts.moderation.api import PersonReports
from accounts.people.api import acts, people, settings
from movies.diary.api import comparisons, data, entries, feeds, films, reports, reviews, walls, wishes
from movies.imports.api import imports
from movies.releases.api import calendars, upcoming
from mymovie.rest import docs

HANDLE = "(?P<handle>[A-Za-z0-9_]{1,15})"
OTHER = "(?P<other>[A-Za-z0-9_]{1,15})"

app_name = "api"

router = SimpleRouter(trailing_slash=False)
router.register("auth", joining.Auth, "auth")
router.register("entries", entries.Entries, "entries")
router.register("entries/(?P<pk>[0-9]{1,18})/reports", reports.EntryReports, "entry-report")
router.register("viewings", entries.Viewings, "viewings")
router.register("me/following", acts.Following, "my-following")
router.register("me/followers", acts.Followers, "my-followers")
router.register("me/requests", acts.Requests, "my-requests")
router.register("me/blocks", acts.Blocks, "my-blocks")
router.register("me/muted", acts.Muted, "my-muted")
router.register("me/tokens", tokens.Tokens, "my-tokens")
router.register(f"people/{HANDLE}/reports", PersonReports, "person-report")
router.register("people", people.People, "person")
router.register("feed", feeds.Feed, "feed")
router.register("films", films.FilmSearch, "film-search")
router.register("films", films.Films, "film")
router.register("imports", imports.Imports, "imports")
router.register("me", calendars.Calendar, "calendar")
router.register("me", data.Data, "data")
router.register(f"people/{HANDLE}/compare/{OTHER}", comparisons.Comparisons, "comparison")
router.register(f"people/{HANDLE}/wall", walls.Walls, "wall")
router.register(f"people/{HANDLE}/reviews", reviews.Reviews, "review")
router.register("upcoming", upcoming.Upcoming, "upcoming")
router.register("watchlist", wishes.Watchlist, "watchlist")

urlpatterns = [
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.docs, name="docs"),
    path("me", me.Me.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}), name="me"),
    path("me/avatar", settings.MyAvatar.as_view({"put": "update", "delete": "destroy"}), name="my-avatar"),
    path("me/mail", settings.MyMail.as_view({"get": "retrieve", "patch": "partial_update"}), name="my-mail"),
    path("me/mail/reopen", settings.MyMail.as_view({"post": "reopen"}), name="my-mail-reopen"),
    path("", include(router.urls)),
]
