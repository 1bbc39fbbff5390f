"""`python -m infra.aws.proof [ASSEMBLY]`: deploy stg, and what all environments share, to an AWS of this machine, and run it.

ASSEMBLY: where `cdk synth` has written the templates; without it they are written anew.

What tasks are told beside what is deployed: AWS_ENDPOINT_URL and the keys of the local AWS, where on AWS there is a role;
PGHOSTADDR, the address of the database's name; and the web server, to listen on loopback, at a port that is free.
Without an image of `make image` they are plain processes, with what the image has in it (fargate.py) made beside them.
"""

import contextlib
import datetime
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from infra.aws.proof import deploying, nightly, running
from infra.aws.proof.database import LocalAurora
from infra.aws.proof.deploying import LocalAccounts
from infra.aws.proof.fargate import Containers, Fargate, ways
from infra.aws.values import Values
from infra.local.aws import LOOPBACK, free_port
from infra.local.folder import ROOT
from infra.local.processes import Part, die_with_parent
from infra.local.site import interrupt
from infra.local.trouble import in_one_line

ENVIRONMENT = "stg"
CLI = ROOT / "infra" / "node_modules" / "aws-cdk" / "bin" / "cdk"


def main(assembly: str = "") -> None:
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="mymovie-proof-"))
    try:
        with contextlib.ExitStack() as running_parts:
            prove(folder, assembly, running_parts)
    except BaseException:
        print(f"What was written down lies in {folder}", file=sys.stderr)
        raise
    shutil.rmtree(folder)
    print(f"{time.monotonic() - begun:6.1f} s  all of it")


@contextlib.contextmanager
def proving(what: str) -> Iterator[list[str]]:
    """A line of the table, when it is true; more about it may be put into the list."""
    begun, more = time.monotonic(), list[str]()
    yield more
    print(f"{time.monotonic() - begun:6.1f} s  {what}{': ' if more else ''}{', '.join(more)}", flush=True)


def prove(folder: Path, given: str, parts: contextlib.ExitStack) -> None:
    values = Values.read()
    place = values.environments[ENVIRONMENT]
    here = {place.account, values.logs, values.monitoring}
    assembly = Path(given or folder / "cdk.out")
    with proving("read" if given else "synthesised") as more:
        if not given:
            deploying.synthesise(CLI, assembly, folder / "synth.log")
        chosen = [stack for stack in deploying.stacks(assembly) if stack.account in here]
        more.append(f"{len(chosen)} stacks of {ENVIRONMENT} and of what all share")
    with proving("deployed by cdk deploy") as more:
        accounts = start_aws(folder, parts, place.account)
        deploying.deploy(CLI, assembly, chosen, accounts, folder / "deploy.log")
        deploying.require_no_faults(folder / "faults")
        more.append(f"{deploying.resources(chosen)} resources in {len(here)} accounts")

    client = partial(accounts.client, place.account, values.region)
    outputs: dict[str, str] = {}
    for stack in chosen:
        if (stack.account, stack.region) == (place.account, values.region):
            outputs |= accounts.outputs(stack)
    site = running.Site(client, outputs)
    way = ways(folder)
    with proving(f"PostgreSQL stands in for Aurora, by TLS; tasks are {way}"):
        host = urlsplit(site.web.environment["DATABASE_URL"]).hostname or ""
        database = LocalAurora(
            folder / "postgres",
            host=host,
            user=site.web.environment["DATABASE_USER"],
            password=site.web.environment["DATABASE_PASSWORD"],
        )
        parts.enter_context(database)
        added = accounts.keys(place.account, values.region) | {"PGHOSTADDR": database.address}
        fargate = Fargate(way, added, folder)
        way.prepare(fargate, site.web)

    with proving("migrate --no-input ends well"):
        fargate.run(site.once, ["python", "manage.py", "migrate", "--no-input"])
    with proving("queues stand as the settings want them"):
        fargate.run(site.once, ["python", "manage.py", "queues", "check"])
    with proving("the media bucket takes a file, gives it back, and forgets it"):
        fargate.run(site.web, running.shell(running.MEDIA_THERE_AND_BACK))

    with proving("static files lie where CloudFront looks for them") as more:
        fargate.run(site.once, ["python", "-m", "mymovie.publishing"])
        more.append(f"{running.require_static_files(client, site)} files")

    port = free_port()
    with proving("the web server is ready, and serves the front page to CloudFront, and to nobody else"):
        tasks = [running.start_web(fargate, site, port), *(fargate.start(task) for task in (site.relay, *site.workers))]
        for task in tasks:
            parts.callback(task.part.stop)
        running.require_front_page(site, port, tasks[0])
    with proving("what is put into the outbox is sent by the relay, and done by the worker"):
        began = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
        fargate.run(site.once, running.shell(running.PUT_INTO_THE_OUTBOX))
        running.wait_for_runs(database, ["forget_runs"], began, tasks)
    with proving("Scheduler's messages are understood by the worker") as more:
        moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=running.SCHEDULED_DAYS_AGO)
        jobs = running.send_as_scheduler(client, moment)
        running.wait_for_runs(database, jobs, moment - datetime.timedelta(days=1), tasks)
        more.append(f"{len(jobs)} jobs")
    if isinstance(way, Containers):
        with proving("health commands say that all is well") as more:
            more.append(f"{running.require_wellness(tasks)} containers")

    with proving("the database's password is rotated, and the web server goes on"):
        running.rotate_password(site, database, port)

    night = nightly.Nightly(client, fargate, outputs["ClusterName"])
    with proving("the nightly state machine runs to its end") as more:
        more.append(nightly.require_success(night))
    with proving("the nightly state machine fails as it should") as more:
        more.append(nightly.require_failure(night, site.once))


def start_aws(folder: Path, parts: contextlib.ExitStack, account: str) -> LocalAccounts:
    """State machines act for `account` alone."""
    port = free_port()
    server = Part(
        "The local AWS (moto)",
        [sys.executable, "-m", "infra.aws.proof.server", str(port), account, folder / "faults"],
        environment=os.environ,
        log=folder / "aws.log",
    )
    parts.callback(server.stop)
    server.wait_until(lambda: "ready" in (folder / "aws.log").read_text(errors="replace"))
    return LocalAccounts(f"http://{LOOPBACK}:{port}")


if __name__ == "__main__":
    with in_one_line():
        main(*sys.argv[1:])
