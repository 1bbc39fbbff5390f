"""The button by which one waits for a film, the reminders, and the list of all one waits for."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from movies.catalog.models import Film
from movies.diary import watchlist, wishing
from movies.diary.models import Wish
from movies.diary.views import wishes as views
from tests.factories import EntryFactory, FilmFactory, UserFactory, WishFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 25)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _it_is_today(monkeypatch):
    noon = datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def opening(on, precision="day", **facts):
    return FilmFactory(japan_on=on, japan_precision=precision, **facts)


def in_days(days):
    return TODAY + datetime.timedelta(days=days)


def press(client, address, target="", **data):
    return client.post(address, data, headers=HTMX | {"HX-Target": target})


def said(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_a_press_puts_a_film_on_the_list_and_another_takes_it_off(client, person):
    film = FilmFactory()

    added = client.post(f"/films/{film.pk}/wish/", headers={"Referer": "/upcoming/"})
    assert (added.url, Wish.objects.get().owner) == ("/upcoming/", person)

    removed = client.post(f"/films/{film.pk}/unwish/")
    assert removed.url == film.get_absolute_url()
    assert not Wish.objects.exists()


def test_a_press_by_htmx_is_answered_with_the_button_as_it_is_now(client, person):
    film = FilmFactory()

    on = press(client, f"/films/{film.pk}/wish/", f"wish-{film.pk}").content.decode()
    off = press(client, f"/films/{film.pk}/unwish/", f"wish-{film.pk}").content.decode()

    assert 'aria-pressed="true"' in on
    assert f'action="/films/{film.pk}/unwish/"' in on
    assert 'aria-pressed="false"' in off
    assert "<html" not in on + off
    assert "reminds_of" not in on


def test_on_its_own_page_what_one_can_be_reminded_of_comes_with_the_button(client, person):
    film = opening(in_days(9))

    page = press(client, f"/films/{film.pk}/wish/", "film-wish").content.decode()

    assert re.findall(r'name="(reminds_\w+)"', page) == [
        "reminds_of_cinema",
        "reminds_of_digital",
        "reminds_a_week_before",
    ]


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({}, {"cinema", "digital", "week"}),
        ({"japan_on": in_days(1), "japan_precision": "day"}, {"cinema", "digital", "week"}),
        ({"japan_on": TODAY, "japan_precision": "day"}, {"digital", "week"}),
        ({"japan_on": datetime.date(2026, 11, 1), "japan_precision": "month"}, {"cinema", "digital", "week"}),
        ({"japan_on": datetime.date(2026, 1, 1), "japan_precision": "year"}, {"cinema", "digital", "week"}),
        ({"japan_on": datetime.date(2025, 1, 1), "japan_precision": "year"}, set()),
        ({"japan_on": in_days(-30), "japan_precision": "day", "digital_on": in_days(-1)}, set()),
        ({"japan_on": in_days(-900), "japan_precision": "day"}, set()),
        ({"japan_on": in_days(-900), "japan_precision": "day", "digital_on": in_days(3)}, {"digital", "week"}),
    ],
)
def test_one_is_reminded_of_what_is_still_ahead(client, person, facts, fields):
    wish = WishFactory(owner=person, film=FilmFactory(**facts))

    page = client.get(wish.film.get_absolute_url()).content.decode()

    assert {name.split("_")[-1] for name in re.findall(r'name="reminds_of_(\w+)"', page)} | (
        {"week"} if 'name="reminds_a_week_before"' in page else set()
    ) == fields


def test_reminders_are_saved_at_once(client, person):
    wish = WishFactory(owner=person, film=opening(in_days(9)))
    shown = {"initial-reminds_of_cinema": "True", "initial-reminds_of_digital": "False"}

    answer = press(client, f"/films/{wish.film.pk}/reminders/", "film-wish", reminds_of_digital="on", **shown)

    wish.refresh_from_db()
    assert (wish.reminds_of_cinema, wish.reminds_of_digital, wish.reminds_a_week_before) == (False, True, False)
    assert 'name="initial-reminds_of_digital" value="True"' in answer.content.decode()


def test_a_window_that_was_open_before_changes_back_nothing(client, person):
    wish = WishFactory(owner=person, film=opening(in_days(9)))
    shown = {
        "initial-reminds_of_cinema": "True",
        "initial-reminds_of_digital": "False",
        "initial-reminds_a_week_before": "False",
    }
    address = f"/films/{wish.film.pk}/reminders/"
    client.post(address, {"reminds_of_cinema": "on", "reminds_of_digital": "on", **shown})

    client.post(address, {"reminds_of_cinema": "on", "reminds_a_week_before": "on", **shown})

    wish.refresh_from_db()
    assert (wish.reminds_of_cinema, wish.reminds_of_digital, wish.reminds_a_week_before) == (True, True, True)


def test_nobody_changes_or_ends_what_others_wait_for(client, person):
    wish = WishFactory(film=opening(in_days(9)))

    assert client.post(f"/films/{wish.film.pk}/reminders/", {"reminds_of_digital": "on"}).status_code == 404
    client.post(f"/films/{wish.film.pk}/unwish/")
    Client().post(f"/films/{wish.film.pk}/unwish/")

    assert not Wish.objects.get().reminds_of_digital


def test_a_visitor_is_led_to_sign_in_and_back(client):
    film = FilmFactory(original_title="Ran")

    page = client.get(film.get_absolute_url()).content.decode()

    assert f'href="/sign-in/?next={film.get_absolute_url().replace("/", "%2F")}"' in page
    assert not Wish.objects.exists()


def test_nobody_sees_what_others_wait_for(client, person):
    wish = WishFactory(film=opening(in_days(9), original_title="The film"))
    for viewer in (client, Client()):
        for address in (wish.film.get_absolute_url(), "/upcoming/"):
            assert 'aria-pressed="true"' not in viewer.get(address).content.decode()
        assert "Want to see" not in said(viewer.get(f"/en/@{wish.owner.handle}/"))
    assert "The film" not in client.get("/watchlist/").content.decode()


def test_a_film_that_only_tmdb_has_is_made_when_somebody_waits_for_it(client, person, tmdb_server):
    answer = press(client, "/films/tmdb/129/wish/", "wish-tmdb-129")

    film = Film.objects.get(tmdb_id=129)
    assert Wish.objects.get().film == film
    assert f'action="/films/{film.pk}/unwish/"' in answer.content.decode()


def test_a_film_of_tmdbs_that_we_have_is_not_asked_for(client, person, tmdb_server):
    film = FilmFactory(tmdb_id=129, merged_into=FilmFactory())

    client.post("/films/tmdb/129/wish/")

    assert Wish.objects.get().film == film.merged_into
    assert tmdb_server.calls == []


def test_a_film_that_tmdb_does_not_know_is_not_found(client, person, tmdb_server):
    assert client.post("/films/tmdb/999999/wish/").status_code == 404


@pytest.mark.usefixtures("person")
def test_a_silent_tmdb_is_spoken_of_beside_the_button(client, tmdb_server):
    tmdb_server.always = Response(503)

    answer = press(client, "/films/tmdb/129/wish/", "wish-tmdb-129")
    plain = client.post("/films/tmdb/129/wish/", follow=True)

    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#wish-tmdb-129 .wish-trouble", "innerHTML")
    assert "TMDB" in answer.content.decode()
    assert [message.level_tag for message in plain.context["messages"]] == ["error"]
    assert not Film.objects.exists()


def test_buttons_are_not_pressed_without_end(client, person, monkeypatch):
    monkeypatch.setattr(views, "ACTS", views.ACTS._replace(most=2))
    film = FilmFactory()

    answers = [client.post(f"/films/{film.pk}/wish/") for _ in range(3)]
    by_htmx = press(client, f"/films/{film.pk}/unwish/", f"wish-{film.pk}")

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert by_htmx.headers["HX-Retarget"] == f"#wish-{film.pk} .wish-trouble"
    assert Wish.objects.exists()


def test_a_full_list_is_said_kindly(client, person, monkeypatch):
    monkeypatch.setattr(wishing, "MOST_WISHES", 1)
    WishFactory(owner=person)

    answer = client.post(f"/films/{FilmFactory().pk}/wish/", follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Wish.objects.count() == 1


def test_a_button_whose_session_is_over_shows_its_page_anew():
    film = FilmFactory()

    answer = Client(enforce_csrf_checks=True).post(f"/films/{film.pk}/wish/", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")
    assert not Wish.objects.exists()


def listed(client, **query):
    return [wish.film for wish in client.get("/watchlist/", query).context["wishes"]]


def test_what_opens_next_stands_first_then_what_has_no_day_then_what_has_opened(client, person):
    films = {
        name: opening(day, precision) if day else FilmFactory()
        for name, day, precision in [
            ("long ago", in_days(-900), "day"),
            ("undated", None, ""),
            ("next year", datetime.date(2027, 1, 1), "year"),
            ("some day this year", datetime.date(2026, 1, 1), "year"),
            ("some day this month", datetime.date(2026, 11, 1), "month"),
            ("last month", datetime.date(2026, 10, 1), "month"),
            ("lately", in_days(-3), "day"),
            ("today", TODAY, "day"),
            ("soon", in_days(9), "day"),
        ]
    }
    for film in films.values():
        WishFactory(owner=person, film=film)
    WishFactory(film=FilmFactory())

    names = {film.pk: name for name, film in films.items()}
    assert [names[film.pk] for film in listed(client)] == [
        *("today", "soon", "next year"),
        *("some day this month", "some day this year", "undated"),
        *("lately", "last month", "long ago"),
    ]


def test_the_latest_that_was_added_can_stand_first(client, person):
    wishes = [WishFactory(owner=person, film=opening(in_days(9 - number))) for number in range(3)]
    for number, wish in enumerate(wishes):
        Wish.objects.filter(pk=wish.pk).update(wished_at=timezone.now() - datetime.timedelta(days=number))

    assert listed(client, order="added") == [wish.film for wish in wishes]


@pytest.mark.parametrize("order", watchlist.Order)
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_page_of_the_list_can_be_reached(client, person, monkeypatch, order, size):
    monkeypatch.setattr(watchlist, "PAGE_SIZE", size)
    days = [in_days(-9), in_days(-9), None, None, in_days(0), in_days(5), in_days(5), in_days(5)]
    for day in days:
        WishFactory(owner=person, film=opening(day) if day else FilmFactory())
    whole, after = [], None

    for _ in range(len(days)):
        page = client.get("/watchlist/", {"order": order} | ({"after": after} if after else {}), headers=HTMX)
        assert "<html" not in page.content.decode()
        whole += [wish.film_id for wish in page.context["wishes"]]
        after = page.context["next"] and str(page.context["next"])
        if after is None:
            break

    monkeypatch.setattr(watchlist, "PAGE_SIZE", 60)
    assert whole == [film.pk for film in listed(client, order=order)]
    assert len(whole) == len(days)


def test_a_page_that_is_asked_for_after_midnight_goes_on_where_the_last_one_ended(client, person, monkeypatch):
    monkeypatch.setattr(watchlist, "PAGE_SIZE", 1)
    today, tomorrow = (WishFactory(owner=person, film=opening(in_days(days))) for days in (0, 1))
    first = client.get("/watchlist/")
    next_day = datetime.datetime(2026, 11, 25, 15, 1, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: next_day)

    second = client.get("/watchlist/", {"after": str(first.context["next"])})

    assert [page.context["wishes"] for page in (first, second)] == [[today], [tomorrow]]


@pytest.mark.parametrize(
    "query",
    [
        {"order": "x"},
        {"after": "x"},
        {"after": "coming.none.1"},
        {"after": "sideways.2026-01-01.1"},
        {"after": "coming.2026-99-99.1"},
        {"order": "added", "after": "coming.2026-01-01.1"},
    ],
)
def test_a_place_that_no_list_gave_out_is_refused(client, person, query):
    assert client.get("/watchlist/", query).status_code == 400


@pytest.mark.parametrize("count", [3, 300])
def test_the_list_costs_the_same_however_long(client, person, count, django_assert_max_num_queries):
    films = [FilmFactory.build(japan_on=in_days(number - count // 2), japan_precision="day") for number in range(count)]
    Film.objects.bulk_create(films)
    Wish.objects.bulk_create(Wish(owner=person, film=film) for film in films)
    client.get("/about/")  # the first page of a session writes its token

    # Session, account; what is coming, what has no day, what has opened, unless the page is full; how many there are.
    with django_assert_max_num_queries(6):
        client.get("/watchlist/")


@pytest.mark.parametrize(
    ("facts", "ja", "en"),
    [
        ({"japan_on": in_days(9), "japan_precision": "day"}, "12月4日（金）", "Opens Fri 4 Dec in 9 days"),
        (
            {"japan_on": datetime.date(2027, 1, 8), "japan_precision": "day"},
            "2027年1月8日（金）",
            "Opens Fri 8 Jan 2027",
        ),
        ({"japan_on": in_days(1), "japan_precision": "day"}, "11月26日（木）", "Opens Thu 26 Nov in 1 day"),
        ({"japan_on": TODAY, "japan_precision": "day"}, "", "Opens today"),
        ({"japan_on": in_days(-41), "japan_precision": "day"}, "", "In cinemas now"),
        ({"japan_on": in_days(-42), "japan_precision": "day"}, "2026.10.14", "Opened 14 Oct 2026"),
        ({"japan_on": datetime.date(2027, 1, 1), "japan_precision": "year"}, "2027年", "Opens 2027"),
        ({"japan_on": datetime.date(2026, 11, 1), "japan_precision": "month"}, "2026年11月", "Opens November 2026"),
        ({"japan_on": datetime.date(2025, 1, 1), "japan_precision": "year"}, "2025年", "Opened 2025"),
        ({}, "", "No date yet"),
        ({"digital_on": in_days(9)}, "12月4日（金）", "No date yet Digital Fri 4 Dec"),
        ({"digital_on": in_days(-9)}, "", "No date yet Out digitally"),
    ],
)
def test_the_list_tells_when_a_film_opens(client, person, facts, ja, en):
    WishFactory(owner=person, film=FilmFactory(**facts))

    assert ja in client.get("/watchlist/").content.decode()
    assert en in said(client.get("/en/watchlist/"))


def test_the_day_is_japans_wherever_one_is(client, person, monkeypatch):
    person.time_zone = "America/Los_Angeles"
    person.save()
    WishFactory(owner=person, film=opening(in_days(1)))
    early_in_japan = datetime.datetime(2026, 11, 25, 15, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: early_in_japan)

    assert "Opens today" in said(client.get("/en/watchlist/"))


def test_ones_own_wall_says_how_many_one_waits_for(client, person):
    WishFactory.create_batch(2, owner=person)

    assert "Want to see 2" in said(client.get(f"/en/@{person.handle}/"))


def test_an_empty_list_leads_to_what_is_coming(client, person):
    assert 'class="btn btn-primary" href="/upcoming/"' in client.get("/watchlist/").content.decode()


def test_a_film_that_one_has_recorded_can_be_waited_for_again(client, person):
    entry = EntryFactory(owner=person)

    client.post(f"/films/{entry.film.pk}/wish/")

    assert listed(client) == [entry.film]


def test_what_one_noted_on_a_film_stands_on_ones_own_list_alone(client, person):
    film = FilmFactory()
    WishFactory(owner=person, film=film, memo="Bring a <b>handkerchief</b>.\nAnd mother.")

    mine = client.get("/en/watchlist/").content.decode()
    film_page = client.get(f"/en{film.get_absolute_url()}").content.decode()
    client.force_login(UserFactory())
    theirs = client.get("/en/watchlist/").content.decode()

    assert "Bring a &lt;b&gt;handkerchief&lt;/b&gt;.<br>And mother." in mine
    assert "handkerchief" not in film_page + theirs


def test_a_wish_with_notes_is_taken_back_only_when_asked_once_more(client, person):
    noted, bare = FilmFactory(), FilmFactory()
    WishFactory(owner=person, film=noted, memo="With mother.")
    WishFactory(owner=person, film=bare)

    page = client.get("/en/watchlist/").content.decode()

    assert page.count('<details class="sure">') == 1
    assert f'id="wish-{bare.pk}-button"' in page
    assert f'id="wish-{noted.pk}-button"' not in page
    assert f"/films/{noted.pk}/unwish/" in page
