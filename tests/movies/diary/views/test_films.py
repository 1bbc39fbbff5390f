import datetime
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import Visibility
from movies.catalog.models import Credit, ReleaseDate, WatchOffer, WatchProvider
from movies.diary.models import Entry
from movies.diary.reception import entries_of
from movies.diary.views.films import PEOPLE_ON_A_PAGE
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


def test_a_film_page_says_what_is_known(client):
    film = FilmFactory(
        original_title="Blade Runner",
        title_ja="ブレードランナー",
        runtime=117,
        world_on=datetime.date(1982, 6, 25),
        world_precision="day",
        japan_on=datetime.date(1982, 7, 10),
        japan_precision="day",
        overview_ja="2019年のロサンゼルス。",
    )
    film.genres.add(GenreFactory())
    CreditFactory(film=film, person__name="Ridley Scott")

    page = client.get(film.get_absolute_url()).content.decode()

    for said in (
        "ブレードランナー",
        "Blade Runner",
        "117",
        "1982年7月10日",
        "1982年6月25日",
        "<b>15</b>日",
        "Ridley Scott",
        "ドラマ",
    ):
        assert said in page


@pytest.fixture
def offered():
    """A film that two providers have in Japan."""
    film = FilmFactory(watch_link="https://www.themoviedb.org/movie/129-x/watch?locale=JP")
    providers = [
        WatchProvider.objects.create(id=84, name="U-NEXT", logo_path="/unext.jpg"),
        WatchProvider.objects.create(id=2, name="<b>Apple</b>"),
    ]
    for position, (provider, kind) in enumerate([(0, "flatrate"), (0, "rent"), (1, "rent")]):
        WatchOffer.objects.create(film=film, provider=providers[provider], kind=kind, position=position)
    return film


def test_a_film_page_tells_where_to_watch_the_film_and_from_whom_that_is_known(client, offered):
    page = client.get(offered.get_absolute_url()).content.decode()

    assert f'href="{offered.watch_link}"' in page
    assert page.count('src="https://image.tmdb.org/t/p/w92/unext.jpg"') == page.count("U-NEXT") == 2
    assert "&lt;b&gt;Apple&lt;/b&gt;" in page
    assert "JustWatch" in page


def test_a_film_page_says_nothing_of_watching_where_nobody_has_the_film(client):
    page = client.get(FilmFactory(watch_link="https://www.themoviedb.org/x").get_absolute_url()).content.decode()

    assert "JustWatch" not in page


def test_where_to_watch_a_film_is_one_query_whoever_has_it(client, offered, django_assert_num_queries):
    with django_assert_num_queries(4):  # the film with its facts, who recorded it, how it was received, reviews
        client.get(offered.get_absolute_url())


def test_a_film_page_tells_the_digital_release_and_how_old_its_facts_are(client):
    moment = datetime.datetime(2026, 11, 24, 16, tzinfo=datetime.UTC)  # the next day in Japan
    film = FilmFactory(digital_on=datetime.date(2026, 12, 4), facts_fetched_at=moment)

    page = client.get(film.get_absolute_url()).content.decode()

    assert "2026年12月4日" in page
    assert "2026年11月25日" in page


def test_a_film_page_tells_all_days_by_country_and_japan_first(client):
    film = FilmFactory(japan_on=datetime.date(2026, 3, 6), japan_precision="day")
    for country, kind, day, note in [
        ("FR", ReleaseDate.Kind.PREMIERE, 1, "Cannes <b>& more</b>"),
        ("FR", ReleaseDate.Kind.THEATRICAL, 3, ""),
        ("JP", ReleaseDate.Kind.THEATRICAL, 6, ""),
    ]:
        ReleaseDate.objects.create(
            film=film, country=country, kind=kind, released_on=datetime.date(2026, 3, day), note=note
        )

    page = client.get(f"/en{film.get_absolute_url()}").content.decode()

    table = re.search(r"<tbody>.*</tbody>", page)[0]
    assert re.sub(r"</?time[^>]*>", "", table) == (
        '<tbody><tr><th scope="rowgroup" rowspan="1">Japan</th><td>6 Mar 2026</td><td>cinemas</td></tr></tbody>'
        '<tbody><tr><th scope="rowgroup" rowspan="2">France</th><td>1 Mar 2026</td>'
        "<td>premiere <small>Cannes &lt;b&gt;&amp; more&lt;/b&gt;</small></td></tr>"
        "<tr><td>3 Mar 2026</td><td>cinemas</td></tr></tbody>"
    )


def test_a_film_page_tells_who_plays_whom_and_hides_who_comes_late(client):
    film = FilmFactory()
    for number in range(13):
        CreditFactory(
            film=film, person__name=f"No. {number}", job=Credit.Job.CAST, position=number, character=f"<i>{number}</i>"
        )

    page = client.get(film.get_absolute_url()).content.decode()

    told = re.findall(r'<li><a href="[^"]+-no-\d+/">(No. \d+)</a> <small>&lt;i&gt;(\d+)&lt;/i&gt;</small></li>', page)
    assert told == [(f"No. {number}", f"{number}") for number in range(13)]
    assert page.index("No. 11<") < page.index('class="rest-of-cast"') < page.index("No. 12<")


@pytest.mark.parametrize("fetched_at", [None, datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)])
def test_a_film_page_tells_that_tmdb_no_longer_has_the_film_and_from_when_its_facts_are(client, fetched_at):
    film = FilmFactory(dropped_at=timezone.now(), facts_fetched_at=fetched_at)

    page = client.get(f"/en{film.get_absolute_url()}").content.decode()

    assert "TMDB no longer has this film" in page
    assert ("1 May 2026" in page) == (fetched_at is not None)


def test_a_film_of_which_nothing_is_known_but_a_title_has_a_page(client):
    film = FilmFactory(original_title="--")

    assert client.get(film.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("title", ["Angels & Demons", "A -- B", "???", "千と千尋の神隠し", "a/b", "x" * 500])
def test_any_title_makes_an_address_that_leads_back(client, title):
    film = FilmFactory(original_title=title)

    assert client.get(film.get_absolute_url()).status_code == 200


def test_two_films_of_one_title_and_year_have_a_page_each(client):
    one, other = (FilmFactory(original_title="Robin Hood", world_on="2010-01-01", world_precision="year") for _ in "ab")

    assert one.get_absolute_url() != other.get_absolute_url()
    assert client.get(one.get_absolute_url()).context["film"] == one
    assert client.get(other.get_absolute_url()).context["film"] == other


def test_another_slug_leads_to_the_films_own_address(client):
    film = FilmFactory(original_title="Ran")

    response = client.get(f"/films/{film.pk}-something-else/")

    assert (response.status_code, response.url) == (301, film.get_absolute_url())


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_a_film_that_is_not_there_is_not_found(client, pk):
    assert client.get(f"/films/{pk}-x/").status_code == 404


def test_a_private_entry_stands_on_a_film_page_for_its_owner_alone_and_in_no_number(client):
    film = FilmFactory()
    shown = EntryFactory(film=film, score=80, owner__display_name="見える人")
    hidden = EntryFactory(film=film, score=0, owner__display_name="隠れた人", visibility=Visibility.PRIVATE)

    for viewer, seen in ((UserFactory(), {shown.owner}), (hidden.owner, {shown.owner, hidden.owner})):
        client.force_login(viewer)
        response = client.get(film.get_absolute_url())
        assert {entry.owner for entry in response.context["entries"]} == seen
        assert response.context["reception"].average == 80
    assert response.context["my_entry"] == hidden


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_film_page_takes_the_same_queries_at_10_entries_and_at_1000(client, is_signed_in, django_assert_num_queries):
    for count in (10, 1000):
        film = FilmFactory()
        people = [UserFactory.build() for _ in range(count)]
        entries = [EntryFactory.build(owner=person, film=film, score=50) for person in people]
        type(people[0]).objects.bulk_create(people)
        type(entries[0]).objects.bulk_create(entries)
        queries = 4  # the film with its facts, those who recorded it, how it was received, reviews
        if is_signed_in:
            client.force_login(UserFactory())
            client.get("/about/")  # the first page of a session writes its token
            queries = 5  # … and the session with its person; what is one's own comes with the film
        with django_assert_num_queries(queries):
            client.get(film.get_absolute_url())


@pytest.fixture
def written():
    """An entry for all, about which its owner has written everything there is."""
    entry = EntryFactory(
        review="泣いた。\n<b>二度</b>。",
        review_audience="owner",
        memo="隣の席は\n<i>母</i>",
        tags=["早稲田松竹", "<u>雨</u>"],
        is_liked=True,
        score=95,
    )
    ViewingFactory(entry=entry, watched_on=datetime.date(2019, 3, 4), score=41)
    ViewingFactory(entry=entry, watched_on=datetime.date(2024, 5, 6), score=0)
    ViewingFactory(entry=entry, watched_on=datetime.date(2025, 7, 8))
    ViewingFactory(entry=entry, watched_on=None, score=63)
    return entry


def my_record(client, film):
    page = client.get(film.get_absolute_url()).content.decode()
    found = re.search(r'<section class="my-record">.*?</section>', page, re.S)
    return found and found[0]


def test_a_film_page_shows_to_its_owner_what_they_have_written(client, written):
    client.force_login(written.owner)

    record = my_record(client, written.film)

    assert "泣いた。<br>\n&lt;b&gt;二度&lt;/b&gt;。" in record
    assert "隣の席は<br>&lt;i&gt;母&lt;/i&gt;" in record
    assert re.search(r"<li>早稲田松竹</li>\s*<li>&lt;u&gt;雨&lt;/u&gt;</li>", record)
    assert "heart" in record
    words = " ".join(re.sub(r"<[^>]*>", " ", record).split())
    assert "2019年3月4日（月） 41 点 2024年5月6日（月） 0 点 2025年7月8日（火） 日付不明 63 点" in words


def test_a_film_page_shows_to_nobody_else_what_somebody_has_written(client, written):
    follower = FollowFactory(followee=written.owner).follower
    also_recorded = EntryFactory(film=written.film).owner
    staff = UserFactory(is_staff=True)

    for viewer in (None, follower, also_recorded, staff):
        if viewer:
            client.force_login(viewer)
        page = client.get(written.film.get_absolute_url())
        words = page.content.decode()
        assert ("my-record" in words) == (viewer == also_recorded)
        for secret in ("泣いた", "隣の席", "早稲田", "雨", "heart", "2019年", "2024年"):
            assert secret not in words, (viewer, secret)


def test_a_record_without_a_word_says_when_and_nothing_more(client):
    entry = EntryFactory()
    client.force_login(entry.owner)

    record = my_record(client, entry.film)

    assert "日付不明" in record
    assert record.count("<dt>") == 1
    assert "heart" not in record


def test_what_was_deleted_is_no_record_of_mine(client, written):
    Entry.objects.filter(pk=written.pk).update(deleted_at=timezone.now())
    client.force_login(written.owner)

    assert my_record(client, written.film) is None


def test_my_record_takes_no_query_of_its_own_however_often_i_have_seen_the_film(
    client, written, django_assert_num_queries
):
    client.force_login(written.owner)
    client.get("/about/")

    with django_assert_num_queries(5):  # as for all who are signed in
        client.get(written.film.get_absolute_url())


def test_everyone_who_recorded_a_film_is_listed_by_page(client):
    film = FilmFactory()
    for _ in range(PEOPLE_ON_A_PAGE + 2):
        EntryFactory(film=film)
    first = client.get(film.get_absolute_url())

    second = client.get(film.get_absolute_url(), {"after": str(first.context["next"])}, headers={"HX-Request": "true"})

    listed = [*first.context["entries"], *second.context["entries"]]
    assert len({entry.pk for entry in listed}) == len(listed) == PEOPLE_ON_A_PAGE + 2
    assert second.context["next"] is None
    assert "<html" not in second.content.decode()


def test_a_place_that_no_page_gave_out_is_refused(client):
    assert client.get(FilmFactory().get_absolute_url(), {"after": "x"}).status_code == 400


def test_who_recorded_a_film_is_read_along_an_index():
    film = FilmFactory()
    people = [UserFactory.build() for _ in range(500)]
    type(people[0]).objects.bulk_create(people)
    Entry.objects.bulk_create(Entry(owner=person, film=film, recorded_at=timezone.now()) for person in people)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # so few rows are sorted as quickly; a million are not

    plan = entries_of(film, AnonymousUser()).order_by(F("recorded_at").desc(nulls_last=True), "-pk")[:25].explain()

    assert "entry_of_film" in plan
    assert "Sort" not in plan


def test_each_language_leads_to_the_other_without_a_detour(client):
    film = FilmFactory(original_title="Ran", title_ja="乱", title_en="Chaos")

    assert client.get(f"/en{film.get_absolute_url()}").status_code == 200
