"""`python -m infra.aws.proof.server PORT ACCOUNT FAULTS`: moto as a server, with our resources in its CloudFormation."""

import json
import os
import sys
import threading
import urllib.request
import warnings
from pathlib import Path

from moto.server import ThreadedMotoServer

from infra.aws.proof import cloudformation, mending
from infra.local.aws import LOOPBACK
from infra.local.processes import die_with_parent


def main(port: str, account: str, faults: str) -> None:
    die_with_parent()
    warnings.simplefilter("ignore")
    endpoint = f"http://{LOOPBACK}:{port}"
    os.environ["MOTO_PORT"] = port  # where state machines look for all else
    mending.mend(account)
    cloudformation.extend(endpoint, Path(faults))
    ThreadedMotoServer(ip_address=LOOPBACK, port=int(port), verbose=False).start()
    configure(endpoint)
    print("ready", flush=True)
    threading.Event().wait()


def configure(endpoint: str) -> None:
    """State machines run; a task runs until it is stopped, and not until it was looked at a few times."""
    for path, body in {
        "config": {"stepfunctions": {"execute_state_machine": True}},
        "state-manager/set-transition": {
            "model_name": "ecs::task",
            "transition": {"progression": "manual", "times": 1_000_000},
        },
    }.items():
        address, headers = f"{endpoint}/moto-api/{path}", {"Content-Type": "application/json"}
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 - our own endpoint
        urllib.request.urlopen(request).close()  # noqa: S310


if __name__ == "__main__":
    main(*sys.argv[1:])
