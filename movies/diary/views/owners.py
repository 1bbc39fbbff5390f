"""Whose wall, numbers or reviews a page shows, and what stands above them."""

from typing import Any

from django.db.models import Count

from accounts.models import User
from accounts.requests import Request
from movies.diary import open_wall
from mymovie.prepared import Prepared


def known_to(request: Request, handle: str) -> Any:
    """Whoever has the handle, with `is_open`. Raises Http404 for what the viewer may not know of."""
    if request.user.is_authenticated and request.user.handle == handle:  # the wall that is looked at most by its owner
        request.user.is_open = True  # type: ignore[attr-defined]
        return request.user
    return open_wall.owner_called(handle, request.user)


SOMEONES_ID = -7_919  # stands in for another
_wishes = Prepared(
    lambda: User.objects.filter(pk=SOMEONES_ID).annotate(count=Count("wishes")).values_list("count"), owner=SOMEONES_ID
)


def above(request: Request, owner: User) -> dict[str, object]:
    """What `components/owner.html` says of them, but for the number of their films."""
    is_own, follow = owner == request.user, None
    if request.user.is_authenticated and not is_own:
        follow = open_wall.follow_of(request.user, owner)
    wishes = _wishes.rows(owner=owner.pk)[0][0] if is_own and not request.htmx else 0
    return {"owner": owner, "is_own": is_own, "follow": follow, "wishes_count": wishes}
