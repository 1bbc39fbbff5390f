from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.aws.values import Environment

TOLD = [
    ses.EmailSendingEvent.SEND,
    ses.EmailSendingEvent.DELIVERY,
    ses.EmailSendingEvent.BOUNCE,
    ses.EmailSendingEvent.COMPLAINT,
    ses.EmailSendingEvent.REJECT,
    ses.EmailSendingEvent.DELIVERY_DELAY,
    ses.EmailSendingEvent.RENDERING_FAILURE,
]
HOOK = "/hooks/mail-events/"


class Mail(Stack):
    """Who we write as, and by whom the site is told what became of a mail."""

    def __init__(
        self, scope: Construct, name: str, place: Environment, key: kms.IKey, zone: route53.IHostedZone, **about: object
    ) -> None:
        super().__init__(scope, name, **about)
        self.events = sns.Topic(self, "Events", master_key=key, enforce_ssl=True)
        self.events.add_subscription(
            subscriptions.UrlSubscription(place.url + HOOK, protocol=sns.SubscriptionProtocol.HTTPS)
        )
        key.grant_encrypt_decrypt(iam.ServicePrincipal("ses.amazonaws.com"))
        self.set = ses.ConfigurationSet(
            self,
            "Set",
            configuration_set_name="mymovie",
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            reputation_metrics=True,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        self.set.add_event_destination("Events", destination=ses.EventDestination.sns_topic(self.events), events=TOLD)
        self.identity = ses.EmailIdentity(
            self,
            "Identity",
            identity=ses.Identity.public_hosted_zone(zone),
            mail_from_domain=f"mail.{place.domain}",
            configuration_set=self.set,
        )
