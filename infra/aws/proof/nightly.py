"""The nightly state machine, to its good end and to its bad one: each of its tasks is really run, and its exit code told."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from infra.aws.proof.fargate import Definition, Fargate, definition
from infra.local.trouble import Trouble

PATIENCE = 120  # seconds
BY_MACHINE = "AWS Step Functions"


class Nightly:
    def __init__(self, client: Callable[[str], Any], fargate: Fargate, cluster: str) -> None:
        self.client, self.fargate, self.cluster = client, fargate, cluster
        machines = client("stepfunctions").list_state_machines()["stateMachines"]
        if len(machines) != 1:
            raise Trouble(f"There are {len(machines)} state machines, not one.")
        self.machine = machines[0]["stateMachineArn"]
        self.seen: set[str] = set()

    def run(self) -> tuple[dict[str, Any], list[tuple[list[str], int]]]:
        """How an execution ended, and the commands of its tasks with their exit codes."""
        once = {"stateMachineArn": self.machine, "name": str(uuid.uuid4()), "input": "{}"}
        started = self.client("stepfunctions").start_execution(**once)
        ran: list[tuple[list[str], int]] = []
        deadline = time.monotonic() + PATIENCE
        while True:
            found = self.client("stepfunctions").describe_execution(executionArn=started["executionArn"])
            if found["status"] != "RUNNING":
                return found, ran
            ran += [self._run(task) for task in self._new_tasks()]
            if time.monotonic() > deadline:
                raise Trouble(f"The nightly state machine was not done after {PATIENCE} seconds.")
            time.sleep(0.2)

    def topic(self) -> str:
        """To which it tells of its failure."""
        told = self.client("stepfunctions").describe_state_machine(stateMachineArn=self.machine)["definition"]
        topics = {state.get("Parameters", {}).get("TopicArn") for state in json.loads(told)["States"].values()}
        (topic,) = topics - {None}
        return str(topic)

    def _new_tasks(self) -> list[dict[str, Any]]:
        arns = set(self.client("ecs").list_tasks(cluster=self.cluster)["taskArns"]) - self.seen
        self.seen |= arns
        if not arns:
            return []
        tasks = self.client("ecs").describe_tasks(cluster=self.cluster, tasks=sorted(arns))["tasks"]
        return [task for task in tasks if task.get("startedBy") == BY_MACHINE]

    def _run(self, task: dict[str, Any]) -> tuple[list[str], int]:
        """Do what Fargate would, and tell ECS of it as its agent does."""
        container = definition(self.client, task["taskDefinitionArn"])
        (override,) = task["overrides"]["containerOverrides"]
        if override["name"] != container.name:
            raise Trouble(f"The state machine gives a command to {override['name']}, which {container.name} is not.")
        part = self.fargate.start(container, override["command"]).part
        try:
            code = part.process.wait()
        finally:
            part.stop()
        self.client("ecs").submit_task_state_change(
            cluster=self.cluster,
            task=task["taskArn"],
            status="STOPPED",
            reason="Essential container in task exited",
            containers=[{"containerName": container.name, "exitCode": code, "status": "STOPPED"}],
        )
        return override["command"], code


def require_success(nightly: Nightly) -> str:
    found, ran = nightly.run()
    if found["status"] != "SUCCEEDED":
        raise Trouble(f"The nightly state machine {found['status'].lower()}: {found.get('error')} {found.get('cause')}")
    chores = [word for command, _ in ran for word in command[3:]]
    return f"{len(ran)} tasks: {', '.join(chores)}"


def require_failure(nightly: Nightly, task: Definition) -> str:
    """Have its tasks fail by themselves: without SECRET_KEY nothing of ours starts. Somebody must be told."""
    secrets, letters = nightly.client("secretsmanager"), Letters(nightly.client, nightly.topic())
    secret = ":".join(task.kept_in["SECRET_KEY"].split(":")[:7])
    kept = secrets.get_secret_value(SecretId=secret)["SecretString"]
    secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(json.loads(kept) | {"SECRET_KEY": ""}))
    try:
        found, ran = nightly.run()
    finally:
        secrets.put_secret_value(SecretId=secret, SecretString=kept)
    if found["status"] != "FAILED" or not all(code for _, code in ran):
        raise Trouble(
            f"Tasks that end with {[code for _, code in ran]} let the nightly state machine {found['status']}."
        )
    told = letters.read()
    if "States.TaskFailed" not in told:
        raise Trouble(f"The nightly state machine failed, and told {told or 'nobody'}.")
    return f"{len(ran)} tries, then {found['error']}, and a letter"


class Letters:
    """A queue that hears what a topic says."""

    def __init__(self, client: Callable[[str], Any], topic: str) -> None:
        self.sqs = client("sqs")
        self.queue = self.sqs.create_queue(QueueName="proof-letters")["QueueUrl"]
        (arn,) = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"].values()
        client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def read(self) -> str:
        messages = self.sqs.receive_message(QueueUrl=self.queue, WaitTimeSeconds=2).get("Messages", [])
        return "\n".join(json.loads(message["Body"])["Message"] for message in messages)
