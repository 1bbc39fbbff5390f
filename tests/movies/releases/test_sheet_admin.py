"""Staff upload files of coming releases, look at what became of each row, and take dates back."""

import csv
import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import StaffAction, User
from movies.catalog.announcements import announce
from movies.catalog.models import ReleaseDate
from movies.diary.models import Entry
from movies.releases.jobs import take_sheet
from movies.releases.models import Sheet
from movies.releases.report import PAGE
from mymovie.outbox.models import Message
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.movies.releases.conftest import HEADING

pytestmark = pytest.mark.django_db

DAY = timezone.localdate() + datetime.timedelta(days=60)
UPLOAD = "/staff/movies/sheet/upload/"


@pytest.fixture
def staff(client: Client) -> User:
    user = UserFactory(is_staff=True, handle="helper")
    client.force_login(user)
    return user


def file_of(*rows: str, name: str = "december.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([HEADING, *rows]).encode())


def page_of(client: Client, sheet: Sheet, **query: object) -> str:
    answer = client.get(f"/staff/movies/sheet/{sheet.pk}/change/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_uploaded_file_lies_in_the_bucket_and_is_read(client: Client, staff: User, bucket) -> None:
    FilmFactory(tmdb_id=5)

    answer = client.post(UPLOAD, {"file": file_of(f"Ferry,,{DAY},5,,cinema", "Ferry,,yesterday,5,,cinema")})

    sheet = Sheet.objects.get()
    assert answer.headers["Location"] == f"/staff/movies/sheet/{sheet.pk}/change/"
    assert (sheet.name, sheet.uploaded_by) == ("december.csv", staff)
    assert [stored.key for stored in bucket.objects.all()] == [sheet.stored_as]
    assert Message.objects.get().kwargs == {"sheet_id": sheet.pk}
    take_sheet(sheet.pk)
    page = page_of(client, sheet)
    assert "「yesterday」は日付ではありません" in page
    assert "新規 1" in page
    assert "却下 1" in page


@pytest.mark.parametrize("data", [{}, {"file": SimpleUploadedFile("empty.csv", b"")}])
def test_nothing_is_no_file(client: Client, staff: User, bucket, data: dict) -> None:
    assert client.post(UPLOAD, data).status_code == 400
    assert not Sheet.objects.exists()


def test_what_is_too_large_is_said_to_be(client: Client, staff: User, bucket, settings: Settings) -> None:
    settings.LARGEST_UPLOAD_OF_STAFF = 1024**2

    answer = client.post(UPLOAD, {"file": SimpleUploadedFile("a.csv", b"x" * (1024**2 + 1))})

    assert answer.status_code == 400
    assert not Sheet.objects.exists()


def test_a_storage_that_is_away_is_said(client: Client, staff: User, storage_away) -> None:
    assert client.post(UPLOAD, {"file": file_of(f"Ferry,,{DAY},5,,cinema")}).status_code == 503
    assert not Sheet.objects.exists()


def test_who_is_not_staff_uploads_nothing(client: Client, bucket) -> None:
    client.force_login(UserFactory())

    answer = client.post(UPLOAD, {"file": file_of(f"Ferry,,{DAY},5,,cinema")})

    assert answer.status_code in (302, 403)
    assert not Sheet.objects.exists()


def test_rows_are_shown_by_outcome_and_page_by_page(client: Client, staff: User, sheet) -> None:
    rows = [f"Film {number},,{DAY},{number + 1},,cinema" for number in range(PAGE + 5)]
    made = sheet("\n".join([*rows, "Bad film,,never,,,cinema"]))
    take_sheet(made.pk)

    first, second = page_of(client, made), page_of(client, made, after=PAGE + 1)
    refused = page_of(client, made, outcome="refused")

    assert "Film 0" in first
    assert f"after={PAGE + 1}" in first
    assert f"Film {PAGE}" not in first
    assert f"Film {PAGE}" in second
    assert "Bad film" in refused
    assert "Film 1" not in refused


def test_a_page_of_rows_costs_the_same_for_one_and_for_many(client: Client, staff: User, sheet) -> None:
    few, many = (
        sheet(f"A,,{DAY},1,,cinema", "few.csv"),
        sheet("\n".join(f"B{number},,{DAY},{number + 10},,cinema" for number in range(80)), "many.csv"),
    )
    for made in (few, many):
        take_sheet(made.pk)
    page_of(client, few)

    with CaptureQueriesContext(connection) as for_few:
        page_of(client, few)
    with CaptureQueriesContext(connection) as for_many:
        page_of(client, many)

    assert len(for_few) == len(for_many)


def test_the_report_is_a_spreadsheet_without_formulas(client: Client, staff: User, sheet) -> None:
    made = sheet(f'"=HYPERLINK(""http://evil"")",,{DAY},5,,cinema\nBad film,,never,,,digital')
    take_sheet(made.pk)

    answer = client.get(f"/staff/movies/sheet/{made.pk}/report.csv")

    heading, first, second = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert heading[:2] == ["行", "題名"]
    assert first[1].startswith("'=")
    assert second[0] == "3"
    assert "日付ではありません" in " ".join(second)


def test_a_file_that_failed_is_read_again_once(client: Client, staff: User, sheet) -> None:
    made = sheet(b"", "empty.csv")
    take_sheet(made.pk)
    assert "ファイルが空です" in page_of(client, made)

    for _ in range(2):
        client.post(f"/staff/movies/sheet/{made.pk}/again/")

    made.refresh_from_db()
    assert made.state == Sheet.State.NEW
    assert Message.objects.count() == 1
    assert client.get(f"/staff/movies/sheet/{made.pk}/again/").status_code == 405


def test_staff_take_back_what_a_distributor_announced_and_walls_follow(client: Client, staff: User) -> None:
    film = FilmFactory()
    entry = EntryFactory(film=film)
    announce(film=film, kind=ReleaseDate.Kind.THEATRICAL, released_on=DAY)
    Entry.objects.update(japan_on=DAY)
    address = f"/staff/movies/film/{film.pk}/withdraw/3/"
    assert address in client.get(f"/staff/movies/film/{film.pk}/change/").content.decode()

    without_reason = client.post(address, {"why": ""})
    answer = client.post(address, {"why": "They called."})

    assert (without_reason.status_code, answer.status_code) == (400, 302)
    film.refresh_from_db()
    entry.refresh_from_db()
    assert (film.japan_on, entry.japan_on) == (None, None)
    assert StaffAction.objects.get().kind == "withdraw"
    assert client.post(address, {"why": "Once more."}).status_code == 404
