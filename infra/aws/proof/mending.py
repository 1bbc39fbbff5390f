"""What moto 5.2 does otherwise than AWS, mended where the proof would stand on it."""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import boto3
import moto.cloudformation.responses as cloudformation
import moto.iam.models as iam
from moto.core.responses import ActionResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_ecs import (
    StateTaskServiceEcs,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

from infra.local.aws import LOOPBACK


def mend(account: str) -> None:
    """State machines, whose keys say nothing, act for `account`."""
    iam.DEFAULT_ACCOUNT_ID = account
    _templates_lie_on_any_host()
    _balancers_know_their_full_names()
    _tasks_tell_how_they_ended()
    _run_task_speaks_as_the_api_does()
    _a_task_that_failed_fails_its_state()
    _a_second_try_waits_for_its_task()
    _pauses_are_short()
    NetworkInterface.private_dns_name = ""  # ECS asks for it, also in a VPC whose DNS moto has not switched on


def _templates_lie_on_any_host() -> None:
    """The CLI gives the address of a template on the endpoint that it was given; moto knows only localhost."""
    read: Callable[..., Any] = cloudformation.get_stack_from_s3_url

    def read_anywhere(url: str, *rest: Any, **named: Any) -> Any:
        return read(url.replace(LOOPBACK, "localhost"), *rest, **named)

    cloudformation.get_stack_from_s3_url = read_anywhere


def _balancers_know_their_full_names() -> None:
    """Which metrics go by."""

    def of_group(self: FakeTargetGroup, attribute: str) -> str:
        known = {"TargetGroupArn": self.arn, "TargetGroupName": self.name}
        known["TargetGroupFullName"] = self.arn.rpartition(":")[2]
        return known[attribute]

    def of_balancer(self: FakeLoadBalancer, attribute: str) -> str:
        known = {"DNSName": self.dns_name, "LoadBalancerName": self.name, "CanonicalHostedZoneID": "Z14GRHDCWA56QT"}
        known["LoadBalancerFullName"] = self.arn.partition("loadbalancer/")[2]
        return known[attribute]

    FakeTargetGroup.has_cfn_attr = classmethod(lambda cls, attribute: True)
    FakeTargetGroup.get_cfn_attribute = of_group
    FakeLoadBalancer.get_cfn_attribute = of_balancer


def _tasks_tell_how_they_ended() -> None:
    """The call by which the agent of ECS tells of the end of a task. moto lacks it, and has every task end well."""

    def submit_task_state_change(self: EC2ContainerServiceResponse) -> ActionResult:
        cluster, arn = self._get_param("cluster"), self._get_param("task")
        task = self.ecs_backend.describe_tasks(cluster, [arn])[0]
        codes = {each["containerName"]: each["exitCode"] for each in self._get_param("containers", [])}
        for container in task.containers:
            container.exitCode = codes[container.name]
            container.last_status = "STOPPED"
        self.ecs_backend.stop_task(cluster, arn, self._get_param("reason"))
        return ActionResult({"acknowledgment": "ok"})

    EC2ContainerServiceResponse.submit_task_state_change = submit_task_state_change


def _run_task_speaks_as_the_api_does() -> None:
    """State machines say Cluster, the API says cluster; moto has both halves of the translation, and does not use them."""
    client = boto3.client("ecs", "us-east-1", aws_access_key_id="nobody", aws_secret_access_key="nobody").meta  # noqa: S106

    def shape(service: StateTaskServiceEcs, action: str | None, which: str) -> Any:
        operation = client.method_to_api_mapping[service._get_boto_service_action(action)]
        return getattr(client.service_model.operation_model(operation), which)

    def parameters(
        self: StateTaskServiceEcs,
        parameters: Any,
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        self._to_boto_request(parameters, shape(self, service_action_name, "input_shape"))

    def response(
        self: StateTaskServiceEcs,
        response: Any,
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        self._from_boto_response(response, shape(self, service_action_name, "output_shape"))

    StateTaskServiceEcs._normalise_parameters = parameters
    StateTaskServiceEcs._normalise_response = response


def _a_task_that_failed_fails_its_state() -> None:
    """On AWS, ecs:runTask.sync ends in States.TaskFailed when a container's exit code is not 0."""
    build: Callable[..., Any] = StateTaskServiceEcs._build_sync_resolver

    def resolver(self: StateTaskServiceEcs, env: Any, *rest: Any, **named: Any) -> Callable[[], Any]:
        resolve = build(self, env, *rest, **named)

        def resolve_or_fail() -> Any:
            task = resolve()
            if task and any(container.get("ExitCode") != 0 for container in task["Containers"]):
                raise FailureEventException(_task_failed(self, env, task))
            return task

        return resolve_or_fail

    StateTaskServiceEcs._build_sync_resolver = resolver


def _task_failed(service: StateTaskServiceEcs, env: Any, task: Any) -> FailureEvent:
    details = TaskFailedEventDetails(
        resource=service._get_sfn_resource(),
        resourceType=service._get_sfn_resource_type(),
        error=StatesErrorNameType.StatesTaskFailed.to_name(),
        cause=json.dumps(task, default=str),
    )
    return FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed),
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(taskFailedEventDetails=details),
    )


def _a_second_try_waits_for_its_task() -> None:
    """The first try closes the door at which a task's token would be shown; the second finds it closed, and takes that
    for its time being up. A task that is waited for has no token."""
    wait: Callable[..., Any] = StateTaskServiceEcs._eval_sync

    def wait_without_token(self: StateTaskServiceEcs, **named: Any) -> Any:
        return wait(self, **named | {"callback_endpoint": None})

    StateTaskServiceEcs._eval_sync = wait_without_token


def _pauses_are_short() -> None:
    """Between tries of a state: a second stands for five minutes."""
    retrier_decl.time = SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / 300))
