import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from infra.aws.values import Size
from mymovie import queues
from tests.infra.aws.conftest import Templates

ROOT = Path(__file__).parents[3]


def containers(templates: Templates) -> dict[str, dict[str, Any]]:
    tasks = templates.every("AWS::ECS::TaskDefinition", "Service")
    return {task["ContainerDefinitions"][0]["Name"]: task["ContainerDefinitions"][0] for task in tasks}


def test_a_deployment_that_fails_is_taken_back(templates: Templates) -> None:
    for service in templates.every("AWS::ECS::Service", "Service"):
        deployment = service["DeploymentConfiguration"]
        assert deployment["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
        assert deployment["MinimumHealthyPercent"] == 100


def test_a_container_may_write_nowhere_but_in_tmp_and_has_time_to_stop(templates: Templates) -> None:
    for task in templates.every("AWS::ECS::TaskDefinition", "Service"):
        [container] = task["ContainerDefinitions"]
        assert task["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
        assert container["ReadonlyRootFilesystem"]
        assert [point["ContainerPath"] for point in container["MountPoints"]] == ["/tmp"]
        assert 30 <= container["StopTimeout"] <= 120
        assert container["StopTimeout"] > queues.TIME_LIMIT or container["Name"] == "web"


def test_every_queue_has_one_kind_of_worker(size: str, templates: Templates) -> None:
    worked_on = [
        container["Command"][-1].split(",") for name, container in containers(templates).items() if "worker" in name
    ]

    assert Counter(name for names in worked_on for name in names) == Counter(queues.NAMES)
    assert len(worked_on) == len(Size.read(size).workers)


def test_what_containers_are_told_is_what_the_site_reads(hobby: Templates) -> None:
    named = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    for container in containers(hobby).values():
        told = {told["Name"] for told in container["Environment"] + container["Secrets"]}
        assert told <= named | {"AWS_REGION", "WORKER_HEALTH_FILE"}
        assert {"SECRET_KEY", "DATABASE_URL", "QUEUES_URL", "SITE_URL"} <= told


def test_no_secret_stands_in_an_environment(templates: Templates) -> None:
    secret = {"SECRET_KEY", "TMDB_TOKEN", "DATABASE_PASSWORD", "OIDC_CLIENT_SECRET"}

    for container in containers(templates).values():
        assert secret <= {told["Name"] for told in container["Secrets"]}
        assert not secret & {told["Name"] for told in container["Environment"]}


def test_the_load_balancer_is_reached_by_cloudfront_alone_and_speaks_tls(templates: Templates) -> None:
    balancer = templates.only("AWS::ElasticLoadBalancingV2::LoadBalancer", "Service")
    listener = templates.only("AWS::ElasticLoadBalancingV2::Listener", "Service")
    rules = templates.every("AWS::EC2::SecurityGroupIngress", "Network")

    assert balancer["Scheme"] == "internal"
    assert (listener["Port"], listener["Protocol"]) == (443, "HTTPS")
    into_balancer = [rule for rule in rules if "Balancer" in json.dumps(rule["GroupId"])]
    assert [rule["SourcePrefixListId"] for rule in into_balancer] == ["pl-58a04531"]
    assert not any("CidrIp" in rule for rule in rules)


def test_small_pays_for_no_nat_and_large_has_no_address_outside(size: str, templates: Templates) -> None:
    network = templates["Network"]
    private = Size.read(size).private

    network.resource_count_is("AWS::EC2::NatGateway", 2 if private else 0)
    network.resource_count_is("AWS::EC2::VPCEndpoint", 6 if private else 1)
    for service in templates.every("AWS::ECS::Service", "Service"):
        where = service["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert where["AssignPublicIp"] == ("DISABLED" if private else "ENABLED")


def test_a_worker_for_pictures_cannot_send_mail(of_size) -> None:
    policies = of_size("shop").every("AWS::IAM::Policy", "Service")
    of_films = json.dumps([policy for policy in policies if "WorkerFilmsTaskTaskRole" in policy["PolicyName"]])

    assert "sqs:ReceiveMessage" in of_films
    assert "ses:SendEmail" not in of_films
    assert "Incoming" not in of_films
    assert "ses:SendEmail" in json.dumps([p for p in policies if "WorkerMailTaskTaskRole" in p["PolicyName"]])


def test_the_web_talks_to_no_queue(hobby: Templates) -> None:
    policies = hobby.every("AWS::IAM::Policy", "Service")

    of_web = json.dumps([policy for policy in policies if "WebTaskTaskRole" in policy["PolicyName"]])
    assert "s3:PutObject" in of_web
    assert "sqs:" not in of_web


def test_more_is_started_when_much_is_asked_and_when_work_waits(templates: Templates) -> None:
    metrics = json.dumps(templates.every("AWS::CloudWatch::Alarm", "Service"))
    tracked = json.dumps(templates.every("AWS::ApplicationAutoScaling::ScalingPolicy", "Service"))

    assert "ALBRequestCountPerTarget" in tracked
    assert "ECSServiceAverageCPUUtilization" in tracked
    assert "ApproximateAgeOfOldestMessage" in metrics


def test_a_deployment_leaves_how_many_run_as_it_was(hobby: Templates) -> None:
    counted = {
        json.dumps(s["TaskDefinition"]): s.get("DesiredCount") for s in hobby.every("AWS::ECS::Service", "Service")
    }

    assert [count for task, count in counted.items() if "Relay" in task] == [1]
    assert {count for task, count in counted.items() if "Relay" not in task} == {None}
