import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from movies.releases import arrivals, incoming, jobs
from movies.releases.arrivals import look_for_sheets, read_again, upload_sheet
from movies.releases.models import Sheet
from mymovie.outbox.models import Message
from mymovie.uploads import StorageAway
from tests.factories import SheetFactory, UserFactory

pytestmark = pytest.mark.django_db


def sheets(*columns):
    return list(Sheet.objects.order_by("stored_as", "pk").values_list(*columns))


def test_what_is_dropped_into_the_bucket_is_read_once(drop):
    version = drop("toho/a.csv", "")

    assert (look_for_sheets(), look_for_sheets()) == (1, 0)

    assert sheets("name", "stored_as", "version", "state", "uploaded_by") == [
        ("a.csv", "releases/toho/a.csv", version, "new", None)
    ]
    assert Message.objects.values_list("task", "queue", "kwargs").get() == (
        "movies.releases.tasks.take_sheet",
        "imports",
        {"sheet_id": Sheet.objects.get().pk},
    )


def test_a_file_under_a_name_that_was_there_is_new_if_it_says_something_else(drop):
    drop("a.csv", "one")
    look_for_sheets()
    drop("a.csv", "one")
    again = look_for_sheets()
    drop("a.csv", "two")

    assert (again, look_for_sheets()) == (0, 1)


def test_folders_and_what_lies_elsewhere_are_no_sheets(drop, bucket):
    drop("toho/", b"")
    bucket.put_object(Key="elsewhere/a.csv", Body=b"title")
    bucket.put_object(Key="a.csv", Body=b"title")

    assert look_for_sheets() == 0


def test_a_file_that_is_too_large_or_too_long_named_is_refused_once_and_never_read(drop, monkeypatch):
    monkeypatch.setattr(arrivals, "LARGEST_SHEET", 100)
    drop("a.csv", b"x" * 101)
    drop("b" * 400, b"x")

    assert (look_for_sheets(), look_for_sheets()) == (2, 0)

    assert [(state, error.split()[0]) for state, error in sheets("state", "error")] == [
        ("failed", "too_large"),
        ("failed", "name_too_long"),
    ]
    for sheet in Sheet.objects.order_by("pk"):
        assert not read_again(actor=UserFactory(is_staff=True), sheet=sheet)
    assert not Message.objects.exists()


def test_all_pages_of_a_bucket_are_looked_at_up_to_a_bound(drop, bucket, monkeypatch):
    for number in range(5):
        drop(f"{number}.csv", "")
    ask = bucket.meta.client.list_objects_v2
    asked = []

    def two_a_page(**arguments):
        asked.append(arguments)
        return ask(MaxKeys=2, **arguments)

    monkeypatch.setattr(bucket.meta.client, "list_objects_v2", two_a_page)
    monkeypatch.setattr(incoming, "MOST_PAGES", 2)
    assert (look_for_sheets(), len(asked)) == (4, 2)
    monkeypatch.setattr(incoming, "MOST_PAGES", 9)
    assert (look_for_sheets(), len(asked)) == (1, 5)


def test_what_is_put_back_to_what_it_was_is_read_again(drop, monkeypatch):
    versions = iter(["a 2026-11-25T10:00:00", "b 2026-11-25T11:00:00", "a 2026-11-25T12:00:00"])
    counts = []
    for version in versions:
        drop("a.csv", "")
        monkeypatch.setattr(incoming, "version_of", lambda etag, put_at, version=version: version)
        counts.append(look_for_sheets())

    assert counts == [1, 1, 1]


def test_a_look_costs_one_question_for_what_is_known(drop, django_assert_num_queries):
    for number in range(5):
        drop(f"{number}.csv", "")
    look_for_sheets()
    Sheet.objects.update(state=Sheet.State.DONE)

    with django_assert_num_queries(2):  # those of the page that we have, those that wait
        look_for_sheets()


def test_a_bucket_that_is_away_is_looked_at_another_time(storage_away):
    with pytest.raises(StorageAway):
        look_for_sheets()


def test_an_upload_whose_row_was_never_written_is_found_by_the_next_look(bucket, monkeypatch):
    def crash(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(arrivals, "_take_in", crash)
        with pytest.raises(RuntimeError):
            upload_sheet(actor=UserFactory(), file=SimpleUploadedFile("a.csv", b"title"))

    assert look_for_sheets() == 1
    jobs.take_sheet(Sheet.objects.get().pk)
    assert Sheet.objects.get().error.startswith("missing_columns")


def test_an_upload_that_was_found_first_is_still_its_uploaders(bucket, monkeypatch):
    keep = incoming.keep

    def found_meanwhile(file):
        arrival = keep(file)
        look_for_sheets()
        return arrival

    monkeypatch.setattr(incoming, "keep", found_meanwhile)
    staff = UserFactory(is_staff=True)

    sheet = upload_sheet(actor=staff, file=SimpleUploadedFile("mine.csv", b"title"))

    assert sheets("pk", "name", "uploaded_by") == [(sheet.pk, "mine.csv", staff.pk)]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("state", "is_done"), [("failed", True), ("new", False), ("done", False)])
def test_only_what_failed_is_read_again(state, is_done):
    sheet = SheetFactory(state=state, error="gone" if state == "failed" else "")

    assert read_again(actor=UserFactory(), sheet=sheet) == is_done

    assert Message.objects.exists() == is_done
