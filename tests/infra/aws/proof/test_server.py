"""The local AWS as a whole: what a template must not get away with, and how state machines take the end of a task."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

pytest.importorskip("moto", reason="requirements/aws.txt is not installed: `make aws-check` installs it")

import contextlib

from infra.aws.proof import deploying
from infra.aws.proof.__main__ import start_aws
from infra.aws.proof.deploying import LocalAccounts
from infra.local.trouble import Trouble

ACCOUNT, OTHER, REGION = "111111111111", "333333333333", "ap-northeast-1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aws")


@pytest.fixture(scope="module")
def accounts(folder: Path) -> Iterator[LocalAccounts]:
    with contextlib.ExitStack() as parts:
        yield start_aws(folder, parts, ACCOUNT)


@pytest.fixture(autouse=True)
def no_faults_yet(folder: Path) -> None:
    (folder / "faults").unlink(missing_ok=True)


def create(accounts: LocalAccounts, name: str, resources: dict[str, Any], outputs: dict[str, Any]) -> dict[str, str]:
    template = {"Resources": resources, "Outputs": {key: {"Value": value} for key, value in outputs.items()}}
    accounts.client(ACCOUNT, REGION, "cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))
    stack = deploying.Stack(name, name, ACCOUNT, REGION, Path())
    return accounts.outputs(stack)


def test_a_misspelt_property_fails_the_proof(accounts: LocalAccounts, folder: Path) -> None:
    group = {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "misspelt", "Tag": []}}

    create(accounts, "misspelt", {"Group": group}, {})

    with pytest.raises(Trouble, match=r"AWS::Scheduler::ScheduleGroup\.Tag is known to no API"):
        deploying.require_no_faults(folder / "faults")


def test_a_type_that_nobody_makes_fails_the_proof(accounts: LocalAccounts, folder: Path) -> None:
    create(accounts, "unknown", {"Ship": {"Type": "AWS::Spelling::Mistake", "Properties": {}}}, {})

    with pytest.raises(Trouble, match=r"AWS::Spelling::Mistake \(Ship\) cannot be made here"):
        deploying.require_no_faults(folder / "faults")


def test_what_a_call_must_be_told_and_is_not_fails_the_stack(accounts: LocalAccounts) -> None:
    policy = {"Type": "AWS::CloudFront::CachePolicy", "Properties": {"CachePolicyConfig": {"Name": "pages"}}}

    with pytest.raises(botocore.exceptions.ClientError, match="MinTTL"):
        create(accounts, "untold", {"Policy": policy}, {})


def test_accounts_know_nothing_of_each_other(accounts: LocalAccounts) -> None:
    accounts.client(OTHER, REGION, "sqs").create_queue(QueueName="theirs")

    assert "QueueUrls" not in accounts.client(ACCOUNT, REGION, "sqs").list_queues(QueueNamePrefix="theirs")


def test_a_secret_is_generated_as_the_template_says(accounts: LocalAccounts) -> None:
    generated = {
        "SecretStringTemplate": '{"TMDB_TOKEN": ""}',
        "GenerateStringKey": "SECRET_KEY",
        "PasswordLength": 64,
    }
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": generated}}

    made = create(accounts, "secret", {"Secret": secret}, {"Arn": {"Ref": "Secret"}})

    kept = accounts.client(ACCOUNT, REGION, "secretsmanager").get_secret_value(SecretId=made["Arn"])["SecretString"]
    assert json.loads(kept).keys() == {"TMDB_TOKEN", "SECRET_KEY"}
    assert len(json.loads(kept)["SECRET_KEY"]) == 64


@pytest.mark.parametrize(("codes", "status"), [([0], "SUCCEEDED"), ([1, 0], "SUCCEEDED"), ([1, 2], "FAILED")])
def test_the_exit_code_of_a_task_decides_what_becomes_of_its_state(
    accounts: LocalAccounts, codes: list[int], status: str
) -> None:
    ecs, machines = (accounts.client(ACCOUNT, REGION, service) for service in ("ecs", "stepfunctions"))
    name = f"tried-{'-'.join(map(str, codes))}"
    ecs.create_cluster(clusterName=name)
    container = {"name": "once", "image": "mymovie", "memory": 512}
    ecs.register_task_definition(family=name, containerDefinitions=[container])
    step = {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask.sync",
        "Parameters": {"Cluster": name, "TaskDefinition": name, "LaunchType": "FARGATE"},
        "TimeoutSeconds": 60,
        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 30, "MaxAttempts": 1}],
        "End": True,
    }
    definition = json.dumps({"StartAt": "Step", "States": {"Step": step}})
    role = f"arn:aws:iam::{ACCOUNT}:role/any"
    machine = machines.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]

    execution = machines.start_execution(stateMachineArn=machine, name=name)["executionArn"]
    seen: set[str] = set()
    for code in codes:
        (task,) = set(wait_for(lambda: set(ecs.list_tasks(cluster=name)["taskArns"]) - seen))
        seen.add(task)
        ended = {"containerName": "once", "exitCode": code, "status": "STOPPED"}
        ecs.submit_task_state_change(cluster=name, task=task, status="STOPPED", containers=[ended])
    found = wait_for(lambda: ended_execution(machines, execution))

    assert found["status"] == status
    if status == "FAILED":
        assert found["error"] == "States.TaskFailed"


def ended_execution(machines: Any, execution: str) -> dict[str, Any] | None:
    found: dict[str, Any] = machines.describe_execution(executionArn=execution)
    return found if found["status"] != "RUNNING" else None


def wait_for(what: Any) -> Any:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("It did not happen within 20 seconds.")
