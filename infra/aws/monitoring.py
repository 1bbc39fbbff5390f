"""The account from which all others are watched; it also keeps what they share: the images."""

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_oam as oam
from constructs import Construct

from infra.aws.values import Values

SHARED = ["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup", "AWS::XRay::Trace"]


class Monitoring(Stack):
    def __init__(self, scope: Construct, name: str, values: Values, **about: object) -> None:
        super().__init__(scope, name, **about)
        accounts = [place.account for place in values.environments.values()]
        oam.CfnSink(
            self,
            "Sink",
            name="mymovie",
            policy={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": accounts},
                        "Action": ["oam:CreateLink", "oam:UpdateLink"],
                        "Resource": "*",
                        "Condition": {"ForAllValues:StringEquals": {"oam:ResourceTypes": SHARED}},
                    }
                ],
            },
        )
        self._images(accounts)
        self._dashboard(values)

    def _images(self, accounts: list[str]) -> None:
        """Built once; every environment runs the same, by its digest."""
        repository = ecr.Repository(
            self,
            "Images",
            repository_name="mymovie",
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            encryption=ecr.RepositoryEncryption.AES_256,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                ecr.LifecycleRule(
                    description="of no tag", tag_status=ecr.TagStatus.UNTAGGED, max_image_age=Duration.days(7)
                ),
                ecr.LifecycleRule(description="the last fifty", max_image_count=50),
            ],
        )
        for account in accounts:
            repository.grant_pull(iam.AccountPrincipal(account))
        CfnOutput(self, "ImagesUri", value=repository.repository_uri)
        self.images = repository

    def _dashboard(self, values: Values) -> None:
        board = cloudwatch.Dashboard(self, "Board", dashboard_name="mymovie")
        for place in values.environments.values():
            there = {"account": place.account, "region": values.region}

            def searched(title: str, expression: str, there: dict[str, str] = there) -> cloudwatch.GraphWidget:
                found = cloudwatch.MathExpression(
                    expression=f"SEARCH('{expression} :aws.AccountId=\"{there['account']}\"', 'Maximum', 300)",
                    using_metrics={},
                    label="",
                )
                return cloudwatch.GraphWidget(title=title, left=[found], width=8)

            board.add_widgets(
                cloudwatch.TextWidget(markdown=f"# {place.name}\n{place.url}", width=24, height=2),
            )
            board.add_widgets(
                searched("Answers, seconds", '{AWS/ApplicationELB,LoadBalancer} MetricName="TargetResponseTime"'),
                searched("Oldest message, seconds", '{AWS/SQS,QueueName} MetricName="ApproximateAgeOfOldestMessage"'),
                searched("Outbox, seconds", '{MyMovie} MetricName="OutboxAge"'),
            )


class Watched(Stack):
    """An environment's side: what it shows to the account that watches."""

    def __init__(self, scope: Construct, name: str, values: Values, **about: object) -> None:
        super().__init__(scope, name, **about)
        oam.CfnLink(self, "Link", label_template="$AccountName", resource_types=SHARED, sink_identifier=values.sink)
        role = iam.Role(
            self,
            "Reader",
            role_name="CloudWatch-CrossAccountSharingRole",  # the name by which the console looks for it
            assumed_by=iam.AccountPrincipal(values.monitoring),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "cloudwatch:DescribeAlarms"],
                resources=["*"],  # these name no resources
            )
        )
