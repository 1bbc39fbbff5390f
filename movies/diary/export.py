"""Everything with one person's id, as a ZIP of JSON and CSV. Whatever column a model gets later is in it by itself."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import ForeignKey, Model, QuerySet
from django.utils import timezone

from accounts.models import Block, ContactMessage, Follow, FormerHandle, Report, User
from accounts.people.avatars import LARGEST, picture_names
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing
from mymovie.uploads import kept_files

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A file of the archive: the rows of one model that are one person's."""

    name: str
    model: type[Model]
    rows_of: Callable[[User], QuerySet]
    left_out: frozenset[str] = frozenset()


def _known(user: User) -> QuerySet[User]:
    """Of others it says no more than the pages do."""
    people: QuerySet[User] = User.objects.known_to(user)
    return people


# Copies of what stands elsewhere in the archive, and marks that are for the site alone.
COPIES = frozenset(
    {"search_text", "japan_on", "world_on", "wall_revision", "public_revision", "sessions_ended", "avatar_upload"}
)

PARTS = [
    Part("profile", User, lambda user: User.objects.filter(pk=user.pk)),
    Part("former_handles", FormerHandle, lambda user: FormerHandle.objects.filter(owner=user)),
    Part("entries", Entry, lambda user: Entry.objects.filter(owner=user).select_related("film", "owner")),
    Part("viewings", Viewing, lambda user: Viewing.objects.filter(entry__owner=user).select_related("entry__film")),
    Part(
        "following",
        Follow,
        lambda user: Follow.objects.filter(follower=user, followee__in=_known(user)).select_related(
            "follower", "followee"
        ),
    ),
    Part(
        "followers",
        Follow,
        lambda user: Follow.objects.filter(followee=user, follower__in=_known(user)).select_related(
            "follower", "followee"
        ),
        left_out=frozenset({"is_muted"}),  # the follower's own affair
    ),
    Part("blocks", Block, lambda user: Block.objects.filter(blocker=user).select_related("blocker", "blocked")),
    Part(
        "contact_messages",
        ContactMessage,
        lambda user: ContactMessage.objects.filter(sender=user).select_related("sender"),
    ),
    Part("reports", Report, lambda user: Report.objects.filter(reporter=user).select_related("reporter", "person")),
]


def write_archive(user: User, file: IO[bytes]) -> None:
    """JSON and CSV of each part say the same; the CSV is for spreadsheets, which is why its cells are disarmed.

    Raises StorageAway.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in PARTS:
            with archive.open(f"{part.name}.json", "w") as entry:
                _write_json(_rows(part, user), entry)
            with archive.open(f"{part.name}.csv", "w") as entry:
                _write_csv(_rows(part, user), entry)
        if user.avatar:
            with kept_files() as storage, storage.open(picture_names(user.avatar)[LARGEST]) as picture:
                archive.writestr("picture.webp", picture.read())


def _rows(part: Part, user: User) -> Iterator[Row]:
    for row in part.rows_of(user).order_by("pk").iterator(chunk_size=2000):
        said: Row = {}
        for field in row._meta.concrete_fields:
            if field.name not in COPIES | part.left_out:
                said |= _said(
                    field.name,
                    getattr(row, field.name) if isinstance(field, ForeignKey) else field.value_from_object(row),
                )
        yield said


def _said(name: str, value: Any) -> Row:
    match value:
        case User():
            return {name: value.handle}
        case Film():
            facts = ("tmdb_id", "imdb_id", "wikidata_id", "title_ja", "title_en", "original_title", "year")
            return {f"{name}_{fact}": getattr(value, fact) for fact in facts}
        case Entry():
            return {name: value.pk} | _said("film", value.film)
        case None | bool() | int() | str():
            return {name: value}
        case _ if hasattr(value, "isoformat"):
            return {name: value.isoformat()}
        case _:
            return {name: str(value)}


def _write_json(rows: Iterator[Row], file: IO[bytes]) -> None:
    file.write(b"[")
    for number, row in enumerate(rows):
        file.write(b",\n" if number else b"\n")
        file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
    file.write(b"\n]\n")


def _write_csv(rows: Iterator[Row], file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")  # spreadsheets know UTF-8 by its mark
    writer = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, row)
            writer.writeheader()
        writer.writerow({name: _disarmed(value) for name, value in row.items()})
    text.flush()
    text.detach()


def _disarmed(value: Any) -> Any:
    """A spreadsheet runs what begins like a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def name_of_archive(user: User) -> str:
    return f"mymovie-{user.handle}-{timezone.localdate():%Y%m%d}.zip"
