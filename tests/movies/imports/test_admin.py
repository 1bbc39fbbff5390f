"""Staff see how imports go, and nothing of what their rows say."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from movies.imports.models import Batch, Row
from tests.factories import BatchFactory, MentionFactory, RowFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/staff/movies/batch/"


@pytest.fixture
def staff(client: Client) -> User:
    user = UserFactory(is_staff=True, handle="helper")
    client.force_login(user)
    return user


def page_of(client: Client, batch: Batch) -> str:
    answer = client.get(f"{LIST}{batch.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_import_is_shown_with_its_owner_counts_and_error(client: Client, staff: User) -> None:
    batch = BatchFactory(owner__handle="hanako", state="failed", error="stalled", format="letterboxd")
    for outcome in ["new", "new", "rejected"]:
        RowFactory(batch=batch, outcome=outcome)
    BatchFactory(state="ready")

    pages = [client.get(LIST).content.decode(), page_of(client, batch)]

    for page in pages:
        assert "hanako" in page
        assert "letterboxd" in page
        assert f"{Row.Outcome.NEW.label} 2" in page
        assert str(batch.get_state_display()) in page


def test_imports_are_found_by_their_state(client: Client, staff: User) -> None:
    failed = BatchFactory(state="failed", error="gone")
    BatchFactory(state="ready")

    shown = client.get(LIST, {"state__exact": "failed"}).context["cl"].result_list

    assert list(shown) == [failed]


def test_what_a_row_says_is_not_shown_nor_what_its_file_is_called(client: Client, staff: User) -> None:
    batch = BatchFactory(
        state="done",
        name="zqzqzq.zip",
        error="archive_nested",
        error_about="zqzqzq",
        questions={"preview": [{"Memo": "zqzqzq"}]},
        answers={"part": "zqzqzq"},
    )
    mention = MentionFactory(batch=batch, named={"title": "zqzqzq"})
    RowFactory(batch=batch, mention=mention, raw={"Memo": "zqzqzq"}, said={"memo": "zqzqzq"}, value="zqzqzq")

    pages = [client.get(LIST).content.decode(), page_of(client, batch)]

    assert [page for page in pages if "zqzqzq" in page] == []


def test_the_list_costs_the_same_for_one_and_for_many(client: Client, staff: User) -> None:
    RowFactory()
    client.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        client.get(LIST)
    for _ in range(9):
        RowFactory()

    with CaptureQueriesContext(connection) as for_many:
        client.get(LIST)

    assert len(for_one) == len(for_many)


def test_staff_change_and_delete_none(client: Client, staff: User) -> None:
    batch = BatchFactory(state="ready")

    client.post(f"{LIST}{batch.pk}/change/", {"state": "done", "format": "x"})

    batch.refresh_from_db()
    assert (batch.state, batch.format) == ("ready", "")
    assert client.post(f"{LIST}{batch.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{LIST}add/").status_code == 403
    assert Batch.objects.get() == batch


def test_one_that_failed_is_started_again(client: Client, staff: User) -> None:
    stalled = BatchFactory(state="failed", error="stalled", error_about="weighing")
    again = f"{LIST}{stalled.pk}/again/"

    offered = page_of(client, stalled)
    answer = client.post(again)

    stalled.refresh_from_db()
    assert again in offered
    assert answer.headers["Location"] == f"{LIST}{stalled.pk}/change/"
    assert (stalled.state, stalled.error) == ("weighing", "")
    assert again not in page_of(client, stalled)
    assert client.get(again).status_code == 405


@pytest.mark.parametrize(("state", "error"), [("failed", "no_rows"), ("ready", ""), ("matching", "")])
def test_no_other_is_started_again(client: Client, staff: User, state: str, error: str) -> None:
    batch = BatchFactory(state=state, error=error)

    offered = page_of(client, batch)
    client.post(f"{LIST}{batch.pk}/again/")

    batch.refresh_from_db()
    assert f"{LIST}{batch.pk}/again/" not in offered
    assert (batch.state, batch.error) == (state, error)
    assert client.post(f"{LIST}{batch.pk + 1}/again/").status_code == 404


def test_who_is_not_staff_starts_nothing_again(client: Client) -> None:
    batch = BatchFactory(state="failed", error="stalled", error_about="matching")
    client.force_login(batch.owner)

    answer = client.post(f"{LIST}{batch.pk}/again/")

    batch.refresh_from_db()
    assert answer.status_code in (302, 403, 404)
    assert batch.state == "failed"
