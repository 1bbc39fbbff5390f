import datetime

import pytest

from movies.catalog.century import best_known_by_decade, longest_waited
from movies.catalog.models import Film
from tests.factories import FilmFactory

pytestmark = pytest.mark.django_db


def film_of(year: int, fame: int = 0, *, waited: int | None = None, **facts: object):
    world_on = datetime.date(year, 1, 1)
    if waited is not None:
        facts |= {"japan_on": world_on + datetime.timedelta(days=waited), "japan_precision": "day"}
    return FilmFactory(world_on=world_on, world_precision="day", fame=fame, **facts)


def test_two_of_each_decade_stand_for_it_the_earliest_first(django_assert_num_queries) -> None:
    least, best, second = film_of(1954, 1), film_of(1950, 9), film_of(1959, 5)
    only = film_of(1921)
    FilmFactory()  # without a day
    film_of(1999, 9, merged_into=best)

    with django_assert_num_queries(1):
        decades = best_known_by_decade()

    assert [(decade, [film.pk for film in films]) for decade, films in decades] == [
        (1920, [only.pk]),
        (1950, [best.pk, second.pk]),
    ]
    assert least.pk not in [film.pk for film in decades[1][1]]


def test_a_century_is_its_last_ten_decades() -> None:
    for year in range(1890, 2030, 10):
        film_of(year)

    assert [decade for decade, _films in best_known_by_decade()] == list(range(1930, 2030, 10))


def test_the_film_that_japan_waited_for_the_longest() -> None:
    films = [film_of(1954, waited=30), film_of(1960, waited=212), film_of(1970, waited=-5), film_of(1980)]

    assert longest_waited(films) == films[1]
    assert longest_waited(films[2:]) is None
    assert longest_waited([]) is None


def test_the_front_page_tells_how_long_japan_waited(client) -> None:
    film_of(1960, waited=1212, title_en="The Long Wait")

    page = client.get("/en/about/").content.decode()

    assert "The Long Wait" in page
    assert "Japan waited <b>1,212</b> days" in page


@pytest.mark.parametrize("language", ["", "/en"])
class TestTheFrontPage:
    def test_is_sent_again_while_it_says_the_same(self, client, language: str) -> None:
        film_of(1960, title_en="One", title_ja="一")
        first = client.get(f"{language}/about/")

        again = client.get(f"{language}/about/", headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 304

    @pytest.mark.parametrize(
        "facts",
        [{"title_en": "Two", "title_ja": "二"}, {"fame": 9, "world_on": datetime.date(1970, 1, 1)}, {"merged": 1}],
    )
    def test_changes_with_what_it_shows(self, client, language: str, facts: dict[str, object]) -> None:
        film, other = film_of(1960, 5, title_en="One", title_ja="一"), film_of(1980)
        first = client.get(f"{language}/about/")

        changes = facts if "merged" not in facts else {"merged_into": other}
        Film.objects.filter(pk=film.pk).update(**changes)
        again = client.get(f"{language}/about/", headers={"If-None-Match": first["ETag"]})

        assert again.status_code == 200
        assert again.content != first.content
