"""Put the static files of this version into STATIC_BUCKET, whence CloudFront serves them: `python -m mymovie.publishing`.

Nothing is ever deleted there: pages of the version before still name its files, and every name is another at every change.
"""

import mimetypes
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3

COMPRESSED = {".gz", ".br"}  # for WhiteNoise; CloudFront compresses by itself
AT_ONCE = 8
FOR_EVER = "public, max-age=31536000, immutable"


def publish(root: Path, bucket: str) -> int:
    """How many files were not there yet. `root` is a folder as collectstatic leaves it."""
    s3 = boto3.client("s3")
    there = set(names_in(s3, bucket))
    missing = [path for path in files_in(root) if path.relative_to(root).as_posix() not in there]

    def put(path: Path) -> None:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        about = {"ContentType": f"{kind}; charset=utf-8" if is_text(kind) else kind, "CacheControl": FOR_EVER}
        s3.upload_file(str(path), bucket, path.relative_to(root).as_posix(), ExtraArgs=about)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(put, missing))
    return len(missing)


def files_in(root: Path) -> Iterator[Path]:
    """Those whose names change with what is in them, which are all that a page names."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in COMPRESSED and is_hashed(path):
            yield path


def is_hashed(path: Path) -> bool:
    """As in site.0123456789ab.css."""
    parts = path.name.split(".")
    return any(len(part) == 12 and set(part) <= set("0123456789abcdef") for part in parts[1:])


def is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind in {"image/svg+xml", "application/json"}


def names_in(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            yield item["Key"]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mymovie.settings")
    from django.conf import settings

    count = publish(settings.STATIC_ROOT, settings.STATIC_BUCKET)
    print(f"{count} new static files in {settings.STATIC_BUCKET}")
