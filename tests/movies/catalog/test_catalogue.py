import datetime
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from movies.catalog import bundled
from movies.catalog.models import Film, Genre, Person
from movies.catalog.search import search_films
from movies.catalog.titles import reading_of
from tests.factories import CreditFactory, EntryFactory, FilmFactory

pytestmark = pytest.mark.django_db

LINE = {
    "imdb_id": "tt0245429",
    "tmdb_id": 129,
    "wikidata_id": "Q155653",
    "original_title": "千と千尋の神隠し",
    "original_language": "ja",
    "title_ja": "千と千尋の神隠し",
    "title_kana": "せんとちひろのかみかくし",
    "title_en": "Spirited Away",
    "country": "JP",
    "world_on": "2001-07-20",
    "japan_on": "2001-07",
    "runtime": 125,
    "genres": [16, 10751],
    "directors": [{"name": "Hayao Miyazaki", "name_ja": "宮崎駿"}],
    "fame": 9,
    "unverified": ["title_kana"],
}
LEAST = {
    "imdb_id": "tt0084805",
    "original_title": "Tootsie",
    "title_ja": "トッツィー",
    "title_en": "Tootsie",
    "world_on": "1982",
}

Write = Callable[..., Path]


@pytest.fixture
def catalogue(tmp_path: Path) -> Write:
    def write(*lines: dict[str, object]) -> Path:
        file = tmp_path / "films.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return file

    return write


def test_a_line_becomes_a_film_with_its_genres_and_directors(catalogue: Write) -> None:
    bundled.load(catalogue(LINE))

    film = Film.objects.get()
    assert (film.imdb_id, film.tmdb_id, film.wikidata_id) == ("tt0245429", 129, "Q155653")
    assert (film.title_ja, film.title_kana, film.title_en) == (LINE["title_ja"], LINE["title_kana"], "Spirited Away")
    assert (film.world_on, film.world_precision) == (datetime.date(2001, 7, 20), "day")
    assert (film.japan_on, film.japan_precision) == (datetime.date(2001, 7, 1), "month")
    assert (film.runtime, film.fame, film.unverified) == (125, 9, ["title_kana"])
    assert set(film.genres.values_list("name_ja", flat=True)) == {"アニメーション", "ファミリー"}
    assert [credit.person.name_ja for credit in film.credits.billed()] == ["宮崎駿"]
    assert film.facts_fetched_at is None


def test_what_a_line_does_not_know_stays_open(catalogue: Write) -> None:
    bundled.load(catalogue(LEAST))

    film = Film.objects.get()
    assert (film.tmdb_id, film.wikidata_id, film.runtime, film.japan_on, film.japan_precision) == (
        None,
        None,
        None,
        None,
        "",
    )
    assert (film.world_on, film.world_precision) == (datetime.date(1982, 1, 1), "year")
    assert film.title_kana == "とっつぃー"


def test_the_same_file_is_not_read_into_the_database_again(
    catalogue: Write, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    file = catalogue(LINE, LEAST)
    bundled.load(file)

    with django_assert_num_queries(3):  # a savepoint, the question, its release
        assert bundled.load(file) == []


def test_an_emptied_database_is_filled_again(catalogue: Write) -> None:
    file = catalogue(LINE)
    bundled.load(file)
    Film.objects.all().delete()

    bundled.load(file)

    assert Film.objects.count() == 1


def test_a_changed_file_changes_its_films_and_makes_none_twice(catalogue: Write) -> None:
    bundled.load(catalogue(LINE, LEAST))
    changed = {**LINE, "title_en": "Chihiro", "genres": [16], "directors": [{"name": "Isao Takahata"}]}

    updated = bundled.load(catalogue(changed, LEAST))

    film = Film.objects.get(imdb_id="tt0245429")
    assert updated == [film]
    assert film.title_en == "Chihiro"
    assert list(film.genres.values_list("pk", flat=True)) == [16]
    assert [credit.person.name for credit in film.credits.billed()] == ["Isao Takahata"]
    assert Film.objects.count() == 2


def test_a_changed_film_changes_the_walls_it_stands_on(catalogue: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled.load(catalogue(LINE))
    entry = EntryFactory(film=Film.objects.get())
    revision = entry.owner.wall_revision
    monkeypatch.setattr(bundled, "FILE", catalogue({**LINE, "japan_on": "2001-07-20"}))

    call_command("load_catalogue")

    entry.refresh_from_db()
    entry.owner.refresh_from_db()
    assert entry.japan_on == datetime.date(2001, 7, 20)
    assert entry.owner.wall_revision == revision + 1


@pytest.mark.parametrize("change", [{"genres": [16]}, {"directors": [{"name": "Isao Takahata"}]}])
def test_a_change_beside_the_film_itself_draws_its_poster_anew(catalogue: Write, change: dict[str, object]) -> None:
    bundled.load(catalogue(LINE))
    Film.objects.update(changed_at=timezone.now() - datetime.timedelta(days=1))
    version = Film.objects.get().poster_version

    updated = bundled.load(catalogue({**LINE, **change}))

    assert updated == [Film.objects.get()]
    assert Film.objects.get().poster_version != version


def test_what_tmdb_has_told_of_a_film_stays(catalogue: Write) -> None:
    film = FilmFactory(imdb_id="tt0245429", title_ja="千と千尋", facts_fetched_at=timezone.now())
    CreditFactory(film=film, person__name="Somebody Else")

    bundled.load(catalogue(LINE))

    film.refresh_from_db()
    assert (film.title_ja, film.tmdb_id, film.genres.count()) == ("千と千尋", None, 0)
    assert [credit.person.name for credit in film.credits.billed()] == ["Somebody Else"]


@pytest.mark.parametrize("known_by", [{"imdb_id": "tt0245429"}, {"tmdb_id": 129}, {"wikidata_id": "Q155653"}])
def test_a_film_is_known_by_any_of_its_ids(catalogue: Write, known_by: dict[str, object]) -> None:
    film = FilmFactory(**known_by)

    bundled.load(catalogue(LINE))

    assert Film.objects.get() == film
    assert Film.objects.get().imdb_id == "tt0245429"


def test_an_id_that_another_film_holds_is_left_to_it(catalogue: Write) -> None:
    known = FilmFactory(imdb_id="tt0245429")
    other = FilmFactory(tmdb_id=129, facts_fetched_at=timezone.now())

    bundled.load(catalogue(LINE))

    assert Film.objects.get(imdb_id="tt0245429") == known
    assert Film.objects.get(tmdb_id=129) == other


def test_directors_of_one_name_are_one_person(catalogue: Write) -> None:
    bundled.load(catalogue(LINE, {**LEAST, "directors": [{"name": "Hayao Miyazaki"}]}))

    assert Person.objects.get().credits.count() == 2


class TestTheFileItself:
    @pytest.fixture
    def lines(self) -> list[bundled.Line]:
        return [json.loads(line) for line in bundled.FILE.read_text().splitlines()]

    def test_is_loaded_whole_and_can_be_searched(self) -> None:
        call_command("load_catalogue")

        assert Film.objects.count() == 2009
        assert Genre.objects.count() == 19
        for query in ["七人の侍", "しちにんのさむらい", "shichinin no samurai", "Seven Samurai", "seven samuray"]:
            assert search_films(query).films[0].imdb_id == "tt0047478"

    def test_has_a_reading_in_hiragana_for_each_film(self, lines: list[bundled.Line]) -> None:
        readings = [line.get("title_kana") or reading_of(line["title_ja"]) for line in lines]

        assert [reading for reading in readings if not re.fullmatch("[ぁ-ゖー]+", reading)] == []

    def test_marks_readings_that_nobody_checked(self, lines: list[bundled.Line]) -> None:
        [line] = [line for line in lines if line["title_ja"] == "羊たちの沈黙"]

        assert (line["title_kana"], line["unverified"]) == ("ひつじたちのちんもく", ["title_kana"])

    def test_stands_in_the_order_of_its_ids_without_what_goes_without_saying(self, lines: list[bundled.Line]) -> None:
        assert lines == sorted(lines, key=lambda line: int(line["imdb_id"][2:]))
        assert [line["title_ja"] for line in lines if line.get("title_kana") == reading_of(line["title_ja"])] == []
        assert [line["title_ja"] for line in lines if None in line.values() or "" in line.values()] == []
