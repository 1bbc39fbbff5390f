"""The bucket into which files of coming releases are dropped. It is private: nobody but us reads it."""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from uuid import uuid4

import structlog
from botocore.exceptions import ClientError
from django.core.files import File

from mymovie.uploads import kept_files

PREFIX = "releases/"
UPLOADS = f"{PREFIX}uploads/"
BLOCK = 1024 * 1024
MOST_PAGES = 100  # of a thousand files; the bucket's own rules end what is old

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Arrival:
    """A file in the bucket. `version` is S3's ETag, and when it was put there: what was put back to its earlier content is
    another file."""

    stored_as: str
    version: str
    size: int


class Replaced(Exception):
    """The key holds another file by now."""


def arrivals() -> Iterator[list[Arrival]]:
    """What lies in the bucket, page by page. Raises StorageAway."""
    asked: dict[str, Any] = {"Prefix": PREFIX}
    for _page in range(MOST_PAGES):
        with kept_files("incoming") as storage:
            answer = _bucket(storage).meta.client.list_objects_v2(Bucket=_bucket(storage).name, **asked)
        yield [
            Arrival(stored["Key"], version_of(stored["ETag"], stored["LastModified"]), stored["Size"])
            for stored in sorted(answer.get("Contents", []), key=lambda stored: stored["LastModified"])
            if not stored["Key"].endswith("/")  # how folders are written down
        ]
        if not answer.get("IsTruncated"):
            return
        asked["ContinuationToken"] = answer["NextContinuationToken"]
    log.error("incoming.too_many_files")


def keep(file: File) -> Arrival:
    """Put a file where others are dropped. Raises StorageAway."""
    with kept_files("incoming") as storage:
        name = storage.save(f"{UPLOADS}{uuid4()}.csv", File(file))
        stored = _bucket(storage).Object(name)
        return Arrival(name, version_of(stored.e_tag, stored.last_modified), stored.content_length)


def version_of(etag: str, put_at: datetime.datetime) -> str:
    bare = etag.strip('"')
    return f"{bare} {put_at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S}"


def opened(stored_as: str, version: str) -> IO[bytes]:
    """To be read in one go from the front. Reading raises FileNotFoundError, Replaced, StorageAway."""
    return io.BufferedReader(_Stored(stored_as, version), BLOCK)


def _bucket(storage: Any) -> Any:
    """As boto3 knows it."""
    return storage.bucket


class _Stored(io.RawIOBase):
    """Asked for in blocks: no answer stands open while its rows are worked on."""

    def __init__(self, stored_as: str, version: str) -> None:
        self.stored_as, self.version, self.position = stored_as, version, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with kept_files("incoming") as storage:
            try:
                answer = (
                    _bucket(storage)
                    .Object(self.stored_as)
                    .get(
                        IfMatch=f'"{self.version.partition(" ")[0]}"',
                        Range=f"bytes={self.position}-{self.position + len(buffer) - 1}",
                    )
                )
                block = answer["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in ("InvalidRange", "416"):
                    return 0  # beyond the end
                if error.response["Error"]["Code"] in ("PreconditionFailed", "412"):
                    raise Replaced from error
                raise
        buffer[: len(block)] = block
        self.position += len(block)
        return len(block)
