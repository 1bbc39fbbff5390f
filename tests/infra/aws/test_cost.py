"""The sum of a bill, and that nothing is left out of it."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.aws.cost import bill, original
from infra.aws.cost.__main__ import written
from infra.aws.cost.bill import FREE, PRICED, Line, Price, Resource, Row, Unpriced

USAGE = bill.read_usage("shop")
PRICES = bill.read_prices()
TASK = {"Cpu": "512", "Memory": "1024", "ContainerDefinitions": [{"Name": "workermail"}]}
SERVICE = {
    "TaskDefinition": {"Ref": "Task"},
    "DesiredCount": 2,
    "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT"}],
    "NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}},
}


def made(
    kind: str, properties: dict[str, Any] | None = None, *, name: str = "It", stack: str = "MyMovie-prod-A"
) -> Resource:
    return Resource(stack, name, kind, properties or {})


def lines(*found: Resource) -> list[Line]:
    return list(bill.lines(list(found), USAGE))


def test_a_service_on_spot_is_paid_by_the_hours_of_its_tasks() -> None:
    found = lines(made("AWS::ECS::TaskDefinition", TASK, name="Task"), made("AWS::ECS::Service", SERVICE))

    assert found == [
        Line("Route 53: the zone", 1, "zone"),
        Line("Fargate: worker mail, Spot", 0.5 * 2 * 730, "spot_vcpu"),
        Line("Fargate: worker mail, Spot", 1 * 2 * 730, "spot_gb"),
        Line("Public addresses of tasks", 2 * 730, "address"),
    ]


def test_where_autoscaling_says_how_many_the_least_is_paid() -> None:
    scaled = {name: value for name, value in SERVICE.items() if name != "DesiredCount"}
    target = {"MinCapacity": 3, "ResourceId": {"Fn::Join": ["", ["service/", {"Fn::GetAtt": ["It", "Name"]}]]}}
    task = made("AWS::ECS::TaskDefinition", TASK, name="Task")

    found = lines(task, made("AWS::ECS::Service", scaled), made("AWS::ApplicationAutoScaling::ScalableTarget", target))

    assert Line("Public addresses of tasks", 3 * 730, "address") in found


def test_a_task_without_a_service_is_paid_by_what_it_runs() -> None:
    found = lines(made("AWS::ECS::TaskDefinition", TASK, name="Once"))

    assert Line("Fargate: what runs once", 0.5 * USAGE["once_hours"], "fargate_vcpu") in found


@pytest.mark.parametrize(("least", "paid"), [(0.5, USAGE["acu"]), (8, 8)])
def test_a_database_costs_at_least_what_it_may_not_fall_below(least: float, paid: float) -> None:
    cluster = made("AWS::RDS::DBCluster", {"ServerlessV2ScalingConfiguration": {"MinCapacity": least}})
    instance = made("AWS::RDS::DBInstance", {"DBInstanceClass": "db.serverless"})

    assert Line("Aurora: its instances", paid * 730, "acu") in lines(cluster, instance)


@pytest.mark.parametrize(
    "resource",
    [made("AWS::Redshift::Cluster"), made("AWS::RDS::DBInstance", {"DBInstanceClass": "db.r8g.48xlarge"})],
    ids=["another service", "another kind of database"],
)
def test_what_nobody_has_thought_of_is_no_bill(resource: Resource) -> None:
    with pytest.raises(Unpriced, match=r"MyMovie-prod-A, It\) has no price"):
        lines(resource)


def test_nothing_is_both_free_and_paid() -> None:
    assert FREE.isdisjoint(PRICED)


def test_what_is_free_is_free_once() -> None:
    prices = {"gb": Price(usd=2, per="GB", origin="a test", free=5)}

    rows = bill.rows([Line("a", 2, "gb"), Line("b", 4, "gb"), Line("a", 1, "gb")], prices)

    assert rows == [Row(Line("a", 3, "gb"), 3, 0), Row(Line("b", 4, "gb"), 2, 4)]


def test_other_environments_are_not_in_the_bill(tmp_path: Path) -> None:
    for stack in ("MyMovie-prod-Data", "MyMovie-stg-Data", "MyMovie-logs-Lake"):
        template = {"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}
        (tmp_path / f"{stack}.template.json").write_text(json.dumps(template))

    found = bill.resources(tmp_path, "prod")

    assert [resource.stack for resource in found] == ["MyMovie-logs-Lake", "MyMovie-prod-Data"]


def test_every_price_says_whose_word_it_is_and_is_used() -> None:
    source = "".join(path.read_text() for path in bill.HERE.glob("*.py"))

    for name, price in PRICES.items():
        assert price.origin, name
        assert price.usd > 0, name
        is_built = name.startswith(("fargate_", "spot_", "cognito_"))
        assert is_built or f'"{name}"' in source, f"nothing costs {name}"


def test_all_sizes_say_the_same_about_themselves() -> None:
    told = tomllib.loads((bill.HERE / "usage.toml").read_text())

    assert len({frozenset(usage) for usage in told.values()}) == 1


def test_the_original_costs_two_dollars_where_hardly_anybody_comes() -> None:
    rows = bill.rows(original.lines(bill.read_usage("hobby")), PRICES)

    assert 1 < sum(row.usd for row in rows) < 3


def test_the_sheet_is_what_the_stacks_are() -> None:
    assert (bill.HERE / "sheet.md").read_text() == written(), "write it anew: python -m infra.aws.cost"
