import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Max

from accounts.models import Follow, User, slot_of
from movies.catalog.models import Film
from movies.diary import seeding
from movies.diary.models import Entry, Viewing, wall_keys
from movies.diary.seeding import NoSuchWorld, World, seed, shares
from tests.factories import EntryFactory

pytestmark = pytest.mark.django_db

SMALL = World(people=60, entries=1_500, films=400)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
        return {definition for (definition,) in cursor.fetchall()}


def digest() -> str:
    """Of what stands on all walls, by names: numbers of rows are other ones each time."""
    rows = Entry.objects.order_by("owner__handle", "film__original_title", "recorded_at").values_list(
        "owner__handle", "film__original_title", "score", "visibility", "recorded_at", "watched_on", "japan_on"
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def test_there_is_as_much_of_everything_as_was_asked_for() -> None:
    there_before = EntryFactory()

    seed(SMALL)

    seeded = Entry.objects.exclude(pk=there_before.pk)
    assert (User.objects.filter(issuer="seed").count(), seeded.count()) == (60, 1_500)
    assert Film.objects.exclude(pk=there_before.film_id).count() == 400
    assert seeded.values("owner", "film").distinct().count() == 1_500


def test_the_same_numbers_make_the_same_world() -> None:
    seed(SMALL)
    first = digest()
    for model in (Viewing, Entry, Follow, User, Film):
        model.objects.all().delete()

    seed(SMALL)

    assert digest() == first


def test_every_index_is_there_again() -> None:
    before = indexes()

    seed(SMALL)

    assert indexes() == before


def test_what_is_copied_and_counted_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "FEW_FOLLOWED", 15)
    seed(SMALL)

    for entry in Entry.objects.select_related("film").annotate(last=Max("viewings__watched_on")):
        assert {key: getattr(entry, key) for key in wall_keys(entry.film)} == wall_keys(entry.film)
        assert entry.watched_on == entry.last
    for person in User.objects.filter(issuer="seed"):
        shown = Entry.objects.filter(owner=person, visibility="public")
        assert person.films_shown == shown.count()
        assert person.followers_count == Follow.objects.filter(followee=person).count()
        assert person.following_count == Follow.objects.filter(follower=person).count()
    told = Follow.objects.filter(last_entry_at__isnull=False).select_related("followee", "follower")
    for follow in told:
        assert follow.last_entry_at == slot_of(follow.followee.last_entry_at)
        assert follow.follower.following_count > 15
    assert 0 < told.count() == Follow.objects.filter(follower__following_count__gt=15).count() < Follow.objects.count()


def test_people_and_films_are_as_different_as_they_are() -> None:
    seed(SMALL)

    by_person = User.objects.filter(issuer="seed").annotate(films=Count("entries")).order_by("-films")
    by_film = Film.objects.annotate(walls=Count("entries")).order_by("-walls")
    assert by_person[0].handle == "most"
    assert by_person[0].films == 400
    assert min(person.films for person in by_person) >= 1
    assert by_film[0].walls > 4 * by_film[200].walls


def test_a_seeded_wall_is_a_page_and_takes_another_film(client) -> None:
    seed(SMALL)

    answer = client.get("/@most/?order=score")
    EntryFactory(owner=User.objects.get(handle="p1"))

    assert answer.status_code == 200
    assert Film.objects.get(pk=Entry.objects.filter(owner__handle="most").latest("score").film_id).title


@pytest.mark.parametrize("entries", [1_000, 50_000, 123_457])
def test_shares_add_up(entries: int) -> None:
    world = World(people=1_000, entries=entries, films=9_000)

    counts = shares(world)

    assert sum(counts) == entries
    assert len(counts) == 1_000
    assert max(counts) == counts[0] <= 9_000
    assert min(counts) >= 1


def test_it_is_made_once() -> None:
    call_command("seed", people=30, entries=300, films=100)

    with pytest.raises(CommandError, match="there is a seeded world already"):
        call_command("seed", people=30, entries=300, films=100)


@pytest.mark.parametrize(
    ("people", "entries", "why"),
    [(10, 1_000, "10 people with up to 50 films have no 1,000 entries"), (10, 9, "everybody has a film at least")],
)
def test_a_world_that_cannot_be_is_refused(people: int, entries: int, why: str) -> None:
    with pytest.raises(NoSuchWorld, match=why):
        World(people=people, entries=entries, films=50)
