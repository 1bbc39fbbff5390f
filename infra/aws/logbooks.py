from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

KEPT_FOR = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    365: logs.RetentionDays.ONE_YEAR,
}


def logbook(scope: Construct, name: str, *, days: int, called: str | None = None) -> logs.LogGroup:
    """A log group whose lines are gone after so many days; for longer they are in the logs' account."""
    return logs.LogGroup(
        scope, name, log_group_name=called, retention=KEPT_FOR[days], removal_policy=RemovalPolicy.DESTROY
    )
