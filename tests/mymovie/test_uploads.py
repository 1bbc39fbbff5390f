import contextlib
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from s3transfer.exceptions import RetriesExceededError

from mymovie.uploads import StorageAway, discard, kept_files

CHUNK = 64 * 1024


@contextlib.contextmanager
def taken_in(*, user=None, **sizes):
    """These files as a view gets them."""
    sent = {name: SimpleUploadedFile(f"{name}.bin", bytes(size)) for name, size in sizes.items()}
    request = RequestFactory().post("/", sent)
    if user:
        request.user = user
    yield request.FILES
    request.close()


@pytest.mark.parametrize("size", [1, 5 * 1024 * 1024])
def test_a_file_as_large_as_allowed_arrives_whole(size):
    with taken_in(film=size) as files:
        assert len(files["film"].read()) == size


def test_of_a_larger_file_no_more_is_kept_than_shows_that_it_is_too_large(settings):
    with taken_in(film=4 * settings.LARGEST_UPLOAD) as files:
        assert settings.LARGEST_UPLOAD < files["film"].size <= settings.LARGEST_UPLOAD + CHUNK
        assert len(files["film"].read()) == files["film"].size


def test_no_second_file_is_cut_short_by_the_first(settings):
    with taken_in(large=2 * settings.LARGEST_UPLOAD, small=100_000) as files:
        assert len(files["small"].read()) == 100_000


@pytest.mark.parametrize(
    ("person", "is_whole"),
    [({"is_staff": True, "is_active": True}, True), ({"is_staff": True}, False), ({"is_active": True}, False)],
)
def test_staff_may_send_more_but_nobody_without_end(settings, person, is_whole):
    settings.LARGEST_UPLOAD, settings.LARGEST_UPLOAD_OF_STAFF = 2 * CHUNK, 8 * CHUNK
    asks = SimpleNamespace(**{"is_staff": False, "is_active": False} | person)

    with taken_in(user=asks, film=8 * CHUNK) as files:
        assert (files["film"].size == 8 * CHUNK) == is_whole
    with taken_in(user=asks, film=20 * CHUNK) as files:
        assert files["film"].size < 10 * CHUNK


def refused(code):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "GetObject")


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="http://s3.test"),
        ReadTimeoutError(endpoint_url="http://s3.test"),
        RetriesExceededError(OSError()),
        refused("SlowDown"),
        refused("AccessDenied"),
        refused("NoSuchBucket"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_storage_that_does_not_serve_is_away(error):
    with pytest.raises(StorageAway), kept_files():
        raise error


@pytest.mark.parametrize("code", ["404", "NoSuchKey"])
def test_a_file_that_went_while_it_was_read_is_not_found(code):
    with pytest.raises(FileNotFoundError), kept_files():
        raise refused(code)


def test_deleting_what_is_gone_fails_nobody():
    discard(["avatars/nobody-64.webp"])
