from pathlib import Path

import boto3
import pytest
from django.conf import settings

from infra.local import s3
from mymovie.publishing import is_hashed, publish

BUCKET = "mymovie-static-of-tests"
SHEET = "css/wall.0123456789ab.css"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (
        "css/wall.css",
        SHEET,
        f"{SHEET}.br",
        f"{SHEET}.gz",
        "icons/icon.abcdef012345.png",
        "staticfiles.json",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"what is in " + name.encode())
    return tmp_path


@pytest.fixture
def bucket() -> str:
    s3.provide_bucket(settings.AWS_ENDPOINT_URL, BUCKET)
    for item in boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", []):
        boto3.client("s3").delete_object(Bucket=BUCKET, Key=item["Key"])
    return BUCKET


def test_only_what_pages_name_is_published_and_only_once(root: Path, bucket: str) -> None:
    counts = [publish(root, bucket), publish(root, bucket)]

    there = {item["Key"] for item in boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]}
    assert there == {SHEET, "icons/icon.abcdef012345.png"}
    assert counts == [2, 0]


def test_what_the_version_before_has_stays(root: Path, bucket: str) -> None:
    publish(root, bucket)
    (root / SHEET).rename(root / "css/wall.ba9876543210.css")

    publish(root, bucket)

    there = {item["Key"] for item in boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]}
    assert {SHEET, "css/wall.ba9876543210.css"} <= there


def test_a_file_says_what_it_is_and_that_it_may_be_kept_for_ever(root: Path, bucket: str) -> None:
    publish(root, bucket)

    sheet = boto3.client("s3").get_object(Bucket=bucket, Key=SHEET)
    assert sheet["ContentType"] == "text/css; charset=utf-8"
    assert sheet["CacheControl"] == "public, max-age=31536000, immutable"
    assert sheet["Body"].read() == b"what is in " + SHEET.encode()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wall.0123456789ab.css", True),
        ("wall.0123456789ab.min.css.map", True),
        ("wall.css", False),
        ("0123456789ab.css", False),
        ("wall.0123456789.css", False),
    ],
)
def test_a_hashed_name_is_known(name: str, expected: bool) -> None:
    assert is_hashed(Path(name)) is expected
