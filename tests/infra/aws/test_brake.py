"""The brake, on an AWS in memory."""

import json
from collections.abc import Iterator

import boto3
import pytest

pytest.importorskip("moto", reason="needs requirements/aws.txt: make aws-check")

from moto import mock_aws

from infra.aws.functions import brake
from infra.aws.values import HERE
from tests.infra.aws.conftest import Templates

REGION = "ap-northeast-1"
OVER_BUDGET = {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "AWS Budget Notification"}}]}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        stage = made()
        monkeypatch.setenv("STAGE", json.dumps(stage))
        yield stage


def made() -> dict:
    ec2, elb, ecs, rds = (boto3.client(name) for name in ("ec2", "elbv2", "ecs", "rds"))
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{n}.0/24", AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]
        for n, zone in enumerate("ac")
    ]
    balancer = elb.create_load_balancer(Name="b", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    target = elb.create_target_group(Name="t", Protocol="HTTP", Port=8000, VpcId=vpc, TargetType="ip")["TargetGroups"][
        0
    ]
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}],
    )["Listeners"][0]
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(family="f", containerDefinitions=[{"name": "x", "image": "x", "memory": 1}])
    for name, count in (("web", 2), ("relay", 1)):
        ecs.create_service(cluster="c", serviceName=name, taskDefinition="f", desiredCount=count)
    rds.create_db_cluster(
        DBClusterIdentifier="d", Engine="aurora-postgresql", MasterUsername="mymovie", MasterUserPassword="12345678"
    )
    return {
        "cluster": "c",
        "listener": listener["ListenerArn"],
        "target": target["TargetGroupArn"],
        "database": "d",
        "services": [
            {"name": "web", "least": 2, "most": 12, "scales": True},
            {"name": "relay", "least": 1, "most": 0, "scales": False},
        ],
    }


def counts() -> dict[str, int]:
    services = boto3.client("ecs").describe_services(cluster="c", services=["web", "relay"])["services"]
    return {service["serviceName"]: service["desiredCount"] for service in services}


def bounds() -> list[tuple[int, int]]:
    found = boto3.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")
    return [(target["MinCapacity"], target["MaxCapacity"]) for target in found["ScalableTargets"]]


def answer(stage: dict) -> dict:
    listeners = boto3.client("elbv2").describe_listeners(ListenerArns=[stage["listener"]])["Listeners"]
    return listeners[0]["DefaultActions"][0]


def database() -> str:
    return boto3.client("rds").describe_db_clusters(DBClusterIdentifier="d")["DBClusters"][0]["Status"]


def test_when_the_month_is_spent_everything_stops_and_a_page_says_so(stage: dict) -> None:
    brake.handler(OVER_BUDGET, None)

    assert counts() == {"web": 0, "relay": 0}
    assert bounds() == [(0, 0)]
    assert database() == "stopped"
    page = answer(stage)["FixedResponseConfig"]
    assert page["StatusCode"] == "503"
    assert "お休み" in page["MessageBody"]


def test_told_again_it_stays_stopped(stage: dict) -> None:
    brake.handler(OVER_BUDGET, None)
    brake.handler(OVER_BUDGET, None)

    assert counts() == {"web": 0, "relay": 0}


def test_one_command_starts_it_as_it_was(stage: dict) -> None:
    brake.handler(OVER_BUDGET, None)

    assert brake.handler({"do": "start"}, None) == {"did": "start"}

    assert counts() == {"web": 2, "relay": 1}
    assert bounds() == [(2, 12)]
    assert answer(stage)["Type"] == "forward"
    assert database() == "available"


def test_the_page_fits_where_the_load_balancer_keeps_it() -> None:
    assert len(brake.CLOSED.encode()) <= 1024


def test_it_is_called_when_all_is_spent_and_people_are_told_before(hobby: Templates) -> None:
    budget = hobby.only("AWS::Budgets::Budget", "Spending")
    told = [
        (notice["Notification"]["NotificationType"], notice["Notification"]["Threshold"], notice["Subscribers"])
        for notice in budget["NotificationsWithSubscribers"]
    ]

    assert [(kind, percent) for kind, percent, _ in told] == [("FORECASTED", 100), ("ACTUAL", 80), ("ACTUAL", 100)]
    assert "Spent" in json.dumps(told[2])
    assert (HERE / "functions" / "brake.py").read_text() == hobby.only("AWS::Lambda::Function", "Spending")["Code"][
        "ZipFile"
    ]
