from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.aws.logbooks import logbook
from infra.aws.values import Environment, Values

ENDPOINTS = {
    "EcrApi": ec2.InterfaceVpcEndpointAwsService.ECR,
    "EcrDocker": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
    "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "Queues": ec2.InterfaceVpcEndpointAwsService.SQS,
    "Secrets": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
}
WEB, DATABASE, HTTPS = ec2.Port.tcp(8000), ec2.Port.tcp(5432), ec2.Port.tcp(443)


class Network(Stack):
    """Small: tasks have public addresses, and no NAT is paid for. Large: they have none, and AWS is reached from within."""

    def __init__(self, scope: Construct, name: str, values: Values, place: Environment, **about: object) -> None:
        super().__init__(scope, name, **about)
        private = place.size.private
        kinds = {
            "public": ec2.SubnetType.PUBLIC,
            "inside": ec2.SubnetType.PRIVATE_ISOLATED,
            **({"tasks": ec2.SubnetType.PRIVATE_WITH_EGRESS} if private else {}),
        }
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.20.0.0/16"),
            availability_zones=values.zones[:2],
            nat_gateways=2 if private else 0,
            subnet_configuration=[
                ec2.SubnetConfiguration(name=name, subnet_type=kind, cidr_mask=20) for name, kind in kinds.items()
            ],
            restrict_default_security_group=False,  # would need a function of its own; nothing is in that group
        )
        self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        self.vpc.add_flow_log(
            "Flow", destination=ec2.FlowLogDestination.to_cloud_watch_logs(logbook(self, "FlowLogs", days=7))
        )
        self.inside = ec2.SubnetSelection(subnet_group_name="inside")
        self.for_tasks = ec2.SubnetSelection(subnet_group_name="tasks" if private else "public")
        self.tasks_have_addresses = not private

        self.balancer = self._group("Balancer", "Whom CloudFront reaches")
        self.tasks = self._group("Tasks", "Web, workers, relay and what runs once", outbound=True)
        self.database = self._group("Database", "Aurora")
        cloudfront = ec2.Peer.prefix_list(values.cloudfront_prefix_list)
        self.balancer.add_ingress_rule(cloudfront, HTTPS, "CloudFront, and nobody else")
        self.balancer.add_egress_rule(self.tasks, WEB, "Web tasks")
        self.tasks.add_ingress_rule(self.balancer, WEB, "The load balancer")
        self.database.add_ingress_rule(self.tasks, DATABASE, "Tasks")
        if private:
            self._provide_endpoints()

    def _group(self, name: str, what: str, *, outbound: bool = False) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self, name, vpc=self.vpc, description=what, allow_all_outbound=outbound, disable_inline_rules=True
        )

    def _provide_endpoints(self) -> None:
        doors = self._group("Endpoints", "The doors to what AWS offers")
        doors.add_ingress_rule(self.tasks, HTTPS, "Tasks")
        for name, service in ENDPOINTS.items():
            self.vpc.add_interface_endpoint(
                name, service=service, subnets=self.for_tasks, security_groups=[doors], open=False
            )
