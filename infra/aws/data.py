"""What must not be lost: the database, files, messages and secrets."""

import json

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.aws.network import Network
from infra.aws.values import Environment
from mymovie import queues

ENGINE = rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_9)
KEPT_FOR = Duration.days(7)
PUBLIC_PICTURES = "avatars/*.webp"  # of the media bucket; what was uploaded lies beside them, under another ending

BACKS_UP = ("service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")


class Data(Stack):
    def __init__(self, scope: Construct, name: str, place: Environment, network: Network, **about: object) -> None:
        super().__init__(scope, name, **about)
        self.key = kms.Key(self, "Key", description="What MyMovie keeps", enable_key_rotation=True)
        self.cluster = self._database(place, network)
        self.queues = {name: self._queue(name) for name in queues.NAMES}
        self.media = self._bucket("Media", versioned=True)
        self.static = self._bucket("Static")
        self.incoming = self._incoming(place)
        for bucket, what in ((self.media, PUBLIC_PICTURES), (self.static, "*")):
            self._show(bucket, what)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description="SECRET_KEY; and TMDB_TOKEN, put in by hand",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"TMDB_TOKEN": ""}),
                generate_string_key="SECRET_KEY",
                password_length=64,
            ),
        )
        self._back_up()

    def _database(self, place: Environment, network: Network) -> rds.DatabaseCluster:
        wanted = place.size.database
        cluster = rds.DatabaseCluster(
            self,
            "Aurora",
            engine=ENGINE,
            writer=rds.ClusterInstance.serverless_v2("Writer", auto_minor_version_upgrade=True),
            readers=[
                rds.ClusterInstance.serverless_v2(f"Reader{number}", scale_with_writer=number == 1)
                for number in range(1, wanted.readers + 1)
            ],
            serverless_v2_min_capacity=wanted.least,
            serverless_v2_max_capacity=wanted.most,
            # Aurora changes the password every seven days, without a function of ours: mymovie/database.py follows it.
            credentials=rds.Credentials.from_username("mymovie"),
            manage_master_user_password=True,
            default_database_name="mymovie",
            vpc=network.vpc,
            vpc_subnets=network.inside,
            security_groups=[network.database],
            storage_encrypted=True,
            storage_encryption_key=self.key,
            iam_authentication=True,
            deletion_protection=True,
            removal_policy=RemovalPolicy.SNAPSHOT,
            backup=rds.BackupProps(retention=KEPT_FOR, preferred_window="17:00-17:30"),
            cloudwatch_logs_exports=["postgresql"],
            parameters={
                "rds.force_ssl": "1",
                "log_min_duration_statement": "1000",  # milliseconds
                "idle_in_transaction_session_timeout": "60000",
            },
        )
        made: rds.CfnDBCluster = cluster.node.default_child
        self.database_secret = secretsmanager.Secret.from_secret_complete_arn(
            self, "DatabaseSecret", made.attr_master_user_secret_secret_arn
        )
        return cluster

    def _queue(self, name: str) -> sqs.Queue:
        common = {
            "encryption": sqs.QueueEncryption.SQS_MANAGED,
            "enforce_ssl": True,
            "retention_period": Duration.seconds(queues.KEPT_FOR),
        }
        dead = sqs.Queue(self, f"{name}-dlq", queue_name=f"mymovie-{queues.dead_letters_of(name)}", **common)
        return sqs.Queue(
            self,
            name,
            queue_name=f"mymovie-{name}",
            visibility_timeout=Duration.seconds(queues.VISIBILITY),
            receive_message_wait_time=Duration.seconds(20),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=queues.MOST_RECEIVES),
            **common,
        )

    def _bucket(self, name: str, **more: object) -> s3.Bucket:
        return s3.Bucket(
            self,
            name,
            bucket_name=f"mymovie-{name.lower()}-{self.account}",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.RETAIN,
            **more,
        )

    def _incoming(self, place: Environment) -> s3.Bucket:
        return self._bucket(
            "Incoming",
            cors=[
                s3.CorsRule(allowed_methods=[s3.HttpMethods.POST], allowed_origins=[place.url], allowed_headers=["*"])
            ],
            lifecycle_rules=[
                s3.LifecycleRule(id="imports", prefix="imports/", expiration=Duration.days(2)),
                s3.LifecycleRule(id="unfinished", abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
        )

    def _show(self, bucket: s3.Bucket, what: str) -> None:
        """To this account's CloudFront. A policy that named the distribution would make a ring of the stacks."""
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["s3:GetObject"],
                principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                resources=[bucket.arn_for_objects(what)],
                conditions={"ArnLike": {"AWS:SourceArn": f"arn:aws:cloudfront::{self.account}:distribution/*"}},
            )
        )

    def _back_up(self) -> None:
        vault = backup.BackupVault(self, "Vault", encryption_key=self.key, removal_policy=RemovalPolicy.RETAIN)
        plan = backup.BackupPlan(self, "Backup", backup_vault=vault)
        at_three = events.Schedule.cron(hour="18", minute="0")  # in Japan
        plan.add_rule(backup.BackupPlanRule(rule_name="daily", delete_after=KEPT_FOR, schedule_expression=at_three))
        role = iam.Role(
            self,
            "BackupRole",
            assumed_by=iam.ServicePrincipal("backup.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(name) for name in BACKS_UP],
        )
        plan.add_selection(
            "All",
            role=role,
            resources=[
                backup.BackupResource.from_arn(self.cluster.cluster_arn),
                backup.BackupResource.from_arn(self.media.bucket_arn),
            ],
        )
