"""What people upload, on its way to where it is kept and out of there."""

import contextlib
from collections.abc import Iterable, Iterator

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.functional import cached_property
from s3transfer.exceptions import RetriesExceededError

log = structlog.get_logger(__name__)


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep a file: beyond LARGEST_UPLOAD, or for staff LARGEST_UPLOAD_OF_STAFF, they get
    no more of it.

    What they have kept by then is larger than allowed, so that the form refuses it and says why.
    """

    @cached_property
    def largest(self) -> int:
        user = getattr(self.request, "user", None)
        is_staff = user is not None and user.is_active and user.is_staff
        return settings.LARGEST_UPLOAD_OF_STAFF if is_staff else settings.LARGEST_UPLOAD

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= self.largest else None

    def file_complete(self, file_size: int) -> None:
        return None


class StorageAway(Exception):
    """Where files are kept does not answer, or refuses us."""


@contextlib.contextmanager
def kept_files(alias: str = "default") -> Iterator[Storage]:
    """Where files of this kind are kept. Raises StorageAway; a file that is not there is a FileNotFoundError.

    Decode what it gives outside: some of botocore's errors are OSErrors, as those of a broken file are.
    """
    try:
        yield storages[alias]
    except (BotoCoreError, ClientError, RetriesExceededError) as error:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            raise FileNotFoundError from error  # deleted between two requests of one reading
        log.warning("storage.away", error=type(error).__name__)
        raise StorageAway from error


def delete(names: Iterable[str]) -> None:
    """What is gone already counts as deleted. Raises StorageAway."""
    with kept_files() as storage:
        for name in names:
            storage.delete(name)


def discard(names: Iterable[str]) -> None:
    """Delete what nothing names any more; nobody waits, and nothing fails, for a storage that is away."""
    with contextlib.suppress(StorageAway):
        delete(names)
