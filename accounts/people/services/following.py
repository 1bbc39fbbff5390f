"""Who reads whom. Each act locks the people it is about, and assigns what is counted of them, in its own transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.people.models import Block, Follow, User, UserQuerySet, Visibility


class FollowingError(Exception):
    pass


class OutOfSight(FollowingError):
    """One of the two has blocked the other, perhaps in this moment."""


@transaction.atomic
def follow(*, follower: User, followee: User) -> Follow:
    """Follow, or ask to where the wall is not for everybody; safe to repeat. Raises OutOfSight."""
    now_as_they_are = {person.pk: person for person in User.objects.in_one_order([follower, followee])}
    followee = now_as_they_are[followee.pk]
    if Block.objects.filter(blocker__in=now_as_they_are, blocked__in=now_as_they_are).exists():
        raise OutOfSight(followee.pk)
    following, _is_new = Follow.objects.get_or_create(
        follower=follower, followee=followee, defaults={"last_entry_at": followee.last_entry_at}
    )
    if following.accepted_at is None and followee.wall_visibility == Visibility.PUBLIC:
        following.accepted_at = timezone.now()
        following.save(update_fields=["accepted_at"])
    _recount([follower, followee])
    return following


@transaction.atomic
def unfollow(*, follower: User, followee: User) -> None:
    """Also takes back what was only asked, and is how a followee removes or declines a follower; safe to repeat."""
    User.objects.in_one_order([follower, followee])
    Follow.objects.filter(follower=follower, followee=followee).delete()
    _recount([follower, followee])


@transaction.atomic
def accept(*, followee: User, follower: User) -> None:
    """Let somebody follow who has asked; nothing where they have not, or no longer."""
    User.objects.in_one_order([follower, followee])
    asked = Follow.objects.filter(follower=follower, followee=followee, accepted_at=None)
    asked.update(accepted_at=timezone.now())
    _recount([follower, followee])


@transaction.atomic
def accept_all(*, followee: User) -> None:
    """Everybody who has asked: the wall has been opened to all."""
    asking = list(User.objects.filter(following__followee=followee, following__accepted_at=None))
    User.objects.in_one_order([followee, *asking])
    Follow.objects.filter(followee=followee, accepted_at=None).update(accepted_at=timezone.now())
    _recount([followee, *asking])


@transaction.atomic
def block(*, blocker: User, blocked: User) -> None:
    """Neither follows the other any more, nor sees them anywhere; safe to repeat."""
    both = [blocker, blocked]
    User.objects.in_one_order(both)
    Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    Follow.objects.filter(follower__in=both, followee__in=both).delete()
    _recount(both)


def unblock(*, blocker: User, blocked: User) -> None:
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


def mute(*, follower: User, followee: User, is_muted: bool) -> None:
    """Followed still, but gone from the follower's feed; or back in it."""
    Follow.objects.filter(follower=follower, followee=followee).update(is_muted=is_muted)


def lock_with_those_around(person: User) -> User:
    """The person as they are now, locked together with all whom they follow or who follow them: before they go or come."""
    locked = User.objects.in_one_order([person, *_around(person)])
    return next(one for one in locked if one == person)


@transaction.atomic
def recount_around(*, person: User) -> None:
    """`person` has come or gone: count anew for all whom they follow or who follow them."""
    _recount([person, *_around(person)])


def _around(person: User) -> UserQuerySet:
    around: UserQuerySet = User.objects.filter(Q(following__followee=person) | Q(followers__follower=person))
    return around.distinct()


def _recount(people: Iterable[User]) -> None:
    """The counts stand on the wall: it has changed. Those who have left, or were shut out, do not count."""
    accepted = Follow.objects.filter(accepted_at__isnull=False)
    User.objects.raise_wall_revision(
        [person.pk for person in people],
        is_public=True,
        followers_count=_count(accepted.filter(follower__is_active=True), "followee"),
        following_count=_count(accepted.filter(followee__is_active=True), "follower"),
        requests_count=_count(Follow.objects.filter(accepted_at=None, follower__is_active=True), "followee"),
    )


def _count(follows: QuerySet[Follow], person: str) -> Coalesce:
    counted = follows.filter(**{person: OuterRef("pk")}).order_by().values(person).annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)
