import datetime
import json
import re
from html import unescape

import brotli
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import override

from accounts.models import User, Visibility
from movies.catalog import bundled
from movies.catalog.models import Film
from movies.diary import services
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.sorting_in import sort_by_title
from movies.diary.wall import PAGE_SIZE, Arrangement, Dates, Direction, Order
from mymovie.paging import page_after
from tests.factories import (
    CreditFactory,
    EntryFactory,
    FilmFactory,
    FollowFactory,
    GenreFactory,
    UserFactory,
    ViewingFactory,
)

pytestmark = pytest.mark.django_db


def wall(client: Client, handle: str, **query: str):
    return client.get(f"/@{handle}/", query)


def place_of_more(response) -> str:
    """The place that the link to more films names."""
    return re.findall(r'hx-get="[^"]*after=([^"&]+)"', response.content.decode())[0]


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
        # The owner of the wall, the films of the page, the sections; for the owner, their session with their
        # account, which is the wall's, and how many films they wait for. A before Z, films without a key are looked for after those that have one.
        queries = 4 if order == Order.TITLE else 3
        if is_owner:
            client.force_login(owner)
            client.get("/about/")  # the first page of a session writes its token
            queries += 1
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
    after = place_of_more(first)

    response = client.get(f"/@{owner.handle}/", {"order": "score", "after": after}, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert "<html" not in page
    assert "<h2" not in page
    assert page.count("<li") == 1
    assert "HX-Request" in response.headers["Vary"]


def test_the_link_to_more_is_a_link(client):
    owner = with_films(UserFactory(), PAGE_SIZE + 1)
    first = wall(client, owner.handle)

    assert place_of_more(first) in re.findall(r'\bhref="[^"]*after=([^"&]+)"', first.content.decode())


@pytest.mark.parametrize(
    "query",
    [
        {"order": "owner"},
        {"order": ""},
        {"dates": "uk"},
        {"direction": "up"},
        {"view": "grid"},
        {"after": "x"},
        {"after": "95.1"},
        {"order": "title", "after": "あ.1"},
        {"genre": "drama"},
        {"genre": "٣"},
        {"genre": "18"},  # there is none of it
        {"director": "99999999999999999999"},
        {"director": "1"},
        {"decade": "1995"},
        {"decade": "9990"},
        {"score": "90"},
        {"score": "80-70"},
        {"score": "0-101"},
        {"again": "yes"},
        {"tag": "\x00"},
        {"filters": "open"},
    ],
)
def test_an_address_that_no_wall_links_to_is_refused_clearly(client, query):
    assert wall(client, UserFactory().handle, **query).status_code == 400


@pytest.mark.parametrize("after", ["99999999999999999999.1", "1.99999999999999999999", "-5.-1"])
def test_places_beyond_all_numbers_are_empty_pages(client, after):
    owner = with_films(UserFactory(), 3)

    assert wall(client, owner.handle, order="score", after=after).status_code == 200


def test_the_count_is_of_what_the_viewer_may_see(client):
    owner = with_films(UserFactory(), 3)
    EntryFactory(owner=owner, visibility=Visibility.PRIVATE)

    assert "<b>3</b>本" in wall(client, owner.handle).content.decode()
    assert "<b>4</b>本" in wall(signed_in(client, owner), owner.handle).content.decode()


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
@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_order_walks_an_index_either_way(order, direction, language, monkeypatch):
    owner = with_films(UserFactory(), 300)
    with_films(UserFactory(), 1000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # so few rows are sorted as quickly; a million are not
    plans = []
    asked_of_database = EntryQuerySet.__getitem__
    monkeypatch.setattr(
        EntryQuerySet, "__getitem__", lambda rows, k: plans.append(asked_of_database(rows, k).explain()) or []
    )

    with override(language):
        arrangement = Arrangement(order, direction=direction)
        by, is_ascending = arrangement.key, arrangement.is_ascending
        page_after(Entry.objects.of(owner), by, None, PAGE_SIZE, is_ascending=is_ascending)

    assert plans
    for plan in plans:
        assert "Sort" not in plan
        assert "entry_wall_by" in plan


@pytest.mark.parametrize("after", ["00010101T000000000000.5", "99991231T120000000000.5"])
@pytest.mark.parametrize("time_zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_place_at_the_ends_of_the_calendar_is_a_bad_request(client, after, time_zone):
    owner = UserFactory(time_zone=time_zone)

    assert wall(client, owner.handle, order="recorded", after=after).status_code == 400


def shown(response) -> list[str]:
    return [unescape(title) for title in re.findall('<span class="film-title">(.*?)</span>', response.content.decode())]


def some_films(owner: User) -> int:
    """Three of the nineties, two of them by the director whose id it gives; one of 1985, a drama that was seen again."""
    films = {}
    for title, year, score in (("Nikita", 1990, 80), ("Léon", 1994, 95), ("Ran", 1985, None), ("Ed Wood", 1994, 60)):
        film = FilmFactory(original_title=title, japan_on=datetime.date(year, 1, 1), japan_precision="day")
        films[title] = film
        entry = EntryFactory(owner=owner, film=film, score=score, tags=["名画座"] if title == "Ran" else [])
        if title == "Ran":
            film.genres.add(GenreFactory())
            ViewingFactory.create_batch(2, entry=entry)
        else:
            ViewingFactory(entry=entry)
    besson = CreditFactory(film=films["Nikita"], person__name="Luc Besson").person
    CreditFactory(film=films["Léon"], person=besson)
    return besson.pk


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"genre": "18"}, ["Ran"]),
        ({"decade": "1990"}, ["Ed Wood", "Léon", "Nikita"]),
        ({"score": "80-"}, ["Léon", "Nikita"]),
        ({"score": "60-79"}, ["Ed Wood"]),
        ({"score": "none"}, ["Ran"]),
        ({"again": "1"}, ["Ran"]),
        ({"tag": "名画座"}, ["Ran"]),
        ({"decade": "1990", "score": "90-"}, ["Léon"]),
        ({"decade": "1990", "tag": "名画座"}, []),
        ({"direction": "asc"}, ["Ran", "Nikita", "Léon", "Ed Wood"]),
        ({"order": "score", "direction": "asc"}, ["Ed Wood", "Nikita", "Léon", "Ran"]),
        ({"order": "title"}, ["Ed Wood", "Léon", "Nikita", "Ran"]),
    ],
    ids=str,
)
def test_a_wall_shows_what_is_asked_for(client, query, titles):
    owner = UserFactory()
    some_films(owner)
    some_films(UserFactory())

    response = wall(signed_in(client, owner), owner.handle, **query)

    assert shown(response) == titles
    assert response.context["wall"].count == len(titles)
    assert response.context["count"] == 4


def test_a_wall_is_sifted_by_director(client):
    owner = UserFactory()

    response = wall(client, owner.handle, director=str(some_films(owner)))

    assert shown(response) == ["Léon", "Nikita"]
    assert "Luc Besson" in response.content.decode()


def test_where_nothing_is_all_of_that_the_page_says_so_and_leads_back(client):
    owner = UserFactory()
    some_films(owner)

    page = client.get(f"/en/@{owner.handle}/?decade=1980&score=90-&view=list").content.decode()

    assert "No film here is all of that." in page
    assert f'href="/en/@{owner.handle}/?view=list"' in page
    assert "No film stands here yet" not in page


@pytest.mark.parametrize("query", [{"again": "1"}, {"tag": "名画座"}, {"tag": "what nobody has written"}])
def test_nobody_else_learns_of_tags_and_of_how_often_a_film_was_seen(client, query):
    owner = UserFactory()
    some_films(owner)

    for viewer in (None, FollowFactory(followee=owner).follower):
        if viewer:
            client.force_login(viewer)
        assert wall(client, owner.handle, **query).status_code == 400
        page = wall(client, owner.handle, filters="1").content.decode()
        assert "名画座" not in page
        assert 'name="again"' not in page


def test_only_what_is_seen_is_counted_and_offered(client):
    owner = UserFactory()
    some_films(owner)
    Entry.objects.filter(film__original_title="Ran").update(visibility=Visibility.PRIVATE)

    choices = wall(client, owner.handle, filters="1").context["choices"]

    assert (choices.genre, [decade.value for decade in choices.decade]) == ([], [1990])
    assert [(choice.value, choice.number) for choice in choices.score] == [("90-100", 1), ("80-89", 1), ("60-69", 1)]
    assert [(choice.value, choice.number) for choice in choices.least] == [("80-100", 2), ("60-100", 3)]
    assert [(choice.name, choice.number) for choice in choices.director] == [("Luc Besson", 2)]


def test_all_that_can_be_chosen_costs_one_statement(client, django_assert_num_queries):
    for count in (10, 100):
        owner = with_films(UserFactory(), count)
        CreditFactory(film=owner.entries.first().film)
        with django_assert_num_queries(4):  # beside the three of every page that is made the plain way
            wall(client, owner.handle, filters="1")


def test_a_form_that_was_left_open_leads_to_the_short_address(client):
    owner = UserFactory()
    some_films(owner)

    response = wall(client, owner.handle, order="score", genre="", decade="1990", score="", tag="")

    assert (response.status_code, response.url) == (302, f"/@{owner.handle}/?order=score&decade=1990")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("order=release&dates=jp&direction=desc&view=cards", ""),
        ("order=title&direction=asc", "?order=title"),
        ("filters=1", ""),
        ("score=80-&view=list", "?view=list&score=80-100"),
    ],
)
def test_what_goes_without_saying_is_not_in_the_address_for_the_world(client, query, said):
    owner = UserFactory()
    some_films(owner)

    page = client.get(f"/@{owner.handle}/?{query}")

    assert page.context["canonical"].endswith(f"/@{owner.handle}/{said}")


@pytest.mark.parametrize("view", ["cards", "posters", "list"])
@pytest.mark.parametrize("filters", ["", "&filters=1"])
def test_a_page_of_sixty_films_is_light(client, view, filters):
    """The most that a page can have: its owner's, each film with a poster, both titles, and a day that Japan waited for."""
    owner = UserFactory()
    with bundled.FILE.open(encoding="utf-8") as lines:
        bundle = [json.loads(line) for line, _number in zip(lines, range(PAGE_SIZE), strict=False)]
    for number, line in enumerate(bundle):
        first = datetime.date(2020 - number, 3, 31)
        film = FilmFactory(
            original_title=line["original_title"],
            title_ja=line["title_ja"],
            title_en=line["title_en"],
            poster_path=f"/39wmItIWsg5sZMyRUHLkWBc{number:04}.jpg",
            world_on=first,
            world_precision="day",
            japan_on=first + datetime.timedelta(days=100 + number),
            japan_precision="day",
        )
        film.genres.add(GenreFactory(id=number % 19))
        CreditFactory(film=film, person__name=line.get("directors", [{"name": "Unknown"}])[0]["name"])
        EntryFactory(owner=owner, film=film, score=number)

    page = signed_in(client, owner).get(f"/@{owner.handle}/?view={view}{filters}").content

    assert len(page) <= 80 * 1024
    assert len(brotli.compress(page, quality=5)) <= 10 * 1024


def test_the_first_row_is_there_at_once_and_the_rest_when_it_comes_into_sight(client):
    owner = with_films(UserFactory(), 20)

    page = wall(client, owner.handle).content.decode()

    images = re.findall(r'<img class="poster"[^>]*>', page)
    assert [number for number, image in enumerate(images) if "lazy" not in image] == list(range(8))
    assert [number for number, image in enumerate(images) if 'fetchpriority="high"' in image] == [0]
    assert all('width="342" height="513"' in image for image in images)


@pytest.mark.parametrize("view", ["cards", "list"])
def test_where_japan_waited_both_days_stand(client, view):
    film = FilmFactory(
        world_on=datetime.date(1999, 3, 31),
        world_precision="day",
        japan_on=datetime.date(1999, 9, 11),
        japan_precision="day",
    )
    owner = EntryFactory(film=film).owner

    page = client.get(f"/en/@{owner.handle}/?view={view}").content.decode()

    assert '<time datetime="1999-03-31">' in page
    assert '<time datetime="1999-09-11">' in page
    assert "164 days" in page


def test_a_score_is_named_for_who_cannot_see_it(client):
    owner = EntryFactory(score=87, film__title_en="Ran").owner

    cards, posters = (client.get(f"/en/@{owner.handle}/{query}").content.decode() for query in ("", "?view=posters"))

    assert "87 of 100" in strip_tags(cards)
    assert 'alt="Ran · 87 of 100"' in posters


def test_a_list_takes_one_statement_more_and_tells_its_owner_how_often(client, django_assert_num_queries):
    owner = UserFactory()
    some_films(owner)
    Entry.objects.update(watched_on=datetime.date(2024, 1, 1))

    with django_assert_num_queries(4):  # whose, which, how many, and who directed them
        page = client.get(f"/en/@{owner.handle}/?view=list").content.decode()

    assert "Luc Besson" in page
    assert "2 times" not in page
    assert "2 times" in signed_in(client, owner).get(f"/en/@{owner.handle}/?view=list").content.decode()


def test_markup_in_any_words_of_a_film_stays_words(client):
    film = FilmFactory(original_title="<i>x</i>", title_ja="<b>y</b>", title_en='"><script>', poster_path='/".jpg')
    CreditFactory(film=film, person__name="<u>z</u>")
    owner = EntryFactory(film=film, tags=["<s>t</s>"]).owner
    client.force_login(owner)

    for view in ("cards", "posters", "list"):
        page = client.get(f"/@{owner.handle}/?view={view}&filters=1&tag=<s>t</s>").content.decode()
        for markup in ("<b>y", '"><script>', "<u>z", "<s>t", '/".jpg'):
            assert markup not in page


def test_entries_of_the_version_before_are_sorted_in(client):
    owner = UserFactory()
    for title in ("わ", "あ", "か"):
        EntryFactory(owner=owner, film__original_title=title, title_ja_key=None, title_en_key=None)

    sort_by_title()

    assert shown(wall(client, owner.handle, order="title")) == ["あ", "か", "わ"]
