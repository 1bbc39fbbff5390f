import datetime
import re

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Visibility
from movies.catalog.models import Credit, Film, Person
from movies.diary import services
from movies.diary.models import Entry, Viewing
from tests.factories import CreditFactory, EntryFactory, FilmFactory, FollowFactory, UserFactory, ViewingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewing():
    film = FilmFactory(
        original_title="Ran",
        country="JP",
        runtime=162,
        world_on=datetime.date(1985, 6, 1),
        world_precision="day",
    )
    CreditFactory(film=film, person__name="Akira Kurosawa", person__name_ja="黒澤明")
    return ViewingFactory(
        entry=EntryFactory(
            film=film,
            score=95,
            owner__handle="hanako",
            owner__display_name="花子",
            watched_on=datetime.date(2025, 5, 5),
        ),
        watched_on=datetime.date(2025, 5, 5),
    )


def words_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_anybody_may_look_at_the_numbers_of_a_public_wall(client, viewing):
    response = client.get("/en/@hanako/stats/")

    words = words_of(response)
    for said in ("Average score", "95.0", "Japan", "Akira Kurosawa", "5 May 2025", "162 minutes", "2025"):
        assert said in words
    assert not client.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_every_chart_says_its_numbers_in_a_table(client, viewing):
    page = client.get("/en/@hanako/stats/").content.decode()

    assert page.count('role="img"') == 5  # years, scores, decades, and the halves of a year
    assert page.count("<table") == 3 + 1 + 2  # of those; directors and countries
    assert re.search(r'<th scope="row">90–100</th>\s*<td>1</td>', page)
    assert re.search(r'<th scope="row">1980s</th>\s*<td>1</td>', page)
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-labelledby="([^"]*)"', page):
        assert set(named.split()) <= set(ids)


def test_nothing_is_styled_where_it_stands(client, viewing):
    page = client.get("/@hanako/stats/").content.decode()

    assert " style=" not in page
    assert "<style" not in page


def test_a_year_is_a_page_of_its_own(client, viewing):
    ViewingFactory(entry=viewing.entry, watched_on=datetime.date(2024, 4, 4))
    strangers = words_of(client.get("/en/@hanako/stats/?year=2024"))
    client.force_login(viewing.entry.owner)

    page = client.get("/en/@hanako/stats/?year=2024")

    assert "Nothing was seen in 2024" in strangers
    assert "4 April 2024" in words_of(page)
    assert "5 May 2025" not in words_of(page)
    assert re.search(r'href="\?year=2024"\s*aria-current="page"', page.content.decode())


def test_a_year_in_which_nothing_was_seen_says_so(client, viewing):
    response = client.get("/en/@hanako/stats/?year=1999")

    assert response.status_code == 200
    assert "Nothing was seen in 1999" in words_of(response)


@pytest.mark.parametrize("year", ["", "x", "0", "-1", "1869", "2200", "99999", "9" * 5000, "２０２４年", "2024.5"])
def test_what_is_no_year_of_films_is_refused(client, viewing, year):
    assert client.get("/@hanako/stats/", {"year": year}).status_code == 400


def test_a_wall_without_a_film_says_what_to_do_to_its_owner_alone(client):
    owner = UserFactory(handle="hanako")

    assert "No film stands here yet" in words_of(client.get("/en/@hanako/stats/"))
    client.force_login(owner)
    assert "Record a film, and it is counted here" in words_of(client.get("/en/@hanako/stats/"))


def test_films_of_which_no_day_and_no_score_is_known_are_counted_all_the_same(client):
    owner = UserFactory(handle="jiro")
    for _ in range(4):
        EntryFactory(owner=owner)

    words = words_of(client.get("/en/@jiro/stats/"))

    assert "Seen, but the day is unknown: 4" in words
    assert "No score has been given yet" in words
    assert "Of no film is the day known" in words


def test_the_handle_is_found_in_any_case_at_one_address(client, viewing):
    response = client.get("/@Hanako/stats/?year=2025")

    assert (response.status_code, response.url) == (301, "/@hanako/stats/?year=2025")


def test_a_private_wall_has_no_numbers_for_strangers(client):
    hidden = UserFactory(handle="himitsu", wall_visibility=Visibility.PRIVATE)

    assert client.get("/@himitsu/stats/").status_code == 404
    client.force_login(FollowFactory(followee=hidden).follower)
    assert client.get("/@himitsu/stats/").status_code == 404
    client.force_login(hidden)
    assert client.get("/@himitsu/stats/").status_code == 200


def test_the_numbers_of_a_wall_for_followers_are_for_followers(client, viewing):
    owner = viewing.entry.owner
    owner.wall_visibility = Visibility.FOLLOWERS
    owner.save()

    closed = client.get("/@hanako/stats/")
    client.force_login(FollowFactory(followee=owner).follower)
    open_ = client.get("/@hanako/stats/")

    assert closed.status_code == open_.status_code == 200
    assert "owner-tabs" not in closed.content.decode()
    assert "figures" not in closed.content.decode()
    assert "figures" in open_.content.decode()


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(client, viewing):
    etag = client.get("/@hanako/stats/").headers["ETag"]

    unchanged = client.get("/@hanako/stats/", headers={"If-None-Match": etag})
    services.log_film(owner=viewing.entry.owner, film=FilmFactory(), score=50, visibility=Visibility.PUBLIC)
    changed = client.get("/@hanako/stats/", headers={"If-None-Match": etag})

    assert (unchanged.status_code, changed.status_code) == (304, 200)


def test_who_is_signed_in_gets_no_copy_that_others_may_keep(client, viewing):
    client.force_login(UserFactory())

    response = client.get("/@hanako/stats/")

    assert response.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in response.headers


def with_films(owner, count):
    films = Film.objects.bulk_create(
        Film(
            original_title=f"Film {n}",
            runtime=100,
            country="JP",
            world_on=datetime.date(1930 + n % 90, 1, 1),
            world_precision="year",
        )
        for n in range(count)
    )
    people = Person.objects.bulk_create(Person(name=f"Person {n}") for n in range(count // 10))
    Credit.objects.bulk_create(
        Credit(film=film, person=people[n % len(people)], job="director") for n, film in enumerate(films)
    )
    entries = Entry.objects.bulk_create(
        Entry(
            owner=owner,
            film=film,
            score=n % 101,
            recorded_at=timezone.now(),
            world_on=film.world_on,
            japan_on=film.world_on,
            watched_on=datetime.date(2020, 1, 1) + datetime.timedelta(days=n % 2000),
        )
        for n, film in enumerate(films)
    )
    Viewing.objects.bulk_create(Viewing(entry=entry, watched_on=entry.watched_on) for entry in entries)
    # Autovacuum does not see what is not committed, and the plans would be those of empty tables.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return owner


@pytest.mark.parametrize("query", ["", "?year=2021"])
def test_the_numbers_take_the_same_queries_at_10_films_and_at_3000(client, query, django_assert_num_queries):
    for count in (10, 3000):
        owner = with_films(UserFactory(), count)
        # Whose wall it is, all that is counted by films, the years, the days, and what stands out; the ten have nothing in
        # 2021.
        with django_assert_num_queries(5 if count > 10 or not query else 3):
            client.get(f"/@{owner.handle}/stats/{query}")


def test_names_are_words_and_nothing_else(client, viewing):
    film = FilmFactory(original_title="<b>Ran</b>", runtime=999)
    CreditFactory(film=film, person__name="<script>alert(1)</script>")
    EntryFactory(film=film, owner=viewing.entry.owner, score=100)

    page = client.get("/@hanako/stats/").content.decode()

    assert "<script>alert" not in page
    assert "<b>Ran" not in page


def test_a_wall_leads_to_its_numbers_and_back(client, viewing):
    wall, stats = (client.get(path).content.decode() for path in ("/@hanako/", "/@hanako/stats/"))

    assert re.search(r'<a href="/@hanako/"\s+aria-current="page"', wall)
    assert re.search(r'<a href="/@hanako/stats/"\s+aria-current="page"', stats)
