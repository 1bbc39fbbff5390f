import contextlib
import datetime
import re
import threading
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User, Visibility
from movies.catalog.tmdb import reading
from movies.diary import films, jobs, services
from movies.diary.models import UNDO_FOR, Entry, Viewing
from movies.diary.services import Seen, log_film
from tests.factories import EntryFactory, FilmFactory, UserFactory, ViewingFactory
from tests.standins.tmdb import stored

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2024, 1, 1)
TUESDAY = datetime.date(2024, 1, 2)


def seen(day: datetime.date | None, *, is_again: bool = False) -> Seen:
    return Seen(day, uuid.uuid4(), is_again)


def log(owner, film, score=None, visibility=Visibility.PUBLIC, seen=None):
    return log_film(owner=owner, film=film, score=score, visibility=visibility, seen=seen)


def test_logging_a_film_puts_it_on_the_wall():
    owner, film = UserFactory(), FilmFactory(japan_on=MONDAY, japan_precision="day")

    entry, is_new = log(owner, film, 95, seen=seen(TUESDAY))

    assert is_new
    assert Entry.objects.of(owner).get() == entry
    assert (entry.score, entry.japan_on, entry.world_on, entry.watched_on) == (95, MONDAY, MONDAY, TUESDAY)


def test_logging_a_film_takes_few_statements(django_assert_num_queries):
    owner, film = UserFactory(), FilmFactory()

    with django_assert_num_queries(1):
        log(owner, film, 95, seen=seen(TUESDAY))

    # That one in vain, the transaction (2), film and entry held, the viewing, the last day among all of them, the wish that
    # ends, the entry, and the owner's row.
    with django_assert_num_queries(10):
        log(owner, film, 90, seen=seen(MONDAY))


def test_logging_a_film_again_changes_its_score():
    entry = EntryFactory(score=40)

    again, is_new = log(entry.owner, entry.film, 80)

    assert not is_new
    assert again == entry
    assert Entry.objects.get().score == 80


def test_logging_a_film_again_keeps_the_day_it_was_seen():
    owner, film = UserFactory(), FilmFactory()
    log(owner, film, seen=seen(MONDAY))

    log(owner, film, 50)

    assert Entry.objects.get().watched_on == MONDAY


def test_a_film_seen_again_has_one_viewing_more():
    owner, film = UserFactory(), FilmFactory()
    log(owner, film, seen=seen(MONDAY))

    entry, _ = log(owner, film, seen=seen(TUESDAY, is_again=True))

    assert list(entry.viewings.order_by("watched_on").values_list("watched_on", flat=True)) == [MONDAY, TUESDAY]
    assert entry.watched_on == TUESDAY


def test_a_film_seen_on_an_unknown_day_and_again_on_a_known_one_was_seen_twice():
    owner, film = UserFactory(), FilmFactory()
    log(owner, film, seen=seen(None))

    entry, _ = log(owner, film, seen=seen(TUESDAY, is_again=True))

    assert sorted(entry.viewings.values_list("watched_on", flat=True), key=str) == [TUESDAY, None]


def test_the_same_submission_counts_once():
    owner, film, sent = UserFactory(), FilmFactory(), seen(MONDAY)

    log(owner, film, seen=sent)
    log(owner, film, seen=sent)

    assert Viewing.objects.count() == 1


def test_the_first_viewing_on_an_unknown_day_leaves_no_row_however_often_it_is_sent():
    owner, film, sent = UserFactory(), FilmFactory(), seen(None)

    log(owner, film, seen=sent)
    log(owner, film, seen=sent)

    assert Viewing.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_submissions_at_once_make_one_row():
    owner, film, sent = UserFactory(), FilmFactory(), seen(MONDAY)
    failures = []

    def submit():
        try:
            log(owner, film, 95, seen=sent)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Entry.objects.count() == Viewing.objects.count() == 1


def changes_to_a_wall(entry):
    viewing = ViewingFactory(entry=entry)
    yield lambda: log(entry.owner, entry.film, 12)
    yield lambda: services.redate_viewing(viewing=viewing, watched_on=TUESDAY)
    yield lambda: services.remove_viewing(viewing=viewing)
    yield lambda: films.films_changed([entry.film])
    yield lambda: services.delete_entry(entry=entry)
    yield lambda: services.restore_entry(entry=entry)


def test_everything_that_changes_a_wall_raises_its_revision():
    entry, stranger = EntryFactory(), UserFactory()

    for change in changes_to_a_wall(entry):
        before = User.objects.get(pk=entry.owner_id).wall_revision
        change()
        assert User.objects.get(pk=entry.owner_id).wall_revision > before

    assert User.objects.get(pk=stranger.pk).wall_revision == 1


def test_a_film_whose_dates_changed_moves_on_every_wall():
    film = FilmFactory(world_on=MONDAY, world_precision="day")
    here, there = EntryFactory(film=film), EntryFactory(film=film)
    film.japan_on, film.japan_precision = TUESDAY, "day"
    film.save()

    films.films_changed([film])

    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.japan_on, here.world_on) == (there.japan_on, there.world_on) == (TUESDAY, MONDAY)


def test_a_deleted_film_leaves_the_wall_and_comes_back_as_it_stood():
    entry = ViewingFactory(entry__score=70, watched_on=MONDAY).entry

    services.delete_entry(entry=entry)
    assert not Entry.objects.of(entry.owner).exists()
    services.restore_entry(entry=entry)

    back = Entry.objects.of(entry.owner).get()
    assert (back.score, back.viewings.get().watched_on) == (70, MONDAY)


def test_a_film_recorded_anew_cannot_be_restored_over():
    entry = EntryFactory(score=70)
    services.delete_entry(entry=entry)
    log(entry.owner, entry.film, 20)

    with pytest.raises(services.AlreadyOnTheWall):
        services.restore_entry(entry=entry)

    assert Entry.objects.of(entry.owner).get().score == 20


def test_what_was_deleted_is_ended_when_undo_is_over():
    now = timezone.now()
    ViewingFactory(entry__deleted_at=now - UNDO_FOR - datetime.timedelta(minutes=1))
    lately = EntryFactory(deleted_at=now - UNDO_FOR + datetime.timedelta(hours=1))
    standing = EntryFactory()

    assert jobs.purge_deleted() == 1

    assert set(Entry.objects.all()) == {lately, standing}
    assert not Viewing.objects.exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"score": 101}, "entry_score_0_to_100"),
        ({"visibility": "friends"}, "entry_visibility_known"),
    ],
)
def test_the_database_refuses_what_must_never_be_false(change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EntryFactory(**change)


def test_a_film_stands_on_a_wall_once():
    entry = EntryFactory()

    with pytest.raises(IntegrityError, match="entry_once_on_a_wall"), transaction.atomic():
        EntryFactory(owner=entry.owner, film=entry.film)


def test_what_strangers_do_not_see_does_not_raise_what_they_are_told():
    entry = EntryFactory(visibility=Visibility.PRIVATE)

    for change in changes_to_a_wall(entry):
        before = User.objects.get(pk=entry.owner_id)
        change()
        after = User.objects.get(pk=entry.owner_id)
        assert after.wall_revision > before.wall_revision
        if Entry.objects.get(pk=entry.pk).visibility == Visibility.PRIVATE:
            assert after.public_revision == before.public_revision


def test_what_becomes_private_is_gone_for_strangers_at_once():
    entry = EntryFactory()
    before = User.objects.get(pk=entry.owner_id).public_revision

    log(entry.owner, entry.film, visibility=Visibility.PRIVATE)

    assert User.objects.get(pk=entry.owner_id).public_revision == before + 1


@pytest.mark.django_db(transaction=True)
def test_two_viewings_redated_at_once_leave_the_last_of_both_days(monkeypatch):
    entry = EntryFactory()
    viewings = [ViewingFactory(entry=entry, watched_on=MONDAY), ViewingFactory(entry=entry, watched_on=TUESDAY)]
    together, find_last = threading.Barrier(2, timeout=1), services._last_watched

    def find_last_slowly(entry):
        found = find_last(entry)
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait()  # without a lock both have looked before either writes
        return found

    monkeypatch.setattr(services, "_last_watched", find_last_slowly)

    def redate(viewing, day):
        services.redate_viewing(viewing=viewing, watched_on=day)
        connection.close()

    days = [datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)]
    threads = [threading.Thread(target=redate, args=pair) for pair in zip(viewings, days, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Entry.objects.get().watched_on == max(days)


def test_a_day_given_twice_dates_the_first_viewing_alone():
    entry = ViewingFactory(watched_on=TUESDAY).entry

    services.date_entry(entry=entry, watched_on=MONDAY)

    assert entry.viewings.get().watched_on == TUESDAY


def test_a_film_and_its_walls_change_together_or_not_at_all(monkeypatch):
    film = FilmFactory(imdb_id="tt0245429")
    facts = reading.film_facts(stored("movie_129"), language="ja-JP")

    def crash(_films):
        raise RuntimeError

    monkeypatch.setattr(films, "films_changed", crash)
    with pytest.raises(RuntimeError):
        films.film_from_tmdb(facts)

    film.refresh_from_db()
    assert film.tmdb_id is None


def test_walls_change_after_all_entries_as_whoever_records_does():
    entry = EntryFactory()
    both = [entry.film, EntryFactory(owner=entry.owner).film]

    with CaptureQueriesContext(connection) as queries:
        films.films_changed(both)

    updated = [re.search(r'UPDATE "(\w+)"', query["sql"]) for query in queries]
    tables = [match[1] for match in updated if match]
    assert tables == sorted(tables, reverse=True)  # movies_entry before accounts_user: the same order never deadlocks


def revision_of(owner: User) -> int:
    return User.objects.get(pk=owner.pk).public_revision


@pytest.mark.parametrize("wall", [Visibility.FOLLOWERS, Visibility.PRIVATE])
def test_what_is_recorded_on_a_closed_wall_is_not_told_to_strangers_by_its_revision(wall):
    owner = UserFactory(wall_visibility=wall)
    before = revision_of(owner)

    entry, _is_new = log(owner, FilmFactory())
    log(owner, entry.film, 50)
    services.delete_entry(entry=entry)
    services.restore_entry(entry=entry)
    films.films_changed([entry.film])

    assert revision_of(owner) == before


def test_nor_is_what_happens_to_an_entry_that_staff_have_hidden():
    entry = EntryFactory(hidden_at=timezone.now())
    before = revision_of(entry.owner)

    log(entry.owner, entry.film, 50)
    services.delete_entry(entry=entry)
    services.restore_entry(entry=entry)
    films.films_changed([entry.film])

    assert revision_of(entry.owner) == before


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_said_of_a_wall_follows_what_stands_on_it(number):
    owner = UserFactory()
    entries = [log(owner, FilmFactory())[0] for _ in range(number)]
    log(owner, FilmFactory(), visibility=Visibility.FOLLOWERS)
    log(owner, FilmFactory(), visibility=Visibility.PRIVATE)

    owner.refresh_from_db()
    assert (owner.films_shown, owner.last_shown_at) == (number, entries[-1].recorded_at)
    assert owner.last_entry_at > owner.last_shown_at

    log(owner, entries[0].film, visibility=Visibility.PRIVATE)
    owner.refresh_from_db()
    assert owner.films_shown == number - 1


def test_what_staff_have_hidden_is_not_shown_by_recording_the_film_anew():
    entry = EntryFactory(hidden_at=timezone.now())
    services.delete_entry(entry=entry)

    again, is_new = log(entry.owner, entry.film)

    assert is_new
    assert again.hidden_at == entry.hidden_at


@pytest.mark.django_db(transaction=True)
def test_films_recorded_at_once_are_all_counted():
    owner, films = UserFactory(), FilmFactory.create_batch(6)

    def record(film):
        log(User.objects.get(pk=owner.pk), film)
        connection.close()

    threads = [threading.Thread(target=record, args=[film]) for film in films]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    owner.refresh_from_db()
    assert owner.films_shown == 6


def test_a_new_day_on_a_film_that_was_shown_meanwhile_is_a_change_for_strangers():
    viewing = ViewingFactory(entry__visibility="private")
    stale = Viewing.objects.select_related("entry").get(pk=viewing.pk)
    services.change_entry(entry=viewing.entry, changes={"visibility": "public"})
    owner = User.objects.get(pk=viewing.entry.owner_id)

    services.redate_viewing(viewing=stale, watched_on=datetime.date(2020, 1, 1))

    assert User.objects.get(pk=owner.pk).public_revision > owner.public_revision
