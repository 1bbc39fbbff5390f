import pytest
from django.db import connection

from accounts.models import User
from mymovie.prepared import Prepared
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


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
