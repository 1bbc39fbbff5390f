"""Where a file that somebody brings lies until its rows are here: they put it straight into the bucket, which lets nobody
put anything else there, or anything larger."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from uuid import uuid4

from botocore.exceptions import ClientError
from django.conf import settings

from mymovie.uploads import kept_files

PREFIX = "imports/"
LARGEST = 100 * 1024 * 1024
FORM_LASTS = 60 * 60  # seconds
PIECE = 1024 * 1024


def new_key() -> str:
    return f"{PREFIX}{uuid4()}"


def form_for(stored_as: str, *, back_to: str = "") -> dict[str, Any]:
    """The address and the fields of a form by which a browser puts a file under that key; asks nobody.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
    """
    fields = {"success_action_redirect": back_to} if back_to else {}
    with kept_files("incoming") as storage:
        bucket: Any = storage
        form: dict[str, Any] = bucket.bucket.meta.client.generate_presigned_post(
            bucket.bucket.name,
            stored_as,
            Fields=fields,
            Conditions=[["content-length-range", 1, LARGEST], *({name: value} for name, value in fields.items())],
            ExpiresIn=FORM_LASTS,
        )
    return form


def size_of(stored_as: str) -> int | None:
    """In bytes; None where nothing lies there. Raises StorageAway."""
    with kept_files("incoming") as storage:
        try:
            bucket: Any = storage
            size: int = bucket.bucket.Object(stored_as).content_length
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise
        return size


@contextmanager
def brought(stored_as: str) -> Iterator[IO[bytes]]:
    """The file, to be sought in. Raises FileNotFoundError, StorageAway."""
    with tempfile.TemporaryFile() as file:
        with kept_files("incoming") as storage:
            bucket: Any = storage
            body = bucket.bucket.Object(stored_as).get()["Body"]
            for piece in body.iter_chunks(PIECE):
                file.write(piece)
        file.seek(0)
        yield file


def forget(stored_as: str) -> None:
    """What is gone already counts. Raises StorageAway."""
    with kept_files("incoming") as storage:
        storage.delete(stored_as)


def origin() -> str:
    """Where the form leads, for the Content-Security-Policy."""
    incoming: Any = settings.STORAGES["incoming"]
    options = incoming["OPTIONS"]
    return settings.AWS_ENDPOINT_URL or f"https://{options['bucket_name']}.s3.{settings.AWS_REGION}.amazonaws.com"
