import re

import boto3
import pytest

from infra.aws.proof.calling import ONLY_LOOKED_AT
from infra.aws.proof.kinds import KINDS, NOT_CALLED
from infra.aws.proof.making import TYPES

EVERY_CALL = sorted(
    {kind.call for kind in KINDS.values()}
    | {then.call for kind in KINDS.values() for then in kind.then.values()}
    | ONLY_LOOKED_AT
)


@pytest.mark.parametrize("call", EVERY_CALL)
def test_every_call_of_the_table_is_one_that_aws_has(call: str) -> None:
    service, _, operation = call.partition(".")
    client = boto3.client(service, "us-east-1", aws_access_key_id="nobody", aws_secret_access_key="nobody")

    assert operation in client.meta.method_to_api_mapping


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_resource_gives_is_made_of_facts_that_there_are(kind: str) -> None:
    facts = {"asked", "answer", "name", "account", "region"}

    for text in (KINDS[kind].ref, *KINDS[kind].attributes.values()):
        assert set(re.findall(r"{(\w+)", text)) <= facts


def test_each_property_that_is_left_out_belongs_to_a_type_of_ours_and_has_its_reason() -> None:
    for place, reason in NOT_CALLED.items():
        assert place.partition(".")[0] in TYPES
        assert reason
