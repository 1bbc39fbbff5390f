"""Who reads whom, as far as a viewer may know."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.people.models import Block, Follow, User, UserQuerySet

PEOPLE_ON_A_PAGE = 60


def known_follows(viewer: User | AnonymousUser, *, of: str, owner: User, person: str) -> QuerySet[Follow]:
    """The follows of `owner` on the side that `of` names; `person` is the other one's."""
    known = User.objects.known_to(viewer)
    return Follow.objects.filter(**{of: owner, f"{person}__in": known}).select_related(person)


def followers_of(owner: User, *, viewer: User | AnonymousUser) -> QuerySet[Follow]:
    return known_follows(viewer, of="followee", owner=owner, person="follower").filter(accepted_at__isnull=False)


def followed_by(owner: User, *, viewer: User | AnonymousUser) -> QuerySet[Follow]:
    return known_follows(viewer, of="follower", owner=owner, person="followee").filter(accepted_at__isnull=False)


def asking(owner: User) -> QuerySet[Follow]:
    """Those who ask to follow; only their owner is told."""
    return known_follows(owner, of="followee", owner=owner, person="follower").filter(accepted_at=None)


def muted_by(owner: User) -> QuerySet[Follow]:
    return known_follows(owner, of="follower", owner=owner, person="followee").filter(is_muted=True)


def blocked_by(owner: User) -> QuerySet[Block]:
    return Block.objects.filter(blocker=owner, blocked__is_active=True).select_related("blocked")


def others_known_to(viewer: User) -> UserQuerySet:
    others: UserQuerySet = User.objects.known_to(viewer).exclude(pk=viewer.pk)
    return others


def count_for_its_owner(owner: User) -> None:
    """What others are told counts only those whom they may see; its owner is told of all whom they see themselves."""
    owner.followers_count = followers_of(owner, viewer=owner).count()
    owner.following_count = followed_by(owner, viewer=owner).count()
