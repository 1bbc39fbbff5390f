import json
import re

import pytest

from infra.aws.lake import BALANCER, EDGE_FIELDS, TABLES
from infra.aws.values import HERE
from tests.infra.aws.conftest import Templates

LINE = (
    "https 2026-11-29T12:00:00.123456Z app/balancer/0123456789abcdef 10.20.0.7:44321 10.20.1.9:8000 0.000 0.042 0.001 "
    '200 200 512 57123 "GET https://stg.mymovie.example:443/@hanako/ HTTP/1.1" "Mozilla/5.0 (X11)" '
    "TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:ap-northeast-1:1:targetgroup/web/1 "
    '"Root=1-67891233-abcdef012345678912345678" "stg.mymovie.example" "-" 0 2026-11-29T12:00:00.080000Z "forward" "-"'
)


def test_a_line_of_the_load_balancer_is_read() -> None:
    found = re.fullmatch(TABLES["balancer"].regex, LINE)

    assert found
    read = dict(zip(BALANCER, found.groups(), strict=True))
    assert read["status"] == "200"
    assert read["target_seconds"] == "0.042"
    assert read["trace"] == "Root=1-67891233-abcdef012345678912345678"


def test_what_comes_by_firehose_lies_where_its_table_looks(hobby: Templates) -> None:
    for concern, what in (("Shipping", "app"), ("EdgeShipping", "edge")):
        stream = hobby.only("AWS::KinesisFirehose::DeliveryStream", concern)
        prefix = stream["ExtendedS3DestinationConfiguration"]["Prefix"]
        place = prefix.replace("!{timestamp:yyyy-MM-dd}", "${day}")
        table = next(
            found["TableInput"]
            for found in hobby.every("AWS::Glue::Table", "logs-Lake")
            if found["TableInput"]["Name"] == f"{what}_stg"
        )
        assert table["Parameters"]["storage.location.template"] == f"s3://mymovie-logs-333333333333/{place}"


def test_cloudfront_tells_what_the_table_has_and_nobodys_address(hobby: Templates) -> None:
    delivery = hobby.only("AWS::Logs::Delivery", "EdgeShipping")

    assert delivery["RecordFields"] == [*EDGE_FIELDS.values()]
    assert TABLES["edge"].columns.keys() == EDGE_FIELDS.keys()
    assert not {"c-ip", "cs(Cookie)", "cs-uri-query"} & {*EDGE_FIELDS.values()}


@pytest.mark.parametrize("path", sorted((HERE / "questions").glob("*.sql")), ids=lambda path: path.stem)
def test_a_question_asks_tables_that_are_there(path, hobby: Templates) -> None:
    asked = re.findall(r"FROM (\w+)_\{env\}", path.read_text())

    assert asked
    assert {*asked} <= TABLES.keys()
    saved = {query["Name"]: query for query in hobby.every("AWS::Athena::NamedQuery", "logs-Lake")}
    assert "{env}" not in saved[f"{path.stem}-prod"]["QueryString"]


def test_other_accounts_may_add_to_the_lake_and_nothing_else(hobby: Templates) -> None:
    [policy] = hobby.every("AWS::S3::BucketPolicy", "logs-Lake")
    allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]

    actions = {action for s in allowed for action in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}
    assert actions == {
        "s3:PutObject",
        "s3:PutObjectAcl",
        "s3:AbortMultipartUpload",
        "s3:GetBucketLocation",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
    }
    assert all("mymovie-shipper-*" in json.dumps(s["Condition"]) for s in allowed if "AWS" in s["Principal"])


def test_somebody_is_written_to_when_an_alarm_begins_and_when_it_ends(hobby: Templates) -> None:
    alarms = hobby.every("AWS::CloudWatch::Alarm", "Watching")

    assert len(alarms) >= 20
    assert all(alarm["AlarmActions"] == alarm["OKActions"] != [] for alarm in alarms)
