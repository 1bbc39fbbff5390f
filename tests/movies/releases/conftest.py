from collections.abc import Callable, Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from botocore.config import Config
from django.core.files.storage import storages
from pytest_django import Settings

from infra.local.s3 import provide_bucket
from movies.releases.incoming import PREFIX, version_of
from movies.releases.models import Sheet

HEADING = "title,original_title,release_on,tmdb_id,imdb_id,channel"


@pytest.fixture
def bucket(settings: Settings) -> Iterator:
    """A bucket of the test's own on the local S3."""
    name = f"incoming-{uuid4().hex}"
    provide_bucket(settings.AWS_ENDPOINT_URL, name)
    settings.STORAGES = with_options(settings, bucket_name=name)
    made = storages["incoming"].bucket
    yield made
    made.objects.all().delete()
    made.delete()


@pytest.fixture
def drop(bucket) -> Callable[..., str]:
    """Put a file into the bucket, as a distributor does; says its version."""

    def put(name: str, content: str | bytes) -> str:
        content = content if isinstance(content, bytes) else f"{HEADING}\n{content}".encode()
        stored = bucket.put_object(Key=f"{PREFIX}{name}", Body=BytesIO(content))
        return version_of(stored.e_tag, stored.last_modified)

    return put


@pytest.fixture
def sheet(drop) -> Callable[..., Sheet]:
    """A sheet with these rows, that waits."""

    def make(content: str | bytes, name: str = "a.csv") -> Sheet:
        version = drop(name, content)
        return Sheet.objects.create(name=name, stored_as=f"{PREFIX}{name}", version=version)

    return make


@pytest.fixture
def storage_away(bucket, settings: Settings) -> None:
    settings.STORAGES = with_options(
        settings, endpoint_url="http://127.0.0.1:9", client_config=Config(retries={"max_attempts": 0})
    )


def with_options(settings: Settings, **options: object) -> dict:
    incoming = settings.STORAGES["incoming"]
    return settings.STORAGES | {"incoming": incoming | {"OPTIONS": incoming["OPTIONS"] | options}}
