"""Files, brought as a browser brings them, and the whole way that they go."""

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from movies.catalog.models import Film
from movies.imports import incoming, jobs, services
from movies.imports.models import Batch
from mymovie.folding import search_text
from tests.factories import FilmFactory, UserFactory

Bring = Callable[..., Batch]


@pytest.fixture
def me() -> User:
    return UserFactory()


def film(title: str, released_on: datetime.date) -> Film:
    """One that is found by its title and year."""
    made: Film = FilmFactory(
        original_title=title, world_on=released_on, world_precision="day", search_text=search_text(title)
    )
    return made


@pytest.fixture
def godfather() -> Film:
    return film("The Godfather", datetime.date(1972, 3, 14))


@pytest.fixture
def ring() -> Film:
    return film("Ring", datetime.date(1998, 1, 31))


@pytest.fixture
def put() -> Callable[[Batch, bytes], None]:
    """Put a file where it is expected, without the form."""

    def put(batch: Batch, content: bytes) -> None:
        with incoming.kept_files("incoming") as storage:
            storage.bucket.put_object(Key=batch.stored_as, Body=content)  # type: ignore[attr-defined]

    return put


@pytest.fixture
def bring(put: Callable[[Batch, bytes], None]) -> Bring:
    """A file of somebody's, as far as its dry run goes; `answers` are given if it asks."""

    def bring(owner: User, content: bytes | str, **answers: object) -> Batch:
        batch = services.expect_file(owner=owner)
        put(batch, content.encode() if isinstance(content, str) else content)
        services.file_arrived(batch=batch)
        work(batch)
        if answers and batch.state == Batch.State.ASKING:
            services.answer(batch=batch, answers=answers)
            work(batch)
        return batch

    return bring


def work(batch: Batch) -> Batch:
    """All turns of a worker."""
    while jobs.advance(batch.pk):
        pass
    batch.refresh_from_db()
    return batch


def taken(batch: Batch, **options: Any) -> Batch:
    """Imported."""
    services.import_batch(batch=batch, **options)
    return work(batch)


def taken_back(batch: Batch) -> Batch:
    services.undo_import(batch=batch)
    return work(batch)


def zipped(**files: str) -> bytes:
    """An archive of these files; `__` in a name is a slash, and .csv is understood."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".csv", text)
    return content.getvalue()


def letterboxd(**files: str) -> bytes:
    """Its archive, with a list of what was watched, be it empty."""
    return zipped(**{"watched": "Date,Name,Year,Letterboxd URI\n"} | files)
