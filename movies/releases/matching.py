"""Which of our films a row of a sheet is about."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from movies.catalog.models import Film, ReleaseDate
from movies.catalog.titles import reading_of, search_text_of
from movies.releases.sheets import Channel, Row, RowRefused
from mymovie.folding import END, indexable, normalise

LARGEST_DIFFERENCE = 2  # years between a date and what is known of a film with the same title
KINDS = {Channel.CINEMA: ReleaseDate.Kind.THEATRICAL, Channel.DIGITAL: ReleaseDate.Kind.DIGITAL}
IDS = ("tmdb_id", "imdb_id")


def film_of(row: Row) -> tuple[Film, bool]:
    """The film that the row is about, with the ids that it gives, and whether it is new or has got an id by that.
    Nobody else may be writing films. Raises RowRefused, before anything is written."""
    holders = {name: _kept_with(name, getattr(row, name)) for name in IDS if getattr(row, name)}
    film = _by_ids(row, holders) or _by_title(row)
    if film is None:
        return _made(row), True
    given = {name: getattr(row, name) for name, holder in holders.items() if holder is None}
    if given:
        # Whoever asked TMDB for it in vain may ask again: there is more to ask by now.
        Film.objects.filter(pk=film.pk).update(**given, asked_at=None, changed_at=timezone.now())
        film.refresh_from_db()
    return film, bool(given)


def announced_in(kind: ReleaseDate.Kind) -> QuerySet[ReleaseDate]:
    return ReleaseDate.objects.filter(country="JP", kind=kind, source=ReleaseDate.Source.DISTRIBUTOR)


def _kept_with(name: str, value: int | str) -> Film | None:
    """The film that has this id, or that the one which had it was merged into."""
    film = Film.objects.filter(**{name: value}).select_related("merged_into").first()
    return film and (film.merged_into or film)


def _by_ids(row: Row, holders: dict[str, Film | None]) -> Film | None:
    known = set(filter(None, holders.values()))
    if len(known) > 1:
        raise RowRefused("ids_disagree")
    for film in known:
        for name, holder in holders.items():
            if holder is None and getattr(film, name):
                raise RowRefused("other_id", f"{name} {getattr(film, name)}")
        return film
    return None


def _by_title(row: Row) -> Film | None:
    """The one film with one of these titles, of those that the row does not contradict."""
    titles = set(filter(None, map(normalise, (row.title, row.original_title))))
    if not titles:
        if not (row.title or row.original_title):
            raise RowRefused("film_without_title")
        if not (row.tmdb_id or row.imdb_id):
            raise RowRefused("unfindable_title")
        return None
    lines = Q()
    for title in titles:
        lines |= Q(search_text__contains=f"{END}{indexable(title)}{END}")
    found = Film.objects.filter(lines).select_related("merged_into").order_by("pk")
    titled = [film for film in found if titles & {normalise(film.title_ja), normalise(film.original_title)}]
    films = {film.merged_into or film for film in titled}
    films = {film for film in films if _may_be_meant(row, film)}
    if row.release_on is None and len(films) > 1:
        has_a_date = announced_in(KINDS[row.channel]).filter(film__in=films)  # what can be withdrawn
        films = {announced.film for announced in has_a_date.select_related("film")} or films
    if len(films) > 1:
        raise RowRefused("several_films")
    return films.pop() if films else None


def _may_be_meant(row: Row, film: Film) -> bool:
    if any(getattr(row, name) and getattr(film, name) for name in IDS):
        return False  # else it would have been found by it
    years = [day.year for day in (film.world_on, film.japan_on) if day]
    if not years:
        return True
    if row.release_on is None:
        return not any(getattr(row, name) for name in IDS)  # a remake would take the place of the old film
    return any(abs(row.release_on.year - year) <= LARGEST_DIFFERENCE for year in years)


def _made(row: Row) -> Film:
    title, original_title = row.title or row.original_title, row.original_title or row.title
    reading = reading_of(title)
    return Film.objects.create(
        tmdb_id=row.tmdb_id,
        imdb_id=row.imdb_id or None,
        title_ja=title,
        original_title=original_title,
        title_kana=reading,
        search_text=search_text_of(title, original_title, reading=reading),
    )
