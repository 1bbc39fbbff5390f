"""How logs come to the logs' account: by Firehose, day by day. The load balancer writes its own there, as it can no other way."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk.aws_kinesisfirehose import CfnDeliveryStream
from constructs import Construct

from infra.aws.lake import EDGE_FIELDS, SHIPPER, bucket_name
from infra.aws.logbooks import logbook
from infra.aws.values import Environment, Values


class Shipping(Stack):
    """The lines of the application, from its log group."""

    def __init__(
        self, scope: Construct, name: str, values: Values, place: Environment, log: logs.ILogGroup, **about: object
    ) -> None:
        super().__init__(scope, name, **about)
        self.stream = stream(self, "app", values, place, unpack=True)
        role = iam.Role(
            self,
            "FromTheLog",
            assumed_by=iam.ServicePrincipal(
                "logs.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            ),
        )
        allowed = iam.PolicyStatement(actions=["firehose:PutRecordBatch"], resources=[self.stream.attr_arn])
        role.add_to_policy(allowed)
        subscription = logs.CfnSubscriptionFilter(
            self,
            "Everything",
            log_group_name=log.log_group_name,
            filter_pattern="",
            destination_arn=self.stream.attr_arn,
            role_arn=role.role_arn,
        )
        subscription.node.add_dependency(role)


class EdgeShipping(Stack):
    """The lines of CloudFront; in us-east-1, where CloudFront gives them away."""

    def __init__(
        self, scope: Construct, name: str, values: Values, place: Environment, distribution: str, **about: object
    ) -> None:
        super().__init__(scope, name, **about)
        self.stream = stream(self, "edge", values, place)
        source = logs.CfnDeliverySource(
            self,
            "CloudFront",
            name="mymovie-cloudfront",
            log_type="ACCESS_LOGS",
            resource_arn=f"arn:aws:cloudfront::{self.account}:distribution/{distribution}",
        )
        destination = logs.CfnDeliveryDestination(
            self,
            "Firehose",
            name="mymovie-edge",
            destination_resource_arn=self.stream.attr_arn,
            output_format="json",
        )
        delivery = logs.CfnDelivery(
            self,
            "Delivery",
            delivery_source_name=source.name,
            delivery_destination_arn=destination.attr_arn,
            record_fields=[*EDGE_FIELDS.values()],  # no address and no cookie: nobody is followed
        )
        delivery.add_resource_dependency(source)


def stream(scope: Stack, what: str, values: Values, place: Environment, *, unpack: bool = False) -> CfnDeliveryStream:
    """One of `app`, `edge`; with `unpack`, what comes are the packets of CloudWatch Logs, and their lines are wanted."""
    lake = f"arn:aws:s3:::{bucket_name(values)}"
    failed = logbook(scope, "Log", days=30, called=f"/mymovie/shipping-{what}")
    line = logs.CfnLogStream(scope, "LogStream", log_group_name=failed.log_group_name, log_stream_name="delivery")
    role = iam.Role(
        scope,
        "Shipper",
        role_name=f"{SHIPPER}-{what}",
        assumed_by=iam.ServicePrincipal(
            "firehose.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": scope.account}}
        ),
    )
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"],
            resources=[f"{lake}/{what}/*", f"{lake}/failed/*"],
        )
    )
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], resources=[lake]
        )
    )
    failed.grant_write(role)
    made = CfnDeliveryStream(
        scope,
        "Stream",
        delivery_stream_name=f"mymovie-{what}",
        delivery_stream_type="DirectPut",
        delivery_stream_encryption_configuration_input=CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty(
            key_type="AWS_OWNED_CMK"
        ),
        extended_s3_destination_configuration=CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty(
            bucket_arn=lake,
            role_arn=role.role_arn,
            compression_format="GZIP",
            prefix=f"{what}/env={place.name}/day=!{{timestamp:yyyy-MM-dd}}/",
            error_output_prefix=f"failed/{what}/env={place.name}/!{{firehose:error-output-type}}/",
            buffering_hints=CfnDeliveryStream.BufferingHintsProperty(interval_in_seconds=300, size_in_m_bs=64),
            cloud_watch_logging_options=CfnDeliveryStream.CloudWatchLoggingOptionsProperty(
                enabled=True, log_group_name=failed.log_group_name, log_stream_name=line.log_stream_name
            ),
            processing_configuration=CfnDeliveryStream.ProcessingConfigurationProperty(
                enabled=True, processors=unpacking() if unpack else [processor("AppendDelimiterToRecord")]
            ),
        ),
    )
    made.node.add_dependency(role)
    return made


def unpacking() -> list[CfnDeliveryStream.ProcessorProperty]:
    return [
        processor("Decompression", CompressionFormat="GZIP"),
        processor("CloudWatchLogProcessing", DataMessageExtraction="true"),
    ]


def processor(kind: str, **told: str) -> CfnDeliveryStream.ProcessorProperty:
    return CfnDeliveryStream.ProcessorProperty(
        type=kind,
        parameters=[
            CfnDeliveryStream.ProcessorParameterProperty(parameter_name=name, parameter_value=value)
            for name, value in told.items()
        ],
    )
