"""What is deployed runs: web, workers, relay and what runs once, against the AWS and the database that it was deployed with."""

import datetime
import http.client
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import psycopg

from infra.aws.deploying import STYLESHEET
from infra.aws.proof.database import LocalAurora
from infra.aws.proof.fargate import Definition, Fargate, Task, definition
from infra.local.aws import LOOPBACK, answers
from infra.local.trouble import Trouble

# As CloudFront asks for a page.
FROM_CLOUDFRONT = {
    "CloudFront-Forwarded-Proto": "https",
    "CloudFront-Viewer-Address": "198.51.100.7:46532",
    "X-Forwarded-For": "198.51.100.7",
    "Accept-Language": "ja",
}
SCHEDULED_DAYS_AGO = 2
PATIENCE = 60  # seconds
MEDIA_THERE_AND_BACK = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
name = default_storage.save("proof/there-and-back", ContentFile(b"as it was"))
if default_storage.open(name).read() != b"as it was":
    raise SystemExit("what was kept came back changed")
default_storage.delete(name)
if default_storage.exists(name):
    raise SystemExit("what was deleted is still there")
"""
PUT_INTO_THE_OUTBOX = """
from mymovie.outbox import services
services.add("mymovie.outbox.tasks.run_chore", queue="tmdb", job="forget_runs")
"""


class Site:
    """The deployed services of one environment, by the outputs of its stack."""

    def __init__(self, client: Callable[[str], Any], outputs: Mapping[str, str]) -> None:
        self.client, self.outputs = client, outputs
        self.web = self._of_service(outputs["WebService"])
        self.workers = [self._of_service(name) for name in outputs["WorkerServices"].split(",")]
        self.relay = self._of_service(outputs["RelayService"])
        self.once = definition(client, outputs["OnceTaskDefinition"])
        self.domain = outputs["SiteUrl"].removeprefix("https://")

    def _of_service(self, name: str) -> Definition:
        found = self.client("ecs").describe_services(cluster=self.outputs["ClusterName"], services=[name])
        return definition(self.client, found["services"][0]["taskDefinition"])


def shell(code: str) -> list[str]:
    return ["python", "manage.py", "shell", "--no-imports", "-c", code]


def require_static_files(client: Callable[[str], Any], site: Site) -> int:
    """How many there are, the style of every page among them."""
    there = client("s3").list_objects_v2(Bucket=site.once.environment["STATIC_BUCKET"])
    names = [item["Key"] for item in there.get("Contents", [])]
    if not any(re.fullmatch(r"css/every-page\.[0-9a-f]{12}\.css", name) for name in names):
        raise Trouble(f"Among {len(names)} static files on S3 the style of every page is missing.")
    return len(names)


def start_web(fargate: Fargate, site: Site, port: int) -> Task:
    """At a port of ours: the image's own, 8000, is open to everybody's network, and may be taken."""
    command = [word.replace("0.0.0.0:8000", f"{LOOPBACK}:{port}") for word in site.web.command]
    if command == site.web.command:
        raise Trouble("The web's command does not say that it listens at 0.0.0.0:8000.")
    return fargate.start(site.web, command, told={"HEALTH_PORT": str(port)})


def require_front_page(site: Site, port: int, web: Task) -> None:
    """As CloudFront asks for it, with the style that it names; by plain http or under another name it is not to be had."""
    web.part.wait_until(lambda: answers(port, "/healthz/ready"))
    status, headers, page = ask(port, "/", site.domain, FROM_CLOUDFRONT)
    if status != 200 or "MyMovie" not in page:
        raise Trouble(f"The front page answers {status}, not 200: {headers.get('Location', page[:200])}")
    style = STYLESHEET.search(page)
    if style is None:
        raise Trouble("The front page names no style of ours.")
    for path, host, more, expected in [
        (style[1], site.domain, FROM_CLOUDFRONT, 200),
        ("/", site.domain, {}, 301),
        ("/", "elsewhere.example", FROM_CLOUDFRONT, 400),
    ]:
        status, _, _ = ask(port, path, host, more)
        if status != expected:
            raise Trouble(f"{path} answers {status} to Host {host}, not {expected}.")


def ask(port: int, path: str, host: str, headers: Mapping[str, str]) -> tuple[int, http.client.HTTPMessage, str]:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host, **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


def rotate_password(site: Site, database: LocalAurora, port: int) -> None:
    """As Secrets Manager does it. The running web has the old one in its environment, and loses its connections."""
    secret, password = site.web.environment["DATABASE_SECRET"], secrets.token_urlsafe()
    kept = {"username": database.user, "password": password}
    site.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps(kept))
    database.change_password(password)
    deadline = time.monotonic() + PATIENCE
    while not answers(port, "/healthz/ready"):
        if time.monotonic() > deadline:
            raise Trouble(f"After {PATIENCE} seconds the web server has not found the database's new password.")
        time.sleep(0.2)


def require_wellness(tasks: Iterable[Task]) -> int:
    """How many have a health command, and are well by it."""
    asked = [task for task in tasks if task.definition.health]
    for task in asked:
        task.part.wait_until(task.is_well)
    return len(asked)


def wait_for_runs(database: LocalAurora, jobs: Iterable[str], since: datetime.datetime, parts: Iterable[Task]) -> None:
    """Until a worker has done each of these periodic jobs, for a slot after `since`."""
    wanted, deadline = set(jobs), time.monotonic() + PATIENCE
    with psycopg.connect(database.url(), autocommit=True) as connection:
        while True:
            rows = connection.execute(
                "SELECT job, error FROM outbox_run WHERE slot >= %s AND ended_at IS NOT NULL AND job = ANY(%s)",
                [since, list(wanted)],
            ).fetchall()
            if failed := {job: error for job, error in rows if error}:
                raise Trouble(f"Periodic jobs failed in the worker: {failed}")
            missing = wanted - {job for job, _ in rows}
            if not missing:
                return
            for task in parts:
                task.part.require_alive()
            if time.monotonic() > deadline:
                raise Trouble(f"After {PATIENCE} seconds no worker has done {', '.join(sorted(missing))}.")
            time.sleep(0.2)


def send_as_scheduler(client: Callable[[str], Any], moment: datetime.datetime) -> list[str]:
    """Put every schedule's message for `moment` into its queue, as EventBridge Scheduler does; says for which."""
    sent = []
    for schedule in client("scheduler").list_schedules(GroupName="mymovie", MaxResults=100)["Schedules"]:
        target = client("scheduler").get_schedule(Name=schedule["Name"], GroupName="mymovie")["Target"]
        if not target["Arn"].startswith("arn:aws:sqs:"):
            raise Trouble(f"The schedule {schedule['Name']} goes to {target['Arn']}, which is no queue.")
        queue = client("sqs").get_queue_url(QueueName=target["Arn"].rpartition(":")[2])["QueueUrl"]
        client("sqs").send_message(QueueUrl=queue, MessageBody=written(target["Input"], schedule["Name"], moment))
        sent.append(schedule["Name"])
    return sent


def written(message: str, name: str, moment: datetime.datetime) -> str:
    """With Scheduler's own words in place of their names; what is left of these is a mistake."""
    words = {
        "scheduled-time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": f"proof-{name}-{moment:%s}",
        "attempt-number": "1",
    }
    for word, value in words.items():
        message = message.replace(f"<aws.scheduler.{word}>", value)
    if "<aws.scheduler." in message:
        raise Trouble(f"The message of {name} names something that Scheduler does not know.")
    json.loads(message)
    return message
