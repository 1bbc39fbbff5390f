"""What comes out in Japan, day by day, as anybody may see it."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from movies.catalog.models import Film
from movies.releases import upcoming
from movies.releases.reminders import Channel
from tests.factories import FilmFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 25)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _it_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)


def in_days(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


def opening(days: int, **facts: object) -> Film:
    return FilmFactory(**{"japan_on": in_days(days), "japan_precision": "day"} | facts)


def shown(client: Client, **query: str) -> list[tuple[datetime.date, list[Film]]]:
    return [(day.on, day.films) for day in client.get("/upcoming/", query).context["days"]]


def test_films_stand_under_the_day_on_which_they_open(client: Client) -> None:
    later, today, too = opening(9), opening(0), opening(9)
    opening(-1)

    assert shown(client) == [(TODAY, [today]), (in_days(9), [later, too])]


def test_only_what_is_known_to_the_day_stands_here_and_nothing_that_was_merged(client: Client) -> None:
    FilmFactory(japan_on=datetime.date(2027, 1, 1), japan_precision="year")
    FilmFactory(japan_on=datetime.date(2026, 12, 1), japan_precision="month")
    FilmFactory(digital_on=in_days(3))
    opening(3, merged_into=FilmFactory())

    assert shown(client) == []


def test_digital_releases_have_a_list_of_their_own(client: Client) -> None:
    opening(3)
    film = FilmFactory(digital_on=in_days(5))
    FilmFactory(digital_on=in_days(5), merged_into=FilmFactory())

    assert shown(client, by="digital") == [(in_days(5), [film])]


@pytest.mark.parametrize("by", ["cinema", "digital"])
def test_eight_weeks_are_shown_and_then_the_next(client: Client, by: str) -> None:
    column = {"cinema": "japan_on", "digital": "digital_on"}[by]
    precision = {"japan_precision": "day"} if by == "cinema" else {}
    days = [0, 55, 56, 110, 300]
    films = [FilmFactory(**{column: in_days(day)}, **precision) for day in days]
    pages, after = [], None

    for _ in days:
        page = client.get("/upcoming/", {"by": by} | ({"after": after} if after else {}))
        pages.append([film for day in page.context["days"] for film in day.films])
        after = page.context["next"] and str(page.context["next"])
        if after is None:
            break

    assert pages == [films[:2], films[2:4], films[4:]]


def test_a_day_stands_whole_on_a_page_where_it_can(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcoming, "MOST_FILMS", 3)
    films = [opening(day) for day in (1, 1, 2, 2, 2, 2, 3)]
    pages, after = [], None

    while not pages or after:
        page = client.get("/upcoming/", {"after": after} if after else {})
        pages.append([film for day in page.context["days"] for film in day.films])
        after = page.context["next"] and str(page.context["next"])

    assert pages == [films[:2], films[2:5], films[5:]]


def test_htmx_gets_the_days_alone_and_the_cache_tells_them_apart(client: Client) -> None:
    opening(3)

    part = client.get("/upcoming/", headers=HTMX)

    assert "<html" not in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


def headings(client: Client, language: str = "") -> list[str]:
    page = client.get(f"{language}/upcoming/").content.decode()
    return re.findall(r"<h2>\s*<time[^>]*>([^<]*)<", page)


def test_days_are_named_as_one_says_them(client: Client) -> None:
    for days in (0, 1, 9, 44):
        opening(days)

    assert headings(client, "/en") == ["Today", "Tomorrow", "Fri 4 Dec", "Fri 8 Jan 2027"]
    assert headings(client)[2:] == ["12月4日（金）", "2027年1月8日（金）"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "Asia/Tokyo"])
def test_the_day_begins_when_it_does_in_japan(client: Client, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    client.force_login(UserFactory(time_zone=zone))
    film, next_film = opening(0), opening(1)

    for moment, films in (("14:59", [film, next_film]), ("15:00", [next_film])):
        now = datetime.datetime.fromisoformat(f"2026-11-25T{moment}+00:00")
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        assert [film for _day, films_of_day in shown(client) for film in films_of_day] == films


def test_what_one_waits_for_is_marked_and_counted(client: Client) -> None:
    wish = WishFactory(film=opening(3))
    WishFactory(owner=wish.owner, film=opening(100))
    WishFactory(owner=wish.owner, film=opening(-3))
    WishFactory(film=opening(4))
    client.force_login(wish.owner)

    page = client.get("/upcoming/")

    assert (page.context["wished"], page.context["wishes_count"]) == ({wish.film.pk}, 2)
    assert page.content.decode().count('aria-pressed="true"') == 1
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_visitor_is_given_what_every_cache_may_keep(client: Client) -> None:
    opening(3)

    page = client.get("/upcoming/")

    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not client.cookies


@pytest.mark.parametrize("count", [1, 200])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_the_page_costs_the_same_however_much_is_coming(client, count, is_signed_in, django_assert_num_queries) -> None:
    Film.objects.bulk_create(
        FilmFactory.build(japan_on=in_days(number % 50), japan_precision="day") for number in range(count)
    )
    queries = 1  # the films
    if is_signed_in:
        client.force_login(UserFactory())
        client.get("/about/")  # the first page of a session writes its token
        queries = 4  # … and session with person, which of them one waits for, how many of all
    with django_assert_num_queries(queries):
        client.get("/upcoming/")


@pytest.mark.parametrize(
    "query", [{"by": "television"}, {"after": "x"}, {"after": "none.1"}, {"after": "2026-99-01.1"}, {"after": ""}]
)
def test_a_place_that_no_page_gave_out_is_refused(client: Client, query: dict[str, str]) -> None:
    assert client.get("/upcoming/", query).status_code == 400


def test_what_is_coming_is_read_along_an_index() -> None:
    Film.objects.bulk_create(
        FilmFactory.build(japan_on=in_days(number % 400 - 200), japan_precision="day", digital_on=in_days(number % 90))
        for number in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE movies_film")

    for channel, column, index in (
        (Channel.CINEMA, "japan_on", "film_by_opening"),
        (Channel.DIGITAL, "digital_on", "film_by_digital"),
    ):
        assert index in upcoming.coming(channel, TODAY).order_by(column, "pk")[:20].explain()


def test_the_page_can_be_found(client: Client) -> None:
    page = client.get("/en/about/").content.decode()

    assert page.count('href="/en/upcoming/"') == 2
    assert '<meta name="description"' in client.get("/upcoming/").content.decode()
