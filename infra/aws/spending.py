"""The month's budget: a mail when it looks as if it will be spent, and a brake when it is.

AWS reckons with hours of delay: this is a brake, not a cap.
"""

import json

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as functions
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.aws.data import Data
from infra.aws.logbooks import logbook
from infra.aws.service import Service
from infra.aws.values import HERE, Environment, Web, Worker

BUDGET = budgets.CfnBudget


class Spending(Stack):
    def __init__(
        self,
        scope: Construct,
        name: str,
        place: Environment,
        data: Data,
        service: Service,
        alarms: sns.ITopic,
        key: kms.IKey,
        **about: object,
    ) -> None:
        super().__init__(scope, name, **about)
        spent = sns.Topic(self, "Spent", master_key=key, enforce_ssl=True)
        spent.grant_publish(
            iam.ServicePrincipal(
                "budgets.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            )
        )
        self.brake = functions.Function(
            self,
            "Brake",
            function_name="mymovie-brake",
            runtime=functions.Runtime.PYTHON_3_14,
            architecture=functions.Architecture.ARM_64,
            handler="index.handler",
            code=functions.Code.from_inline((HERE / "functions" / "brake.py").read_text()),
            timeout=Duration.minutes(1),
            environment={"STAGE": json.dumps(self._stage(place, data, service))},
            log_group=logbook(self, "Log", days=365, called="/mymovie/brake"),
        )
        self.brake.add_event_source(sources.SnsEventSource(spent))
        self._allow(data, service)
        limit = BUDGET.SpendProperty(amount=place.budget, unit="USD")
        BUDGET(
            self,
            "Month",
            budget=BUDGET.BudgetDataProperty(
                budget_name="mymovie-month", budget_type="COST", time_unit="MONTHLY", budget_limit=limit
            ),
            notifications_with_subscribers=[
                notice("FORECASTED", 100, alarms),
                notice("ACTUAL", 80, alarms),
                notice("ACTUAL", 100, spent),
            ],
        )
        CfnOutput(self, "BrakeName", value=self.brake.function_name)

    def _stage(self, place: Environment, data: Data, service: Service) -> dict[str, object]:
        sizes: list[Web | Worker] = [place.size.web, *place.size.workers.values()]
        scaled = [service.web, *service.workers.values()]
        return {
            "cluster": service.cluster.cluster_name,
            "listener": service.listener.listener_arn,
            "target": service.target.target_group_arn,
            "database": data.cluster.cluster_identifier,
            "services": [
                {"name": each.service_name, "least": size.least, "most": size.most, "scales": True}
                for each, size in zip(scaled, sizes, strict=True)
            ]
            + [
                {"name": service.relay.service_name, "least": place.size.relay.count, "most": 0, "scales": False},
            ],
        }

    def _allow(self, data: Data, service: Service) -> None:
        services = [each.service_arn for each in service.services]
        targets = f"arn:aws:application-autoscaling:{self.region}:{self.account}:scalable-target/*"
        allowed = {
            "ecs:UpdateService": services,
            "elasticloadbalancing:ModifyListener": [service.listener.listener_arn],
            "application-autoscaling:RegisterScalableTarget": [targets],
            "rds:StopDBCluster": [data.cluster.cluster_arn],
            "rds:StartDBCluster": [data.cluster.cluster_arn],
            "rds:DescribeDBClusters": [data.cluster.cluster_arn],
        }
        for action, resources in allowed.items():
            self.brake.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=resources))


def notice(kind: str, percent: int, topic: sns.ITopic) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return BUDGET.NotificationWithSubscribersProperty(
        notification=BUDGET.NotificationProperty(
            comparison_operator="GREATER_THAN", notification_type=kind, threshold=percent, threshold_type="PERCENTAGE"
        ),
        subscribers=[BUDGET.SubscriberProperty(subscription_type="SNS", address=topic.topic_arn)],
    )
