"""Who reads whom. Each act locks the people it is about, and assigns what is counted of them, in its own transaction."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.mail.models import Kind, Notice, State
from accounts.mail.services import notify
from accounts.people import tasks
from accounts.people.models import FEW_FOLLOWED, Block, Follow, User, UserQuerySet, Visibility, slot_of

LOOKED_OVER = 2_000
ASKS_AGAIN_AFTER = datetime.timedelta(days=1)


class FollowingError(Exception):
    pass


class OutOfSight(FollowingError):
    """One of the two has blocked the other, or is gone, perhaps in this moment."""


@transaction.atomic
def follow(*, follower: User, followee: User) -> Follow:
    """Follow, or ask to where the wall is not for everybody; safe to repeat. Raises OutOfSight."""
    both = {person.pk: person for person in User.objects.in_one_order([follower, followee])}
    if len(both) < 2 or Block.objects.filter(blocker__in=both, blocked__in=both).exists():
        raise OutOfSight(followee.pk)
    followee = both[followee.pk]
    following, is_new = Follow.objects.get_or_create(
        follower=follower, followee=followee, defaults={"last_entry_at": slot_of(followee.last_entry_at)}
    )
    if following.accepted_at is None and followee.wall_visibility == Visibility.PUBLIC:
        following.accepted_at = timezone.now()
        following.save(update_fields=["accepted_at"])
    _recount([follower, followee])
    if is_new and following.accepted_at is None:
        _tell_of_request(following)
    return following


def _tell_of_request(asked: Follow) -> None:
    """Whoever takes back what they asked, and asks anew within a day, is told of once. What was never sent, as it was no
    longer true, tells nobody."""
    asker = f"request {asked.follower_id}"
    lately = Notice.objects.filter(
        recipient=asked.followee,
        kind=Kind.REQUEST,
        key__startswith=f"{asker} ",
        created_at__gt=timezone.now() - ASKS_AGAIN_AFTER,
    )
    if not lately.exclude(state=State.DROPPED).exists():
        notify(
            task=tasks.mail_request,
            recipient_id=asked.followee_id,
            kind=Kind.REQUEST,
            key=f"{asker} {asked.pk}",
            about={"follower": asked.follower_id},
        )


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
def decline(*, followee: User, follower: User) -> None:
    """Turn somebody down who asks; whoever follows already goes on. Safe to repeat."""
    User.objects.in_one_order([follower, followee])
    Follow.objects.filter(follower=follower, followee=followee, accepted_at=None).delete()
    _recount([follower, followee])


def wall_opened(followee: User) -> None:
    """Everybody who has asked may follow now. Lock them with `lock_with_those_around` first."""
    Follow.objects.filter(followee=followee, accepted_at=None).update(accepted_at=timezone.now())


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


def tell_who_follows_many() -> None:
    """A feed is right either way, and quick where whoever follows few asks, and whoever follows many is told. A new follow is
    told until it is looked over here; some are, each time."""
    follows_many = User.objects.filter(following_count__gt=FEW_FOLLOWED)
    asking = Follow.objects.filter(last_entry_at=None, followee__last_entry_at__isnull=False)
    for one in asking.filter(follower__in=follows_many).select_related("followee").order_by("pk")[:LOOKED_OVER]:
        _tell(one)
    told = Follow.objects.filter(last_entry_at__isnull=False)
    follow_few = told.exclude(follower__in=follows_many).order_by("follower").values_list("follower", flat=True)
    for follower in follow_few.distinct()[:LOOKED_OVER]:
        told.filter(follower=follower).update(last_entry_at=None)


@transaction.atomic
def _tell(asking: Follow) -> None:
    """From now on the follower is told when the followee records. Whoever records in this very moment sees by the revision
    that another one wants to be told."""
    for followee in User.objects.in_one_order([asking.followee]):
        User.objects.raise_wall_revision([followee.pk], is_public=False)
        Follow.objects.filter(pk=asking.pk).update(last_entry_at=slot_of(followee.last_entry_at))


def lock_with_those_around(person: User) -> User:
    """The person as they are now, locked together with all whom they follow or who follow them: before they go or come.

    Raises User.DoesNotExist.
    """
    for one in User.objects.in_one_order([person, *_around(person)]):
        if one == person:
            return one
    raise User.DoesNotExist(person.pk)


@transaction.atomic
def recount_around(*, person: User) -> None:
    """`person` has come or gone, or is seen by others than before: count anew for all around them."""
    _recount([person, *_around(person)])


def _around(person: User) -> UserQuerySet:
    follows_them = Follow.objects.filter(followee=person).values("follower")
    followed_by_them = Follow.objects.filter(follower=person).values("followee")
    around: UserQuerySet = User.objects.filter(Q(pk__in=follows_them) | Q(pk__in=followed_by_them))
    return around


def _recount(people: Iterable[User]) -> None:
    """Assign what the wall says of follows. Who has left, was shut out, or keeps their wall to themselves is not counted,
    as the lists leave them out too; a request of theirs is, as it waits for an answer."""
    accepted = Follow.objects.filter(accepted_at__isnull=False)
    asking = Follow.objects.filter(accepted_at=None, follower__is_active=True)
    followers = _count(_seen(accepted, "follower"), "followee")
    following = _count(_seen(accepted, "followee"), "follower")
    # Strangers are told only where a number that they see has changed: a block may change nothing.
    shows_others = ~Q(followers_count=followers) | ~Q(following_count=following)
    User.objects.raise_wall_revision(
        [person.pk for person in people],
        is_public=Q(wall_visibility=Visibility.PUBLIC) & shows_others,
        followers_count=followers,
        following_count=following,
        requests_count=_count(asking, "followee"),
    )


def _seen(follows: QuerySet[Follow], person: str) -> QuerySet[Follow]:
    private = {f"{person}__wall_visibility": Visibility.PRIVATE}
    return follows.filter(**{f"{person}__is_active": True}).exclude(**private)


def _count(follows: QuerySet[Follow], person: str) -> Coalesce:
    counted = follows.filter(**{person: OuterRef("pk")}).order_by().values(person).annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)
