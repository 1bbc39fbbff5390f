"""What pages may ask of the database. Each statement is a way there and back, and PostgreSQL may be a machine away."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.identity import sessions
from accounts.identity.models import PersonalToken
from accounts.models import User
from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film, Person, ReleaseDate, WatchOffer, WatchProvider
from movies.diary.models import Entry
from tests.factories import (
    BatchFactory,
    BlockFactory,
    CreditFactory,
    EntryFactory,
    FilmFactory,
    FilmListFactory,
    FilmListItemFactory,
    FollowFactory,
    GenreFactory,
    MailboxFactory,
    PersonFactory,
    RowFactory,
    UserFactory,
    ViewingFactory,
    WishFactory,
)

pytestmark = pytest.mark.django_db

MOST = 8
"""For whoever is signed in the session and the account are two of them."""


DAY = datetime.date(2025, 5, 5)


def known_film(director: Person) -> Film:
    """A film of which everything is known, and that is ahead of Japan still."""
    soon = today_in_japan() + datetime.timedelta(days=20)
    film = FilmFactory(
        original_title="Ran",
        title_ja="乱",
        runtime=162,
        country="JP",
        overview_ja="戦国。",
        world_on=datetime.date(1985, 6, 1),
        world_precision="day",
        japan_on=soon,
        japan_precision="day",
        digital_on=soon,
        facts_fetched_at=timezone.now(),
        watch_link="https://www.themoviedb.org/movie/11645/watch?locale=JP",
    )
    film.genres.add(GenreFactory(), GenreFactory(id=28, name_ja="アクション", name_en="Action"))
    CreditFactory(film=film, person=director)
    for position in range(15):
        CreditFactory(film=film, job="cast", character=f"Role {position}", position=position + 1)
    for country, kind, day in (("JP", 3, soon), ("FR", 3, datetime.date(1985, 6, 1)), ("JP", 1, soon)):
        ReleaseDate.objects.create(film=film, country=country, kind=kind, released_on=day, note="4K")
    for number, kind in enumerate(("flatrate", "rent", "buy")):
        provider = WatchProvider.objects.create(id=number + 1, name=f"Provider {number}", logo_path=f"/{number}.jpg")
        WatchOffer.objects.create(film=film, provider=provider, kind=kind, position=number)
    return film


def other_films(director: Person) -> list[Film]:
    films = []
    for number in range(4):
        film = FilmFactory(
            original_title=f"Ran {number}",
            runtime=100 + number,
            country="JP",
            fame=number,
            world_on=datetime.date(1960 + number, 1, 1),
            world_precision="year",
        )
        film.genres.add(GenreFactory())
        CreditFactory(film=film, person=director)
        CreditFactory(film=film, person=director, job="cast", character="Himself")
        films.append(film)
    return films


def seen(owner: User, film: Film, **written: Any) -> Entry:
    entry = EntryFactory(owner=owner, film=film, watched_on=DAY, **written)
    ViewingFactory(entry=entry, watched_on=DAY, score=80)
    return entry


def people_around(me: User) -> tuple[User, list[User]]:
    """Somebody who follows `me` and is followed, and others: a follower, one who has asked, and one whom nothing ties."""
    friend, others = UserFactory(handle="friend", display_name="友"), [UserFactory() for _ in range(3)]
    FollowFactory(follower=me, followee=friend, last_entry_at=timezone.now())
    FollowFactory(follower=friend, followee=me)
    FollowFactory(follower=others[0], followee=me)
    FollowFactory(follower=others[1], followee=me, accepted_at=None)
    BlockFactory(blocker=me)
    return friend, others


@pytest.fixture
def places(client: Client) -> dict[str, object]:
    """What stands in addresses: of somebody who is signed in and has done everything that can be done here."""
    me, director = UserFactory(handle="me", display_name="私"), PersonFactory(name="Akira Kurosawa", name_ja="黒澤明")
    film, films = known_film(director), other_films(director)
    friend, others = people_around(me)
    review: dict[str, Any] = {"review": "**泣いた**。", "reviewed_at": timezone.now(), "score": 80, "tags": ["雨"]}
    mine = seen(me, film, memo="窓際", is_liked=True, **review)
    ViewingFactory(entry=mine, watched_on=None)
    for person in (friend, *others):
        seen(person, film, **review)
    for other in films:
        seen(friend, other, score=70)
    for other in films[::2]:
        seen(me, other, score=60)
    EntryFactory(owner=me, deleted_at=timezone.now())
    MailboxFactory(user=me)
    WishFactory(owner=me, film=film)
    film_list, batch = FilmListFactory(owner=me), BatchFactory(owner=me)
    for position, listed in enumerate([film, *films]):
        FilmListItemFactory(film_list=film_list, film=listed, position=position)
    RowFactory(batch=batch)
    PersonalToken.objects.create(owner=me, name="Script", digest="0" * 64)
    client.force_login(me)
    client.get("/about/")  # the first page of a session writes its token
    addresses = {"film": film.get_absolute_url(), "director": director.get_absolute_url()}
    return addresses | {"film_pk": film.pk, "film_list": film_list.pk, "batch": batch.pk}


PAGES = {
    "my_wall": "/@me/",
    "my_wall_by_days": "/@me/?order=watched",
    "my_wall_being_sifted": "/@me/?filters=1",
    "my_wall_of_a_genre": "/@me/?genre=18",
    "wall_of_a_friend": "/@friend/",
    "film": "{film}",
    "film_reviews": "{film}reviews/",
    "person": "{director}",
    "my_statistics": "/@me/stats/",
    "my_statistics_of_a_year": "/@me/stats/?year=2025",
    "statistics_of_a_friend": "/@friend/stats/",
    "statistics_of_a_friend_of_a_year": "/@friend/stats/?year=2025",
    "comparison": "/@me/compare/@friend/",
    "feed": "/feed/",
    "upcoming": "/upcoming/",
    "watchlist": "/watchlist/",
    "watchlist_by_day_added": "/watchlist/?order=added",
    "people": "/people/",
    "people_found": "/people/?q=friend",
    "my_followers": "/@me/followers/",
    "following_of_a_friend": "/@friend/following/",
    "search": "/search/",
    "search_with_a_result": "/search/?q=Ran",
    "quick_search": "/search/quick/",
    "quick_search_with_a_result": "/search/quick/?q=Ran",
    "quick_film": "/films/{film_pk}/quick/",
    "record": "/films/{film_pk}/record/",
    "about": "/about/",
    "my_entry": "/@me{film}",
    "entry_of_a_friend": "/@friend{film}",
    "my_reviews": "/@me/reviews/",
    "reviews_of_a_friend": "/@friend/reviews/",
    "lists": "/lists/",
    "list": "/lists/{film_list}/",
    "deleted": "/deleted/",
    "imports": "/import/",
    "import": "/import/{batch}/",
    "settings_profile": "/settings/profile/",
    "settings_picture": "/settings/picture/",
    "settings_privacy": "/settings/privacy/",
    "settings_out_of_sight": "/settings/privacy/people/",
    "settings_display": "/settings/display/",
    "settings_mail": "/settings/mail/",
    "settings_account": "/settings/account/",
    "settings_tokens": "/settings/tokens/",
    "settings_calendar": "/settings/calendar/",
    "settings_poster": "/settings/poster/",
    "settings_feed": "/settings/feed/",
    "settings_data": "/settings/data/",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_for_more_than_its_statements(client: Client, places: dict[str, object], name: str) -> None:
    sessions._met.cache_clear()  # as in a process that has not met this session before
    with CaptureQueriesContext(connection) as asked:
        response = client.get(PAGES[name].format(**places))

    assert response.status_code == 200
    assert len(asked) <= MOST, "\n".join(query["sql"] for query in asked)


def test_a_visitors_first_page_asks_for_no_more(client: Client, places: dict[str, object]) -> None:
    client.logout()

    with CaptureQueriesContext(connection) as asked:
        response = client.get("/")

    assert response.status_code == 200
    assert len(asked) <= MOST
