"""What comes out in Japan, by the API."""

import datetime

import pytest
from django.test import Client

from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film
from movies.releases import upcoming
from movies.releases.serializers import ComingDaySerializer, ComingFilmSerializer
from tests.api import client_of
from tests.factories import FilmFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

UPCOMING = "/api/v1/upcoming"


def in_days(days: int) -> datetime.date:
    return today_in_japan() + datetime.timedelta(days=days)


def opening(days: int) -> Film:
    return FilmFactory(japan_on=in_days(days), japan_precision="day")


def shown(client: Client, **query: str) -> list[tuple[str, list[str]]]:
    days = client.get(UPCOMING, query).json()["results"]
    return [(day["on"], [film["id"] for film in day["films"]]) for day in days]


def test_films_stand_under_the_day_on_which_they_come_out() -> None:
    later, today, too = opening(9), opening(0), opening(9)
    digital = FilmFactory(digital_on=in_days(3))

    assert shown(Client()) == [
        (str(in_days(0)), [str(today.pk)]),
        (str(in_days(9)), [str(later.pk), str(too.pk)]),
    ]
    assert shown(Client(), by="digital") == [(str(in_days(3)), [str(digital.pk)])]


def test_what_i_wait_for_is_marked_for_me_alone() -> None:
    wish = WishFactory(film=opening(3))

    viewers = [client_of(wish.owner), client_of(UserFactory()), Client()]
    days = [viewer.get(UPCOMING).json()["results"][0] for viewer in viewers]

    assert [day["films"][0]["is_wished"] for day in days] == [True, False, None]
    assert days[0].keys() == ComingDaySerializer().fields.keys()
    assert days[0]["films"][0].keys() == ComingFilmSerializer().fields.keys()


def test_every_page_can_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcoming, "MOST_FILMS", 3)
    films = [opening(days) for days in (0, 1, 1, 1, 1, 200)]
    seen, address = [], UPCOMING

    while address:
        page = Client().get(address).json()
        seen += [film["id"] for day in page["results"] for film in day["films"]]
        address = page["next"]

    assert seen == [str(film.pk) for film in films]


@pytest.mark.parametrize("query", [{"by": "television"}, {"after": ""}, {"after": "x"}, {"after": "none.1"}])
def test_a_place_that_no_list_gave_out_is_refused(query: dict[str, str]) -> None:
    assert Client().get(UPCOMING, query).status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_however_much_is_coming(count: int, django_assert_num_queries) -> None:
    for number in range(count):
        opening(number)
    mine = client_of(UserFactory())
    mine.get(UPCOMING)

    with django_assert_num_queries(4):  # token, limit, the films, which of them I wait for
        mine.get(UPCOMING)
    with django_assert_num_queries(2):  # the limit, the films
        Client().get(UPCOMING)
