import dataclasses
import datetime
import json
from pathlib import Path

import pytest

from movies.catalog import bundled, tmdb
from movies.catalog.announcements import announce
from movies.catalog.facts import take_facts
from movies.catalog.models import Film, ReleaseDate
from tests.factories import FilmFactory
from tests.movies.catalog.test_facts import facts

pytestmark = pytest.mark.django_db

CINEMA, LIMITED, DIGITAL = ReleaseDate.Kind.THEATRICAL, ReleaseDate.Kind.LIMITED, ReleaseDate.Kind.DIGITAL
FRIDAY = datetime.date(2026, 12, 4)
SATURDAY = datetime.date(2026, 12, 5)


def of_tmdb(day: datetime.date, kind: tmdb.ReleaseKind = tmdb.ReleaseKind.THEATRICAL) -> tmdb.FilmFacts:
    return facts(releases=(tmdb.Release("JP", kind, day, "", ""),))


def days(film: Film) -> tuple[datetime.date | None, str, datetime.date | None]:
    film = Film.objects.get(pk=film.pk)
    return film.japan_on, film.japan_precision, film.digital_on


def test_an_announced_day_is_the_films() -> None:
    film = FilmFactory()

    assert announce(film=film, kind=CINEMA, released_on=FRIDAY)
    assert announce(film=film, kind=DIGITAL, released_on=SATURDAY)

    assert days(film) == (film.japan_on, film.japan_precision, film.digital_on) == (FRIDAY, "day", SATURDAY)


def test_what_is_announced_again_changes_nothing() -> None:
    film = FilmFactory()
    announce(film=film, kind=CINEMA, released_on=FRIDAY)
    was = Film.objects.get()

    assert not announce(film=film, kind=CINEMA, released_on=FRIDAY)
    assert not announce(film=film, kind=DIGITAL, released_on=None)

    assert Film.objects.get().changed_at == was.changed_at


def test_a_day_that_moves_leaves_none_behind() -> None:
    film = FilmFactory()
    announce(film=film, kind=CINEMA, released_on=FRIDAY)

    assert announce(film=film, kind=CINEMA, released_on=SATURDAY)

    assert days(film)[0] == SATURDAY
    assert film.release_dates.count() == 1


def test_a_day_at_large_counts_before_one_in_a_few_cinemas() -> None:
    film = FilmFactory()
    announce(film=film, kind=LIMITED, released_on=FRIDAY)
    announce(film=film, kind=CINEMA, released_on=SATURDAY)
    assert days(film)[0] == SATURDAY

    announce(film=film, kind=CINEMA, released_on=None)

    assert days(film)[0] == FRIDAY


def test_a_distributor_counts_before_tmdb_whoever_speaks_last() -> None:
    film, _ = take_facts(of_tmdb(SATURDAY))
    announce(film=film, kind=CINEMA, released_on=FRIDAY)

    again, is_changed = take_facts(of_tmdb(SATURDAY))

    assert (again, is_changed) == (film, False)
    assert days(film)[0] == FRIDAY
    assert set(film.release_dates.values_list("source", flat=True)) == {"tmdb", "distributor"}


def test_a_withdrawn_day_leaves_what_tmdb_says() -> None:
    film, _ = take_facts(of_tmdb(SATURDAY))
    announce(film=film, kind=CINEMA, released_on=FRIDAY)

    assert announce(film=film, kind=CINEMA, released_on=None)

    assert days(film) == (SATURDAY, "day", None)


def test_a_withdrawn_day_of_which_nobody_else_knows_is_open_again() -> None:
    film = FilmFactory()
    announce(film=film, kind=CINEMA, released_on=FRIDAY)
    announce(film=film, kind=DIGITAL, released_on=FRIDAY)

    announce(film=film, kind=CINEMA, released_on=None)
    announce(film=film, kind=DIGITAL, released_on=None)

    assert days(film) == (None, "", None)


def test_a_withdrawn_day_leaves_that_of_the_bundled_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"imdb_id": "tt0245429", "original_title": "A", "title_ja": "A", "title_en": "A", "world_on": "2001"}
    (file := tmp_path / "films.jsonl").write_text(json.dumps(line | {"japan_on": "2001-07"}))
    monkeypatch.setattr(bundled, "FILE", file)
    bundled.load(file)
    film = Film.objects.get()
    announce(film=film, kind=CINEMA, released_on=FRIDAY)

    announce(film=film, kind=CINEMA, released_on=None)

    assert days(film) == (datetime.date(2001, 7, 1), "month", None)


def test_what_the_bundled_catalogue_says_comes_after_a_distributor(tmp_path: Path) -> None:
    film = FilmFactory(imdb_id="tt0245429")
    announce(film=film, kind=CINEMA, released_on=FRIDAY)
    line = {"imdb_id": "tt0245429", "original_title": "A", "title_ja": "A", "title_en": "A", "world_on": "2001"}
    (file := tmp_path / "films.jsonl").write_text(json.dumps(line | {"japan_on": "2001-07"}))

    bundled.load(file)

    assert days(film) == (FRIDAY, "day", None)


def test_an_announced_day_stays_when_tmdb_takes_back_its_own() -> None:
    film, _ = take_facts(of_tmdb(SATURDAY))
    announce(film=film, kind=CINEMA, released_on=FRIDAY)

    take_facts(dataclasses.replace(of_tmdb(SATURDAY), releases=()))

    assert days(film)[0] == FRIDAY
    assert film.release_dates.get().source == "distributor"


def test_the_bundled_catalogue_is_read_once_for_many_announcements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file := tmp_path / "films.jsonl").write_text("")
    monkeypatch.setattr(bundled, "FILE", file)
    announce(film=FilmFactory(), kind=CINEMA, released_on=FRIDAY)
    file.unlink()

    assert announce(film=FilmFactory(), kind=CINEMA, released_on=FRIDAY)
