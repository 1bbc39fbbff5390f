"""Fargate on this machine: a task definition's command, with the environment and the secrets that it would have there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.image import engine
from infra.local.folder import ROOT
from infra.local.processes import Part
from infra.local.trouble import Trouble

# As the task definitions have it: a root that cannot be written, and a /tmp.
AS_A_TASK = ["run", "--rm", "--network", "host", "--read-only", "--tmpfs", "/tmp"]  # noqa: S108
AS_A_TASK += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
AS_A_TASK += ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
# Who does not end when told to is ended, as Fargate does it, and before we lose patience (Part.stop): also where we were
# killed ourselves, and nobody else is left to do it.
ENDED = ["timeout", "--kill-after=8", "0"]


@dataclass(frozen=True)
class Definition:
    """One container of a task, ready to be started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    """The deployed one, secrets read."""
    kept_in: Mapping[str, str]
    """Where its secrets are read."""
    health: Sequence[str]
    """What the container is asked to know whether it is well; empty where nothing is."""


def definition(client: Callable[[str], Any], arn: str) -> Definition:
    """`client` gives the client of a service, where the task would run."""
    found = client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
    container = found["containerDefinitions"][0]
    told = {each["name"]: each["value"] for each in container.get("environment", [])}
    kept_in = {each["name"]: each["valueFrom"] for each in container.get("secrets", [])}
    kept = {name: read_secret(client, value_from) for name, value_from in kept_in.items()}
    if twice := told.keys() & kept.keys():
        raise Trouble(f"{container['name']} has {', '.join(sorted(twice))} both as a value and as a secret.")
    health = {"CMD": [], "CMD-SHELL": ["sh", "-c"]}
    asked = container.get("healthCheck", {}).get("command", [])
    return Definition(
        container["name"],
        container.get("command", []),
        told | kept,
        kept_in,
        [*health[asked[0]], *asked[1:]] if asked else [],
    )


def read_secret(client: Callable[[str], Any], value_from: str) -> str:
    """`valueFrom`: a parameter, or arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:KEY[:STAGE[:VERSION]]]."""
    if not value_from.startswith("arn:aws:secretsmanager:"):
        name = value_from.partition(":parameter")[2] or value_from
        parameter: str = client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
        return parameter
    parts = value_from.split(":")
    key, stage, version = [*parts[7:], "", "", ""][:3]
    which = {"VersionStage": stage} if stage else {}
    which |= {"VersionId": version} if version else {}
    secret: str = client("secretsmanager").get_secret_value(SecretId=":".join(parts[:7]), **which)["SecretString"]
    if not key:
        return secret
    values = json.loads(secret)
    if key not in values:
        raise Trouble(f"The secret {parts[6]} has no {key}: on AWS the task would not start.")
    return str(values[key])


class Containers:
    """From the image that `make image` has made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return f"containers, by {engine.runner()[0]}"

    def command(self, name: str, words: Sequence[str], environment: Mapping[str, str]) -> list[str | Path]:
        file = self.folder / f"{name}.env"
        file.touch(mode=0o600)
        file.write_text("".join(f"{key}={value}\n" for key, value in environment.items()))
        return [
            *engine.runner(),
            *AS_A_TASK,
            "--name",
            self._called(name),
            "--env-file",
            file,
            engine.NAME,
            *ENDED,
            *words,
        ]

    def inside(self, name: str, words: Sequence[str]) -> list[str | Path]:
        return [*engine.runner(), "exec", self._called(name), *words]

    def _called(self, name: str) -> str:
        return f"{self.folder.name}-{name}"

    def prepare(self, fargate: "Fargate", task: Definition) -> None:
        """All is in the image."""

    def around(self, environment: Mapping[str, str]) -> dict[str, str]:
        """What the program that we start ourselves sees: it hands on the file alone."""
        return dict(os.environ)


class Processes:
    """From the virtual environment and the checkout, with what the image has in it made beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return "plain processes"

    def command(self, name: str, words: Sequence[str], environment: Mapping[str, str]) -> list[str | Path]:
        programs = Path(sys.executable).parent
        return [*ENDED, programs / words[0], *words[1:]]

    def inside(self, name: str, words: Sequence[str]) -> list[str | Path]:
        return [*words]

    def prepare(self, fargate: "Fargate", task: Definition) -> None:
        """What building the image does."""
        fargate.run(task, ["python", "-m", "mymovie.messages", "compile"])
        fargate.run(task, ["python", "manage.py", "collectstatic", "--no-input"])

    def around(self, environment: Mapping[str, str]) -> dict[str, str]:
        own = self.folder / "tmp"
        own.mkdir(exist_ok=True)
        moved = {name: value.replace("/tmp/", f"{own}/") for name, value in environment.items()}  # noqa: S108
        static = {"STATIC_ROOT": str(self.folder / "static"), "STATIC_COMPRESSION": "0"}
        return (
            moved
            | static
            | {
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "TMPDIR": str(own),
            }
        )


def ways(folder: Path) -> Containers | Processes:
    """Containers, where the image is there."""
    return Containers(folder) if shutil.which(engine.runner()[0]) and has_image() else Processes(folder)


def has_image() -> bool:
    asked = [*engine.runner(), "image", "inspect", engine.NAME]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


class Fargate:
    """Starts tasks. `added` is all that they have beside what is deployed."""

    def __init__(self, way: Containers | Processes, added: Mapping[str, str], folder: Path) -> None:
        self.way, self.added, self.folder = way, added, folder
        self.count = 0

    def start(self, task: Definition, command: Sequence[str] = (), *, told: Mapping[str, str] | None = None) -> "Task":
        self.count += 1
        name = f"{task.name}-{self.count}"
        environment = {**task.environment, **self.added, **(told or {})}
        part = Part(
            f"The task {task.name}",
            self.way.command(name, command or task.command, environment),
            environment=self.way.around(environment),
            log=self.folder / f"{name}.log",
        )
        return Task(name, task, environment, part, self.way)

    def run(self, task: Definition, command: Sequence[str]) -> None:
        """Once, to its good end."""
        part = self.start(task, command).part
        try:
            part.require_success()
        finally:
            part.stop()


@dataclass(frozen=True)
class Task:
    """One that runs."""

    name: str
    definition: Definition
    environment: Mapping[str, str]
    part: Part
    way: Containers | Processes

    def is_well(self) -> bool:
        """By the health command of its definition."""
        command = [str(word) for word in self.way.inside(self.name, self.definition.health)]
        around = self.way.around(self.environment)
        return subprocess.run(command, check=False, capture_output=True, env=around, cwd=ROOT).returncode == 0
