"""Facts of films, brought from TMDB into our rows."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from movies.catalog import tmdb
from movies.catalog.models import Credit, Film, Genre, Person, Precision, ReleaseDate, WatchOffer, WatchProvider
from movies.catalog.openings import IN_CINEMAS, heed
from movies.catalog.titles import is_japanese, reading_of, search_text_of
from mymovie.folding import normalise

LARGEST_CAST = 20
MOST_ALTERNATIVE_TITLES = 50
SEARCHED_TITLES = 10  # of those: with all fifty, a search by likeness took ten times as long among 30,000 films
# What no wall and no drawn poster shows.
UNSEEN = ("facts_fetched_at", "dropped_at", "asked_at", "alternative_titles", "search_text", "watch_link")
LOCK = 7_021_895


def one_writer_at_a_time() -> None:
    """Wait until no other transaction brings in facts: films share people and ids, so two at once would collide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def take_facts(facts: tmdb.FilmFacts) -> tuple[Film, bool]:
    """The film with these facts, made or brought up to them, and whether that changed anything that is seen of it
    beyond its own page; safe to repeat."""
    one_writer_at_a_time()
    film = _film_of(facts)
    was_on_paper = _on_paper(film)
    _take_ids(film, facts)
    _fill(film, facts)
    if facts.japan_on is None and _had_japan_release(film):
        film.japan_on, film.japan_precision = None, ""  # TMDB has taken back what it said
    if film.pk:
        heed(film, film.release_dates.filter(source=ReleaseDate.Source.DISTRIBUTOR))
    is_changed = film.pk is None or _on_paper(film) != was_on_paper
    film.facts_fetched_at = film.asked_at = timezone.now()
    film.dropped_at = None
    film.save(update_fields=None if is_changed else UNSEEN)
    _take_offers(film, facts)
    parts_changed = [_take_releases(film, facts), _take_genres(film, facts), _take_credits(film, facts)]
    if any(parts_changed) and not is_changed:
        film.save(update_fields=["changed_at"])
    return film, is_changed or any(parts_changed)


@transaction.atomic
def take_name(*, tmdb_id: int, title: str, original_title: str) -> Film:
    """The film with this number at TMDB. Where we have none it is made of its names alone; its facts have to be asked for."""
    one_writer_at_a_time()
    if film := Film.objects.select_related("merged_into").filter(tmdb_id=tmdb_id).first():
        return film.merged_into or film
    film = Film(tmdb_id=tmdb_id, original_title=(original_title or title)[:500])
    if is_japanese(title):
        film.title_ja, film.title_kana = title[:500], reading_of(title)
    else:
        film.title_en = title[:500]
    film.search_text = search_text_of(film.title_ja, film.original_title, film.title_en, reading=film.title_kana)
    film.save()
    return film


def _film_of(facts: tmdb.FilmFacts) -> Film:
    """By TMDB's own id, or else by another, unless that belongs to a film which TMDB keeps apart from this one, or which
    staff have merged into one that has another."""
    ids = {"tmdb_id": facts.tmdb_id, "imdb_id": facts.imdb_id, "wikidata_id": facts.wikidata_id}
    for name, value in ids.items():
        film = Film.objects.select_for_update().filter(**{name: value}).first() if value else None
        if film and (name == "tmdb_id" or _is_open_to_an_id(film)):
            return film
    return Film()


def _is_open_to_an_id(film: Film) -> bool:
    is_doubtful = film.tmdb_id is None or film.facts_fetched_at is None or film.dropped_at is not None
    return is_doubtful and film.merged_into_id is None


def preview(facts: tmdb.FilmFacts) -> Film:
    """A film with these facts to be looked at: it stands in no database."""
    film = Film(tmdb_id=facts.tmdb_id)
    _fill(film, facts)
    return film


def _take_ids(film: Film, facts: tmdb.FilmFacts) -> None:
    film.tmdb_id = facts.tmdb_id
    others = Film.objects.exclude(pk=film.pk)
    if facts.imdb_id and not others.filter(imdb_id=facts.imdb_id).exists():
        film.imdb_id = facts.imdb_id
    if facts.wikidata_id and not others.filter(wikidata_id=facts.wikidata_id).exists():
        film.wikidata_id = facts.wikidata_id


def _fill(film: Film, facts: tmdb.FilmFacts) -> None:
    """What TMDB does not know stays as it was."""
    if facts.title_ja:
        if normalise(facts.title_ja) != normalise(film.title_ja):
            film.title_kana = reading_of(facts.title_ja)
        film.title_ja = facts.title_ja[:500]
    film.original_title = facts.original_title[:500]
    film.original_language = facts.original_language
    film.title_en = facts.title_en[:500] or film.title_en
    film.overview_ja, film.overview_en = facts.overview_ja, facts.overview_en
    film.country = facts.country or film.country
    film.runtime = facts.runtime or film.runtime
    film.poster_path = facts.poster_path
    if facts.world_on:
        film.world_on, film.world_precision = facts.world_on, Precision.DAY
    if facts.japan_on:
        film.japan_on, film.japan_precision = facts.japan_on, Precision.DAY
    film.digital_on = facts.digital_on
    film.watch_link = facts.watch_link
    film.alternative_titles = _alternative_titles(film, facts)
    confirmed = {"title_ja": facts.title_ja, "directors": facts.directors}
    film.unverified = [name for name in film.unverified if not confirmed.get(name)]
    titles = (film.title_ja, film.original_title, film.title_en)
    film.search_text = search_text_of(*titles, *film.alternative_titles[:SEARCHED_TITLES], reading=film.title_kana)


def _alternative_titles(film: Film, facts: tmdb.FilmFacts) -> list[str]:
    """Each that is looked for by other words than those before it."""
    others = dict.fromkeys(map(normalise, ("", film.title_ja, film.original_title, film.title_en)), "")
    for title in facts.alternative_titles:
        others.setdefault(normalise(title), title)
    return list(filter(None, others.values()))[:MOST_ALTERNATIVE_TITLES]


def _had_japan_release(film: Film) -> bool:
    """Whether 日本公開日 came from TMDB, not from the bundled catalogue."""
    return (
        film.pk is not None
        and film.release_dates.filter(country="JP", kind__in=IN_CINEMAS, source=ReleaseDate.Source.TMDB).exists()
    )


def _on_paper(film: Film) -> dict[str, object]:
    unseen = (*UNSEEN, "changed_at")
    return {
        field.attname: getattr(film, field.attname) for field in film._meta.concrete_fields if field.name not in unseen
    }


def _take_offers(film: Film, facts: tmdb.FilmFacts) -> None:
    providers = {offer.provider_id: offer for offer in facts.offers}
    known = WatchProvider.objects.in_bulk(providers)
    changed = [
        WatchProvider(id=pk, name=offer.name, logo_path=offer.logo_path)
        for pk, offer in providers.items()
        if pk not in known or (known[pk].name, known[pk].logo_path) != (offer.name, offer.logo_path)
    ]
    WatchProvider.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=["name", "logo_path"]
    )
    wanted = list(dict.fromkeys((offer.provider_id, str(offer.kind)) for offer in facts.offers))
    kept = film.watch_offers.order_by("position", "pk")
    if list(kept.values_list("provider_id", "kind")) == wanted:
        return
    kept.delete()
    WatchOffer.objects.bulk_create(
        WatchOffer(film=film, provider_id=provider, kind=kind, position=position)
        for position, (provider, kind) in enumerate(wanted)
    )


def _take_releases(film: Film, facts: tmdb.FilmFacts) -> bool:
    wanted = {(release.country, int(release.kind), release.released_on, release.note) for release in facts.releases}
    of_tmdb = film.release_dates.filter(source=ReleaseDate.Source.TMDB)
    kept = {(row.country, row.kind, row.released_on, row.note): row.pk for row in of_tmdb}
    gone = [pk for release, pk in kept.items() if release not in wanted]
    new = sorted(wanted - kept.keys())
    ReleaseDate.objects.filter(pk__in=gone).delete()
    ReleaseDate.objects.bulk_create(
        ReleaseDate(film=film, country=country, kind=kind, released_on=day, note=note)
        for country, kind, day, note in new
    )
    return bool(gone or new)


def _take_genres(film: Film, facts: tmdb.FilmFacts) -> bool:
    wanted = {genre.tmdb_id: genre.name or str(genre.tmdb_id) for genre in facts.genres}
    if wanted.keys() == set(film.genres.values_list("pk", flat=True)):
        return False
    Genre.objects.bulk_create(
        [Genre(id=pk, name_ja=name[:40], name_en=name[:40]) for pk, name in wanted.items()], ignore_conflicts=True
    )
    film.genres.set(wanted)
    return True


def _take_credits(film: Film, facts: tmdb.FilmFacts) -> bool:
    parts = [(person, Credit.Job.DIRECTOR, "") for person in facts.directors]
    parts += [(role.person, Credit.Job.CAST, role.character[:300]) for role in facts.cast[:LARGEST_CAST]]
    kept = list(film.credits.billed())
    bundled = [credit.person for credit in kept if credit.person.tmdb_id is None]
    people = _take_people([person for person, _job, _character in parts], bundled)
    wanted = list(dict.fromkeys((people[person.tmdb_id], str(job), character) for person, job, character in parts))
    if [(credit.person, credit.job, credit.character) for credit in kept] == wanted:
        return False
    film.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(film=film, person=person, job=job, character=character, position=position)
        for position, (person, job, character) in enumerate(wanted)
    )
    Person.objects.filter(pk__in=[person.pk for person in bundled], tmdb_id=None, credits=None).delete()
    return True


def _take_people(given: Iterable[tmdb.Person], bundled: Iterable[Person]) -> dict[int, Person]:
    """By TMDB's id; whoever the bundled catalogue already names on the same film gets that id."""
    facts_by_id = {person.tmdb_id: person for person in given}
    known = {person.tmdb_id: person for person in Person.objects.filter(tmdb_id__in=facts_by_id)}
    without_id = {name: person for person in bundled for name in (person.name, person.name_ja) if name}
    people, changed = {}, []
    for tmdb_id, facts in facts_by_id.items():
        person = known.get(tmdb_id) or without_id.get(facts.name) or without_id.get(facts.original_name) or Person()
        without_id = {name: other for name, other in without_id.items() if other is not person}
        name_ja = facts.original_name if is_japanese(facts.original_name) else person.name_ja
        named = (tmdb_id, facts.name[:300], name_ja[:300])
        if (person.tmdb_id, person.name, person.name_ja) != named:
            person.tmdb_id, person.name, person.name_ja = named
            changed.append(person)
        people[tmdb_id] = person
    Person.objects.bulk_update([person for person in changed if person.pk], ["tmdb_id", "name", "name_ja"])
    Person.objects.bulk_create([person for person in changed if not person.pk])
    return people
