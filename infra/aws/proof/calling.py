"""Calls of moto's own API, by the account and region that a stack lies in."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.validate import ParamValidator

from infra.aws.proof.fitting import Tell, fit

PATIENCE = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1})

# What these are asked is held against botocore's shapes, and that is all: moto does not have them, and the hosted zone
# of our records is of nobody's stack.
ONLY_LOOKED_AT = {
    "backup.create_backup_selection",
    "backup.put_backup_vault_access_policy",
    "ce.create_anomaly_monitor",
    "ce.create_anomaly_subscription",
    "cloudfront.create_cache_policy",
    "cloudfront.create_origin_request_policy",
    "cloudfront.create_response_headers_policy",
    "cloudfront.create_vpc_origin",
    "cloudfront.create_monitoring_subscription",
    "cloudwatch.put_composite_alarm",
    "logs.put_query_definition",
    "oam.create_link",
    "oam.create_sink",
    "oam.put_sink_policy",
    "route53.change_resource_record_sets",
    "sesv2.create_configuration_set_event_destination",
    "sesv2.put_email_identity_dkim_attributes",
    "sesv2.put_email_identity_feedback_attributes",
    "sesv2.put_email_identity_mail_from_attributes",
    "sesv2.put_email_identity_configuration_set_attributes",
}


@cache
def session(endpoint: str, account: str) -> boto3.Session:
    """Keys of that account, as moto tells accounts apart by the role that one has assumed."""
    strangers = boto3.Session("stranger", "stranger", region_name="us-east-1")
    sts = strangers.client("sts", endpoint_url=endpoint)
    role = f"arn:aws:iam::{account}:role/proof"
    keys = sts.assume_role(RoleArn=role, RoleSessionName="proof")["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


@cache
def client(endpoint: str, account: str, region: str, service: str) -> Any:
    return session(endpoint, account).client(service, region_name=region, endpoint_url=endpoint, config=PATIENCE)


def call(client: Any, operation: str, parameters: Mapping[str, Any], where: str, tell: Tell) -> dict[str, Any]:
    """Make the call with what of `parameters` fits it. Where moto has no such call: nothing, or ParamValidationError."""
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
    fitted = fit(shape, parameters, where, tell)
    if f"{client.meta.service_model.service_name}.{operation}" in ONLY_LOOKED_AT:
        faults = ParamValidator().validate(fitted, shape)
        if faults.has_errors():
            raise ValueError(faults.generate_report())
        return {}
    answer: dict[str, Any] = getattr(client, operation)(**fitted)
    return answer
