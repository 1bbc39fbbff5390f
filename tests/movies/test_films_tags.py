"""How old somebody was, as cards say it."""

import datetime

import pytest

from accounts.models import User
from movies.diary.wall import Arrangement, Dates, Order
from movies.templatetags.films import age_on, ages
from tests.factories import EntryFactory, FilmFactory, UserFactory

BORN = datetime.date(1990, 5, 10)


@pytest.mark.parametrize(
    ("day", "born", "age"),
    [
        (datetime.date(2000, 5, 9), BORN, 9),
        (datetime.date(2000, 5, 10), BORN, 10),
        (datetime.date(1990, 5, 10), BORN, 0),
        (datetime.date(2023, 2, 28), datetime.date(2000, 2, 29), 22),
        (datetime.date(2023, 3, 1), datetime.date(2000, 2, 29), 23),
        (datetime.date(2024, 2, 29), datetime.date(2000, 2, 29), 24),
    ],
)
def test_an_age_is_in_whole_years(day: datetime.date, born: datetime.date, age: int) -> None:
    assert age_on(day, born) == age


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory(handle="hanako", birth_date=BORN, shows_age=True)


def entry_of(owner: User, **facts: object):
    day = datetime.date(2001, 7, 20)
    film = {
        "japan_on": day,
        "japan_precision": "day",
        "world_on": day - datetime.timedelta(days=366),
        "world_precision": "day",
    }
    return EntryFactory(owner=owner, watched_on=datetime.date(2020, 5, 9), film=FilmFactory(**film | facts))


@pytest.mark.parametrize(("dates", "age"), [(Dates.JAPAN, 11), (Dates.WORLD, 10)])
def test_a_card_says_both_ages_by_the_dates_of_its_wall(owner: User, dates: Dates, age: int) -> None:
    said = ages(owner, entry_of(owner), Arrangement(Order.RELEASE, dates))

    assert said == f"公開時{age}歳 · 鑑賞時29歳"


@pytest.mark.parametrize(
    "facts",
    [
        {"japan_on": datetime.date(2001, 1, 1), "japan_precision": "year"},
        {"japan_on": datetime.date(1954, 4, 26)},
        {"japan_on": None, "japan_precision": "", "world_on": None, "world_precision": ""},
    ],
)
def test_an_age_that_is_not_exact_or_below_nought_is_not_said(owner: User, facts: dict[str, object]) -> None:
    assert ages(owner, entry_of(owner, **facts), Arrangement()) == "鑑賞時29歳"


def test_it_stands_on_the_wall_only_while_its_owner_wants_it(client, owner: User) -> None:
    entry_of(owner)
    assert "公開時11歳" in client.get("/@hanako/").content.decode()
    assert "11 when it opened" in client.get("/en/@hanako/").content.decode()

    client.force_login(owner)
    client.post(
        "/settings/profile/", {"display_name": "花子", "birth_date": BORN.isoformat(), "initial-shows_age": "True"}
    )

    assert "歳" not in client.get("/@hanako/").content.decode()
