"""The whole API, for apps and scripts. What each address does stands with it in /api/v1/docs/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts.identity.api import joining
from movies.diary.api import entries, walls
from mymovie.rest import docs

HANDLE = "(?P<handle>[A-Za-z0-9_]{1,15})"

app_name = "api"

router = SimpleRouter(trailing_slash=False)
router.register("auth", joining.Auth, "auth")
router.register("entries", entries.Entries, "entries")
router.register("viewings", entries.Viewings, "viewings")
router.register(f"people/{HANDLE}/wall", walls.Walls, "wall")

urlpatterns = [
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.docs, name="docs"),
    path("", include(router.urls)),
]
