"""Stops the service when the month's budget is spent, and starts it again. Runs as a Lambda function, on its own.

Budgets writes to a topic, and that calls it with {"Records": …}: stop. {"do": "start"} and {"do": "stop"} are for people.
"""

import json
import os
from typing import Any

import boto3

CLOSED = """<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>MyMovie</title><style>:root{color-scheme:light dark}body{font:1.1rem/1.7 serif;max-width:30rem;margin:20vh auto;
padding:0 1.5rem}</style><h1>観た映画の記録</h1><p>ただいまお休みしています。記録はすべて残っています。月が変わるころに、
また来てください。</p><p lang="en">We are closed for now. Everything you recorded is safe. Please come back when the month
has changed.</p></html>"""


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    does = event.get("do", "stop")
    stage = Stage(json.loads(os.environ["STAGE"]))
    if does == "start":
        stage.start()
    else:
        stage.stop()
    print(json.dumps({"event": f"brake.{does}"}))
    return {"did": does}


class Stage:
    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.ecs, self.elb, self.rds = (boto3.client(name) for name in ("ecs", "elbv2", "rds"))
        self.scaling = boto3.client("application-autoscaling")

    def stop(self) -> None:
        """First the page for those who come, then what would start tasks anew, then the tasks, then the database."""
        self._answer(
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {"StatusCode": "503", "ContentType": "text/html", "MessageBody": CLOSED},
            }
        )
        for service in self.told["services"]:
            self._scale(service, least=0, most=0, count=0)
        if self._database() == "available":
            self.rds.stop_db_cluster(DBClusterIdentifier=self.told["database"])

    def start(self) -> None:
        if self._database() == "stopped":
            self.rds.start_db_cluster(DBClusterIdentifier=self.told["database"])
        for service in self.told["services"]:
            self._scale(service, least=service["least"], most=service["most"], count=service["least"])
        self._answer({"Type": "forward", "TargetGroupArn": self.told["target"]})

    def _answer(self, action: dict[str, Any]) -> None:
        self.elb.modify_listener(ListenerArn=self.told["listener"], DefaultActions=[action])

    def _scale(self, service: dict[str, Any], *, least: int, most: int, count: int) -> None:
        cluster = self.told["cluster"]
        if service["scales"]:
            self.scaling.register_scalable_target(
                ServiceNamespace="ecs",
                ResourceId=f"service/{cluster}/{service['name']}",
                ScalableDimension="ecs:service:DesiredCount",
                MinCapacity=least,
                MaxCapacity=most,
            )
        self.ecs.update_service(cluster=cluster, service=service["name"], desiredCount=count)

    def _database(self) -> str:
        [cluster] = self.rds.describe_db_clusters(DBClusterIdentifier=self.told["database"])["DBClusters"]
        return str(cluster["Status"])
