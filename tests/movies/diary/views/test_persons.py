import datetime
import re

import pytest

from movies.catalog.models import Credit, Film
from movies.diary.filmography import BY_DECADE_FROM, FILMS_ON_A_PAGE
from movies.diary.models import Entry
from tests.factories import CreditFactory, EntryFactory, FilmFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def film_of(person, year=None, job="director", character="", **facts):
    dated = {"world_on": datetime.date(year, 1, 1), "world_precision": "year"} if year else {}
    film = FilmFactory(**dated | facts)
    CreditFactory(film=film, person=person, job=job, character=character)
    return film


def words_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def shown(response, part=0):
    return [shown.film for shown in response.context["parts"][part].films]


def test_a_person_has_their_name_in_both_languages_and_their_films_by_what_they_did(client):
    person = PersonFactory(name="Takeshi Kitano", name_ja="北野武")
    film_of(person, 1993, original_title="Sonatine", title_ja="ソナチネ")
    film_of(person, 2000, job="cast", character="Kitano", original_title="Battle Royale")

    page = words_of(client.get(person.get_absolute_url()))
    in_english = words_of(client.get(f"/en{person.get_absolute_url()}"))

    for said in ("北野武", "Takeshi Kitano", "ソナチネ", "Battle Royale", "1993", "2000", "Kitano"):
        assert said in page
    for said in ("Takeshi Kitano", "北野武", "Directed", "Acted in", "Sonatine"):
        assert said in in_english


def test_a_person_without_a_name_in_japanese_is_named_once(client):
    person = PersonFactory(name="Ridley Scott")
    film_of(person)

    page = client.get(person.get_absolute_url()).content.decode()

    assert page.count("Ridley Scott") == 2  # its title, and its heading


def test_films_stand_from_the_newest_and_those_without_a_date_last(client):
    person = PersonFactory()
    old, undated, new = film_of(person, 1950), film_of(person), film_of(person, 2020)
    only_in_japan = film_of(person, japan_on=datetime.date(1999, 1, 1), japan_precision="year")

    assert shown(client.get(person.get_absolute_url())) == [new, only_in_japan, old, undated]


def test_a_film_stands_once_however_many_roles_somebody_plays_in_it(client):
    person = PersonFactory(name="Peter Sellers")
    film = film_of(person, 1964, job="cast", character="Mandrake")
    CreditFactory(film=film, person=person, job="cast", character="Strangelove", position=1)
    CreditFactory(film=film, job="cast", character="Somebody else's")

    response = client.get(person.get_absolute_url())

    assert shown(response) == [film]
    assert "Mandrake" in words_of(response)
    assert "Strangelove" in words_of(response)
    assert "Somebody else" not in words_of(response)


def test_a_film_that_turned_out_to_be_another_is_left_out(client):
    person = PersonFactory()
    film = film_of(person)
    film_of(person, merged_into=film)

    response = client.get(person.get_absolute_url())

    assert shown(response) == [film]
    assert response.context["filmography"].count == 1


def test_who_has_seen_films_finds_them_marked_and_counted(client):
    person, viewer = PersonFactory(), UserFactory()
    seen, unseen = film_of(person, 2001), film_of(person, 2000)
    CreditFactory(film=seen, person=person, job="cast")
    EntryFactory(owner=viewer, film=seen, score=87)
    theirs = EntryFactory(film=unseen, score=11)
    client.force_login(viewer)

    response = client.get(f"/en{person.get_absolute_url()}")

    assert "You have seen 1 of 2" in words_of(response)
    assert "Your score 87 of 100" in words_of(response)
    assert theirs.owner != viewer
    assert [film.entry and film.entry.score for film in response.context["parts"][0].films] == [87, None]


def test_a_visitor_gets_nothing_personal_and_no_cookie_and_may_keep_a_copy(client):
    person = PersonFactory()
    film_of(person)
    address = f"/en{person.get_absolute_url()}"

    response = client.get(address)

    assert "You have seen" not in words_of(response)
    assert not client.cookies
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("change", ["a name", "a film", "a title", "a credit that is gone"])
def test_a_copy_counts_no_longer_when_anything_has_changed(client, change):
    person = PersonFactory(name="Somebody")
    film, other = film_of(person, 1999), film_of(person, 2000)
    address = person.get_absolute_url()
    etag = client.get(address).headers["ETag"]

    match change:
        case "a name":
            person.name_ja = "誰か"
            person.save()
        case "a film":
            film_of(person, 2026)
        case "a title":
            film.title_ja = "題名"
            film.save()
        case _:
            other.credits.all().delete()

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_who_is_signed_in_gets_no_copy_that_others_may_keep(client):
    person = PersonFactory()
    client.force_login(UserFactory())

    assert client.get(person.get_absolute_url()).headers["Cache-Control"] == "private, no-store"


def test_another_slug_leads_to_the_persons_own_address(client):
    person = PersonFactory(name="Ridley Scott")

    response = client.get(f"/persons/{person.pk}-x/?job=cast")

    assert (response.status_code, response.url) == (301, f"/persons/{person.pk}-ridley-scott/?job=cast")


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_a_person_who_is_not_there_is_not_found(client, pk):
    assert client.get(f"/persons/{pk}-x/").status_code == 404


@pytest.mark.parametrize(
    "name", ["黒澤明", "---", "<script>alert(1)</script>", "x" * 300, "A/B", "?", "\u202eevil", "%2e%2e"]
)
def test_any_name_makes_an_address_that_leads_back_and_a_page_that_says_it(client, name):
    person = PersonFactory(name=name)

    response = client.get(person.get_absolute_url())

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


def test_somebody_of_whom_no_film_is_known_has_a_page_that_says_so(client):
    response = client.get(f"/en{PersonFactory().get_absolute_url()}")

    assert "We know of no film of theirs yet." in words_of(response)


@pytest.mark.parametrize("query", ["?job=producer", "?job=cast&after=x", "?after=none.3", "?job=cast&after=1.2.3"])
def test_a_place_that_no_page_gave_out_is_refused(client, query):
    assert client.get(f"{PersonFactory().get_absolute_url()}{query}").status_code == 400


def with_films(person, count):
    films = Film.objects.bulk_create(
        Film(original_title=f"Film {n}", world_on=datetime.date(2020 - n % 100, 1, 1), world_precision="year")
        for n in range(count)
    )
    Credit.objects.bulk_create(Credit(film=film, person=person, job="director") for film in films)
    return films


def test_many_films_come_by_page_and_by_decade_and_none_twice(client):
    person = PersonFactory()
    films = with_films(person, FILMS_ON_A_PAGE * 2 + 3)
    address = person.get_absolute_url()
    response = client.get(address)
    part = response.context["parts"][0]
    assert part.count == len(films)
    assert "2010" in words_of(response)

    listed = list(part.films)
    while part.next:
        page = client.get(address, {"job": "director", "after": str(part.next)}, headers={"HX-Request": "true"})
        part = page.context["part"]
        listed += part.films
        assert "<html" not in page.content.decode()

    assert len({shown.film.pk for shown in listed}) == len(listed) == len(films)


def test_a_decade_that_goes_on_is_not_named_again_in_a_part_and_says_so_on_a_page(client):
    person = PersonFactory()
    for _ in range(FILMS_ON_A_PAGE + 1):
        film_of(person, 1995)
    address = f"/en{person.get_absolute_url()}"
    place = {"job": "director", "after": str(client.get(address).context["parts"][0].next)}

    part = client.get(address, place, headers={"HX-Request": "true"})
    page = client.get(address, place)

    assert "tiles-decade" not in part.content.decode()
    assert "1990 s (continued)" in words_of(page)
    assert "Back to the newest films" in words_of(page)


def test_few_films_need_no_decades(client):
    person = PersonFactory()
    for n in range(BY_DECADE_FROM - 1):
        film_of(person, 1950 + n)

    assert "tiles-decade" not in client.get(person.get_absolute_url()).content.decode()
    film_of(person, 2020)
    assert "tiles-decade" in client.get(person.get_absolute_url()).content.decode()


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_person_takes_the_same_queries_with_1_film_and_with_2000(client, is_signed_in, django_assert_num_queries):
    if is_signed_in:
        client.force_login(UserFactory())
        client.get("/about/")  # the first page of a session writes its token
    for count in (1, 2000):
        person = PersonFactory()
        with_films(person, count)
        # The person, how many films, what they directed, what they acted in; for who is signed in, the session with
        # its person, and how many they have seen.
        with django_assert_num_queries(6 if is_signed_in else 4):
            client.get(person.get_absolute_url())


def test_a_film_page_leads_to_who_made_it_and_to_their_other_films(client):
    person = PersonFactory(name="Ridley Scott")
    film, other = film_of(person, 1982), film_of(person, 1979, original_title="Alien")
    film_of(person, 1979, original_title="Alien too", merged_into=other)
    CreditFactory(film=film, person__name="Harrison Ford", job="cast")
    mine = EntryFactory(film=other, score=93)

    page = client.get(film.get_absolute_url())

    assert f'href="{person.get_absolute_url()}"' in page.content.decode()
    assert "Harrison Ford</a>" in page.content.decode()
    assert [shown.film for shown in page.context["others"]] == [other]
    assert "93 of 100" not in words_of(page)
    client.force_login(mine.owner)
    assert "93 of 100" in words_of(client.get(f"/en{film.get_absolute_url()}"))
    assert Entry.objects.count() == 1
