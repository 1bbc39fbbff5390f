import datetime

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from movies.diary.models import Entry, Viewing, Wish
from mymovie.prepared import Joined, Prepared, Written, deleting, inserting, updating, values_of
from tests.factories import EntryFactory, FilmFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db
STAND_IN = -7_919


def prepared() -> list[tuple[str, int, int]]:
    """What the server keeps for this connection, and how often it planned it for any values, and for those given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
        return cursor.fetchall()


def test_a_statement_is_planned_once_for_all_values() -> None:
    asked = Prepared(lambda: User.objects.filter(handle="a handle").values_list("handle", "bio"), handle="a handle")
    UserFactory(handle="hanako")

    found = [asked.rows(handle=handle) for handle in ("hanako", "taro", "hanako")]

    assert [len(rows) for rows in found] == [1, 0, 1]
    assert [of[1:] for of in prepared() if '"bio" FROM "accounts_user" WHERE' in of[0]] == [(3, 0)]


def test_what_django_asks_by_itself_is_not_prepared() -> None:
    for _ in range(10):
        list(User.objects.filter(handle="hanako").values_list("subject"))

    assert not [of for of in prepared() if '"subject"' in of[0]]


def test_no_more_rows_come_than_were_asked_for() -> None:
    asked = Prepared(lambda: User.objects.order_by("handle").values_list("handle"))
    for handle in ("b", "a", "c"):
        UserFactory(handle=handle)

    assert asked.first_rows(2) == [("a",), ("b",)]


def test_a_stand_in_that_the_statement_has_not_is_told() -> None:
    asked = Prepared(lambda: User.objects.values_list("handle"), handle="a handle")

    with pytest.raises(LookupError, match="no handle"):
        asked.rows(handle="hanako")


def test_models_come_whole_with_what_is_annotated() -> None:
    asked = Prepared(lambda: User.objects.alias(n=F("pk")).annotate(length=Length("bio")).filter(pk=-7), pk=-7)
    hanako = UserFactory(bio="映画", birth_date=datetime.date(1990, 5, 1))

    [found] = asked.models(pk=hanako.pk)

    stored = User.objects.get(pk=hanako.pk)
    assert {name: getattr(found, name) for name in vars(stored) if name != "_state"} == {
        name: value for name, value in vars(stored).items() if name != "_state"
    }
    assert found.length == 2
    assert not found._state.adding


def test_rows_are_changed_and_deleted_and_counted() -> None:
    renamed = Prepared(
        lambda: updating(User.objects.filter(handle="a handle"), bio="words"), handle="a handle", bio="words"
    )
    forgotten = Prepared(lambda: deleting(User.objects.filter(handle="a handle")), handle="a handle")
    hanako, taro = UserFactory(handle="hanako"), UserFactory(handle="taro")

    assert renamed.change(handle="hanako", bio="映画") == 1
    assert renamed.change(handle="nobody", bio="映画") == 0
    assert forgotten.change(handle="taro") == 1

    hanako.refresh_from_db()
    assert hanako.bio == "映画"
    assert not User.objects.filter(pk=taro.pk)


def test_whoever_comes_along_is_there_without_another_question(django_assert_num_queries) -> None:
    asked = Prepared(
        lambda: Entry.objects.select_related("owner", "film").only("score", "owner__handle", "film").filter(pk=-7),
        pk=-7,
    )
    entry = EntryFactory(score=70)

    with django_assert_num_queries(1):
        [found] = asked.models(pk=entry.pk)
        told = (found.score, found.owner.handle, found.film.original_title)

    assert told == (70, entry.owner.handle, entry.film.original_title)
    assert found.review == entry.review  # fetched when it is read


def test_what_is_known_stands_in_the_statement(django_assert_num_queries) -> None:
    """Whatever signs it holds."""
    asked = Prepared(lambda: User.objects.filter(bio="100 %s ' %(x)s\\", pk=-7).values_list("bio"), pk=-7)
    hanako = UserFactory(bio="100 %s ' %(x)s\\")

    assert asked.rows(pk=hanako.pk) == [(hanako.bio,)]
    assert asked.statement[1] == ["pk"]


def test_a_statement_that_is_planned_each_time_is_kept_by_nobody() -> None:
    asked = Prepared(lambda: User.objects.filter(pk=-7).values_list("color_scheme"), is_planned_once=False, pk=-7)
    hanako = UserFactory()

    found = [asked.rows(pk=hanako.pk) for _ in range(6)]

    assert found == [[("system",)]] * 6
    assert not [of for of in prepared() if '"color_scheme" FROM "accounts_user" WHERE' in of[0]]


def test_what_was_asked_is_told_however_often_it_is_asked() -> None:
    asked = Prepared(lambda: User.objects.filter(pk=-7).values_list("handle"), pk=-7)

    with CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            asked.rows(pk=1)

    assert ['"handle" FROM "accounts_user"' in query["sql"] for query in captured] == [True] * 3


def test_several_are_one_and_ask_one_another(django_assert_num_queries) -> None:
    film, other = FilmFactory(), FilmFactory()
    for wished in (film, other):
        WishFactory(film=wished)
    joined = Joined(
        "SELECT id FROM looked_at",
        looked_at=Written("SELECT id FROM movies_film WHERE id = %(film)s AND original_title = %(title)s"),
        gone=Prepared(
            lambda: deleting(Wish.objects.filter(film=STAND_IN)),
            ending="AND EXISTS (SELECT FROM looked_at)",
            film=STAND_IN,
        ),
    )

    with django_assert_num_queries(2):
        assert joined.rows(film=film.pk, title="another") == []
        assert joined.rows(film=film.pk, title=film.original_title) == [(film.pk,)]
    assert Wish.objects.get().film == other


def test_a_row_is_inserted_for_each_of_a_part() -> None:
    entry, day = EntryFactory(), datetime.date(2020, 1, 2)
    viewing = Viewing(entry=entry, watched_on=day)
    joined = Joined(
        "SELECT id FROM found",
        found=Written("SELECT id FROM movies_entry WHERE id = %(entry)s"),
        made=inserting(Viewing, "found", prefix="its_", entry_id="found.id", ending="ON CONFLICT DO NOTHING"),
    )
    values = {f"its_{name}": value for name, value in values_of(viewing).items()}

    for pk in (entry.pk + 1, entry.pk, entry.pk):
        joined.rows(entry=pk, **values)

    made = Viewing.objects.get()
    assert (made.entry, made.watched_on, made.submission) == (entry, day, viewing.submission)
    assert made.created_at


def test_what_is_given_no_value_is_told() -> None:
    with pytest.raises(TypeError, match="review"):
        values_of(Entry(owner=UserFactory(), film=FilmFactory()))
