"""What the workflows do on AWS besides `cdk deploy`; each step can be done by hand as well.

python -m infra.aws.deploying image TAG                  the digest of the image that was pushed as TAG, or nothing
python -m infra.aws.deploying prepare ENVIRONMENT IMAGE  what must be done before IMAGE serves: files, migrations
python -m infra.aws.deploying settle ENVIRONMENT IMAGE   wait until all services run IMAGE, then look at the site
python -m infra.aws.deploying run ENVIRONMENT COMMAND …  a command in a container of its own, as `manage.py dlq list`
"""

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
from botocore.exceptions import ClientError, WaiterError

from infra.local.trouble import Trouble, in_one_line

REPOSITORY = "mymovie"
IMAGE = re.compile(r"sha256:[0-9a-f]{64}")
BEFORE = ["python -m mymovie.publishing", "python manage.py migrate --no-input"]
STYLESHEET = re.compile(r'href="(/static/[^"]+\.css)"')
FACTS = "const SITE = "  # what the service worker begins with: facts about the site, its release among them
LONGEST_RUN = 30 * 60  # seconds that a command may take
LONGEST_ROLLOUT = 15 * 60
PATIENCE = 180  # seconds until the site must look right: what CloudFront holds may be a minute old
LINES = 200  # of a command's words are shown


def main(does: str, *about: str) -> None:
    match does, *about:
        case "image", tag:
            print(digest_of(tag))
        case "prepare", environment, image:
            prepare(environment, checked(image))
        case "settle", environment, image:
            settle(environment, checked(image))
        case "run", environment, *command if command:
            place = Place.of(environment)
            run_once(place, place.once, command)
        case _:
            sys.exit(__doc__)


def checked(image: str) -> str:
    if not IMAGE.fullmatch(image):
        raise Trouble(f"{image!r} is no digest of an image: sha256: and 64 hexadecimal digits.")
    return image


@dataclass(frozen=True)
class Place:
    """What the service's stack says of itself."""

    url: str
    cluster: str
    services: list[str]
    once: str
    """The task definition of commands that run once."""
    network: dict[str, Any]

    @classmethod
    def of(cls, environment: str) -> "Place":
        """Raises NotThere before the first deployment."""
        stack = f"MyMovie-{environment}-Service"
        try:
            [found] = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                raise NotThere(f"There is no stack {stack} here.") from None
            raise
        told = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
        if "SiteUrl" not in told:
            raise NotThere(f"{stack} is {found['StackStatus']}, and tells nothing.")
        return cls(
            url=told["SiteUrl"],
            cluster=told["ClusterName"],
            services=[told["WebService"], *told["WorkerServices"].split(","), told["RelayService"]],
            once=told["OnceTaskDefinition"],
            network={
                "subnets": told["OnceSubnets"].split(","),
                "securityGroups": [told["OnceSecurityGroup"]],
                "assignPublicIp": told["OnceAssignPublicIp"],
            },
        )


class NotThere(Trouble):
    pass


def digest_of(tag: str) -> str:
    """By what whoever pulls may ask as well: it takes no right of its own."""
    answer = boto3.client("ecr").batch_get_image(repositoryName=REPOSITORY, imageIds=[{"imageTag": tag}])
    return next((image["imageId"]["imageDigest"] for image in answer["images"]), "")


def prepare(environment: str, image: str) -> None:
    """Run what comes before, in the new image, while the old one still serves."""
    try:
        place = Place.of(environment)
    except NotThere as nothing:
        print(f"{nothing} This is the first deployment: prepare again when there is one.")
        tell_workflow("first", "true")
        return
    with revision(place.once, image) as task_definition:
        for command in BEFORE:
            run_once(place, task_definition, command.split())


def tell_workflow(name: str, value: str) -> None:
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a") as outputs:
            outputs.write(f"{name}={value}\n")


@contextlib.contextmanager
def revision(task_definition: str, image: str) -> Iterator[str]:
    """The same task definition with another image; gone when it is not needed any more."""
    ecs = boto3.client("ecs")
    known = ecs.describe_task_definition(taskDefinition=task_definition)["taskDefinition"]
    takes = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
    wanted = {name: value for name, value in known.items() if name in takes}
    for container in wanted["containerDefinitions"]:
        container["image"] = f"{container['image'].partition('@')[0]}@{image}"
    made: str = ecs.register_task_definition(**wanted)["taskDefinition"]["taskDefinitionArn"]
    try:
        yield made
    finally:
        ecs.deregister_task_definition(taskDefinition=made)


def run_once(place: Place, task_definition: str, command: Sequence[str]) -> None:
    """Run it to its end and show what it said. Raises Trouble unless it ended with 0."""
    ecs = boto3.client("ecs")
    shown = " ".join(command)
    container = ecs.describe_task_definition(taskDefinition=task_definition)["taskDefinition"]["containerDefinitions"][
        0
    ]
    begun = ecs.run_task(
        cluster=place.cluster,
        taskDefinition=task_definition,
        launchType="FARGATE",
        platformVersion="1.4.0",
        networkConfiguration={"awsvpcConfiguration": place.network},
        overrides={"containerOverrides": [{"name": container["name"], "command": list(command)}]},
        startedBy="mymovie-deploying",
    )
    if begun["failures"]:
        raise Trouble(f"`{shown}` was not started: {begun['failures'][0].get('reason')}.")
    arn = begun["tasks"][0]["taskArn"]
    print(f"`{shown}` runs as {arn.rpartition('/')[2]}", flush=True)
    wait = {"Delay": 6, "MaxAttempts": LONGEST_RUN // 6}
    try:
        ecs.get_waiter("tasks_stopped").wait(cluster=place.cluster, tasks=[arn], WaiterConfig=wait)
    except WaiterError as error:
        raise Trouble(f"`{shown}` did not end within {LONGEST_RUN // 60} minutes: {error}") from None
    [task] = ecs.describe_tasks(cluster=place.cluster, tasks=[arn])["tasks"]
    [ran] = [each for each in task["containers"] if each["name"] == container["name"]]
    for line in words_of(container, arn):
        print(f"  {line}")
    # A container that never began has no exit code at all.
    if ran.get("exitCode") != 0:
        why = ran.get("reason") or task.get("stoppedReason") or "no reason was given"
        raise Trouble(f"`{shown}` ended with {ran.get('exitCode', 'no exit code')}: {why}")


def words_of(container: dict[str, Any], task_arn: str) -> list[str]:
    """The last of what a task wrote; nothing where it never began to write."""
    kept = container["logConfiguration"]["options"]
    stream = f"{kept['awslogs-stream-prefix']}/{container['name']}/{task_arn.rpartition('/')[2]}"
    logs = boto3.client("logs")
    try:
        events = logs.get_log_events(logGroupName=kept["awslogs-group"], logStreamName=stream, limit=LINES)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in events]


def settle(environment: str, image: str) -> None:
    place = Place.of(environment)
    wait_until_all_run(place, image)
    with httpx.Client(base_url=place.url, timeout=20, follow_redirects=True) as client:
        smoke(client, release_of(image))


def release_of(image: str) -> str:
    """What the service's stack calls it."""
    return image.removeprefix("sha256:")[:12]


def wait_until_all_run(place: Place, image: str) -> None:
    """A service whose new tasks do not live goes back to its old ones by itself, and is stable with them too."""
    ecs = boto3.client("ecs")
    wait = {"Delay": 15, "MaxAttempts": LONGEST_ROLLOUT // 15}
    try:
        ecs.get_waiter("services_stable").wait(cluster=place.cluster, services=place.services, WaiterConfig=wait)
    except WaiterError as error:
        raise Trouble(f"The services did not come to rest within {LONGEST_ROLLOUT // 60} minutes: {error}") from None
    for service in ecs.describe_services(cluster=place.cluster, services=place.services)["services"]:
        task = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        running = {container["image"].partition("@")[2] for container in task["containerDefinitions"]}
        if running != {image}:
            raise Trouble(f"{service['serviceName']} runs {', '.join(running)}: it went back to what it ran before.")
        print(f"{service['serviceName']}: {service['runningCount']} of {service['desiredCount']} tasks run {image}")


def smoke(client: httpx.Client, release: str, *, patience: float = PATIENCE) -> None:
    """Look at the site as somebody would who comes to it, until it looks right or patience ends."""
    deadline = time.monotonic() + patience
    while True:
        try:
            look(client, release)
        except (Wrong, httpx.HTTPError) as wrong:
            if time.monotonic() > deadline:
                raise Trouble(f"{client.base_url}: {wrong}") from None
            time.sleep(min(5, patience / 10))
        else:
            print(f"{client.base_url} serves {release}")
            return


class Wrong(Exception):
    """Says what is not as it should be."""


def look(client: httpx.Client, release: str) -> None:
    if (said := asked(client, "/healthz/ready", "text/plain")) != "ready":
        raise Wrong(f"/healthz/ready says {said!r}")
    front = asked(client, "/", "text/html")
    stylesheet = STYLESHEET.search(front)
    if not stylesheet:
        raise Wrong("the front page names no stylesheet")
    asked(client, stylesheet[1], "text/css")
    script = asked(client, "/service-worker.js", "text/javascript").partition("\n")[0]
    served = json.loads(script.removeprefix(FACTS).removesuffix(";"))["release"] if FACTS in script else "none"
    if served != release:
        raise Wrong(f"the release is {served}, and should be {release}")


def asked(client: httpx.Client, path: str, kind: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        raise Wrong(f"{path} answers {answer.status_code}")
    if not answer.headers.get("Content-Type", "").startswith(kind):
        raise Wrong(f"{path} is {answer.headers.get('Content-Type')}, not {kind}")
    return answer.text


if __name__ == "__main__":
    with in_one_line():
        main(*sys.argv[1:])
