"""Films that somebody has put together under a name. Lists are theirs alone: nobody else sees them, so no wall's revision
is raised."""

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import FilmList, FilmListItem
from mymovie.paging import BadCursor, Cursor, page_after

LISTS_ON_A_PAGE = 24
FILMS_ON_A_PAGE = 60
IN_A_GLIMPSE = 5  # films of a list that stand for all of it


def lists_of(owner: User, after: Cursor | None) -> tuple[list[FilmList], Cursor | None]:
    """The newest first, each with the `count` of its films and its first ones as a `glimpse`."""
    in_order = FilmListItem.objects.select_related("film").order_by("position", "pk")
    lists = (
        FilmList.objects.filter(owner=owner)
        .annotate(count=Count("items"))
        .prefetch_related(Prefetch("items", in_order[:IN_A_GLIMPSE], to_attr="glimpse"))
    )
    return page_after(lists, "made_at", after, LISTS_ON_A_PAGE)


def films_on(film_list: FilmList, after: Cursor | None) -> tuple[list[FilmListItem], Cursor | None]:
    """In their order, from the first; where none was given, as they came. Raises BadCursor."""
    rows = list(items_of(film_list, after)[: FILMS_ON_A_PAGE + 1])
    page = rows[:FILMS_ON_A_PAGE]
    return page, Cursor(page[-1].position, page[-1].pk) if len(rows) > FILMS_ON_A_PAGE else None


def items_of(film_list: FilmList, after: Cursor | None) -> QuerySet[FilmListItem]:
    items = film_list.items.select_related("film").order_by("position", "pk")
    if after is None:
        return items
    if after.key is None:
        raise BadCursor(str(after))
    beyond = Q(position__gt=after.key) | Q(pk__gt=after.pk)
    return items.filter(beyond, position__gte=after.key)


@transaction.atomic
def delete_list(*, film_list: FilmList) -> None:
    """The list and its notes; what is recorded of its films stays."""
    film_list.delete()


def move_list_items(film: Film, into: Film) -> None:
    """For a merge, in its transaction: where a list has both, one stays at its place, with the notes of either."""
    lists = FilmListItem.objects.filter(film=film).values("film_list")
    of_both = FilmListItem.objects.filter(film__in=[film, into], film_list__in=lists)
    items = list(of_both.select_for_update(no_key=True).order_by("pk"))
    kept = {item.film_list_id: item for item in items if item.film_id == into.pk}
    doubled = [item for item in items if item.film_id == film.pk and item.film_list_id in kept]
    for item in doubled:
        stays = kept[item.film_list_id]
        stays.note = "\n".join(dict.fromkeys(filter(None, (stays.note, item.note))))
    FilmListItem.objects.bulk_update([kept[item.film_list_id] for item in doubled], ["note"])
    FilmListItem.objects.filter(pk__in=[item.pk for item in doubled]).delete()
    FilmListItem.objects.filter(film=film).update(film=into)
