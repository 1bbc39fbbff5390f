"""The logs' account: one bucket in which every log ends, tables over it, and questions to ask of them."""

from typing import NamedTuple

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_athena as athena
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.aws.values import HERE, Values

DATABASE = "mymovie"
SINCE = "2026-01-01"
JSON = "org.openx.data.jsonserde.JsonSerDe"
REGEX = "org.apache.hadoop.hive.serde2.RegexSerDe"
# The fields of an access log of an Application Load Balancer, after AWS's documentation of them.
BALANCER = {
    "type": r"(\S+)",
    "time": r"(\S+)",
    "elb": r"(\S+)",
    "client": r"(\S+)",
    "target": r"(\S+)",
    "request_seconds": r"([-.0-9]+)",
    "target_seconds": r"([-.0-9]+)",
    "response_seconds": r"([-.0-9]+)",
    "status": r"(\S+)",
    "target_status": r"(\S+)",
    "received": r"(\S+)",
    "sent": r"(\S+)",
    "request": r'"([^"]*)"',
    "agent": r'"([^"]*)"',
    "cipher": r"(\S+)",
    "protocol": r"(\S+)",
    "target_group": r"(\S+)",
    "trace": r'"([^"]*)"',
}


# CloudFront's own names of what we keep of its log; Athena takes no such names.
EDGE_FIELDS = {
    "date": "date",
    "time": "time",
    "place": "x-edge-location",
    "sent": "sc-bytes",
    "method": "cs-method",
    "uri": "cs-uri-stem",
    "status": "sc-status",
    "agent": "cs(User-Agent)",
    "result": "x-edge-result-type",
    "request_id": "x-edge-request-id",
    "seconds": "time-taken",
    "content_type": "sc-content-type",
}


class Table(NamedTuple):
    columns: dict[str, str]
    place: str  # below the bucket; ${day} and ${env} are the partitions
    day: str = "yyyy-MM-dd"
    serde: str = JSON
    regex: str = ""
    named: dict[str, str] | None = None  # what the columns are called in the log


TABLES = {
    "app": Table(
        {
            "timestamp": "string",
            "level": "string",
            "logger": "string",
            "event": "string",
            "trace_id": "string",
            "task": "string",
            "task_id": "string",
            "method": "string",
            "path": "string",
            "status": "int",
            "ms": "double",
            "exception": "string",
        },
        "app/env=${env}/day=${day}/",
    ),
    "edge": Table(
        {
            "date": "string",
            "time": "string",
            "place": "string",
            "sent": "bigint",
            "method": "string",
            "uri": "string",
            "status": "int",
            "agent": "string",
            "result": "string",
            "request_id": "string",
            "seconds": "double",
            "content_type": "string",
        },
        "edge/env=${env}/day=${day}/",
        named=EDGE_FIELDS,
    ),
    "balancer": Table(
        dict.fromkeys(BALANCER, "string"),
        "balancer/${env}/AWSLogs/${account}/elasticloadbalancing/${region}/${day}/",
        day="yyyy/MM/dd",
        serde=REGEX,
        regex=" ".join(BALANCER.values()) + ".*",
    ),
}


class Lake(Stack):
    def __init__(self, scope: Construct, name: str, values: Values, **about: object) -> None:
        super().__init__(scope, name, **about)
        self.values = values
        self.bucket = self._bucket()
        for who in values.environments.values():
            self._let_in(who.account)
        self._catalogue()
        self._questions()

    def _bucket(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Lake",
            bucket_name=bucket_name(self.values),
            encryption=s3.BucketEncryption.S3_MANAGED,  # the only kind that a load balancer writes into
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                s3.LifecycleRule(id="answers", prefix="answers/", expiration=Duration.days(7)),
                s3.LifecycleRule(
                    id="logs",
                    expiration=Duration.days(400),
                    transitions=[
                        s3.Transition(
                            storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transition_after=Duration.days(90)
                        )
                    ],
                ),
            ],
        )

    def _let_in(self, account: str) -> None:
        """Firehose by the role that its account gave it, load balancers by their own name; both may only add."""
        shipper = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{account}:role/{SHIPPER}-*"}}
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"],
                principals=[iam.AccountPrincipal(account)],
                resources=[self.bucket.arn_for_objects(f"{what}/*") for what in ("app", "edge", "failed")],
                conditions=shipper,
            )
        )
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
                principals=[iam.AccountPrincipal(account)],
                resources=[self.bucket.bucket_arn],
                conditions=shipper,
            )
        )
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject"],
                principals=[iam.ServicePrincipal("logdelivery.elasticloadbalancing.amazonaws.com")],
                resources=[self.bucket.arn_for_objects(f"balancer/*/AWSLogs/{account}/*")],
            )
        )

    def _catalogue(self) -> None:
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=self.account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=DATABASE),
        )
        for name, table in TABLES.items():
            for place in self.values.environments.values():
                made = self._table(f"{name}_{place.name}", table, place.name, place.account)
                made.add_resource_dependency(database)

    def _table(self, name: str, table: Table, environment: str, account: str) -> glue.CfnTable:
        """Its days are reckoned, not written down: no crawler has to find them."""
        root = f"s3://{bucket_name(self.values)}/"
        place = (
            table.place.replace("${env}", environment)
            .replace("${account}", account)
            .replace("${region}", self.values.region)
        )
        column = glue.CfnTable.ColumnProperty
        serde = {"serialization.format": "1"}
        serde |= {"input.regex": table.regex} if table.regex else {}
        serde |= {f"mapping.{column}": field for column, field in (table.named or {}).items()}
        return glue.CfnTable(
            self,
            name,
            catalog_id=self.account,
            database_name=DATABASE,
            table_input=glue.CfnTable.TableInputProperty(
                name=name,
                table_type="EXTERNAL_TABLE",
                partition_keys=[column(name="day", type="string")],
                parameters={
                    "projection.enabled": "true",
                    "projection.day.type": "date",
                    "projection.day.format": table.day,
                    "projection.day.range": f"{SINCE.replace('-', table.day[4])},NOW",
                    "storage.location.template": root + place,
                },
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    location=root + place.partition("${day}")[0].removesuffix("day="),
                    input_format="org.apache.hadoop.mapred.TextInputFormat",
                    output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                    serde_info=glue.CfnTable.SerdeInfoProperty(serialization_library=table.serde, parameters=serde),
                    columns=[column(name=name, type=kind) for name, kind in table.columns.items()],
                ),
            ),
        )

    def _questions(self) -> None:
        """Those of infra/aws/questions/, one for each environment, in a work group that stops what would cost much."""
        group = athena.CfnWorkGroup(
            self,
            "Questions",
            name="mymovie",
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=20 * 1024**3,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{bucket_name(self.values)}/answers/",
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                ),
            ),
        )
        for path in sorted((HERE / "questions").glob("*.sql")):
            for environment in self.values.environments:
                question = athena.CfnNamedQuery(
                    self,
                    f"{path.stem}-{environment}",
                    name=f"{path.stem}-{environment}",
                    database=DATABASE,
                    work_group=group.name,
                    query_string=path.read_text().replace("{env}", environment),
                )
                question.add_resource_dependency(group)


SHIPPER = "mymovie-shipper"  # what the roles of Firehose begin with, in each environment's account


def bucket_name(values: Values) -> str:
    return f"mymovie-logs-{values.logs}"
