"""Giving up what TMDB told: what is too old, or all of it."""

import datetime
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from movies.catalog import bundled, tmdb
from movies.catalog.announcements import announce
from movies.catalog.facts import take_name
from movies.catalog.models import Credit, Film, Genre, Person, ReleaseDate, WatchOffer, WatchProvider
from movies.catalog.search import search_films
from movies.diary import forgetting
from movies.diary.films import film_from_tmdb
from movies.diary.forgetting import forget_all, forget_old_facts
from tests.factories import EntryFactory, FilmFactory, FilmListItemFactory, GenreFactory, WishFactory
from tests.movies.catalog.test_facts import INCLUDED, facts

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
OLD = timezone.now() - 181 * DAY
DIGITAL = tmdb.Release("JP", tmdb.ReleaseKind.DIGITAL, datetime.date(2002, 7, 19), "", "")
LINE = {
    "imdb_id": "tt0245429",
    "original_title": "Sen to Chihiro",
    "title_ja": "千と千尋",
    "title_en": "Sen and Chihiro",
    "world_on": "2001",
    "japan_on": "2001-07",
    "genres": [16],
    "directors": [{"name": "Miyazaki, Hayao", "name_ja": "宮崎 駿"}],
}


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundled catalogue of nothing, until a test writes into it."""
    file = tmp_path / "films.jsonl"
    file.write_text("")
    monkeypatch.setattr(bundled, "FILE", file)
    return file


def taken(fetched_at: datetime.datetime = OLD, **changes: object) -> Film:
    """A film with all that TMDB may tell, told then."""
    told = {"releases": (*facts().releases, DIGITAL), "offers": (INCLUDED,), "alternative_titles": ("The Bathhouse",)}
    film = film_from_tmdb(facts(watch_link="https://www.themoviedb.org/movie/129/watch", **told, **changes))
    Film.objects.filter(pk=film.pk).update(facts_fetched_at=fetched_at, asked_at=fetched_at)
    film.refresh_from_db()
    return film


class TestOldFacts:
    def test_of_a_film_that_somebody_has_go_but_its_names_and_days(self) -> None:
        film = EntryFactory(film=taken()).film

        forgotten = forget_old_facts()

        film.refresh_from_db()
        assert (forgotten.deleted, forgotten.emptied) == (0, 1)
        assert (film.overview_ja, film.overview_en, film.poster_path, film.watch_link) == ("", "", "", "")
        assert (film.alternative_titles, film.runtime, film.facts_fetched_at) == ([], None, None)
        assert (film.title_ja, film.title_en, film.imdb_id) == ("千と千尋の神隠し", "Spirited Away", "tt0245429")
        assert film.japan_on == film.world_on == datetime.date(2001, 7, 20)
        assert film.digital_on == DIGITAL.released_on
        assert set(film.release_dates.values_list("country", flat=True)) == {"JP"}
        assert search_films("bathhouse").films == []
        assert search_films("spirited").films == [film]
        for model in (Credit, Person, WatchOffer, WatchProvider):
            assert not model.objects.exists()
        assert not film.genres.exists()

    def test_stay_for_almost_six_months(self) -> None:
        taken(timezone.now() - 179 * DAY)

        assert forget_old_facts() == forgetting.Forgotten(0, 0)
        assert Film.objects.get().poster_path

    def test_of_a_film_that_nobody_has_go_with_it(self) -> None:
        taken()

        assert forget_old_facts().deleted == 1

        assert not Film.objects.exists()
        assert not Person.objects.exists()

    @pytest.mark.parametrize(
        "keep",
        [
            lambda film: EntryFactory(film=film, deleted_at=timezone.now()),
            lambda film: WishFactory(film=film),
            lambda film: FilmListItemFactory(film=film),
            lambda film: FilmFactory(merged_into=film),
            lambda film: announce(film=film, kind=ReleaseDate.Kind.THEATRICAL, released_on=datetime.date(2026, 12, 4)),
        ],
        ids=["recorded and deleted", "wished", "listed", "merged", "announced"],
    )
    def test_leave_the_row_of_a_film_that_somebody_counts_on(self, keep) -> None:
        film = taken()
        keep(film)

        assert forget_old_facts().deleted == 0

        assert Film.objects.filter(pk=film.pk, poster_path="").exists()

    def test_of_the_bundled_catalogue_give_way_to_its_own(self, catalogue: Path) -> None:
        catalogue.write_text(json.dumps(LINE))
        film = taken()

        assert forget_old_facts().deleted == 0

        film.refresh_from_db()
        assert (film.title_ja, film.title_en, film.imdb_id, film.tmdb_id) == (
            "千と千尋",
            "Sen and Chihiro",
            "tt0245429",
            129,
        )
        assert (film.japan_on, film.japan_precision) == (datetime.date(2001, 7, 1), "month")
        assert [credit.person.name for credit in film.credits.billed()] == ["Miyazaki, Hayao"]
        assert list(film.genres.values_list("pk", flat=True)) == [16]
        assert search_films("sen and chihiro").films == [film]

    def test_go_from_walls_at_once(self, catalogue: Path) -> None:
        catalogue.write_text(json.dumps(LINE))
        entry = EntryFactory(film=taken())
        revision = entry.owner.public_revision

        forget_old_facts()

        entry.refresh_from_db()
        assert entry.japan_on == datetime.date(2001, 7, 1)
        assert entry.owner.public_revision > revision

    def test_stay_where_a_distributor_told_them(self) -> None:
        film = taken()
        announce(film=film, kind=ReleaseDate.Kind.THEATRICAL, released_on=datetime.date(2026, 12, 4))

        forget_old_facts()

        film.refresh_from_db()
        assert film.japan_on == datetime.date(2026, 12, 4)
        assert film.release_dates.filter(source="distributor").count() == 1

    def test_go_batch_by_batch_while_there_is_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(forgetting, "BATCH", 2)
        for number in range(1, 6):
            taken(tmdb_id=number, imdb_id=None, wikidata_id=None)

        assert forget_old_facts().deleted == 5

        taken()
        monkeypatch.setattr(forgetting, "LONGEST_RUN", -1)
        assert forget_old_facts().deleted == 0


def named(changed_at: datetime.datetime = OLD) -> Film:
    """A film of which TMDB told the name alone, then."""
    film = take_name(tmdb_id=129, title="千と千尋の神隠し", original_title="")
    Film.objects.filter(pk=film.pk).update(changed_at=changed_at)
    return film


class TestNamesAlone:
    def test_go_with_the_film_where_it_came_to_be_nobodys(self) -> None:
        named()

        assert forget_old_facts() == forgetting.Forgotten(1, 0)

        assert not Film.objects.exists()

    def test_stay_for_almost_six_months(self) -> None:
        named(timezone.now() - 179 * DAY)

        assert forget_old_facts() == forgetting.Forgotten(0, 0)

        assert Film.objects.get().title_ja

    @pytest.mark.parametrize(
        "keep",
        [
            lambda film: EntryFactory(film=film),
            lambda film: EntryFactory(film=film, deleted_at=timezone.now()),
            lambda film: WishFactory(film=film),
            lambda film: FilmListItemFactory(film=film),
            lambda film: FilmFactory(merged_into=film),
            lambda film: announce(film=film, kind=ReleaseDate.Kind.DIGITAL, released_on=datetime.date(2026, 12, 4)),
            lambda film: Film.objects.filter(pk=film.pk).update(imdb_id="tt0245429"),
            lambda film: Film.objects.filter(pk=film.pk).update(wikidata_id="Q155653"),
            lambda film: Film.objects.filter(pk=film.pk).update(tmdb_id=None),
        ],
        ids=["recorded", "deleted", "wished", "listed", "merged", "announced", "IMDb", "Wikidata", "none of TMDB's"],
    )
    def test_stay_where_somebody_counts_on_them_or_told_more(self, keep) -> None:
        film = named()
        keep(film)
        Film.objects.filter(pk=film.pk).update(changed_at=OLD)

        assert forget_old_facts() == forgetting.Forgotten(0, 0)

        film.refresh_from_db()
        assert (film.title_ja, film.changed_at) == ("千と千尋の神隠し", OLD)


class TestPurge:
    def test_leaves_of_a_film_that_somebody_has_its_number_alone(self) -> None:
        film = EntryFactory(film=taken(timezone.now())).film

        assert (forget_all().emptied, Film.objects.count()) == (1, 1)

        film.refresh_from_db()
        left = {
            field.name: getattr(film, field.attname)
            for field in Film._meta.concrete_fields
            if getattr(film, field.attname) not in (None, "", [], 0)
        }
        assert left.keys() == {"id", "tmdb_id", "original_title", "search_text", "changed_at"}
        assert (film.tmdb_id, film.title) == (129, "TMDB 129")
        assert search_films("tmdb 129").films == [film]
        for model in (Credit, Person, ReleaseDate, WatchOffer, WatchProvider):
            assert not model.objects.exists()

    def test_is_safe_to_repeat(self) -> None:
        EntryFactory(film=taken())
        forget_all()
        left = Film.objects.values().get()

        assert forget_all() == forgetting.Forgotten(0, 0)

        assert Film.objects.values().get() == left

    def test_also_takes_what_old_facts_had_left(self) -> None:
        WishFactory(film=taken())
        forget_old_facts()

        forget_all()

        assert Film.objects.get().title == "TMDB 129"

    def test_brings_the_bundled_facts_back_and_nothing_else(self, catalogue: Path) -> None:
        other = {"imdb_id": "tt0096283", "title_ja": "トトロ", "original_title": "Totoro", "title_en": "Totoro"}
        lines = [LINE, LINE | other]
        catalogue.write_text("\n".join(map(json.dumps, lines)))
        bundled.load(catalogue)
        before = rows()

        EntryFactory(film=taken(wikidata_id=None, directors=(tmdb.Person(608, "Miyazaki, Hayao", "宮崎駿", ""),)))
        GenreFactory(id=1)
        assert Person.objects.filter(tmdb_id=608).exists()
        forget_all()

        assert rows() == before | {"tmdb": {None, 129}}

    def test_deletes_what_nobody_has(self) -> None:
        taken()

        assert forget_all().deleted == 1
        assert not Film.objects.exists()

    def test_leaves_alone_what_tmdb_never_told(self) -> None:
        film = FilmFactory(tmdb_id=7, original_title="題", overview_ja="説明", asked_at=None)

        forget_all()

        film.refresh_from_db()
        assert (film.original_title, film.overview_ja) == ("題", "説明")

    def test_is_no_news_to_who_waits_for_a_film(self) -> None:
        wish = WishFactory(film=taken(), known_cinema_on="2001-07-20", known_digital_on="2002-07-19")

        forget_all()

        wish.refresh_from_db()
        assert (wish.known_cinema_on, wish.known_digital_on) == (None, None)

    def test_leaves_the_film_that_a_merged_one_leads_to(self) -> None:
        kept = taken()
        merged = EntryFactory(film__merged_into=kept, film__facts_fetched_at=OLD).film

        forget_all()

        merged.refresh_from_db()
        assert (merged.merged_into, merged.original_title) == (kept, "TMDB 129")

    def test_is_asked_for_and_tells_what_it_did(self, monkeypatch: pytest.MonkeyPatch) -> None:
        taken()
        said = StringIO()
        for answer, films in (("", 1), ("y", 1), ("yes", 0)):
            monkeypatch.setattr("builtins.input", lambda _question, answer=answer: answer)
            call_command("purge_tmdb", stdout=said)
            assert Film.objects.count() == films

        assert "1 films were deleted, 0 stay" in said.getvalue()

    def test_warns_where_all_would_be_fetched_again(self, tmdb_server) -> None:
        warned = StringIO()

        call_command("purge_tmdb", "--yes", stdout=StringIO(), stderr=warned)

        assert "TMDB_TOKEN" in warned.getvalue()


def rows() -> dict[str, object]:
    """All that the catalogue has, but for keys and moments."""
    unlike = {"id", "changed_at", "tmdb_id"}
    names = [field.name for field in Film._meta.concrete_fields if field.name not in unlike]
    return {
        "films": list(Film.objects.order_by("imdb_id").values_list(*names)),
        "tmdb": set(Film.objects.values_list("tmdb_id", flat=True)),
        "credits": set(Credit.objects.values_list("film__imdb_id", "person__name", "person__name_ja", "position")),
        "people": set(Person.objects.values_list("name", "name_ja", "tmdb_id")),
        "genres": set(Film.genres.through.objects.values_list("film__imdb_id", "genre")),
        "kinds": set(Genre.objects.values_list("pk", flat=True)),
    }
