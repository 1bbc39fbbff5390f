"""What somebody is written to about. infra/README.md says what each alarm means, and what to do."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.aws.data import Data
from infra.aws.service import Service, oldest

NAMESPACE = "MyMovie"
MINUTE, FIVE_MINUTES = Duration.minutes(1), Duration.minutes(5)
LATE = {"mail-urgent": 5, "mail-bulk": 60, "tmdb": 60, "imports": 30, "media": 30}  # minutes
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


class Alarms(Stack):
    """The topic by which people are written to."""

    def __init__(self, scope: Construct, name: str, watched_by: str, key: kms.IKey, **about: object) -> None:
        super().__init__(scope, name, **about)
        self.topic = sns.Topic(self, "Topic", topic_name="mymovie-alarms", master_key=key, enforce_ssl=True)
        self.topic.add_subscription(subscriptions.EmailSubscription(watched_by))
        for service in ("cloudwatch", "budgets"):
            who = iam.ServicePrincipal(
                f"{service}.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}
            )
            key.grant_encrypt_decrypt(who)
            self.topic.grant_publish(who)


class Watching(Stack):
    def __init__(
        self,
        scope: Construct,
        name: str,
        data: Data,
        service: Service,
        alarms: Alarms,
        nightly: cloudwatch.IMetric,
        **about: object,
    ) -> None:
        super().__init__(scope, name, **about)
        self.tell = actions.SnsAction(alarms.topic)
        self._watch_the_site(service)
        self._watch_the_queues(data)
        self._watch_the_database(data)
        self._watch_the_outbox(service)
        self._alarm("nightly-failed", nightly, 0)

    def _watch_the_site(self, service: Service) -> None:
        balancer = service.balancer.metrics
        of_site, of_balancer = (
            balancer.http_code_target(elb.HttpCodeTarget.TARGET_5XX_COUNT, period=FIVE_MINUTES, statistic="Sum"),
            balancer.http_code_elb(elb.HttpCodeElb.ELB_5XX_COUNT, period=FIVE_MINUTES, statistic="Sum"),
        )
        self._alarm("errors-of-the-site", of_site, 10)
        self._alarm("errors-of-the-balancer", of_balancer, 10)
        slow = balancer.target_response_time(period=FIVE_MINUTES, statistic="p95")
        self._alarm("slow-pages", slow, 1, periods=3)  # seconds
        left = service.certificate.metric_days_to_expiry(period=Duration.days(1), statistic="Minimum")
        self._alarm("certificate-ends", left, 21, comparison=BELOW)

    def _watch_the_queues(self, data: Data) -> None:
        for name, queue in data.queues.items():
            self._alarm(f"waiting-{name}", oldest(data, [name]), LATE[name] * 60, periods=5)
            dead = queue.dead_letter_queue.queue
            letters = dead.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum")
            self._alarm(f"dead-letters-{name}", letters, 0)

    def _watch_the_database(self, data: Data) -> None:
        cluster = data.cluster
        self._alarm("database-busy", cluster.metric_cpu_utilization(period=FIVE_MINUTES), 85, periods=3)  # %
        self._alarm("database-full", cluster.metric_acu_utilization(period=FIVE_MINUTES), 90, periods=3)  # %
        connections = cluster.metric_database_connections(period=FIVE_MINUTES, statistic="Maximum")
        self._alarm("database-connections", connections, 400, periods=3)

    def _watch_the_outbox(self, service: Service) -> None:
        """The relay writes how long its oldest task has waited."""
        logs.MetricFilter(
            self,
            "OutboxAge",
            log_group=service.log,
            filter_pattern=logs.FilterPattern.string_value("$.event", "=", "outbox.age"),
            metric_namespace=NAMESPACE,
            metric_name="OutboxAge",
            metric_value="$.seconds",
        )
        age = cloudwatch.Metric(namespace=NAMESPACE, metric_name="OutboxAge", period=MINUTE, statistic="Maximum")
        self._alarm("outbox-waiting", age, 120, periods=3)  # seconds
        silent = cloudwatch.Metric(namespace=NAMESPACE, metric_name="OutboxAge", period=MINUTE, statistic="SampleCount")
        self._alarm(
            "relay-silent", silent, 1, periods=10, comparison=BELOW, missing=cloudwatch.TreatMissingData.BREACHING
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        *,
        periods: int = 1,
        comparison: cloudwatch.ComparisonOperator = ABOVE,
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"mymovie-{name}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(self.tell)
        alarm.add_ok_action(self.tell)
