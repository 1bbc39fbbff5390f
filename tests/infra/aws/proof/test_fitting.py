from typing import Any

import boto3
import pytest

from infra.aws.proof.fitting import fit


@pytest.fixture
def unknown() -> list[str]:
    return []


def shape(service: str, operation: str) -> Any:
    client = boto3.client(service, "us-east-1", aws_access_key_id="nobody", aws_secret_access_key="nobody")
    return client.meta.service_model.operation_model(operation).input_shape


def test_a_property_that_the_call_does_not_know_is_told_with_its_place(unknown: list[str]) -> None:
    containers = [{"Name": "web", "StopTimeout": "30", "StopTimeOuts": 30}]

    fitted = fit(
        shape("ecs", "RegisterTaskDefinition"),
        {"Family": "web", "ContainerDefinitions": containers},
        "AWS::ECS::TaskDefinition",
        unknown.append,
    )

    assert fitted == {"family": "web", "containerDefinitions": [{"name": "web", "stopTimeout": 30}]}
    assert unknown == ["AWS::ECS::TaskDefinition.ContainerDefinitions[].StopTimeOuts"]


def test_an_attribute_that_a_queue_cannot_have_is_told(unknown: list[str]) -> None:
    attributes = {"VisibilityTimeout": 180, "VisibilityTimeOut": 180, "RedrivePolicy": {"maxReceiveCount": 3}}

    fitted = fit(shape("sqs", "CreateQueue"), {"Attributes": attributes}, "AWS::SQS::Queue", unknown.append)

    assert fitted["Attributes"]["VisibilityTimeout"] == "180"
    assert fitted["Attributes"]["RedrivePolicy"] == '{"maxReceiveCount": 3}'
    assert unknown == ["AWS::SQS::Queue.Attributes.VisibilityTimeOut"]


def test_a_list_of_cloudfront_is_counted(unknown: list[str]) -> None:
    config = {
        "Name": "pages",
        "MinTTL": 0,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["HX-Request", "Accept-Language"]}
        },
    }

    fitted = fit(shape("cloudfront", "CreateCachePolicy"), {"CachePolicyConfig": config}, "", unknown.append)

    headers = fitted["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    assert headers == {"Quantity": 2, "Items": ["HX-Request", "Accept-Language"]}
    assert unknown == []


def test_tags_go_by_the_names_of_the_call(unknown: list[str]) -> None:
    tags = [{"Key": "mymovie", "Value": "stg"}]

    assert fit(shape("kms", "CreateKey"), {"Tags": tags}, "", unknown.append) == {
        "Tags": [{"TagKey": "mymovie", "TagValue": "stg"}]
    }
    assert fit(shape("sqs", "CreateQueue"), {"Tags": tags}, "", unknown.append) == {"tags": {"mymovie": "stg"}}
    assert unknown == []
