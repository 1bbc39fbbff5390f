import json
import urllib.request
from pathlib import Path

import boto3

from infra.local.aws import ACCOUNT, REGION, LocalAws
from infra.local.ses import mails_at, provide_sender


def test_a_sender_is_verified_once_and_what_it_sends_can_be_read(tmp_path: Path) -> None:
    with LocalAws(tmp_path / "aws") as aws:
        for _ in range(2):
            provide_sender(aws.endpoint, "MyMovie <mymovie@example.com>")
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        ses = boto3.client("sesv2", endpoint_url=aws.endpoint, region_name=REGION, **keys)

        assert ses.get_email_identity(EmailIdentity="mymovie@example.com")["VerifiedForSendingStatus"]
        ses.send_email(
            FromEmailAddress="mymovie@example.com",
            Destination={"ToAddresses": ["hanako@example.com"]},
            Content={"Simple": {"Subject": {"Data": "題"}, "Body": {"Text": {"Data": "本文"}}}},
        )

        with urllib.request.urlopen(mails_at(aws.endpoint)) as answer:
            (mail,) = json.load(answer)["messages"][ACCOUNT]
        assert (mail["Subject"], mail["BodyText"]) == ("題", "本文")
