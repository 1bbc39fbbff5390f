"""What people want to see. It is theirs alone: nobody else sees it, so no wall's revision is raised."""

import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.asking import ask_for_facts
from movies.diary.models import Wish
from mymovie.limits.services import Limit

MOST_WISHES = 5000
ACTS = Limit("wishes", 300, datetime.timedelta(hours=1))
REMINDERS = ("reminds_of_cinema", "reminds_of_digital", "reminds_a_week_before")


class WishError(Exception):
    pass


class TooManyWishes(WishError):
    pass


@transaction.atomic
def wish(*, owner: User, film: Film) -> Wish:
    """Put `film` on `owner`'s watchlist, or the one that it was merged into; safe to repeat. Raises TooManyWishes.

    The film is locked, so that no day of its opening moves and no merge passes between our look and the wish.
    """
    film = _locked(film.merged_into_id or film.pk)
    if film.merged_into_id:  # in this very moment
        film = _locked(film.merged_into_id)
    known = {"known_cinema_on": film.cinema_on, "known_digital_on": film.digital_on}
    made, is_new = Wish.objects.get_or_create(owner=owner, film=film, defaults=known)
    if is_new:
        User.objects.in_one_order([owner])  # else two at once each miss the other's
        if Wish.objects.filter(owner=owner).count() > MOST_WISHES:
            raise TooManyWishes(owner.pk)
    ask_for_facts(film)
    return made


def _locked(film_id: int) -> Film:
    film: Film = Film.objects.select_for_update(no_key=True).get(pk=film_id)
    return film


def unwish(*, owner: User, film: Film) -> None:
    Wish.objects.filter(owner=owner, film=film.merged_into_id or film.pk).delete()


@transaction.atomic
def wish_again(*, owner: User, film: Film, was: dict[str, Any]) -> None:
    """Wait for `film` as before, unless it is waited for; `was`: the columns of the former wish."""
    film = film.merged_into or film
    # The film's days may have moved, which is no news by now.
    known = {"known_cinema_on": film.cinema_on, "known_digital_on": film.digital_on}
    said = {name: was[name] for name in REMINDERS} | {"memo": was.get("memo", "")}
    made, is_new = Wish.objects.get_or_create(owner=owner, film=film, defaults=known | said)
    if is_new:
        Wish.objects.filter(pk=made.pk).update(wished_at=was["wished_at"])


def change_reminders(*, wish: Wish, changes: dict[str, Any]) -> None:
    """Write these columns and no others: two windows that change different things both count."""
    Wish.objects.filter(pk=wish.pk).update(**changes)


def move_wishes(film: Film, into: Film) -> None:
    """For a merge, in its transaction: where somebody waits for both, one wish stays, with the reminders of either."""
    owners = Wish.objects.filter(film=film).values("owner")
    of_both = Wish.objects.filter(film__in=[film, into], owner__in=owners)
    wishes = list(of_both.select_for_update(no_key=True).order_by("pk"))
    kept = {wish.owner_id: wish for wish in wishes if wish.film_id == into.pk}
    doubled = [wish for wish in wishes if wish.film_id == film.pk and wish.owner_id in kept]
    for wish in doubled:
        for reminder in REMINDERS:
            wanted = getattr(wish, reminder) or getattr(kept[wish.owner_id], reminder)
            setattr(kept[wish.owner_id], reminder, wanted)
    Wish.objects.bulk_update([kept[wish.owner_id] for wish in doubled], REMINDERS)
    Wish.objects.filter(pk__in=[wish.pk for wish in doubled]).delete()
    Wish.objects.filter(film=film).update(film=into)
