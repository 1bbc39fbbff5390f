"""What the page of a film tells: in statements that are written once, for strangers and for whoever has signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigAutoField, QuerySet

from accounts.models import User
from movies.catalog import brief
from movies.catalog.dates import today_in_japan
from movies.catalog.film_page import Facts, facts_of, with_facts
from movies.catalog.models import Film
from movies.diary.filmography import Shown, others_by_directors_of
from movies.diary.marks import my_entry, with_all_of_mine
from movies.diary.models import Entry, EntryQuerySet, Viewer
from movies.diary.reception import Reception, entries_of, received, scores_of, split_by_following
from mymovie.paging import Cursor, apart, cut, in_one, spans
from mymovie.prepared import Prepared
from mymovie.rest.conditional import digest

PEOPLE_ON_A_PAGE = 24
REVIEWS_BESIDE_A_FILM = 5

A_FILM = Film(pk=-7_919)  # stands in for another, as the next does for whoever looks at it
SOMEBODY = User(pk=-7_927)

Page = tuple[list[Any], Cursor | None]


class Statements:
    """For `viewer`: nobody, or who stands in for whoever has signed in."""

    def __init__(self, viewer: Viewer) -> None:
        ids: dict[str, Any] = {"film": A_FILM.pk}
        if isinstance(viewer, User):
            ids["viewer"] = viewer.pk
        self.film = Prepared(lambda: films_for(viewer).filter(pk=A_FILM.pk), **ids)
        self.scores = Prepared(lambda: scores_of(A_FILM, viewer), **ids)
        self.reviews = Prepared(lambda: reviews_beside(A_FILM, viewer), **ids)
        self.people = Prepared(lambda: people_first(A_FILM, viewer), is_planned_once=len(ids) == 1, **ids)
        self.others = Prepared(lambda: others_by_directors_of(A_FILM, viewer), **ids)


@cache
def for_strangers() -> Statements:
    return Statements(AnonymousUser())


@cache
def for_somebody() -> Statements:
    return Statements(SOMEBODY)


def films_for(viewer: Viewer) -> QuerySet[Any]:
    return with_facts(with_all_of_mine(Film.objects.select_related("merged_into"), viewer))


def reviews_of(film: Film, viewer: Viewer) -> EntryQuerySet:
    read: EntryQuerySet = Entry.objects.reviews_read_by(viewer).filter(film=film)
    return read


def reviews_beside(film: Film, viewer: Viewer) -> QuerySet[Any]:
    """The first of those of others, and one more: one's own stands on the page already."""
    read = reviews_of(film, viewer).telling(viewer).select_related("owner")
    if isinstance(viewer, User):
        read = read.exclude(owner=viewer)
    [newest] = spans(read, "reviewed_at", None)
    return newest[: REVIEWS_BESIDE_A_FILM + 1]


def people_by(film: Film, viewer: Viewer) -> dict[str, EntryQuerySet]:
    """The entries of those whom `viewer` follows, and of all others."""
    lists = split_by_following(entries_of(film, viewer), viewer)
    columns = "score", "recorded_at", "owner__handle", "owner__display_name"
    return {name: entries.select_related("owner").only(*columns) for name, entries in lists.items()}


def people_first(film: Film, viewer: Viewer) -> QuerySet[Any]:
    first = {name: (entries, None) for name, entries in people_by(film, viewer).items()}
    return in_one(first, "recorded_at", PEOPLE_ON_A_PAGE)


@dataclass(frozen=True)
class Told:
    """`film` as `with_all_of_mine` has it."""

    film: Any
    reception: Reception
    reviews: Page
    people: Mapping[str, Page]
    """By the names of `split_by_following`."""
    others: list[Shown]

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.film)

    def digest(self) -> str:
        """Of a stranger's page: changes with whatever they are shown, and with nothing else of those people."""
        reviews, next_reviews = self.reviews
        said = [
            today_in_japan(),
            {name: value for name, value in vars(self.film).items() if not name.startswith("_")},
            self.reception,
            next_reviews,
            [
                [getattr(entry, name) for name in ("pk", "review", "has_spoilers", "reviewed_at")]
                + [getattr(entry.owner, name) for name in ("handle", "display_name", "avatar")]
                + [entry.score if entry.is_seen else None]
                for entry in reviews
            ],
            [
                ([(entry.score, entry.owner.handle, entry.owner.display_name) for entry in entries], following)
                for entries, following in self.people.values()
            ],
            [[getattr(shown.film, name) for name in brief.COLUMNS] for shown in self.others],
        ]
        return digest(*said)


def told_of(pk: int, viewer: Viewer) -> Told | None:
    """None where there is no such film."""
    if pk > BigAutoField.MAX_BIGINT:
        return None
    ids = {"film": pk}
    ask = for_strangers()
    if isinstance(viewer, User):
        ask, ids["viewer"] = for_somebody(), viewer.pk
    for film in ask.film.models(**ids):
        is_directed = any(credit["job"] == "director" for credit in film.said_credits)
        others = ask.others.models(**ids) if is_directed else []
        return Told(
            film,
            received(ask.scores.rows(**ids)),
            cut([ask.reviews.models(**ids).__getitem__], "reviewed_at", REVIEWS_BESIDE_A_FILM),
            apart(["others", "followed"], ask.people.models(**ids), "recorded_at", PEOPLE_ON_A_PAGE),
            [Shown(other, my_entry(other)) for other in others],
        )
    return None
