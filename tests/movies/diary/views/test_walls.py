import datetime
import re

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, Visibility
from movies.catalog.models import Film
from movies.diary import services
from movies.diary.models import Entry
from movies.diary.wall import PAGE_SIZE, Arrangement, Dates, Order
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db


def wall(client: Client, handle: str, **query: str):
    return client.get(f"/@{handle}/", query)


def signed_in(client, user):
    client.force_login(user)
    return client


def with_films(owner, count):
    films = Film.objects.bulk_create(Film(original_title=f"Film {n}") for n in range(count))
    Entry.objects.bulk_create(
        Entry(owner=owner, film=film, score=n % 101, recorded_at=timezone.now()) for n, film in enumerate(films)
    )
    return owner


def test_anybody_may_look_at_a_public_wall(client):
    entry = EntryFactory(film__original_title="Ran", owner__display_name="花子")

    page = wall(client, entry.owner.handle).content.decode()

    assert "Ran" in page
    assert "花子" in page


def test_a_visitor_gets_no_cookie(client):
    wall(client, EntryFactory().owner.handle)

    assert not client.cookies


def test_the_handle_is_found_in_any_case_at_one_address(client):
    UserFactory(handle="hanako")

    response = wall(client, "Hanako")

    assert (response.status_code, response.url) == (301, "/@hanako/")


def test_a_private_wall_answers_a_stranger_as_one_that_does_not_exist(client):
    hidden = UserFactory(handle="himitsu", wall_visibility=Visibility.PRIVATE)
    missing = wall(client, "nobody_here")

    for viewer in (None, UserFactory(), FollowFactory(followee=hidden).follower):
        if viewer:
            client.force_login(viewer)
            missing = wall(client, "nobody_here")
        response = wall(client, hidden.handle)
        assert response.status_code == missing.status_code == 404
        assert without_what_was_asked(response) == without_what_was_asked(missing)


def test_a_wall_for_followers_says_so_and_shows_nothing_of_itself(client):
    owner = UserFactory(wall_visibility=Visibility.FOLLOWERS, display_name="花子")
    EntryFactory(owner=owner, film__original_title="Ran", visibility=Visibility.PUBLIC)
    asked = FollowFactory(followee=owner, accepted_at=None).follower

    for viewer, words in ((None, "サインイン"), (UserFactory(), "フォローを申し込む"), (asked, "申し込みを取り消す")):
        if viewer:
            client.force_login(viewer)
        page = wall(client, owner.handle).content.decode()
        assert "花子" in page
        assert words in page
        assert "Ran" not in page
        assert client.get(f"/@{owner.handle}/followers/").status_code == 404


def without_what_was_asked(response):
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return page.replace("himitsu", "").replace("nobody_here", "")


def test_a_follower_sees_a_wall_for_followers(client):
    entry = EntryFactory(owner__wall_visibility=Visibility.FOLLOWERS, film__original_title="Ran")
    follow = FollowFactory(followee=entry.owner)

    assert "Ran" in wall(signed_in(client, follow.follower), entry.owner.handle).content.decode()


def test_a_private_entry_is_on_the_wall_for_its_owner_alone(client):
    entry = EntryFactory(visibility=Visibility.PRIVATE, film__original_title="Ran")

    assert "Ran" not in wall(client, entry.owner.handle).content.decode()
    assert "Ran" in wall(signed_in(client, entry.owner), entry.owner.handle).content.decode()


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("dates", Dates)
@pytest.mark.parametrize("is_owner", [True, False])
def test_a_full_page_takes_the_same_queries_at_10_films_and_at_1000(
    client, order, dates, is_owner, django_assert_num_queries
):
    for count in (10, 1000):
        owner = with_films(UserFactory(), count)
        # The owner of the wall, the films of the page, the sections; for the owner, their session and account,
        # and how many films they wait for.
        queries = 3
        if is_owner:
            client.force_login(owner)
            wall(client, owner.handle)  # the first page of a session writes its token
            queries = 6
        with django_assert_num_queries(queries):
            assert wall(client, owner.handle, order=order, dates=dates).status_code == 200


def test_a_page_that_has_not_changed_costs_one_query(client, django_assert_num_queries):
    owner = with_films(UserFactory(), 10)
    etag = wall(client, owner.handle).headers["ETag"]

    with django_assert_num_queries(1):
        response = client.get(f"/@{owner.handle}/", headers={"if-none-match": etag})

    assert response.status_code == 304
    assert "public" in response.headers["Cache-Control"]


def test_what_changes_the_wall_changes_its_etag(client):
    entry = EntryFactory()
    etag = wall(client, entry.owner.handle).headers["ETag"]

    services.delete_entry(entry=entry)

    response = client.get(f"/@{entry.owner.handle}/", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert response.headers["ETag"] != etag


def test_each_language_and_each_part_has_its_own_etag(client):
    owner = with_films(UserFactory(), 1)

    etags = {
        client.get(address, headers=headers).headers["ETag"]
        for address in (f"/@{owner.handle}/", f"/en/@{owner.handle}/")
        for headers in ({}, {"HX-Request": "true"})
    }

    assert len(etags) == 4


def test_what_is_shown_to_somebody_signed_in_is_kept_by_nobody(client):
    owner = with_films(UserFactory(), 1)

    response = wall(signed_in(client, UserFactory()), owner.handle)

    assert response.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in response.headers


def test_htmx_gets_the_following_films_alone_and_no_heading_twice(client):
    owner = UserFactory()
    for _ in range(PAGE_SIZE + 1):
        EntryFactory(owner=owner, score=95)
    first = wall(client, owner.handle, order="score")
    after = str(first.context["page"].next)

    response = client.get(f"/@{owner.handle}/", {"order": "score", "after": after}, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert "<html" not in page
    assert "<h2" not in page
    assert page.count("<li") == 1
    assert "HX-Request" in response.headers["Vary"]


def test_the_link_to_more_is_a_link(client):
    owner = with_films(UserFactory(), PAGE_SIZE + 1)
    first = wall(client, owner.handle)

    assert f"after={first.context['page'].next}" in first.content.decode()


@pytest.mark.parametrize("query", [{"order": "title"}, {"dates": "uk"}, {"after": "x"}, {"after": "95.1"}])
def test_an_address_that_no_wall_links_to_is_refused_clearly(client, query):
    assert wall(client, UserFactory().handle, **query).status_code == 400


@pytest.mark.parametrize("after", ["99999999999999999999.1", "1.99999999999999999999", "-5.-1"])
def test_places_beyond_all_numbers_are_empty_pages(client, after):
    owner = with_films(UserFactory(), 3)

    assert wall(client, owner.handle, order="score", after=after).status_code == 200


def test_the_count_is_of_what_the_viewer_may_see(client):
    owner = with_films(UserFactory(), 3)
    EntryFactory(owner=owner, visibility=Visibility.PRIVATE)

    assert wall(client, owner.handle).context["wall"].count == 3
    assert wall(signed_in(client, owner), owner.handle).context["wall"].count == 4


def test_a_title_is_never_markup(client):
    entry = EntryFactory(film__original_title="<script>alert(1)</script>", owner__display_name="<b>x</b>")

    page = wall(client, entry.owner.handle).content.decode()

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_a_card_shows_both_titles_in_the_order_of_the_language(client):
    entry = EntryFactory(film=FilmFactory(original_title="Ran", title_ja="乱", title_en="Chaos"))
    japanese = wall(client, entry.owner.handle).content.decode()
    english = client.get(f"/en/@{entry.owner.handle}/").content.decode()

    assert japanese.index("乱") < japanese.index("Chaos")
    assert english.index("Chaos") < english.index("乱")


def test_a_random_wall_is_public_and_has_films(client):
    UserFactory()
    EntryFactory(owner__wall_visibility=Visibility.PRIVATE)
    entry = EntryFactory()
    for owner in User.objects.all():
        services.wall_shows_anew(owner_id=owner.pk, is_public=True)

    for _ in range(5):
        assert client.get("/random/").url == f"/@{entry.owner.handle}/"


def test_without_any_wall_the_random_one_is_what_this_is_about(client):
    assert client.get("/random/").url == reverse("about")


def test_release_dates_are_as_exact_as_they_are_known(client):
    owner = UserFactory()
    for day, precision in ((datetime.date(2001, 7, 20), "day"), (datetime.date(1998, 5, 1), "month")):
        EntryFactory(owner=owner, film=FilmFactory(japan_on=day, japan_precision=precision))

    page = wall(client, owner.handle).content.decode()

    assert '<time datetime="2001-07-20">2001.07.20</time>' in page
    assert '<time datetime="1998-05">1998.05</time>' in page


def test_a_date_that_stands_in_for_another_says_whose_it_is(client):
    owner, first = UserFactory(), {"world_on": datetime.date(1982, 6, 25), "world_precision": "day"}
    EntryFactory(owner=owner, film=FilmFactory(country="US", **first))
    abroad = wall(client, owner.handle).content.decode()
    assert '世界 <time datetime="1982">1982</time>' in " ".join(abroad.split())

    at_home = EntryFactory(film=FilmFactory(country="JP", **first))
    page = wall(client, at_home.owner.handle).content.decode()

    assert "1982.06.25" in page
    assert "世界 <time" not in page


def test_a_private_record_does_not_show_in_what_a_stranger_is_sent(client):
    entry = EntryFactory(visibility=Visibility.PRIVATE)
    etag = wall(client, entry.owner.handle).headers["ETag"]

    services.delete_entry(entry=entry)

    unchanged = client.get(f"/@{entry.owner.handle}/", headers={"if-none-match": etag})
    assert unchanged.status_code == 304
    assert unchanged.headers["ETag"] == etag
    assert "HX-Request" in unchanged.headers["Vary"]


@pytest.mark.parametrize("handle", ["a%00b", "a" * 16, "花子", "a.b", "%F0%9F%8E%AC"])
def test_what_cannot_be_a_handle_is_not_found(client, handle):
    assert client.get(f"/@{handle}/").status_code == 404


def test_a_redirect_keeps_what_was_asked(client):
    UserFactory(handle="taro")

    assert wall(client, "TARO", order="score").url == "/@taro/?order=score"


@pytest.mark.parametrize("order", Order)
def test_each_order_walks_an_index(order):
    owner = with_films(UserFactory(), 300)
    with_films(UserFactory(), 1000)
    arrangement = Arrangement(order)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # so few rows are sorted as quickly; a million are not

    plan = Entry.objects.of(owner).order_by(F(arrangement.key).desc(nulls_last=True), "-pk")[:60].explain()

    assert "Sort" not in plan
    assert "entry_wall_by" in plan


@pytest.mark.parametrize("after", ["00010101T000000000000.5", "99991231T120000000000.5"])
@pytest.mark.parametrize("time_zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_place_at_the_ends_of_the_calendar_is_a_bad_request(client, after, time_zone):
    owner = UserFactory(time_zone=time_zone)

    assert wall(client, owner.handle, order="recorded", after=after).status_code == 400
