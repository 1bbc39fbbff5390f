"""The table that Letterboxd takes in."""

import csv
import datetime
import io
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from accounts.models import User, Visibility
from movies.diary import letterboxd_export
from movies.diary.letterboxd_export import HEADINGS, in_tenths, letterboxd_of
from movies.diary.models import Viewing
from movies.diary.views import data
from movies.imports.formats import registry
from movies.imports.formats.rows import Options
from tests.factories import CreditFactory, EntryFactory, FilmFactory, UserFactory, ViewingFactory
from tests.histories import Seen, histories, record, texts

pytestmark = pytest.mark.django_db

ADDRESS = "/settings/data/letterboxd/"
FIRST, SECOND = datetime.date(2001, 7, 20), datetime.date(2019, 6, 21)


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


def table(user: User) -> list[dict[str, str]]:
    return read(letterboxd_of(user).file.read())


def read(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode(), newline="")))


def test_a_row_says_all_that_letterboxd_keeps_of_a_viewing(person: User) -> None:
    film = FilmFactory(
        tmdb_id=129, imdb_id="tt0245429", title_ja="千と千尋の神隠し", title_en="Spirited Away",
        original_title="千と千尋の神隠し", world_on=FIRST, world_precision="day",
    )  # fmt: skip
    CreditFactory(film=film, person__name="Hayao Miyazaki")
    CreditFactory(film=film, job="cast", person__name="Rumi Hiiragi")
    entry = EntryFactory(
        owner=person, film=film, score=95, tags=["Ghibli", "湯屋"], review='"湯屋"\nの話', memo="With M."
    )
    ViewingFactory(entry=entry, watched_on=FIRST)

    written = letterboxd_of(person).file.read()

    assert written.splitlines()[0].decode() == (
        "LetterboxdURI,tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review"
    )
    (row,) = read(written)
    expected = ["", "129", "tt0245429", "Spirited Away", "2001", "Hayao Miyazaki"]
    expected += ["", "10", "2001-07-20", "", "Ghibli, 湯屋", '"湯屋"\nの話']
    assert row == dict(zip(HEADINGS, expected, strict=True))


def test_viewings_follow_each_other_by_their_days_and_all_but_the_first_are_rewatches(person: User) -> None:
    entry = EntryFactory(owner=person)
    for day in (SECOND, FIRST, None):
        ViewingFactory(entry=entry, watched_on=day)
    ViewingFactory(entry__owner=person, watched_on=FIRST)

    rows = table(person)

    assert [(row["WatchedDate"], row["Rewatch"]) for row in rows] == [
        ("", ""),
        ("2001-07-20", "Yes"),
        ("2019-06-21", "Yes"),
        ("2001-07-20", ""),
    ]


def test_what_is_said_of_the_film_stands_in_its_last_row_alone(person: User) -> None:
    entry = EntryFactory(owner=person, score=80, review="Great", tags=["a"])
    for day in (FIRST, SECOND):
        ViewingFactory(entry=entry, watched_on=day)

    rows = table(person)

    assert [(row["Rating10"], row["Review"], row["Tags"]) for row in rows] == [("", "", ""), ("8", "Great", "a")]


def test_a_viewing_keeps_a_score_of_its_own(person: User) -> None:
    entry = EntryFactory(owner=person, score=80)
    ViewingFactory(entry=entry, watched_on=FIRST, score=30)
    ViewingFactory(entry=entry, watched_on=SECOND, score=0)

    assert [row["Rating10"] for row in table(person)] == ["3", "1"]


def test_a_film_without_viewings_has_a_row(person: User) -> None:
    EntryFactory(owner=person, score=70)

    (row,) = table(person)

    assert (row["Rating10"], row["WatchedDate"], row["Rewatch"]) == ("7", "", "")


@pytest.mark.parametrize(
    ("score", "tenths"),
    [(0, 1), (4, 1), (5, 1), (14, 1), (15, 2), (64, 6), (65, 7), (70, 7), (94, 9), (95, 10), (100, 10)],
)
def test_scores_are_rounded_half_up_to_tenths_of_which_the_least_is_half_a_star(score: int, tenths: int) -> None:
    assert in_tenths(score) == tenths


def test_all_of_my_films_are_in_it_and_nobody_elses_nor_deleted_ones(person: User) -> None:
    for visibility in Visibility:
        EntryFactory(owner=person, visibility=visibility, film__original_title=visibility)
    EntryFactory(owner=person, hidden_at=timezone.now(), film__original_title="hidden by staff")
    EntryFactory(owner=person, deleted_at=timezone.now())
    ViewingFactory()

    titles = [row["Title"] for row in table(person)]

    assert titles == [*Visibility.values, "hidden by staff"]


def test_private_notes_are_not_in_it(person: User) -> None:
    ViewingFactory(entry__owner=person, entry__memo="With M.")

    assert b"With M." not in letterboxd_of(person).file.read()


def test_nothing_in_it_is_run_by_a_spreadsheet(person: User) -> None:
    EntryFactory(owner=person, film__original_title="=1+1", review="@SUM(1)", tags=["-1"])

    (row,) = table(person)

    assert (row["Title"], row["Review"], row["Tags"]) == ("'=1+1", "'@SUM(1)", "'-1")


def test_whoever_has_recorded_nothing_gets_the_headings(person: User) -> None:
    download = letterboxd_of(person)

    assert download.file.read().decode() == f"{','.join(HEADINGS)}\r\n"
    assert (download.name.rpartition("-")[2], download.content_type) == ("letterboxd.csv", "text/csv; charset=utf-8")


def test_what_is_more_than_letterboxd_takes_at_once_comes_in_several_files(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letterboxd_export, "LARGEST", 1000)
    for number in range(60):
        EntryFactory(owner=person, film__original_title=f"Film no. {number}")

    download = letterboxd_of(person)

    assert (download.name.rpartition(".")[2], download.content_type) == ("zip", "application/zip")
    with download.file as file, zipfile.ZipFile(file) as archive:
        written = [archive.read(name) for name in archive.namelist()]
        assert [name.rpartition("-")[2] for name in archive.namelist()] == ["001.csv", "002.csv"]
    assert all(900 < len(table) <= 1000 for table in written[:-1])
    assert [row["Title"] for one in written for row in read(one)] == [f"Film no. {number}" for number in range(60)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories(texts(exclude_categories=("C",))))
def test_our_own_reader_finds_the_same_viewings_and_scores_to_the_nearest_tenth(history: list[Seen]) -> None:
    owner = UserFactory()
    record(owner, [seen for seen in history if seen.has_ids])
    written = io.BytesIO(letterboxd_of(owner).file.read())

    options = Options(zone=ZoneInfo("Asia/Tokyo"))
    rows = [row.said for row in registry.read(written, "letterboxd", options)]

    expected = [row for seen in history if seen.has_ids and not seen.is_deleted for row in rows_of(seen)]
    assert [(said.watched_on, said.is_again, said.score) for said in rows] == expected
    standing = owner.entries.of(owner).order_by("pk", "viewings")
    assert [said.film.tmdb_id for said in rows] == list(standing.values_list("film__tmdb_id", flat=True))


def rows_of(seen: Seen) -> list[tuple[Any, ...]]:
    """Of a film: the day, whether it was seen before, the score."""
    viewings = sorted(seen.viewings, key=lambda viewing: viewing[0] or datetime.date.min) or [(None, None)]
    scores = [score for _day, score in viewings]
    if scores[-1] is None:
        scores[-1] = seen.score
    tenths = [None if score is None else max(10, (score + 5) // 10 * 10) for score in scores]
    return [(day, n > 0, tenths[n]) for n, (day, _score) in enumerate(viewings)]


def test_one_downloads_it_from_ones_settings(client: Client, person: User) -> None:
    ViewingFactory(entry__owner=person, entry__film__original_title="Ran")
    client.force_login(person)
    page = client.get("/settings/data/").content.decode()

    answer = client.get(ADDRESS)

    assert f'href="{ADDRESS}"' in page
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mymovie-hanako-')
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert [row["Title"] for row in read(b"".join(answer.streaming_content))] == ["Ran"]


def test_all_downloads_are_limited_together(client: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "DOWNLOADS", data.DOWNLOADS._replace(most=1))
    client.force_login(person)

    answers = [client.get(path) for path in ("/settings/data/download/", ADDRESS)]

    assert [answer.status_code for answer in answers] == [200, 429]
    answers[0].close()


def test_a_visitor_has_nothing_to_export(client: Client) -> None:
    assert client.get(ADDRESS).headers["Location"] == f"/sign-in/?next={ADDRESS}"


def test_it_takes_one_query_however_much_was_seen(person: User, django_assert_num_queries: Any) -> None:
    entry = EntryFactory(owner=person)
    Viewing.objects.bulk_create(Viewing(entry=entry) for _ in range(500))

    with django_assert_num_queries(1):  # whose rows come a few at a time
        letterboxd_of(person)
