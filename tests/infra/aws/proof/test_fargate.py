import json
from typing import Any

import pytest

from infra.aws.proof.fargate import definition, read_secret
from infra.local.trouble import Trouble

SECRET = "arn:aws:secretsmanager:ap-northeast-1:111111111111:secret:mymovie-AbCdEf"


class Aws:
    """Secrets, parameters and one task definition, as boto3 gives them."""

    def __init__(self, container: dict[str, Any] | None = None) -> None:
        self.container = container
        self.asked: dict[str, Any] = {}

    def __call__(self, service: str) -> "Aws":
        return self

    def get_secret_value(self, **asked: Any) -> dict[str, str]:
        self.asked = asked
        return {"SecretString": json.dumps({"SECRET_KEY": "fifty characters", "TMDB_TOKEN": ""})}

    def get_parameter(self, **asked: Any) -> dict[str, Any]:
        return {"Parameter": {"Value": f"the value of {asked['Name']}"}}

    def describe_task_definition(self, **asked: Any) -> dict[str, Any]:
        return {"taskDefinition": {"containerDefinitions": [self.container]}}


def test_a_key_of_a_secret_is_read_alone() -> None:
    aws = Aws()

    assert read_secret(aws, f"{SECRET}:SECRET_KEY::") == "fifty characters"
    assert read_secret(aws, f"{SECRET}:TMDB_TOKEN::") == ""
    assert aws.asked == {"SecretId": SECRET}


def test_a_secret_without_a_key_is_read_as_it_is() -> None:
    assert json.loads(read_secret(Aws(), SECRET)).keys() == {"SECRET_KEY", "TMDB_TOKEN"}


def test_the_version_that_is_named_is_read() -> None:
    aws = Aws()

    read_secret(aws, f"{SECRET}:SECRET_KEY:AWSPREVIOUS:")

    assert aws.asked == {"SecretId": SECRET, "VersionStage": "AWSPREVIOUS"}


def test_a_key_that_the_secret_does_not_have_stops_the_task() -> None:
    with pytest.raises(Trouble, match="mymovie-AbCdEf has no SECRETKEY"):
        read_secret(Aws(), f"{SECRET}:SECRETKEY::")


def test_a_parameter_is_read_by_its_name() -> None:
    assert read_secret(Aws(), "arn:aws:ssm:ap-northeast-1:111111111111:parameter/mymovie/key") == (
        "the value of /mymovie/key"
    )


def test_a_task_has_its_values_its_secrets_and_nothing_else() -> None:
    container = {
        "name": "web",
        "command": ["gunicorn"],
        "environment": [{"name": "SITE_URL", "value": "https://stg.mymovie.example"}],
        "secrets": [{"name": "SECRET_KEY", "valueFrom": f"{SECRET}:SECRET_KEY::"}],
        "healthCheck": {"command": ["CMD-SHELL", "python -m docker.health"]},
    }

    web = definition(Aws(container), "web:1")

    assert web.environment == {"SITE_URL": "https://stg.mymovie.example", "SECRET_KEY": "fifty characters"}
    assert web.health == ["sh", "-c", "python -m docker.health"]


def test_a_name_that_is_both_a_value_and_a_secret_is_a_fault() -> None:
    container = {
        "name": "web",
        "environment": [{"name": "SECRET_KEY", "value": "written out"}],
        "secrets": [{"name": "SECRET_KEY", "valueFrom": f"{SECRET}:SECRET_KEY::"}],
    }

    with pytest.raises(Trouble, match="web has SECRET_KEY both"):
        definition(Aws(container), "web:1")
