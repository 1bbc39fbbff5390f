"""Whose wall, numbers or reviews a page shows, and what stands above them."""

from typing import Any

from django.shortcuts import get_object_or_404

from accounts.models import Follow, User
from accounts.requests import Request
from movies.diary.models import Wish


def known_to(request: Request, handle: str) -> Any:
    """Whoever has the handle, with `is_open`. Raises Http404 for what the viewer may not know of."""
    if request.user.is_authenticated and request.user.handle == handle:  # the wall that is looked at most by its owner
        request.user.is_open = True  # type: ignore[attr-defined]
        return request.user
    return get_object_or_404(User.objects.known_to(request.user).telling_openness_to(request.user), handle=handle)


def above(request: Request, owner: User) -> dict[str, object]:
    """What `components/owner.html` says of them, but for the number of their films."""
    is_own, follow = owner == request.user, None
    if request.user.is_authenticated and not is_own:
        follow = Follow.objects.filter(follower=request.user, followee=owner).first()
    wishes = Wish.objects.filter(owner=owner).count() if is_own and not request.htmx else 0
    return {"owner": owner, "is_own": is_own, "follow": follow, "wishes_count": wishes}
