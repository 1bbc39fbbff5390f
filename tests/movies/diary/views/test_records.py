import datetime
import uuid

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Visibility
from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.diary import recording, services
from movies.diary.models import UNDO_FOR, Entry, Viewing
from tests.factories import EntryFactory, FilmFactory, UserFactory, ViewingFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def sent(**fields):
    return {"score": "95", "watched": "today", "visibility": "public", "submission": str(uuid.uuid4())} | fields


def test_recording_a_film_puts_it_on_the_wall(client, person):
    film = FilmFactory()

    response = client.post(f"/films/{film.pk}/record/", sent())

    entry = Entry.objects.of(person).get()
    assert response.url == f"/@{person.handle}/?recorded={entry.pk}"
    assert (entry.film, entry.score, entry.visibility, entry.watched_on) == (film, 95, "public", TODAY())


def test_the_wall_tells_its_owner_alone_what_has_been_done_just_now(client, person):
    film = FilmFactory(title_ja="乱")
    recorded = client.post(f"/films/{film.pk}/record/", sent()).url
    entry = Entry.objects.get()
    changed = client.post(f"/films/{film.pk}/record/", sent(watched="", is_again="True", score="96")).url
    others = EntryFactory().pk

    assert "『乱』を記録しました。" in client.get(recorded).content.decode()
    assert changed == recorded.replace("recorded", "changed")
    assert "『乱』の記録を変更しました。" in client.get(changed).content.decode()
    for address in (f"/@{person.handle}/?recorded={number}" for number in (others, "x", "²", "9" * 30)):
        page = client.get(address)
        assert (page.status_code, "を記録しました。" in page.content.decode()) == (200, False)
    other = Client()
    other.force_login(UserFactory())
    for looks in (other, Client()):
        assert "を記録しました。" not in looks.get(recorded).content.decode()
    client.post(f"/entries/{entry.pk}/delete/")
    assert "を記録しました。" not in client.get(recorded).content.decode()


def test_so_it_does_of_what_staff_have_hidden(client, person):
    entry = EntryFactory(owner=person, hidden_at=timezone.now())

    changed = client.post(f"/films/{entry.film_id}/record/", sent(watched="", is_again="True"))

    assert "の記録を変更しました。" in client.get(changed.url).content.decode()


@pytest.mark.parametrize(("days", "is_staff"), [(0, False), (2, False), (2, True)])
def test_who_records_stays_signed_in_for_thirty_days_more(client, person, days, is_staff):
    session = client.session
    before = timezone.now() + datetime.timedelta(days=30 - days)
    if is_staff:
        session.set_expiry(before)
        session.save()
    Session.objects.update(expire_date=before)

    answer = client.post(f"/films/{FilmFactory().pk}/record/", sent())

    is_prolonged = days == 2 and not is_staff
    assert ("session" in answer.cookies) == is_prolonged
    assert (Session.objects.get().expire_date > before + datetime.timedelta(days=1)) == is_prolonged


@pytest.mark.parametrize("statements", [3, 2], ids=["unseen", "shown before"])
def test_recording_is_two_or_three_statements(client, person, statements, django_assert_num_queries):
    address = f"/films/{FilmFactory().pk}/record/"

    client.get("/about/" if statements == 3 else address)
    with django_assert_num_queries(
        statements
    ):  # session with person; film and entry, unless seen before; what is written
        client.post(address, sent())

    assert Entry.objects.of(person).get().score == 95


def test_a_film_is_recorded_as_it_is_now_and_not_as_it_was_shown(client, person):
    film, other = FilmFactory(title_ja="乱"), FilmFactory()
    for shown in (film, other):
        client.get(f"/films/{shown.pk}/record/")
    Film.objects.filter(pk=film.pk).update(
        title_ja="蜘蛛巣城", japan_on=datetime.date(1957, 1, 15), japan_precision="day"
    )
    Film.objects.filter(pk=other.pk).update(merged_into=film)

    client.post(f"/films/{film.pk}/record/", sent())
    client.post(f"/films/{other.pk}/record/", sent(score="50"))

    entry = Entry.objects.of(person).get()
    assert (entry.film, entry.score, entry.japan_on) == (film, 50, datetime.date(1957, 1, 15))
    assert entry.title_ja_key == services.wall_keys(Film.objects.get(pk=film.pk))["title_ja_key"]


def test_what_stands_by_now_is_changed_and_what_is_gone_by_now_is_not_found(client, person):
    film = FilmFactory()
    address = f"/films/{film.pk}/record/"
    client.get(address)
    elsewhere = EntryFactory(owner=person, film=film, score=10, memo="窓際")

    assert client.post(address, sent()).url == f"/@{person.handle}/?changed={elsewhere.pk}"
    elsewhere.refresh_from_db()
    assert (elsewhere.score, elsewhere.memo, elsewhere.watched_on) == (95, "窓際", TODAY())

    elsewhere.delete()
    film.delete()
    assert client.post(address, sent()).status_code == 404


def test_what_cannot_be_recorded_is_shown_again_though_the_film_was_seen_before(client, person):
    address = f"/films/{FilmFactory().pk}/record/"
    client.get(address)

    page = client.post(address, sent(score="101", memo="窓際"))

    assert (page.status_code, Entry.objects.exists()) == (400, False)
    assert "窓際" in page.content.decode()


def test_a_film_seen_before_keeps_nothing_of_who_saw_it(client, person):
    entry = EntryFactory(memo="窓際")
    other = Client()
    other.force_login(entry.owner)
    other.get(f"/films/{entry.film_id}/record/")

    film = recording.film_as_last_seen(entry.film_id)

    assert film == entry.film
    assert "窓際" not in repr(vars(film))
    assert film is not recording.film_as_last_seen(entry.film_id)


@pytest.mark.parametrize(
    ("fields", "score", "watched_on"),
    [
        ({"score": "", "watched": "unknown"}, None, None),
        ({"score": "0", "watched": "day", "watched_on": "2001-07-20"}, 0, datetime.date(2001, 7, 20)),
        ({"score": "100", "watched": "unknown", "watched_on": "nonsense"}, 100, None),
    ],
)
def test_score_and_day_may_be_left_open(client, person, fields, score, watched_on):
    client.post(f"/films/{FilmFactory().pk}/record/", sent(**fields))

    entry = Entry.objects.get()
    assert (entry.score, entry.watched_on) == (score, watched_on)


@pytest.mark.parametrize(
    "fields",
    [
        {"score": "101"},
        {"score": "-1"},
        {"score": "9.5"},
        {"score": "ninety"},
        {"score": "9" * 400},
        {"score": "\x00"},
        {"visibility": "friends"},
        {"watched": "tomorrow"},
        {"watched": "day", "watched_on": ""},
        {"watched": "day", "watched_on": "2999-01-01"},
        {"watched": "day", "watched_on": "1700-01-01"},
        {"watched": "day", "watched_on": "0000-00-00"},
        {"submission": "x"},
    ],
)
def test_bad_input_is_refused_clearly_and_nothing_typed_is_lost(client, person, fields):
    response = client.post(f"/films/{FilmFactory().pk}/record/", sent(**fields))

    assert response.status_code == 400
    assert response.context["form"].errors
    assert not Entry.objects.exists()
    for name, value in fields.items():
        assert response.context["form"][name].value() == value


@pytest.mark.parametrize(("watched", "viewings"), [("today", 1), ("unknown", 0)])
def test_a_form_sent_twice_counts_once(client, person, watched, viewings):
    film, form = FilmFactory(), sent(watched=watched)

    client.post(f"/films/{film.pk}/record/", form)
    client.post(f"/films/{film.pk}/record/", form)

    assert (Entry.objects.count(), Viewing.objects.count()) == (1, viewings)


@pytest.mark.parametrize(("watched", "viewings"), [("today", 2), ("unknown", 2), ("", 0)])
def test_seeing_a_film_again_counts_the_first_time_too(client, person, watched, viewings):
    entry = EntryFactory(owner=person)
    form = sent(watched=watched, is_again="True")

    client.post(f"/films/{entry.film_id}/record/", form)
    client.post(f"/films/{entry.film_id}/record/", form)

    assert Viewing.objects.count() == viewings


def test_the_form_of_a_recorded_film_shows_what_stands_there(client, person):
    entry = EntryFactory(owner=person, score=12, visibility=Visibility.FOLLOWERS)

    form = client.get(f"/films/{entry.film_id}/record/").context["form"]

    assert (form["score"].value(), form["visibility"].value(), form["watched"].value()) == (12, "followers", "")


def test_changing_a_score_leaves_the_viewings_alone(client, person):
    viewing = ViewingFactory(entry__owner=person, entry__score=10)

    client.post(f"/films/{viewing.entry.film_id}/record/", sent(score="20", watched="", is_again="True"))

    assert Entry.objects.get().score == 20
    assert Viewing.objects.get() == viewing


def test_a_film_seen_again_gets_one_viewing_more(client, person):
    viewing = ViewingFactory(entry__owner=person, watched_on=datetime.date(2020, 1, 1))

    client.post(f"/films/{viewing.entry.film_id}/record/", sent(watched="today", is_again="True"))

    assert Viewing.objects.count() == 2
    assert Entry.objects.get().watched_on == TODAY()


def test_the_day_of_a_viewing_can_be_changed_and_taken_away(client, person):
    viewing = ViewingFactory(entry__owner=person)

    client.post(f"/viewings/{viewing.pk}/", {"watched_on": "2003-03-03"})
    assert Entry.objects.get().watched_on == datetime.date(2003, 3, 3)
    client.post(f"/viewings/{viewing.pk}/remove/")

    assert not Viewing.objects.exists()
    assert Entry.objects.get().watched_on is None


def test_a_day_to_come_is_no_day_of_a_viewing(client, person):
    viewing = ViewingFactory(entry__owner=person)

    response = client.post(f"/viewings/{viewing.pk}/", {"watched_on": "2999-01-01"})

    assert [str(message) for message in get_messages(response.wsgi_request)]
    assert Viewing.objects.get().watched_on == viewing.watched_on


def test_deleting_can_be_undone_at_once_and_later(client, person):
    entry = EntryFactory(owner=person, film__original_title="Ran", score=77)

    wall = client.post(f"/entries/{entry.pk}/delete/", follow=True)
    assert wall.context["deleted"] == entry
    assert f"/entries/{entry.pk}/restore/" in wall.content.decode()
    assert "Ran" in client.get("/deleted/").content.decode()
    client.post(f"/entries/{entry.pk}/restore/")

    assert Entry.objects.of(person).get().score == 77


def test_undo_is_over_some_day(client, person):
    entry = EntryFactory(owner=person, deleted_at=timezone.now() - UNDO_FOR)

    assert client.post(f"/entries/{entry.pk}/restore/").status_code == 404


def test_a_film_recorded_again_is_not_restored_over(client, person):
    entry = EntryFactory(owner=person)
    services.delete_entry(entry=entry)
    EntryFactory(owner=person, film=entry.film, score=5)

    response = client.post(f"/entries/{entry.pk}/restore/", follow=True)

    assert response.redirect_chain[-1][0] == "/deleted/"
    assert [str(message) for message in response.context["messages"]]
    assert Entry.objects.of(person).get().score == 5


def writes_on(entry, viewing, gone):
    return [
        f"/entries/{entry.pk}/delete/",
        f"/entries/{gone.pk}/restore/",
        f"/entries/{entry.pk}/day/",
        f"/viewings/{viewing.pk}/",
        f"/viewings/{viewing.pk}/remove/",
    ]


@pytest.fixture
def addresses():
    viewing = ViewingFactory(entry__score=50)
    gone = EntryFactory(owner=viewing.entry.owner, deleted_at=timezone.now())
    return writes_on(viewing.entry, viewing, gone)


def snapshot():
    return [*Entry.objects.order_by("pk").values(), *Viewing.objects.order_by("pk").values()]


def test_a_stranger_finds_nothing_to_change(client, person, addresses):
    before = snapshot()

    for address in addresses:
        assert client.post(address, {"watched_on": ""}).status_code == 404

    assert snapshot() == before


def test_somebody_signed_out_is_asked_to_sign_in(client, addresses):
    before = snapshot()

    for address in [*addresses, "/deleted/", f"/films/{FilmFactory().pk}/record/"]:
        response = client.post(address)
        assert response.status_code == 302
        assert response.url.startswith("/sign-in/?next=")

    assert snapshot() == before


def test_looking_changes_nothing(client, person, addresses):
    before = snapshot()

    for address in addresses:
        assert client.get(address).status_code == 405

    assert snapshot() == before


def test_the_owner_cannot_be_chosen_by_the_form(client, person):
    other = UserFactory()

    client.post(f"/films/{FilmFactory().pk}/record/", sent(owner=other.pk, user_id=other.pk, owner_id=other.pk))

    assert Entry.objects.get().owner == person


def test_the_deleted_are_listed_in_as_many_queries_at_10_as_at_1000(client, django_assert_num_queries):
    for count in (10, 1000):
        person = UserFactory()
        films = [FilmFactory.build() for _ in range(count)]
        type(films[0]).objects.bulk_create(films)
        Entry.objects.bulk_create(
            Entry(owner=person, film=film, recorded_at=timezone.now(), deleted_at=timezone.now()) for film in films
        )
        client.force_login(person)
        client.get("/about/")  # the first page of a session writes its token
        with django_assert_num_queries(2):  # session with person, entries with their films
            client.get("/deleted/")


def test_an_entry_without_a_day_can_be_given_one(client, person):
    entry = EntryFactory(owner=person)

    for _ in range(2):
        client.post(f"/entries/{entry.pk}/day/", {"watched_on": "1999-12-31"})

    assert Viewing.objects.get().watched_on == Entry.objects.get().watched_on == datetime.date(1999, 12, 31)


def test_a_day_that_cannot_be_is_refused_clearly(client, person):
    entry = EntryFactory(owner=person)

    response = client.post(f"/entries/{entry.pk}/day/", {"watched_on": "2999-12-31"}, follow=True)

    assert [str(message) for message in response.context["messages"]]
    assert not Viewing.objects.exists()


def test_looking_at_a_film_that_only_tmdb_has_writes_nothing(client, person, tmdb_server):
    response = client.get("/films/tmdb/129/record/")

    assert response.context["film"].title == "千と千尋の神隠し"
    assert not Film.objects.exists()


def test_a_film_that_only_tmdb_has_is_made_when_it_is_recorded(client, person, tmdb_server):
    client.post("/films/tmdb/129/record/", sent())

    entry = Entry.objects.get()
    assert (entry.film.tmdb_id, entry.film.title, entry.score) == (129, "千と千尋の神隠し", 95)
    assert entry.japan_on == datetime.date(2001, 7, 20)


def test_recording_a_film_of_tmdb_twice_makes_one_row_of_each(client, person, tmdb_server):
    form = sent()

    client.post("/films/tmdb/129/record/", form)
    client.post("/films/tmdb/129/record/", form)

    assert (Film.objects.count(), Entry.objects.count(), Viewing.objects.count()) == (1, 1, 1)


def test_a_bundled_film_that_tmdb_knows_by_another_id_is_the_same_film(client, person, tmdb_server):
    bundled = FilmFactory(original_title="千と千尋の神隠し", imdb_id="tt0245429")

    client.post("/films/tmdb/129/record/", sent())

    assert Entry.objects.get().film == bundled
    assert Film.objects.get().tmdb_id == 129


def test_a_film_that_tmdb_does_not_know_is_not_found(client, person, tmdb_server):
    assert client.get("/films/tmdb/999999/record/").status_code == 404


def test_when_tmdb_is_away_what_was_typed_is_given_back(client, person, tmdb_server):
    tmdb_server.always = Response(500)

    refused = client.post("/films/tmdb/129/record/", sent(score="87"))

    assert refused.status_code == 503
    tmdb_server.always = None
    cache.clear()
    tmdb.for_pages.wire.breaker.succeed()
    assert client.get(refused.context["resume"]).context["form"]["score"].value() == "87"


def test_a_button_pressed_twice_leads_where_it_led_once(client, person):
    entry = EntryFactory(owner=person)

    for action in ("delete", "restore"):
        once, twice = (client.post(f"/entries/{entry.pk}/{action}/") for _ in range(2))
        assert (once.status_code, once.url) == (twice.status_code, twice.url)

    assert Entry.objects.of(person).get() == entry


def test_what_was_recorded_is_told_to_nobody_after_signing_out(client, person):
    film = FilmFactory()
    client.post(f"/films/{film.pk}/record/", sent(visibility="private"))  # whose answer is never followed

    client.post("/sign-out/")

    assert list(client.get("/about/").context["messages"]) == []


def test_signing_out_leaves_drafts_to_whoever_typed_them(client, person):
    assert "Clear-Site-Data" not in client.post("/sign-out/").headers


def test_a_form_that_tmdb_could_not_show_keeps_what_its_address_says(client, person, tmdb_server):
    tmdb_server.always = Response(500)

    assert "score=87" in client.get("/films/tmdb/129/record/?score=87").context["resume"]


def test_a_first_record_sent_again_from_a_draft_still_speaks_of_the_first_time(client, person):
    film, form = FilmFactory(), sent(watched="unknown")
    client.post(f"/films/{film.pk}/record/", form)  # whose answer is lost

    client.post(f"/films/{film.pk}/record/", form | {"score": "80"})

    assert (Entry.objects.get().score, Viewing.objects.count()) == (80, 0)
