import contextlib

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from s3transfer.exceptions import RetriesExceededError

from mymovie.uploads import StorageAway, discard, kept_files

CHUNK = 64 * 1024


@contextlib.contextmanager
def taken_in(**sizes):
    """These files as a view gets them."""
    sent = {name: SimpleUploadedFile(f"{name}.bin", bytes(size)) for name, size in sizes.items()}
    request = RequestFactory().post("/", sent)
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
