"""The containers: web, workers, relay, and what runs once."""

from collections.abc import Iterable, Mapping

from aws_cdk import CfnOutput, Duration, Fn, Stack
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.aws.data import Data
from infra.aws.lake import bucket_name
from infra.aws.logbooks import logbook
from infra.aws.mail import Mail
from infra.aws.network import Network
from infra.aws.people import People
from infra.aws.values import Environment, Values, Worker

WEB = "gunicorn --config docker/gunicorn.conf.py --bind 0.0.0.0:8000 mymovie.wsgi:application"
WORKER = "celery --app mymovie --quiet worker --without-gossip --without-mingle --without-heartbeat"
RELAY = "python manage.py relay_outbox --tell-age"
ONCE = "python manage.py check"  # whoever starts it says what else
PORT = 8000
ALIVE = "/tmp/alive"  # noqa: S108 - the one place where a container may write
HEALTH = "python -m docker.health"
ARM = ecs.RuntimePlatform(
    cpu_architecture=ecs.CpuArchitecture.ARM64, operating_system_family=ecs.OperatingSystemFamily.LINUX
)
WORK = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
OLD_AFTER = Duration.minutes(2)


class Service(Stack):
    def __init__(
        self,
        scope: Construct,
        name: str,
        values: Values,
        place: Environment,
        network: Network,
        data: Data,
        people: People,
        mail: Mail,
        zone: route53.IHostedZone,
        image: str,
        **about: object,
    ) -> None:
        super().__init__(scope, name, **about)
        self.place, self.network, self.data, self.people, self.mail = place, network, data, people, mail
        repository = ecr.Repository.from_repository_attributes(
            self,
            "Images",
            repository_arn=f"arn:aws:ecr:{self.region}:{values.monitoring}:repository/mymovie",
            repository_name="mymovie",
        )
        self.image = ecs.ContainerImage.from_ecr_repository(repository, image)
        self.release = image.removeprefix("sha256:")[:12]
        self.log = logbook(self, "Log", days=30, called="/mymovie/app")
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=network.vpc,
            container_insights_v2=(
                ecs.ContainerInsights.ENABLED if place.size.insights else ecs.ContainerInsights.DISABLED
            ),
            enable_fargate_capacity_providers=True,
        )
        self.web = self._web()
        self.balancer, self.listener = self._balancer(values, zone)
        self.workers = {name: self._worker(name, worker) for name, worker in place.size.workers.items()}
        self.relay = self._relay()
        self.once = self._task("Once", ONCE, cpu=512, memory=1024, checked=False)
        self._tell()

    @property
    def services(self) -> list[ecs.FargateService]:
        return [self.web, *self.workers.values(), self.relay]

    def _web(self) -> ecs.FargateService:
        size = self.place.size.web
        task = self._task("Web", WEB, cpu=size.cpu, memory=size.memory, stop=30, told={
            "LOG_REQUESTS": "1",
            "WEB_WORKERS": str(size.processes),
            "DATABASE_POOL_SIZE": str(size.connections),
        })  # fmt: skip
        task.default_container.add_port_mappings(ecs.PortMapping(container_port=PORT))
        return self._service("Web", task, health_check_grace_period=Duration.seconds(60))

    def _balancer(
        self, values: Values, zone: route53.IHostedZone
    ) -> tuple[elb.ApplicationLoadBalancer, elb.ApplicationListener]:
        """Inside of the network: CloudFront alone reaches it, by a VPC origin."""
        size = self.place.size.web
        self.certificate = acm.Certificate(
            self, "Certificate", domain_name=self.place.domain, validation=acm.CertificateValidation.from_dns(zone)
        )
        balancer = elb.ApplicationLoadBalancer(
            self,
            "Balancer",
            vpc=self.network.vpc,
            internet_facing=False,
            vpc_subnets=self.network.inside,
            security_group=self.network.balancer,
            idle_timeout=Duration.seconds(60),
            drop_invalid_header_fields=True,
            deletion_protection=True,
        )
        # Straight into the logs' account: a load balancer writes into buckets only.
        for key, value in {
            "enabled": "true",
            "bucket": bucket_name(values),
            "prefix": f"balancer/{self.place.name}",
        }.items():
            balancer.set_attribute(f"access_logs.s3.{key}", value)
        listener = balancer.add_listener(
            "Https", port=443, open=False, certificates=[self.certificate], ssl_policy=elb.SslPolicy.RECOMMENDED_TLS
        )
        self.target = listener.add_targets(
            "Web",
            port=PORT,
            protocol=elb.ApplicationProtocol.HTTP,
            targets=[self.web],
            deregistration_delay=Duration.seconds(30),
            health_check=elb.HealthCheck(
                path="/healthz/live", interval=Duration.seconds(10), healthy_threshold_count=2
            ),
        )
        tasks = self.web.auto_scale_task_count(min_capacity=size.least, max_capacity=size.most)
        tasks.scale_on_request_count("Requests", requests_per_target=size.requests_a_minute, target_group=self.target)
        tasks.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
        return balancer, listener

    def _worker(self, name: str, worker: Worker) -> ecs.FargateService:
        """One service for each kind of work; more of it when the oldest message has waited."""
        command = f"{WORKER} --concurrency {worker.concurrency} --queues {','.join(worker.queues)}"
        called = f"Worker{name.title()}"
        told = {"WORKER_HEALTH_FILE": ALIVE, "DATABASE_POOL_SIZE": str(worker.concurrency)}
        task = self._task(called, command, cpu=worker.cpu, memory=worker.memory, told=told, queues=worker.queues)
        service = self._service(
            called,
            task,
            spot=worker.spot,
        )
        tasks = service.auto_scale_task_count(min_capacity=worker.least, max_capacity=worker.most)
        tasks.scale_on_metric(
            "Age",
            metric=oldest(self.data, worker.queues),
            evaluation_periods=2,
            scaling_steps=[
                scaling.ScalingInterval(upper=10, change=-1),
                scaling.ScalingInterval(lower=OLD_AFTER.to_seconds(), change=1),
                scaling.ScalingInterval(lower=OLD_AFTER.to_seconds() * 5, change=2),
            ],
        )
        return service

    def _relay(self) -> ecs.FargateService:
        size = self.place.size.relay
        return self._service(
            "Relay",
            self._task("Relay", RELAY, cpu=size.cpu, memory=size.memory, checked=False),
            count=size.count,
            spot=size.spot,
        )

    def _service(
        self,
        name: str,
        task: ecs.FargateTaskDefinition,
        *,
        count: int | None = None,
        spot: bool = False,
        **more: object,
    ) -> ecs.FargateService:
        """Without a `count` autoscaling says how many, and a deployment leaves it at that."""
        kind = "FARGATE_SPOT" if spot else "FARGATE"
        return ecs.FargateService(
            self,
            name,
            cluster=self.cluster,
            task_definition=task,
            desired_count=count,
            platform_version=ecs.FargatePlatformVersion.VERSION1_4,  # ARM64 on Spot needs it
            vpc_subnets=self.network.for_tasks,
            security_groups=[self.network.tasks],
            assign_public_ip=self.network.tasks_have_addresses,
            capacity_provider_strategies=[ecs.CapacityProviderStrategy(capacity_provider=kind, weight=1)],
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            min_healthy_percent=100,
            max_healthy_percent=200,
            **more,
        )

    def _task(
        self,
        name: str,
        command: str,
        *,
        cpu: int,
        memory: int,
        stop: int = 120,
        checked: bool = True,
        told: Mapping[str, str] | None = None,
        queues: Iterable[str] = (),
    ) -> ecs.FargateTaskDefinition:
        task = ecs.FargateTaskDefinition(self, f"{name}Task", cpu=cpu, memory_limit_mib=memory, runtime_platform=ARM)
        check = ecs.HealthCheck(command=["CMD-SHELL", HEALTH], start_period=Duration.seconds(60))
        container = task.add_container(
            name,
            container_name=name.lower(),
            image=self.image,
            memory_limit_mib=memory,  # Step Functions asks for it here too
            command=command.split(),
            environment={**self._environment(), **(told or {})},
            secrets=self._secrets(),
            readonly_root_filesystem=True,
            stop_timeout=Duration.seconds(stop),
            health_check=check if checked else None,
            logging=ecs.LogDrivers.aws_logs(stream_prefix="task", log_group=self.log),
        )
        task.add_volume(name="tmp")
        container.add_mount_points(ecs.MountPoint(container_path="/tmp", source_volume="tmp", read_only=False))  # noqa: S108
        self._allow(task, queues)
        return task

    def _environment(self) -> dict[str, str]:
        """By the names of the README's table; what is left out there stays as it is by default."""
        data, people, place = self.data, self.people, self.place
        first = next(iter(data.queues))
        return {
            "SITE_URL": place.url,
            "ALLOWED_HOSTS": place.domain,
            "RELEASE": self.release,
            "AWS_REGION": self.region,
            "DATABASE_URL": f"postgres://{data.cluster.cluster_endpoint.hostname}:5432/mymovie?sslmode=require",
            "DATABASE_SECRET": data.database_secret.secret_arn,
            "QUEUES_URL": Fn.select(0, Fn.split(first, data.queues[first].queue_url)),
            "MEDIA_BUCKET": data.media.bucket_name,
            "INCOMING_BUCKET": data.incoming.bucket_name,
            "STATIC_BUCKET": data.static.bucket_name,
            "OIDC_ISSUER": people.pool.user_pool_provider_url,
            "OIDC_DOMAIN": people.domain.base_url(),
            "OIDC_CLIENT_ID": people.web.user_pool_client_id,
            "OIDC_APP_CLIENT_IDS": people.app.user_pool_client_id,
            "MAIL_FROM": f"mymovie@{place.domain}",
            "MAIL_TO_STAFF": f"staff@{place.domain}",
            "SES_CONFIGURATION_SET": self.mail.set.configuration_set_name,
            "MAIL_EVENTS_TOPICS": self.mail.events.topic_arn,
            "CLIENT_ADDRESS_HEADER": "HTTP_CLOUDFRONT_VIEWER_ADDRESS",
        }

    def _secrets(self) -> dict[str, ecs.Secret]:
        """Read when a container starts."""
        kept = ecs.Secret.from_secrets_manager
        return {
            "SECRET_KEY": kept(self.data.secret, "SECRET_KEY"),
            "TMDB_TOKEN": kept(self.data.secret, "TMDB_TOKEN"),
            "DATABASE_USER": kept(self.data.database_secret, "username"),
            "DATABASE_PASSWORD": kept(self.data.database_secret, "password"),
            "OIDC_CLIENT_SECRET": kept(self.people.web_secret),
        }

    def _allow(self, task: ecs.FargateTaskDefinition, queues: Iterable[str]) -> None:
        """What each kind of container does, and no more. `queues` are those whose work it does."""
        data, role, kind = self.data, task.task_role, task.node.id.removesuffix("Task")
        data.database_secret.grant_read(role)
        if kind == "Relay":
            self._allow_queues(role, data.queues, "sqs:SendMessage")
        elif kind == "Web":
            self._allow_files(role, data.media, data.incoming)
        elif kind == "Once":
            self._allow_queues(role, data.queues, "sqs:SendMessage", *WORK)
            self._allow_files(role, data.media, data.incoming, data.static)
        else:
            self._allow_queues(role, queues, *WORK)
            if {"tmdb", "media"} & {*queues}:
                self._allow_files(role, data.media)
            if "imports" in queues:
                self._allow_files(role, data.incoming)
        if kind == "Once" or {"mail-urgent", "mail-bulk"} & {*queues}:
            self._allow_mail(role)

    def _allow_mail(self, role: iam.IRole) -> None:
        sender = f"arn:aws:ses:{self.region}:{self.account}"
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail", "ses:SendRawEmail"],
                resources=[f"{sender}:identity/{self.place.domain}", f"{sender}:configuration-set/mymovie"],
            )
        )

    def _allow_files(self, role: iam.IRole, *buckets: s3.Bucket) -> None:
        """With ListBucket, so that a missing file is not a forbidden one."""
        of_files = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=of_files, resources=[bucket.arn_for_objects("*") for bucket in buckets])
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=[bucket.bucket_arn for bucket in buckets])
        )

    def _allow_queues(self, role: iam.IRole, names: Iterable[str], *actions: str) -> None:
        """With their dead letters."""
        every = [self.data.queues[name] for name in names]
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["sqs:GetQueueAttributes", *actions],
                resources=[
                    arn for queue in every for arn in (queue.queue_arn, queue.dead_letter_queue.queue.queue_arn)
                ],
            )
        )

    def _tell(self) -> None:
        network = self.network
        subnets = network.vpc.select_subnets(subnet_group_name=network.for_tasks.subnet_group_name)
        told = {
            "SiteUrl": self.place.url,
            "ClusterName": self.cluster.cluster_name,
            "WebService": self.web.service_name,
            "WorkerServices": ",".join(worker.service_name for worker in self.workers.values()),
            "RelayService": self.relay.service_name,
            "OnceTaskDefinition": self.once.task_definition_arn,
            "OnceSubnets": ",".join(subnets.subnet_ids),
            "OnceSecurityGroup": network.tasks.security_group_id,
            "OnceAssignPublicIp": "ENABLED" if network.tasks_have_addresses else "DISABLED",
        }
        for name, value in told.items():
            CfnOutput(self, name, value=value)


def oldest(data: Data, names: Iterable[str]) -> cloudwatch.IMetric:
    """How long, in seconds, the oldest message of these queues has waited."""
    ages = {
        f"queue{number}": data.queues[name].metric_approximate_age_of_oldest_message(period=Duration.minutes(1))
        for number, name in enumerate(names)
    }
    if len(ages) == 1:
        return ages["queue0"]
    return cloudwatch.MathExpression(
        expression=f"MAX([{','.join(ages)}])", using_metrics=ages, period=Duration.minutes(1), label="oldest"
    )
