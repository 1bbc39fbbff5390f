"""From templates and usage to lines with prices. Every type of resource has a price, or is named free: else it is an error."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
HOURS = 730  # of a month
SHARED = ("logs", "monitoring")  # accounts that belong to no environment
Usage = Mapping[str, Any]


class Unpriced(Exception):
    """Says which resource nobody has thought of."""


@dataclass(frozen=True)
class Price:
    usd: float
    per: str
    origin: str
    free: float = 0


@dataclass(frozen=True)
class Line:
    what: str
    quantity: float
    price: str  # its name in prices.toml


@dataclass(frozen=True)
class Resource:
    stack: str
    name: str
    kind: str
    properties: Mapping[str, Any]


def read_prices() -> dict[str, Price]:
    told = tomllib.loads((HERE / "prices.toml").read_text())["prices"]
    return {
        name: Price(usd=price["usd"], per=price["per"], origin=price["from"], free=price.get("free", 0))
        for name, price in told.items()
    }


def read_usage(size: str) -> dict[str, Any]:
    usage: dict[str, Any] = tomllib.loads((HERE / "usage.toml").read_text())[size]
    return usage


def resources(folder: Path, environment: str) -> list[Resource]:
    """Of one environment, and of the accounts that all environments share."""
    found = []
    for path in sorted(folder.glob("*.template.json")):
        stack = path.name.removesuffix(".template.json")
        if not any(stack.startswith(f"MyMovie-{part}-") for part in (environment, *SHARED)):
            continue
        for name, resource in json.loads(path.read_text()).get("Resources", {}).items():
            found.append(Resource(stack, name, resource["Type"], resource.get("Properties", {})))
    return found


def lines(found: list[Resource], usage: Usage) -> Iterator[Line]:
    """Those of all resources, and of what no template holds: the zone is there before."""
    yield Line("Route 53: the zone", 1, "zone")
    for resource in found:
        if resource.kind in FREE or resource.kind.startswith("Custom::"):
            continue
        if resource.kind not in PRICED:
            raise Unpriced(f"{resource.kind} ({resource.stack}, {resource.name}) has no price, and is not named free.")
        yield from PRICED[resource.kind](resource, found, usage)


@dataclass(frozen=True)
class Row:
    """Equal lines together, and what they cost."""

    line: Line
    given: float  # of the quantity, for nothing
    usd: float


def rows(every: Iterable[Line], prices: Mapping[str, Price]) -> list[Row]:
    """What is free of a price is taken from its first lines, once."""
    together: dict[tuple[str, str], float] = {}
    for line in every:
        together[line.what, line.price] = together.get((line.what, line.price), 0) + line.quantity
    left = {name: price.free for name, price in prices.items()}
    result = []
    for (what, name), quantity in together.items():
        given = min(left[name], quantity)
        left[name] -= given
        result.append(Row(Line(what, quantity, name), given, (quantity - given) * prices[name].usd))
    return result


def service(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    task = referred(of.properties["TaskDefinition"], of, found)
    name = "Fargate: " + task.properties["ContainerDefinitions"][0]["Name"].replace("worker", "worker ")
    is_spot = any(
        way["CapacityProvider"] == "FARGATE_SPOT" for way in of.properties.get("CapacityProviderStrategy", [])
    )
    hours = tasks_of(of, found) * HOURS
    if of.properties.get("LoadBalancers"):
        hours += usage["more_web_hours"]
    yield from compute(name + (", Spot" if is_spot else ""), task, hours, "spot" if is_spot else "fargate")
    if of.properties["NetworkConfiguration"]["AwsvpcConfiguration"].get("AssignPublicIp") == "ENABLED":
        yield Line("Public addresses of tasks", hours, "address")


def tasks_of(service: Resource, found: list[Resource]) -> int:
    """Where autoscaling says how many, the least."""
    for each in found:
        is_target = each.kind == "AWS::ApplicationAutoScaling::ScalableTarget" and each.stack == service.stack
        if is_target and f'"{service.name}"' in json.dumps(each.properties["ResourceId"]):
            return int(each.properties["MinCapacity"])
    return int(service.properties["DesiredCount"])


def task_definition(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    """What a service runs is counted there."""
    services = [each for each in found if each.kind == "AWS::ECS::Service" and each.stack == of.stack]
    if all(referred(each.properties["TaskDefinition"], each, found) != of for each in services):
        yield from compute("Fargate: what runs once", of, usage["once_hours"], "fargate")


def compute(name: str, task: Resource, hours: float, kind: str) -> Iterator[Line]:
    yield Line(name, int(task.properties["Cpu"]) / 1024 * hours, f"{kind}_vcpu")
    yield Line(name, int(task.properties["Memory"]) / 1024 * hours, f"{kind}_gb")


def referred(reference: Any, by: Resource, found: list[Resource]) -> Resource:
    [resource] = [each for each in found if each.stack == by.stack and each.name == reference["Ref"]]
    return resource


def cluster(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    """Insights make metrics: eight of a cluster, eleven of each service, six of each kind of task, as AWS tells in examples."""
    if any(setting["Value"] != "disabled" for setting in of.properties.get("ClusterSettings", [])):
        services = sum(each.kind == "AWS::ECS::Service" for each in found)
        tasks = sum(each.kind == "AWS::ECS::TaskDefinition" for each in found)
        yield Line("Container Insights", 8 + 11 * services + 6 * tasks, "metric")


def database(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    yield Line("Aurora: what it stores", usage["database_gb"], "aurora_gb")
    yield Line("Aurora: reading and writing it", usage["database_io"], "aurora_io")
    if of.properties.get("ManageMasterUserPassword"):
        yield Line("Secrets", 1, "secret")  # which Aurora makes, and no template


def instance(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    if of.properties["DBInstanceClass"] != "db.serverless":
        raise Unpriced(f"{of.properties['DBInstanceClass']} ({of.stack}, {of.name}) has no price.")
    [whole] = [each for each in found if each.kind == "AWS::RDS::DBCluster"]
    least = whole.properties["ServerlessV2ScalingConfiguration"]["MinCapacity"]
    yield Line("Aurora: its instances", max(least, usage["acu"]) * HOURS, "acu")


def endpoint(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    """Those to S3 are gateways, and free."""
    if of.properties["VpcEndpointType"] == "Interface":
        count = sum(each.properties.get("VpcEndpointType") == "Interface" for each in found)
        yield Line("Endpoints of AWS in the network", len(of.properties["SubnetIds"]) * HOURS, "endpoint_hour")
        yield Line("What goes through them", usage["endpoint_gb"] / count, "endpoint_gb")


def nat(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    count = sum(each.kind == of.kind for each in found)
    yield Line("NAT gateways", HOURS, "nat_hour")
    yield Line("What goes through them", usage["nat_gb"] / count, "nat_gb")


def balancer(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    yield Line("Load balancer", HOURS, "balancer_hour")
    yield Line("Load balancer: its work", usage["balancer_lcu"] * HOURS, "balancer_lcu")


def distribution(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    yield Line("CloudFront: what it sends", usage["edge_gb"], "edge_gb")
    yield Line("CloudFront: requests", usage["edge_requests"], "edge_requests")
    yield Line("CloudFront: names of files", usage["edge_requests"] - usage["dynamic_requests"], "edge_functions")


def firewall(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    yield Line("WAF", 1, "waf_acl")
    yield Line("WAF: rules", len(of.properties["Rules"]), "waf_rule")
    yield Line("WAF: requests", usage["edge_requests"], "waf_requests")


def pool(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    tier = of.properties.get("UserPoolTier", "ESSENTIALS").lower()
    yield Line("Cognito", usage["active"], f"cognito_{tier}")


def bucket(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    if of.stack.split("-")[1] in SHARED:
        yield Line("S3: logs", usage["lake_gb"], "s3_gb")
        yield Line("S3: logs", usage["lake_written"], "s3_puts")
    elif of.name.startswith("Media"):
        yield Line("S3: pictures and files", usage["files_gb"], "s3_gb")
        yield Line("S3: pictures and files", usage["files_written"], "s3_puts")
        yield Line("S3: pictures and files", usage["files_read"], "s3_gets")


def log_group(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    """Two of them have much to tell: the site, and the network."""
    if of.properties.get("LogGroupName") == "/mymovie/app":
        yield Line("CloudWatch: logs of the site", usage["logs_gb"], "logs_gb")


def flow_log(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    yield Line("CloudWatch: log of the network", usage["flow_gb"], "logs_gb")


def edge_log_gb(usage: Usage) -> float:
    """300 bytes a request."""
    gigabytes: float = usage["edge_requests"] * 0.3
    return gigabytes


def delivery(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    yield Line("CloudFront: its log", edge_log_gb(usage), "delivered_gb")


def stream(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    is_of_edge = "Edge" in of.stack
    yield Line("Firehose: logs", edge_log_gb(usage) if is_of_edge else usage["logs_gb"], "stream_gb")


def subscription(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    """Two notices of each mail: that it was sent, and what became of it. To people and functions there are few."""
    if of.properties["Protocol"] == "https":
        yield Line("SNS: what became of mails", 2 * usage["mails"] / 1000, "notices")


def queue(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
    count = sum(each.kind == of.kind for each in found)
    yield Line("SQS", usage["messages"] / count, "messages")


def counted(what: str, price: str, *, used: str = "", times: float = 1) -> Callable[..., Iterator[Line]]:
    """A fixed number of each, or what is used of it."""

    def priced(of: Resource, found: list[Resource], usage: Usage) -> Iterator[Line]:
        yield Line(what, usage[used] if used else times, price)

    return priced


PRICED: dict[str, Callable[[Resource, list[Resource], Usage], Iterator[Line]]] = {
    "AWS::ECS::Service": service,
    "AWS::ECS::TaskDefinition": task_definition,
    "AWS::ECS::Cluster": cluster,
    "AWS::RDS::DBCluster": database,
    "AWS::RDS::DBInstance": instance,
    "AWS::Backup::BackupVault": counted("Backups", "backup_gb", used="backup_gb"),
    "AWS::EC2::NatGateway": nat,
    "AWS::EC2::EIP": counted("Public addresses of NAT", "address", times=HOURS),
    "AWS::EC2::VPCEndpoint": endpoint,
    "AWS::EC2::FlowLog": flow_log,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": balancer,
    "AWS::CloudFront::Distribution": distribution,
    "AWS::WAFv2::WebACL": firewall,
    "AWS::Cognito::UserPool": pool,
    "AWS::SES::EmailIdentity": counted("SES", "mails", used="mails"),
    "AWS::SNS::Subscription": subscription,
    "AWS::SQS::Queue": queue,
    "AWS::S3::Bucket": bucket,
    "AWS::KMS::Key": counted("KMS: keys", "key"),
    "AWS::SecretsManager::Secret": counted("Secrets", "secret"),
    "AWS::CloudWatch::Alarm": counted("CloudWatch: alarms", "alarm"),
    "AWS::CloudWatch::Dashboard": counted("CloudWatch: dashboards", "dashboard"),
    "AWS::Logs::MetricFilter": counted("CloudWatch: metrics from logs", "metric"),
    "AWS::Logs::LogGroup": log_group,
    "AWS::Logs::Delivery": delivery,
    "AWS::KinesisFirehose::DeliveryStream": stream,
    "AWS::Athena::WorkGroup": counted("Athena", "scanned_tb", used="scanned_tb"),
    "AWS::ECR::Repository": counted("ECR: images", "image_gb", used="images_gb"),
    "AWS::Scheduler::Schedule": counted("Scheduler", "starts", times=0.05),  # million: each minute at most
    "AWS::StepFunctions::StateMachine": counted("Step Functions: each night", "steps", times=30 * 10 / 1e6),
    "AWS::Lambda::Function": counted("Lambda: the brake, and what CDK brings", "lambda_requests", times=0.0001),
}
# AWS asks nothing for these, or only for what is counted elsewhere.
FREE = {
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Athena::NamedQuery",
    "AWS::Backup::BackupPlan",
    "AWS::Backup::BackupSelection",
    "AWS::Budgets::Budget",
    "AWS::CDK::Metadata",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::CloudFront::VpcOrigin",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolGroup",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::Route",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::ECS::ClusterCapacityProviderAssociations",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Glue::Database",  # of a catalogue the first million things is free
    "AWS::Glue::Table",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::OIDCProvider",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::LayerVersion",
    "AWS::Lambda::Permission",
    "AWS::Logs::DeliveryDestination",
    "AWS::Logs::DeliverySource",
    "AWS::Logs::LogStream",
    "AWS::Logs::ResourcePolicy",
    "AWS::Logs::SubscriptionFilter",
    "AWS::Oam::Link",
    "AWS::Oam::Sink",
    "AWS::RDS::DBClusterParameterGroup",
    "AWS::RDS::DBSubnetGroup",
    "AWS::Route53::RecordSet",
    "AWS::S3::BucketPolicy",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SecretsManager::SecretTargetAttachment",
    "AWS::WAFv2::LoggingConfiguration",
}
