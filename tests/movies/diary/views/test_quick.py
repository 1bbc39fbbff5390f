import datetime
import re
import uuid

import pytest
from django.core import signing

from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film
from movies.catalog.titles import search_text_of
from movies.diary.models import Entry, Viewing, Wish
from movies.diary.views.quick import FORMER_WISH
from tests.factories import EntryFactory, FilmFactory, UserFactory, ViewingFactory, WishFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db

QUICK = {"X-Quick": "1"}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def film(title, **facts):
    return FilmFactory(original_title=title, search_text=search_text_of(title), **facts)


def opened(days_ago, **facts):
    return FilmFactory(japan_on=today_in_japan() - days_ago * DAY, japan_precision="day", **facts)


def sent(**fields):
    return {"score": "95", "watched": "today", "visibility": "public", "submission": str(uuid.uuid4())} | fields


def test_films_are_found_by_title_and_mine_show_their_score(client, person):
    EntryFactory(owner=person, film=film("Ran"), score=83)
    film("Rashomon")

    page = client.get("/search/quick/", {"q": "ran"}).content.decode()

    assert page.count('role="option"') == 1
    assert "83" in page


def test_anothers_score_is_not_shown(client, person):
    EntryFactory(film=film("Ran"), score=83)

    assert "83" not in client.get("/search/quick/", {"q": "ran"}).content.decode()


def test_without_a_word_stands_what_i_wait_for_and_what_opened_lately(client, person):
    waited = WishFactory(owner=person, film=opened(400)).film
    coming = WishFactory(owner=person, film=opened(-9)).film
    lately, long_ago, seen = opened(3), opened(100), opened(5)
    EntryFactory(owner=person, film=seen)

    context = client.get("/search/quick/").context

    assert (context["waited_for"], context["opened"], context["known"]) == ([waited], [lately], [])
    assert {coming, long_ago, seen}.isdisjoint(context["opened"])


def test_what_others_wait_for_is_theirs_alone(client, person):
    WishFactory(film=opened(400))

    assert client.get("/search/quick/").context["waited_for"] == []


def test_a_visitor_gets_no_cookie_and_is_led_through_signing_in(client):
    page = client.get(f"/films/{film('Ran').pk}/quick/")

    assert not page.cookies
    assert b'method="post"' not in page.content
    assert "csrfmiddlewaretoken" not in page.content.decode()


@pytest.mark.parametrize("query", [{"q": "x" * 300}, {"q": "ran", "year": "x"}])
def test_what_cannot_be_searched_is_refused(client, query):
    assert client.get("/search/quick/", query).status_code == 400


@pytest.mark.parametrize("count", [9, 40])
def test_finding_costs_the_same_queries_however_many_there_are(client, person, count, django_assert_num_queries):
    for _ in range(count):
        film("Alien")
    client.get("/about/")  # the first page of a session writes its token

    with django_assert_num_queries(4):  # session with person, the films, who directed them, which are mine
        client.get("/search/quick/", {"q": "alien"})


def test_the_question_for_a_score_carries_nothing_that_another_window_may_have_changed(client, person):
    entry = EntryFactory(owner=person, score=60, visibility="private")

    context = client.get(f"/films/{entry.film_id}/quick/").context

    carried = "".join(context["carried"])
    assert {name for name in context["form"].fields if f'name="{name}"' in carried} == {"submission", "is_again"}


def test_what_was_changed_in_another_window_meanwhile_stays_as_it_is_there(client, person):
    written = {"review": "雨。", "review_audience": "owner", "has_spoilers": True, "memo": "隣は母", "tags": ["名画座"]}
    entry = EntryFactory(owner=person, score=60, visibility="public")
    context = client.get(f"/films/{entry.film_id}/quick/").context
    carried = {name: context["form"][name].value() for name in ("submission", "is_again")}
    Entry.objects.update(visibility="private", **written)

    answer = client.post(f"/films/{entry.film_id}/record/", {"score": "75", "watched": "", **carried}, headers=QUICK)

    now = Entry.objects.get()
    assert (answer.status_code, now.score, now.visibility) == (200, 75, "private")
    assert {name: getattr(now, name) for name in written} == written


def test_a_new_record_of_the_dialog_is_for_whom_its_owner_usually_records(client, person):
    type(person).objects.update(default_visibility="followers")

    client.post(
        f"/films/{film('Ran').pk}/record/",
        {"score": "7", "watched": "today", "submission": uuid.uuid4()},
        headers=QUICK,
    )

    assert Entry.objects.get().visibility == "followers"


def test_recording_answers_the_dialog_with_what_was_done(client, person):
    ran = film("Ran")

    answer = client.post(f"/films/{ran.pk}/record/", sent(), headers=QUICK)

    entry = Entry.objects.of(person).get()
    assert (answer.status_code, entry.score) == (200, 95)
    assert f"/entries/{entry.pk}/delete/" in answer.content.decode()
    assert list(client.get("/about/").context["messages"]) == []


@pytest.mark.parametrize("score", ["101", "-1", "abc", "9.5"])
def test_a_score_that_cannot_be_comes_back_into_the_dialog(client, person, score):
    answer = client.post(f"/films/{film('Ran').pk}/record/", sent(score=score), headers=QUICK)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<html" not in page
    assert f'value="{score}"' in page
    assert 'role="alert"' in page
    assert not Entry.objects.exists()


def test_another_day_without_its_day_is_asked_for(client, person):
    answer = client.post(f"/films/{film('Ran').pk}/record/", sent(watched="day"), headers=QUICK)

    assert answer.status_code == 400
    assert answer.context["is_another_day"]


def test_a_change_is_taken_back_with_the_viewing_that_came_with_it(client, person):
    entry = EntryFactory(owner=person, score=60)
    ViewingFactory(entry=entry, watched_on="2020-01-01")
    form = sent(score="75", is_again="True")
    done = client.post(f"/films/{entry.film_id}/record/", form, headers=QUICK)
    assert Viewing.objects.count() == 2
    assert done.context["former"] == {"score": 60, "submission": uuid.UUID(form["submission"])}
    before = type(person).objects.get(pk=person.pk).wall_revision

    answer = client.post(f"/entries/{entry.pk}/undo/", {"score": "60", "submission": form["submission"]}, headers=QUICK)

    entry.refresh_from_db()
    assert answer.status_code == 200
    assert (entry.score, entry.watched_on, Viewing.objects.count()) == (60, datetime.date(2020, 1, 1), 1)
    assert type(person).objects.get(pk=person.pk).wall_revision > before


def test_taking_back_twice_is_taking_back_once(client, person):
    entry = EntryFactory(owner=person, score=75)
    form = {"score": "", "submission": str(uuid.uuid4())}

    for _ in range(2):
        assert client.post(f"/entries/{entry.pk}/undo/", form, headers=QUICK).status_code == 200

    entry.refresh_from_db()
    assert entry.score is None


@pytest.mark.parametrize("form", [{}, {"score": "101", "submission": str(uuid.uuid4())}, {"submission": "x"}])
def test_no_change_that_was_never_made_is_taken_back(client, person, form):
    entry = EntryFactory(owner=person, score=75)

    assert client.post(f"/entries/{entry.pk}/undo/", form, headers=QUICK).status_code == 400

    entry.refresh_from_db()
    assert entry.score == 75


def test_anothers_change_is_not_mine_to_take_back(client, person):
    entry = EntryFactory(score=75)

    answer = client.post(f"/entries/{entry.pk}/undo/", {"score": "1", "submission": str(uuid.uuid4())}, headers=QUICK)

    entry.refresh_from_db()
    assert (answer.status_code, entry.score) == (404, 75)


def test_a_new_record_is_taken_back_in_the_dialog(client, person):
    entry = EntryFactory(owner=person)

    answer = client.post(f"/entries/{entry.pk}/delete/", headers=QUICK)

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert not Entry.objects.of(person).exists()


def test_looking_at_a_film_of_tmdb_writes_nothing_and_recording_makes_it(client, person, tmdb_server):
    page = client.get("/films/tmdb/550/quick/")
    assert page.status_code == 200
    assert not Film.objects.exists()

    answer = client.post(page.context["address"], sent(), headers=QUICK)

    assert answer.status_code == 200
    assert Entry.objects.of(person).get().film.tmdb_id == 550


@pytest.mark.parametrize("score", ["101"])
def test_a_wrong_score_for_a_film_of_tmdb_comes_back_too(client, person, tmdb_server, score):
    answer = client.post("/films/tmdb/550/record/", sent(score=score), headers=QUICK)

    assert answer.status_code == 400
    assert answer.context["address"] == "/films/tmdb/550/record/"


def test_a_film_that_tmdb_does_not_show_is_a_plain_answer(client, person, tmdb_server):
    assert client.get("/films/tmdb/987654/quick/").status_code == 404

    tmdb_server.always = Response(500)
    assert client.get("/films/tmdb/550/quick/").status_code == 503


def test_a_silent_tmdb_is_told(client, tmdb_server):
    tmdb_server.always = Response(500)

    assert b"data-trouble" in client.get("/search/quick/tmdb/", {"q": "ran"}).content


def test_each_person_has_a_secret_of_their_own_that_stays(client):
    secrets = []
    for person in (one := UserFactory(), UserFactory(), one):
        client.force_login(person)
        page = client.get("/about/").content.decode()
        secrets.append(page.partition('data-drafts="')[2].partition('"')[0])

    assert secrets[0] == secrets[2] != secrets[1]
    assert all(len(secret) == 64 for secret in secrets)


def test_a_visitors_page_holds_no_secret(client):
    assert b"data-drafts" not in client.get("/about/").content


def take_back(client, recorded):
    """By the button that the dialog shows then."""
    page = recorded.content.decode()
    fields = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', page))
    return client.post(re.search(r'action="([^"]+)"', page)[1], fields, headers=QUICK)


@pytest.mark.parametrize("stands", [False, True], ids=["new", "changed"])
def test_what_was_waited_for_is_waited_for_again_when_that_is_taken_back(client, person, stands):
    said = {"reminds_of_cinema": False, "reminds_of_digital": True, "memo": "太郎のすすめ"}
    wish = WishFactory(owner=person, **said)
    long_ago = datetime.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
    Wish.objects.update(wished_at=long_ago)
    if stands:
        EntryFactory(owner=person, film=wish.film)
    form = sent(is_again="True") if stands else sent()
    recorded = client.post(f"/films/{wish.film_id}/record/", form, headers=QUICK)
    assert not Wish.objects.exists()

    for _ in range(2):
        assert take_back(client, recorded).status_code == 200

    again = Wish.objects.get()
    assert (again.owner, again.film, again.wished_at) == (person, wish.film, long_ago)
    assert {name: getattr(again, name) for name in said} == said


@pytest.mark.parametrize("is_signed", [False, True], ids=["made up", "another's"])
def test_no_wish_that_recording_did_not_end_comes_back(client, person, is_signed):
    entry = EntryFactory(owner=person)
    written = signing.dumps({"owner_id": person.pk + 1}, salt=FORMER_WISH) if is_signed else "x"

    answer = client.post(f"/entries/{entry.pk}/delete/", {"wish": written}, headers=QUICK)

    assert answer.status_code == 400
    assert Entry.objects.of(person).exists()
    assert not Wish.objects.exists()
