"""What is asked of AWS while something is deployed, and when that is given up. AWS itself is moto, in this process."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.client
import httpx
import pytest
from moto import mock_aws
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from infra.aws import deploying
from infra.aws.app import build
from infra.local.trouble import Trouble

REGION = "ap-northeast-1"
OLD, NEW = (f"sha256:{digit * 64}" for digit in "ab")
REPOSITORY = f"444444444444.dkr.ecr.{REGION}.amazonaws.com/mymovie"


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The parts of the test run have an endpoint of their own, which boto3 would ask instead."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


class Ended:
    """How tasks end: moto's tasks run for ever, and have no exit codes."""

    def __init__(self) -> None:
        self.containers: list[dict[str, Any]] = [{"name": "once", "exitCode": 0}]
        self.started: list[dict[str, Any]] = []
        self.asked: set[str] = set()  # as a policy names it


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Ended:
    how = Ended()
    really = botocore.client.BaseClient._make_api_call

    def make_api_call(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
        how.asked.add(f"{client.meta.service_model.signing_name}:{operation}")
        if operation == "RunTask":
            how.started.append(arguments)
        answer = really(client, operation, arguments)
        if operation == "DescribeTasks":
            for task in answer["tasks"]:
                task |= {"lastStatus": "STOPPED", "stoppedReason": "Essential container in task exited"}
                task["containers"] = how.containers
        return answer

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", make_api_call)
    return how


@pytest.fixture
def place() -> deploying.Place:
    """A cluster with a web service and two more, all of them on the old image, and the stack that tells of them."""
    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    ecs.create_cluster(clusterName="mymovie")
    subnet = ec2.describe_subnets()["Subnets"][0]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    boto3.client("logs").create_log_group(logGroupName="/mymovie/app")
    for name in ("web", "mail", "relay"):
        ecs.create_service(cluster="mymovie", serviceName=name, taskDefinition=task_definition(name), desiredCount=0)
    outputs = {
        "SiteUrl": "https://mymovie.example",
        "ClusterName": "mymovie",
        "WebService": "web",
        "WorkerServices": "mail",
        "RelayService": "relay",
        "OnceTaskDefinition": task_definition("once"),
        "OnceSubnets": subnet["SubnetId"],
        "OnceSecurityGroup": group,
        "OnceAssignPublicIp": "DISABLED",
    }
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    boto3.client("cloudformation").create_stack(StackName="MyMovie-stg-Service", TemplateBody=json.dumps(template))
    return deploying.Place.of("stg")


def task_definition(name: str, image: str = OLD) -> str:
    options = {"awslogs-group": "/mymovie/app", "awslogs-stream-prefix": "task", "awslogs-region": REGION}
    made = boto3.client("ecs").register_task_definition(
        family=name,
        cpu="512",
        memory="1024",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[
            {
                "name": name,
                "image": f"{REPOSITORY}@{image}",
                "memory": 1024,
                "cpu": 512,
                "logConfiguration": {"logDriver": "awslogs", "options": options},
            }
        ],
    )
    arn: str = made["taskDefinition"]["taskDefinitionArn"]
    return arn


def test_migrations_run_in_the_new_image_before_it_serves(place: deploying.Place, ended: Ended) -> None:
    deploying.prepare("stg", NEW)

    commands = [run["overrides"]["containerOverrides"] for run in ended.started]
    assert commands == [
        [{"name": "once", "command": ["python", "-m", "mymovie.publishing"]}],
        [{"name": "once", "command": ["python", "manage.py", "migrate", "--no-input"]}],
    ]
    run = ended.started[-1]
    assert run["networkConfiguration"]["awsvpcConfiguration"] == place.network
    used = boto3.client("ecs").describe_task_definition(taskDefinition=run["taskDefinition"])["taskDefinition"]
    assert used["containerDefinitions"][0]["image"] == f"{REPOSITORY}@{NEW}"
    assert used["cpu"] == "512"
    assert used["status"] == "INACTIVE"


def test_before_the_first_deployment_there_is_nothing_to_prepare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))

    deploying.prepare("prod", NEW)

    assert (tmp_path / "output").read_text() == "first=true\n"
    assert "There is no stack MyMovie-prod-Service here." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("container", "words"),
    [
        ({"name": "once", "exitCode": 1}, r"`python -m mymovie.publishing` ended with 1: Essential container"),
        ({"name": "once", "exitCode": 137, "reason": "OutOfMemoryError"}, "ended with 137: OutOfMemoryError"),
        ({"name": "once", "reason": "CannotPullContainerError"}, "ended with no exit code: CannotPullContainerError"),
    ],
)
def test_a_command_that_fails_stops_the_deployment(
    place: deploying.Place, ended: Ended, container: dict[str, Any], words: str
) -> None:
    ended.containers = [container]

    with pytest.raises(Trouble, match=words):
        deploying.prepare("stg", NEW)

    [run] = ended.started
    used = boto3.client("ecs").describe_task_definition(taskDefinition=run["taskDefinition"])["taskDefinition"]
    assert used["status"] == "INACTIVE"


def test_what_a_command_said_is_shown(
    place: deploying.Place, ended: Ended, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words_of = deploying.words_of

    def written_by_then(container: dict[str, Any], task: str) -> list[str]:
        where = {"logGroupName": "/mymovie/app", "logStreamName": f"task/once/{task.rpartition('/')[2]}"}
        logs = boto3.client("logs")
        logs.create_log_stream(**where)
        event = {"timestamp": int(time.time() * 1000), "message": "tmdb: 3 put back"}
        logs.put_log_events(**where, logEvents=[event])
        return words_of(container, task)

    monkeypatch.setattr(deploying, "words_of", written_by_then)

    deploying.main("run", "stg", "python", "manage.py", "dlq", "replay")

    assert "\n  tmdb: 3 put back\n" in capsys.readouterr().out
    assert ended.started[0]["taskDefinition"] == place.once


def test_a_service_that_went_back_to_its_old_image_is_no_success(place: deploying.Place) -> None:
    ecs = boto3.client("ecs")
    for name in ("web", "relay"):
        ecs.update_service(cluster="mymovie", service=name, taskDefinition=task_definition(name, NEW))

    with pytest.raises(Trouble, match=rf"^mail runs {OLD}: it went back to what it ran before\.$"):
        deploying.wait_until_all_run(place, NEW)

    ecs.update_service(cluster="mymovie", service="mail", taskDefinition=task_definition("mail", NEW))
    deploying.wait_until_all_run(place, NEW)


def test_the_role_of_the_workflow_may_do_all_that_is_asked(
    place: deploying.Place, ended: Ended, tmp_path: Path
) -> None:
    """IAM itself is nowhere here to say so."""
    ended.asked.clear()
    deploying.prepare("stg", OLD)
    deploying.wait_until_all_run(place, OLD)
    build("hobby", out=str(tmp_path)).synth()

    template = json.loads((tmp_path / "MyMovie-stg-Trust.template.json").read_text())
    policies = [each for each in template["Resources"].values() if each["Type"] == "AWS::IAM::Policy"]
    statements = [rule for each in policies for rule in each["Properties"]["PolicyDocument"]["Statement"]]
    actions = [rule["Action"] for rule in statements]
    may = {one for action in actions for one in (action if isinstance(action, list) else [action])}
    assert "ecs:RegisterTaskDefinition" in ended.asked
    assert ended.asked <= may


def test_an_image_is_known_by_the_tag_it_was_pushed_with() -> None:
    ecr = boto3.client("ecr")
    ecr.create_repository(repositoryName="mymovie")
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": {"digest": OLD, "size": 1}, "layers": []}
    pushed = ecr.put_image(repositoryName="mymovie", imageManifest=json.dumps(manifest), imageTag="0123456789ab")

    found = deploying.digest_of("0123456789ab")

    assert found == pushed["image"]["imageId"]["imageDigest"]
    assert deploying.digest_of("fedcba987654") == ""


@pytest.mark.parametrize("image", ["latest", "sha256:abc", f"{NEW} --all", NEW.upper()])
def test_what_is_no_digest_is_refused(image: str) -> None:
    with pytest.raises(Trouble, match="is no digest of an image"):
        deploying.main("settle", "stg", image)


@pytest.mark.django_db(transaction=True)
def test_the_site_itself_passes_the_look_at_it(live_server: LiveServer, settings: Settings) -> None:
    with httpx.Client(base_url=live_server.url) as client:
        deploying.smoke(client, settings.RELEASE, patience=0)

        with pytest.raises(Trouble, match=f"the release is {settings.RELEASE}, and should be another"):
            deploying.smoke(client, "another", patience=0)


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("/healthz/ready", httpx.Response(503, text="database is away"), "/healthz/ready answers 503"),
        ("/", httpx.Response(200, html="<p>hello"), "the front page names no stylesheet"),
        ("/static/a.css", httpx.Response(403, text="AccessDenied"), "/static/a.css answers 403"),
        (
            "/static/a.css",
            httpx.Response(200, html="<p>not found"),
            "/static/a.css is text/html; charset=utf-8, not text/css",
        ),
        (
            "/service-worker.js",
            httpx.Response(200, text="self", headers={"Content-Type": "text/javascript"}),
            "the release is none",
        ),
    ],
)
def test_each_thing_that_is_wrong_is_named(path: str, answer: httpx.Response, words: str) -> None:
    right = {
        "/healthz/ready": httpx.Response(200, text="ready"),
        "/": httpx.Response(200, html='<link rel="stylesheet" href="/static/a.css">'),
        "/static/a.css": httpx.Response(200, text="a{}", headers={"Content-Type": "text/css"}),
        "/service-worker.js": httpx.Response(
            200, text='const SITE = {"release": "abc"};\n', headers={"Content-Type": "text/javascript"}
        ),
    }
    transport = httpx.MockTransport(lambda request: (right | {path: answer})[request.url.path])

    with (
        httpx.Client(base_url="https://mymovie.example", transport=transport) as client,
        pytest.raises(Trouble, match=words),
    ):
        deploying.smoke(client, "abc", patience=0)


def test_a_site_that_becomes_right_is_waited_for() -> None:
    releases = iter(["old", "old", "new"])

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/service-worker.js":
            script = f'const SITE = {{"release": "{next(releases)}"}};\n'
            return httpx.Response(200, text=script, headers={"Content-Type": "text/javascript"})
        if request.url.path == "/static/a.css":
            return httpx.Response(200, text="a{}", headers={"Content-Type": "text/css"})
        if request.url.path == "/":
            return httpx.Response(200, html='<link rel="stylesheet" href="/static/a.css">')
        return httpx.Response(200, text="ready")

    with httpx.Client(base_url="https://mymovie.example", transport=httpx.MockTransport(answer)) as client:
        deploying.smoke(client, "new", patience=2)

    assert next(releases, None) is None
