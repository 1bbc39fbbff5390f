"""The periodic work of mymovie/schedule.py, for EventBridge Scheduler: it puts the messages that Celery's beat would."""

import datetime
import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.aws.data import Data
from mymovie.schedule import CHORES, NIGHT, Chore

TASK = "mymovie.outbox.tasks.run_chore"
DAY = datetime.timedelta(days=1)
# What Scheduler puts in place of its own names, at each time.
WHEN, WHICH = "<aws.scheduler.scheduled-time>", "<aws.scheduler.execution-id>"


class Schedule(Stack):
    """All but the nightly work, whose steps follow one another: nightly.py."""

    def __init__(self, scope: Construct, name: str, data: Data, **about: object) -> None:
        super().__init__(scope, name, **about)
        group = scheduler.CfnScheduleGroup(self, "Group", name="mymovie")
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
        )
        by_messages = {job: chore for job, chore in CHORES.items() if chore.begins != NIGHT}
        used = {chore.queue for chore in by_messages.values()}
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"], resources=[data.queues[name].queue_arn for name in sorted(used)]
            )
        )
        for job, chore in by_messages.items():
            scheduler.CfnSchedule(
                self,
                job,
                name=job,
                group_name=group.ref,
                schedule_expression=when(chore),
                flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
                target=scheduler.CfnSchedule.TargetProperty(
                    arn=data.queues[chore.queue].queue_arn,
                    role_arn=role.role_arn,
                    input=message(job, chore),
                    retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                        maximum_event_age_in_seconds=int(min(chore.every, DAY).total_seconds()),
                        maximum_retry_attempts=10,
                    ),
                ),
            )
        self.role = role


def when(chore: Chore) -> str:
    """What is done once a day at its hour, all else as often as it is due."""
    if chore.every == DAY:
        hours, seconds = divmod(int(chore.begins.total_seconds()), 3600)
        return f"cron({seconds // 60} {hours} * * ? *)"
    minutes = int(chore.every.total_seconds()) // 60
    return f"rate({minutes} minute{'' if minutes == 1 else 's'})"


def message(job: str, chore: Chore) -> str:
    """Celery's message, protocol 2, in plain JSON: kombu takes it so, and in base64 Scheduler could name no time in it."""
    arguments = [[], {"job": job}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    return json.dumps(
        {
            "body": json.dumps(arguments),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {"lang": "py", "task": TASK, "id": WHICH, "root_id": WHICH, "due_at": WHEN},
            "properties": {
                "correlation_id": WHICH,
                "delivery_info": {"exchange": "", "routing_key": chore.queue},
                "delivery_mode": 2,
                "delivery_tag": WHICH,
            },
        }
    )
