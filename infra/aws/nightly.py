"""What is done at night about releases, one step after the other: look for what is new, then plan who is told."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from infra.aws.logbooks import logbook
from infra.aws.network import Network
from infra.aws.schedule import when
from infra.aws.service import Service
from mymovie.schedule import CHORES, NIGHT

LOOK = [name for name, chore in CHORES.items() if chore.begins == NIGHT] + ["look_for_sheets"]
TELL = ["plan_reminders"]


class Nightly(Stack):
    def __init__(
        self, scope: Construct, name: str, network: Network, service: Service, alarms: sns.ITopic, **about: object
    ) -> None:
        super().__init__(scope, name, **about)
        self.network, self.service = network, service
        failed = tasks.SnsPublish(
            self,
            "Say that it failed",
            topic=alarms,
            subject="MyMovie: the nightly job failed",
            message=sfn.TaskInput.from_json_path_at("States.JsonToString($.error)"),
        ).next(sfn.Fail(self, "Failed", error="NightlyFailed", cause="The alarm's mail says which step, and why."))
        look, tell = self._step("Look for releases", LOOK, failed), self._step("Plan who is told", TELL, failed)
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name="mymovie-nightly",
            definition_body=sfn.DefinitionBody.from_chainable(look.next(tell)),
            timeout=Duration.hours(2),
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=logbook(self, "Log", days=30, called="/aws/vendedlogs/states/mymovie-nightly"),
                level=sfn.LogLevel.ALL,
            ),
        )
        self._begin_every_night()

    def _step(self, name: str, chores: list[str], failed: sfn.IChainable) -> tasks.EcsRunTask:
        """A task of its own, tried three times; a container that ends with another code than 0 has failed."""
        once = self.service.once
        step = tasks.EcsRunTask(
            self,
            name,
            integration_pattern=sfn.IntegrationPattern.RUN_JOB,
            cluster=self.service.cluster,
            task_definition=once,
            launch_target=tasks.EcsFargateLaunchTarget(platform_version=ecs.FargatePlatformVersion.VERSION1_4),
            assign_public_ip=self.network.tasks_have_addresses,
            subnets=self.network.for_tasks,
            security_groups=[self.network.tasks],
            container_overrides=[
                tasks.ContainerOverride(
                    container_definition=once.default_container,
                    command=["python", "manage.py", "do_chores", *chores],
                )
            ],
            result_path=sfn.JsonPath.DISCARD,
            task_timeout=sfn.Timeout.duration(Duration.minutes(30)),
        )
        step.add_retry(max_attempts=2, interval=Duration.minutes(5), backoff_rate=2)
        step.add_catch(failed, result_path="$.error")
        return step

    def _begin_every_night(self) -> None:
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
        )
        self.machine.grant_start_execution(role)
        scheduler.CfnSchedule(
            self,
            "Begin",
            name="nightly",
            schedule_expression=when(CHORES[LOOK[0]]),
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=self.machine.state_machine_arn, role_arn=role.role_arn, input="{}"
            ),
        )
