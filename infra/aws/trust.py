"""Whom GitHub's workflows may be here: a role for each environment, by OIDC. There are no keys."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.aws.service import Service

GITHUB = "token.actions.githubusercontent.com"


class Trust(Stack):
    """`environment` is that of the workflow's job; the name of a branch proves nothing."""

    def __init__(self, scope: Construct, name: str, repository: str, environment: str, **about: object) -> None:
        super().__init__(scope, name, **about)
        provider = iam.OidcProviderNative(self, "GitHub", url=f"https://{GITHUB}", client_ids=["sts.amazonaws.com"])
        self.role = iam.Role(
            self,
            "Workflow",
            role_name=f"mymovie-{environment}-workflow",
            max_session_duration=Duration.hours(1),
            assumed_by=iam.WebIdentityPrincipal(
                provider.oidc_provider_arn,
                {
                    "StringEquals": {
                        f"{GITHUB}:aud": "sts.amazonaws.com",
                        f"{GITHUB}:sub": f"repo:{repository}:environment:{environment}",
                    }
                },
            ),
        )
        CfnOutput(self, "RoleArn", value=self.role.role_arn)

    def let_push(self, images: ecr.IRepository) -> None:
        images.grant_pull_push(self.role)

    def let_deploy(self, service: Service) -> None:
        """CDK's own roles change the stacks; what runs once is started by us, to see how it ended."""
        account, region, cluster = self.account, self.region, service.cluster.cluster_name
        roles = [service.once.task_role.role_arn, service.once.obtain_execution_role().role_arn]
        allowed = {
            "sts:AssumeRole": [f"arn:aws:iam::{account}:role/cdk-hnb659fds-*"],
            "cloudformation:DescribeStacks": [f"arn:aws:cloudformation:{region}:{account}:stack/MyMovie-*/*"],
            "ecs:RunTask": [f"arn:aws:ecs:{region}:{account}:task-definition/*"],
            "ecs:DescribeTasks": [f"arn:aws:ecs:{region}:{account}:task/{cluster}/*"],
            "ecs:DescribeServices": [f"arn:aws:ecs:{region}:{account}:service/{cluster}/*"],
            "iam:PassRole": roles,
        }
        for action, resources in allowed.items():
            self.role.add_to_policy(iam.PolicyStatement(actions=[action], resources=resources))
        self.role.add_to_policy(
            iam.PolicyStatement(
                # What runs once before a deployment does so in the image to come, by a revision of its own.
                actions=[
                    "ecs:DescribeTaskDefinition",
                    "ecs:RegisterTaskDefinition",
                    "ecs:DeregisterTaskDefinition",
                ],
                resources=["*"],  # they name no resource
            )
        )
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:FilterLogEvents", "logs:GetLogEvents"],
                resources=[f"arn:aws:logs:{region}:{account}:log-group:/mymovie/app:*"],
            )
        )
