"""Everything with one person's id, as a ZIP of JSON and CSV. Whatever column a model gets later is in it by itself."""

import contextlib
import csv
import datetime
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import Field, ForeignKey, Model, QuerySet
from django.utils import timezone

from accounts.models import Block, ContactMessage, Follow, FormerHandle, Mailbox, Notice, PersonalToken, Report, User
from accounts.people.avatars import LARGEST, picture_names
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing, Wish
from mymovie.limits.services import Limit
from mymovie.spreadsheets import disarmed
from mymovie.uploads import kept_files

Row = dict[str, Any]

DOWNLOADS = Limit("download", 10, datetime.timedelta(hours=1))
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger archive lies on disk while it is sent


# Copies of what stands elsewhere in the archive, and marks that are for the site alone.
COPIES = frozenset(
    {
        "search_text",
        "japan_on",
        "world_on",
        "wall_revision",
        "public_revision",
        "sessions_ended",
        "avatar_upload",
        "last_entry_at",
    }
)


@dataclass(frozen=True)
class Part:
    """A file of the archive: the rows of `model` whose column `mine` leads to the person; where they are about somebody
    else too, whom `other` leads to, only as far as the pages would name them."""

    name: str
    model: type[Model]
    mine: str
    other: str = ""
    left_out: frozenset[str] = frozenset()

    @property
    def fields(self) -> list[Field]:
        return [field for field in self.model._meta.concrete_fields if field.name not in COPIES | self.left_out]

    def rows_of(self, user: User) -> QuerySet:
        rows = self.model._default_manager.filter(**{self.mine: user.pk})
        if self.other:
            rows = rows.filter(**{f"{self.other}__in": User.objects.known_to(user)})
        keys = [field.name for field in self.fields if isinstance(field, ForeignKey)]
        if self.model is Viewing:
            keys.append("entry__film")
        return (rows.select_related(*keys) if keys else rows).order_by("pk")


PARTS = [
    Part("profile", User, "pk"),
    Part("former_handles", FormerHandle, "owner"),
    Part("entries", Entry, "owner"),
    Part("viewings", Viewing, "entry__owner"),
    Part("wishes", Wish, "owner"),
    Part("following", Follow, "follower", other="followee"),
    Part("followers", Follow, "followee", other="follower", left_out=frozenset({"is_muted"})),  # the follower's affair
    Part("blocks", Block, "blocker"),
    Part("mailbox", Mailbox, "user"),
    Part("personal_tokens", PersonalToken, "owner", left_out=frozenset({"digest"})),  # by which a script is known
    Part("mails", Notice, "recipient", left_out=frozenset({"task"})),
    Part("contact_messages", ContactMessage, "sender"),
    Part("reports", Report, "reporter", left_out=frozenset({"person"})),  # who may be out of sight by now
]


def archive_of(user: User) -> IO[bytes]:
    """It, ready to be read, and to be closed by whoever does. Raises StorageAway."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by its reader
    try:
        write_archive(user, file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


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
            name = picture_names(user.avatar)[LARGEST]
            with contextlib.suppress(FileNotFoundError), kept_files() as storage, storage.open(name) as picture:
                archive.writestr("picture.webp", picture.read())


def _rows(part: Part, user: User) -> Iterator[Row]:
    for row in part.rows_of(user).iterator(chunk_size=2000):
        said: Row = {}
        for field in part.fields:
            said |= _said(field.name, getattr(row, field.name))
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
        case None | bool() | int() | str() | dict() | list():
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
        writer.writerow({name: disarmed(_in_a_cell(value)) for name, value in row.items()})
    text.flush()
    text.detach()


def _in_a_cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def name_of_archive(user: User) -> str:
    return f"mymovie-{user.handle}-{timezone.localdate():%Y%m%d}.zip"
