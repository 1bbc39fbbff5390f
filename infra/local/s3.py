"""The buckets of this machine: what people upload, and what distributors send."""

import contextlib

import boto3

from infra.local.aws import REGION

BUCKET = "mymovie-media"
INCOMING = "mymovie-incoming"


def provide_bucket(endpoint: str, name: str) -> None:
    """Made at `endpoint`, unless it is there."""
    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
    )
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
