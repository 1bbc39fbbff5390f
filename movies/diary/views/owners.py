"""Whose wall, numbers or reviews a page shows, and what stands above them."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Follow, User
from accounts.requests import Request
from movies.diary.models import Wish


def with_openness(people: QuerySet[User], request: Request) -> QuerySet[Any]:
    """With `is_open`: whether the viewer may see what is on their wall."""
    return people.annotate(is_open=Exists(User.objects.with_wall_open_to(request.user).filter(pk=OuterRef("pk"))))


def known_to(request: Request) -> QuerySet[Any]:
    return with_openness(User.objects.known_to(request.user), request)


def above(request: Request, owner: User) -> dict[str, object]:
    """What `components/owner.html` says of them, but for the number of their films."""
    is_own, follow = owner == request.user, None
    if request.user.is_authenticated and not is_own:
        follow = Follow.objects.filter(follower=request.user, followee=owner).first()
    wishes = Wish.objects.filter(owner=owner).count() if is_own and not request.htmx else 0
    return {"owner": owner, "is_own": is_own, "follow": follow, "wishes_count": wishes}
