"""Resources as CloudFormation makes them: by the table of kinds, or by a few lines of their own where one call is not enough."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from infra.aws.proof import calling
from infra.aws.proof.fitting import Tell
from infra.aws.proof.kinds import KINDS, Kind, Properties, Then

PARAMETER = re.compile(r"\{\{resolve:ssm:([^}:]*)(?::\d+)?\}\}")
SECRET = re.compile(r"\{\{resolve:secretsmanager:(arn:[^}]*?|[^:}]*):SecretString:([^:}]*)[^}]*\}\}")

WITH_OWN_RULES: set[str] = set()
"""Security groups."""


class Made(NamedTuple):
    ref: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Place:
    """Where a stack lies, and how to speak to it."""

    endpoint: str
    account: str
    region: str
    tell: Tell

    def client(self, service: str) -> Any:
        return calling.client(self.endpoint, self.account, self.region, service)

    def call(self, call: str, parameters: Properties, where: str) -> dict[str, Any]:
        service, _, operation = call.partition(".")
        return calling.call(self.client(service), operation, parameters, where, self.tell)

    def parameter(self, name: str) -> str:
        value: str = self.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
        return value

    def secret(self, secret: str) -> str:
        text: str = self.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        return text


def make(resource_type: str, name: str, properties: Properties, place: Place) -> Made:
    """`name` is what CloudFormation would call it, where the template does not."""
    properties = resolve(properties, place)
    if own := OWN_WAYS.get(resource_type):
        return own(properties, name, place)
    return by_table(resource_type, KINDS[resource_type], name, properties, place)


def by_table(resource_type: str, kind: Kind, name: str, properties: Properties, place: Place) -> Made:
    if kind.named:
        properties = {kind.named: name} | properties
    later = {prop: properties.pop(prop) for prop in kind.then if prop in properties}
    asked = {kind.renamed.get(prop, prop): value for prop, value in kind.adapt(properties, place.account).items()}
    answer = place.call(kind.call, asked, resource_type)
    # The members of what was asked are to be had by the names of the API too: `clusterName` for `ClusterName`.
    both = asked | {prop[:1].lower() + prop[1:]: value for prop, value in asked.items()}
    facts = {"asked": both, "answer": answer, "name": name, "account": place.account, "region": place.region}
    ref = kind.ref.format(**facts)
    for prop, value in later.items():
        _then(kind.then[prop], value, ref, f"{resource_type}.{prop}", place)
    return Made(ref, {attribute: _said(text, facts) for attribute, text in kind.attributes.items()})


def _said(text: str, facts: dict[str, Any]) -> str:
    """An attribute that this resource does not have, as a client without a secret, is empty; nobody may ask for it."""
    try:
        return text.format(**facts)
    except KeyError:
        return ""


def _then(then: Then, value: Any, ref: str, where: str, place: Place) -> None:
    keys = {name: text.format(ref=ref) for name, text in then.keys.items()}
    if value is False:
        return
    if then.call == "rds.modify_db_cluster_parameter_group":
        value = [
            {"ParameterName": name, "ParameterValue": each, "ApplyMethod": "pending-reboot"}
            for name, each in value.items()
        ]
    members = {then.within: value} if then.within else value if isinstance(value, dict) else {}
    place.call(then.call, keys | members, where)


def resolve(value: Any, place: Place) -> Any:
    """With {{resolve:…}} replaced by what the parameter or the secret says."""
    if isinstance(value, dict):
        return {name: resolve(each, place) for name, each in value.items()}
    if isinstance(value, list):
        return [resolve(each, place) for each in value]
    if isinstance(value, str):
        value = PARAMETER.sub(lambda found: place.parameter(found[1]), value)
        return SECRET.sub(lambda found: str(json.loads(place.secret(found[1]))[found[2]]), value)
    return value


def secret(properties: Properties, name: str, place: Place) -> Made:
    wanted = properties.pop("GenerateSecretString", None)
    if wanted is not None:
        template, key = wanted.pop("SecretStringTemplate", None), wanted.pop("GenerateStringKey", None)
        where = "AWS::SecretsManager::Secret.GenerateSecretString"
        word = place.call("secretsmanager.get_random_password", wanted, where)["RandomPassword"]
        properties["SecretString"] = json.dumps(json.loads(template or "{}") | {key: word}) if key else word
    return by_table("AWS::SecretsManager::Secret", KINDS["AWS::SecretsManager::Secret"], name, properties, place)


def cluster(properties: Properties, name: str, place: Place) -> Made:
    """With ManageMasterUserPassword, Aurora itself makes the secret; moto only says so."""
    kind = "AWS::RDS::DBCluster"
    if not properties.pop("ManageMasterUserPassword", False):
        return by_table(kind, KINDS[kind], name, properties, place)
    about = properties.pop("MasterUserSecret", {})
    word = place.client("secretsmanager").get_random_password(ExcludePunctuation=True)["RandomPassword"]
    kept = {"username": properties["MasterUsername"], "password": word}
    asked = about | {"Name": f"rds!cluster-{name}".lower(), "SecretString": json.dumps(kept)}
    secret = place.call("secretsmanager.create_secret", asked, f"{kind}.MasterUserSecret")["ARN"]
    made = by_table(kind, KINDS[kind], name, properties | {"MasterUserPassword": word}, place)
    return made._replace(attributes=made.attributes | {"MasterUserSecret.SecretArn": secret})


def attached_secret(properties: Properties, name: str, place: Place) -> Made:
    """Where the database is, written into the secret that says who we are to it."""
    target = properties["TargetId"]
    cluster = place.client("rds").describe_db_clusters(DBClusterIdentifier=target)["DBClusters"][0]
    facts = json.loads(place.secret(properties["SecretId"])) | {
        "engine": "postgres",
        "host": cluster["Endpoint"],
        "port": cluster["Port"],
        "dbname": cluster.get("DatabaseName"),
        "dbClusterIdentifier": target,
    }
    place.client("secretsmanager").put_secret_value(SecretId=properties["SecretId"], SecretString=json.dumps(facts))
    return Made(properties["SecretId"], {"Id": properties["SecretId"]})


def bucket_policy(properties: Properties, name: str, place: Place) -> Made:
    """Without statements that have a condition: moto reads none, and would deny everything that is to come by TLS."""
    policy = properties["PolicyDocument"]
    statements = [each for each in policy["Statement"] if "Condition" not in each]
    if statements:
        document = json.dumps(policy | {"Statement": statements})
        place.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=document)
    return Made(name, {})


def queue_policy(properties: Properties, name: str, place: Place) -> Made:
    for queue in properties["Queues"]:
        attributes = {"Policy": json.dumps(properties["PolicyDocument"])}
        place.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes=attributes)
    return Made(name, {"Id": name})


def topic_policy(properties: Properties, name: str, place: Place) -> Made:
    for topic in properties["Topics"]:
        document = json.dumps(properties["PolicyDocument"])
        place.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)
    return Made(name, {"Id": name})


def scalable_target(properties: Properties, name: str, place: Place) -> Made:
    actions = properties.pop("ScheduledActions", [])
    kind = "AWS::ApplicationAutoScaling::ScalableTarget"
    made = by_table(kind, KINDS[kind], name, properties, place)
    keys = {prop: properties[prop] for prop in ("ResourceId", "ScalableDimension", "ServiceNamespace")}
    for action in actions:
        place.call("application-autoscaling.put_scheduled_action", keys | action, f"{kind}.ScheduledActions[]")
    return made


def exports_writer(properties: Properties, name: str, place: Place) -> Made:
    """What CDK's own function does where one region's stack has what another's needs: it writes parameters there."""
    wanted = properties["WriterProps"]
    there = replace(place, region=wanted["region"]).client("ssm")
    for parameter, value in wanted["exports"].items():
        there.put_parameter(Name=parameter, Value=value, Type="String", Overwrite=True)
    return Made(name, {})


def exports_reader(properties: Properties, name: str, place: Place) -> Made:
    return Made(name, properties["ReaderProps"]["imports"])


def egress(properties: Properties, name: str, place: Place) -> Made:
    """A group's own first rule, which lets everything out, is gone with the first one that a template gives it."""
    ec2, group = place.client("ec2"), properties["GroupId"]
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    if group not in WITH_OWN_RULES:
        WITH_OWN_RULES.add(group)
        ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
    return by_table("AWS::EC2::SecurityGroupEgress", KINDS["AWS::EC2::SecurityGroupEgress"], name, properties, place)


def nothing(properties: Properties, name: str, place: Place) -> Made:
    return Made(name, {})


OWN_WAYS: dict[str, Callable[[Properties, str, Place], Made]] = {
    "AWS::RDS::DBCluster": cluster,
    "AWS::SecretsManager::Secret": secret,
    "AWS::SecretsManager::SecretTargetAttachment": attached_secret,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::ApplicationAutoScaling::ScalableTarget": scalable_target,
    "AWS::EC2::SecurityGroupEgress": egress,
    "Custom::CrossRegionExportWriter": exports_writer,
    "Custom::CrossRegionExportReader": exports_reader,
    "AWS::CDK::Metadata": nothing,  # what CDK tells of itself
}
TYPES = OWN_WAYS.keys() | KINDS.keys()
