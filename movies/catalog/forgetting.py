"""Films without what TMDB told of them."""

from collections.abc import Sequence

from movies.catalog import bundled
from movies.catalog.models import Credit, Film, Person, ReleaseDate, WatchOffer, WatchProvider
from movies.catalog.openings import heed
from movies.catalog.titles import search_text_of


def forget_facts(films: Sequence[Film], *, keeps_names: bool) -> None:
    """Take from `films` what TMDB told of them, in the caller's transaction, which is the only one to bring facts in.

    Those of the bundled catalogue have its facts again. The others keep their titles, days and ids where that
    `keeps_names`, else their number alone: a number is no fact, and leads to all the rest.
    """
    known = bundled.lines_of(films)
    bundled_films = {film.pk for film, _line in known}
    for film in films:
        film.asked_at = (film.asked_at or film.facts_fetched_at) if keeps_names else None
        _forget_details(film)
        if not keeps_names or film.pk in bundled_films:
            film.digital_on = film.dropped_at = None
        if not keeps_names and film.pk not in bundled_films:
            _forget_names(film)
    _forget_parts(films, but_days_of=[film for film in films if keeps_names and film.pk not in bundled_films])
    bundled.fill_again(known)
    columns = [field.name for field in Film._meta.concrete_fields if not field.primary_key]
    Film.objects.bulk_create(films, update_conflicts=True, unique_fields=["id"], update_fields=columns)


def _forget_details(film: Film) -> None:
    film.overview_ja = film.overview_en = film.poster_path = film.watch_link = ""
    film.runtime = film.facts_fetched_at = None
    film.alternative_titles = []
    titles = (film.title_ja, film.original_title, film.title_en)
    film.search_text = search_text_of(*titles, reading=film.title_kana)


def _forget_names(film: Film) -> None:
    number = film.tmdb_id or (film.merged_into.tmdb_id if film.merged_into else None)
    film.original_title = f"TMDB {number}" if number else "–"
    film.original_language = film.title_ja = film.title_en = film.title_kana = film.country = ""
    film.imdb_id = film.wikidata_id = None
    film.world_on = film.japan_on = None
    film.world_precision = film.japan_precision = ""
    film.search_text = search_text_of(film.original_title)
    heed(film, film.release_dates.filter(source=ReleaseDate.Source.DISTRIBUTOR))


def _forget_parts(films: Sequence[Film], *, but_days_of: Sequence[Film]) -> None:
    """`but_days_of`: of these films the days in Japan stay."""
    told = ReleaseDate.objects.filter(film__in=films, source=ReleaseDate.Source.TMDB)
    told.exclude(country="JP", film__in=but_days_of).delete()
    WatchOffer.objects.filter(film__in=films).delete()
    Film.genres.through.objects.filter(film__in=films).delete()
    credits = Credit.objects.filter(film__in=films)
    people = list(credits.values_list("person", flat=True))
    credits.delete()
    forget_people(people)


def forget_people(people: Sequence[int]) -> None:
    """Those of them who have no part in any film."""
    Person.objects.filter(pk__in=people, credits=None).delete()


def forget_providers() -> None:
    """Those that offer nothing."""
    WatchProvider.objects.filter(offers=None).delete()
