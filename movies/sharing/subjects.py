"""Of what there are pictures: everything that everybody may see, and nothing else."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts.models import User
from movies.catalog.models import Film
from movies.diary import heads
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.wall import Arrangement, Dates, Direction, Order
from movies.diary.wall_address import Asked
from movies.sharing.models import Picture
from movies.sharing.painting import EDITION

EVERYBODY = AnonymousUser()
Kind = Picture.Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """Names a picture, in a message of the outbox too. `pk` is the owner's, the entry's or the film's."""

    kind: str
    pk: int
    language: str
    arrangement: str = ""

    @property
    def key(self) -> str:
        return f"picture {self.kind} {self.pk} {self.language} {self.arrangement}".strip()


class Seen:
    """A subject as everybody sees it in this moment: `row` is a person, an entry or a film."""

    def __init__(self, subject: Subject, row: User | Entry | Film) -> None:
        self.subject, self.row = subject, row

    @cached_property
    def version(self) -> str:
        """Changes with whatever the picture shows, and with the way we paint."""
        match self.row:
            case User():
                return f"{self.row.public_revision}-{EDITION}"
            case Entry():
                return f"{heads.version_of_entry(self.row)}-{EDITION}"
            case _:
                return f"{heads.version_of_film(self.row)}-{EDITION}"

    @property
    def stored_as(self) -> str:
        """Says all that the picture depends on: whoever paints it again writes the same file."""
        subject = self.subject
        parts = [subject.kind, str(subject.pk), subject.arrangement, subject.language, self.version]
        return f"pictures/{'-'.join(filter(None, parts))}.png"

    @property
    def links(self) -> dict[str, Any]:
        """What the picture's row is found by."""
        subject = self.subject
        match self.row:
            case User():
                return {
                    "kind": Kind.WALL,
                    "owner": self.row,
                    "arrangement": subject.arrangement,
                    "language": subject.language,
                }
            case Entry():
                return {"kind": Kind.ENTRY, "entry": self.row, "language": subject.language}
            case _:
                return {"kind": Kind.FILM, "film": self.row, "language": subject.language}


def seen(subject: Subject) -> Seen | None:
    """None for what is not for everybody, or is not there."""
    row: User | Entry | Film | None
    match subject.kind:
        case Kind.WALL:
            row = walls().filter(pk=subject.pk).first()
        case Kind.ENTRY:
            row = entries().filter(pk=subject.pk).select_related("owner", "film").first()
        case _:
            row = films().filter(pk=subject.pk).first()
    return Seen(subject, row) if row else None


def walls() -> QuerySet[User]:
    return User.objects.with_wall_open_to(EVERYBODY)


def entries() -> EntryQuerySet:
    shown: EntryQuerySet = Entry.objects.seen_by(EVERYBODY)
    return shown


def films() -> QuerySet[Film]:
    return Film.objects.filter(merged_into=None)


def is_still_shown(picture: Picture) -> bool:
    """Whether everybody may see all that hangs on a picture from before: it stands in for the new one only then, however
    long that takes."""
    return entries().filter(pk__in=picture.shows).count() == len(picture.shows)


def no_longer_shown() -> QuerySet[Picture]:
    """Pictures of what everybody could see, and now cannot."""
    of_walls = Q(kind=Kind.WALL) & (Q(owner=None) | ~Q(owner__in=walls().values("pk")))
    of_entries = Q(kind=Kind.ENTRY) & (Q(entry=None) | ~Q(entry__in=entries().values("pk")))
    of_films = Q(kind=Kind.FILM) & (Q(film=None) | Q(film__merged_into__isnull=False))
    return Picture.objects.filter(of_walls | of_entries | of_films)


def written(arrangement: Arrangement) -> str:
    dates = arrangement.dates if arrangement.order == Order.RELEASE else None
    direction = None if arrangement.is_natural else arrangement.direction
    return "-".join(filter(None, [arrangement.order, dates, direction]))


def asked_for(query: QueryDict) -> Arrangement:
    """What a wall's address asks for. Raises BadRequest for what no wall has ever linked to."""
    said = {name: str(query[name]) for name in ("order", "dates", "direction") if query.get(name)}
    return Asked.read(said).arrangement


def arrangement_of(text: str) -> Arrangement:
    """What `written` wrote."""
    order, *more = text.split("-")
    dates = next((Dates(word) for word in more if word in Dates.values), Dates.JAPAN)
    direction = next((Direction(word) for word in more if word in Direction.values), None)
    return Arrangement(Order(order), dates, direction)


FIRST = written(Arrangement())
"""How a wall stands where its address says nothing."""
