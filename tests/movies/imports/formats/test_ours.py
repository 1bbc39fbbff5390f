"""Our own archive, read back."""

import io
import json
import zipfile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.export import write_archive
from movies.diary.models import FilmListItem, Viewing, Wish
from movies.imports.formats import registry
from movies.imports.formats.rows import BadRow, FilmNamed, Options, Row, Said
from tests.factories import EntryFactory, FilmFactory, UserFactory, ViewingFactory
from tests.histories import Seen, histories, no_text, record, texts

OPTIONS = Options(zone=ZoneInfo("Asia/Tokyo"))
ENTRY = {
    "film_tmdb_id": 129,
    "film_title_ja": "千と千尋の神隠し",
    "film_original_title": "千と千尋の神隠し",
    "film_year": 2001,
    "score": 95,
    "visibility": "public",
    "recorded_at": "2024-05-01T20:15:00.123456+00:00",
    "deleted_at": None,
}


def read(archive: io.BytesIO) -> list[Row | BadRow]:
    known = registry.recognise(archive)
    assert known.format == "mymovie"
    return list(registry.read(archive, known.format, OPTIONS))


def archive_of(user: User) -> io.BytesIO:
    file = io.BytesIO()
    write_archive(user, file)
    return file


def entries_json(*entries: object) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("profile.json", "[]")
        archive.writestr("entries.json", json.dumps(entries))
    return file


def in_one_line(title: str) -> str:
    return " ".join(title.split())


def named(film: Film) -> FilmNamed:
    titles = map(in_one_line, (film.title_ja, film.title_en, film.original_title))
    return FilmNamed(
        title=next(filter(None, titles)),
        original_title=in_one_line(film.original_title),
        year=film.year,
        tmdb_id=film.tmdb_id,
        imdb_id=film.imdb_id or "",
    )


def all_said(owner: User, history: list[Seen], films: list[Film]) -> list[Said]:
    """What the archive has to say of it: entries, viewings, wishes, lists, each in the order in which they were made."""
    standing = [(film, seen) for film, seen in zip(films, history, strict=True) if not seen.is_deleted]
    entries = [
        Said(
            film=named(film),
            is_seen=True,
            score=seen.score,
            review=seen.review,
            has_spoilers=bool(seen.review) and seen.has_spoilers,
            review_audience=seen.review_audience if seen.review else "",
            reviewed_at=seen.recorded_at if seen.review and seen.is_review_dated else None,
            memo=seen.memo,
            tags=tuple(seen.tags),
            is_liked=seen.is_liked,
            visibility=seen.visibility,
            noted_at=seen.recorded_at,
        )
        for film, seen in standing
    ]
    viewings = [
        Said(
            film=named(viewing.entry.film),
            is_seen=True,
            is_viewing=True,
            watched_on=viewing.watched_on,
            viewing_key=str(viewing.submission),
            viewing_score=viewing.score,
        )
        for viewing in Viewing.objects.filter(entry__owner=owner, entry__deleted_at=None).order_by("pk")
    ]
    assert [(said.watched_on, said.viewing_score) for said in viewings] == [
        one for _, seen in standing for one in seen.viewings
    ]
    wishes = [
        Said(film=named(wish.film), is_wished=True, noted_at=wish.wished_at)
        for wish in Wish.objects.filter(owner=owner).order_by("pk")
    ]
    listed = [
        Said(
            film=named(item.film),
            list_name=item.film_list.name,
            list_description=item.film_list.description,
            list_position=item.position,
            list_note=item.note,
        )
        for item in FilmListItem.objects.filter(film_list__owner=owner).order_by("pk")
    ]
    assert len(wishes) == sum(seen.is_wished for seen in history)
    assert len(listed) == sum(len(seen.lists) for seen in history)
    return entries + viewings + wishes + listed


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories(texts(**no_text)))
def test_whatever_was_given_out_is_read_as_it_was(history: list[Seen]) -> None:
    owner = UserFactory()
    films = record(owner, history)

    rows = read(archive_of(owner))

    assert [getattr(row, "said", row) for row in rows] == all_said(owner, history, films)


@pytest.mark.django_db
def test_what_was_deleted_is_no_row() -> None:
    user = UserFactory()
    ViewingFactory(entry__owner=user, entry__deleted_at="2024-01-01T00:00Z")
    kept = EntryFactory(owner=user)

    (row,) = read(archive_of(user))

    assert (row.said.film.title, row.line) == (kept.film.original_title, 2)


@pytest.mark.django_db
def test_a_title_that_looks_like_a_formula_survives() -> None:
    entry = EntryFactory(film=FilmFactory(original_title="=1+1"), review="-Great")

    (row,) = read(archive_of(entry.owner))

    assert (row.said.film.title, row.said.review) == ("=1+1", "-Great")


@pytest.mark.django_db
def test_one_file_of_the_archive_may_come_alone() -> None:
    viewing = ViewingFactory(score=70)
    with zipfile.ZipFile(archive_of(viewing.entry.owner)) as archive:
        file = io.BytesIO(archive.read("viewings.json"))

    (row,) = read(file)

    assert (row.said.is_viewing, row.said.viewing_score, row.said.viewing_key) == (True, 70, str(viewing.submission))


def test_an_archive_from_before_reviews_is_read_too() -> None:
    (row,) = read(entries_json(ENTRY))

    assert (row.said.score, row.said.review, row.said.tags, row.said.is_liked) == (95, "", (), False)
    assert row.said.noted_at.microsecond == 123456


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"score": 101}, "not_a_score", "score"),
        ({"visibility": "friends"}, "not_a_visibility", "visibility"),
        ({"tags": "a"}, "not_readable", "tags"),
        ({"tags": [1]}, "not_readable", "tags"),
        ({"tags": ["a" * 101]}, "tags_too_long", "tags"),
        ({"review": "a" * 50_001}, "text_too_long", "review"),
        ({"recorded_at": "yesterday"}, "not_a_date", "recorded_at"),
        ({"film_tmdb_id": None, "film_title_ja": "", "film_original_title": " "}, "no_title", "film_original_title"),
        ({"memo": "\0"}, "not_readable", ""),
    ],
)
def test_an_entry_that_was_broken_since_is_refused_alone(change: dict, code: str, column: str) -> None:
    first, bad, last = read(entries_json(ENTRY, ENTRY | change, ENTRY))

    assert (bad.code, bad.column, bad.line) == (code, column, 2)
    assert first.said == last.said


def test_a_text_that_writes_of_nul_is_text() -> None:
    (row,) = read(entries_json(ENTRY | {"review": "\\u0000"}))

    assert row.said.review == "\\u0000"


def test_what_is_no_object_is_refused_and_not_passed_over() -> None:
    assert [getattr(row, "code", "") for row in read(entries_json(ENTRY, 1, [], None))] == ["", *["not_an_item"] * 3]
