"""Everything with one person's id, as a ZIP of JSON and CSV. Whatever column a model gets later is in it by itself."""

import contextlib
import csv
import datetime
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

import orjson
from django.db.models import Field, ForeignKey, Model
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from accounts.models import Block, ContactMessage, Follow, FormerHandle, Mailbox, Notice, PersonalToken, Report, User
from accounts.people.avatars import LARGEST, picture_names
from movies.catalog.models import Film
from movies.diary.models import Entry, FilmList, FilmListItem, Viewing, Wish
from mymovie.limits.services import Limit
from mymovie.spreadsheets import disarmed
from mymovie.uploads import kept_files

DOWNLOADS = Limit("download", 10, datetime.timedelta(hours=1))
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger archive lies on disk while it is sent
AT_ONCE = 200  # rows

# Copies of what stands elsewhere in the archive, and marks that are for the site alone.
COPIES = frozenset(
    {
        "search_text",
        "japan_on",
        "world_on",
        "title_ja_key",
        "title_en_key",
        "wall_revision",
        "public_revision",
        "sessions_ended",
        "avatar_upload",
        "last_entry_at",
    }
)


Columns = dict[str, str | Combinable]
"""What stands in the archive under which name: a path from the row, or an expression."""


def _of_film(path: str) -> Columns:
    """By whatever others know it; our own number says nothing outside of here."""
    names = ("tmdb_id", "imdb_id", "wikidata_id", "title_ja", "title_en", "original_title")
    year = ExtractYear(Coalesce(f"{path}__world_on", f"{path}__japan_on"))
    return {f"film_{name}": f"{path}__{name}" for name in names} | {"film_year": year}


def _of_entry(path: str) -> Columns:
    return {"entry": f"{path}_id", "entry_deleted_at": f"{path}__deleted_at"} | _of_film(f"{path}__film")


def _of_list(path: str) -> Columns:
    return {path: f"{path}_id", f"{path}_name": f"{path}__name", f"{path}_description": f"{path}__description"}


# How a row is named where another leads to it; all others by their number.
NAMED: dict[type[Model], Callable[[str], Columns]] = {
    User: lambda path: {path: f"{path}__handle"},
    Film: _of_film,
    Entry: _of_entry,
    FilmList: _of_list,
}


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

    @property
    def columns(self) -> Columns:
        """Where a row leads to a film by two ways, the first counts."""
        columns: Columns = {}
        for field in self.fields:
            named = NAMED.get(field.related_model) if isinstance(field, ForeignKey) else None
            for name, path in (named(field.name) if named else {field.name: field.attname}).items():
                columns.setdefault(name, path)
        return columns

    def rows_of(self, user: User) -> Iterator[tuple[Any, ...]]:
        """The values of its columns. Few at a time: each may hold a long review."""
        rows = self.model._default_manager.filter(**{self.mine: user.pk})
        if self.other:
            rows = rows.filter(**{f"{self.other}__in": User.objects.known_to(user)})
        return rows.order_by("pk").values_list(*self.columns.values()).iterator(chunk_size=AT_ONCE)


PARTS = [
    Part("profile", User, "pk"),
    Part("former_handles", FormerHandle, "owner"),
    Part("entries", Entry, "owner"),
    Part("viewings", Viewing, "entry__owner"),
    Part("wishes", Wish, "owner"),
    Part("lists", FilmList, "owner"),
    Part("list_items", FilmListItem, "film_list__owner"),
    Part("following", Follow, "follower", other="followee"),
    Part("followers", Follow, "followee", other="follower", left_out=frozenset({"is_muted"})),  # the follower's affair
    Part("blocks", Block, "blocker"),
    Part("mailbox", Mailbox, "user"),
    Part("personal_tokens", PersonalToken, "owner", left_out=frozenset({"digest"})),  # by which a script is known
    Part("mails", Notice, "recipient", left_out=frozenset({"task"})),
    Part("contact_messages", ContactMessage, "sender"),
    Part("reports", Report, "reporter", left_out=frozenset({"person"})),  # who may be out of sight by now
]
"""The rooms above have parts of their own, which `movies.apps` puts here."""


def archive_of(user: User) -> IO[bytes]:
    """It, ready to be read, and to be closed by whoever does. Raises StorageAway."""
    with for_a_reader() as file:
        write_archive(user, file)
    return file


@contextlib.contextmanager
def for_a_reader() -> Iterator[IO[bytes]]:
    """A file to be written: at its beginning afterwards, and its reader's to close."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by its reader
    try:
        yield file
    except BaseException:
        file.close()
        raise
    file.seek(0)


def write_archive(user: User, file: IO[bytes]) -> None:
    """JSON and CSV of each part say the same; the CSV is for spreadsheets, which is why its cells are disarmed.

    Raises StorageAway.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in PARTS:
            with archive.open(f"{part.name}.json", "w") as file_in_it:
                _write_json(part, user, file_in_it)
            with archive.open(f"{part.name}.csv", "w") as file_in_it:
                _write_csv(part, user, file_in_it)
        if user.avatar:
            name = picture_names(user.avatar)[LARGEST]
            with contextlib.suppress(FileNotFoundError), kept_files() as storage, storage.open(name) as picture:
                archive.writestr("picture.webp", picture.read())


def _write_json(part: Part, user: User, file: IO[bytes]) -> None:
    names = list(part.columns)
    file.write(b"[")
    for number, row in enumerate(part.rows_of(user)):
        file.write(b",\n" if number else b"\n")
        file.write(orjson.dumps(dict(zip(names, row, strict=True)), default=str))
    file.write(b"\n]\n")


def _write_csv(part: Part, user: User, file: IO[bytes]) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")  # spreadsheets know UTF-8 by its mark
    writer = csv.writer(text)
    writer.writerow(part.columns)
    writer.writerows(map(_in_cells, part.rows_of(user)))
    text.flush()
    text.detach()


def _in_cells(row: tuple[Any, ...]) -> list[Any]:
    return [disarmed(_in_a_cell(value)) for value in row]


def _in_a_cell(value: Any) -> Any:
    match value:
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case datetime.date():  # also one with a time of day
            return value.isoformat()
        case _:
            return value


def name_of_archive(user: User) -> str:
    return f"mymovie-{user.handle}-{timezone.localdate():%Y%m%d}.zip"
