from pathlib import Path

import boto3

from infra.local.aws import REGION, LocalAws
from infra.local.s3 import BUCKET, provide_bucket


def s3(aws: LocalAws):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("s3", endpoint_url=aws.endpoint, region_name=REGION, **keys)


def test_the_bucket_is_made_once_and_keeps_its_files_over_a_restart(tmp_path: Path) -> None:
    with LocalAws(tmp_path / "aws") as aws:
        provide_bucket(aws.endpoint, BUCKET)
        s3(aws).put_object(Bucket=BUCKET, Key="avatars/a", Body=b"a picture")

        aws.restart()
        provide_bucket(aws.endpoint, BUCKET)

        assert s3(aws).get_object(Bucket=BUCKET, Key="avatars/a")["Body"].read() == b"a picture"


def test_files_are_kept_though_ministack_is_killed(tmp_path: Path) -> None:
    with LocalAws(tmp_path / "aws") as aws:
        provide_bucket(aws.endpoint, BUCKET)
        s3(aws).put_object(Bucket=BUCKET, Key="avatars/a", Body=b"a picture")
        aws.part.process.kill()
        aws.part.process.wait()

        aws.restart()
        provide_bucket(aws.endpoint, BUCKET)

        assert s3(aws).get_object(Bucket=BUCKET, Key="avatars/a")["Body"].read() == b"a picture"
