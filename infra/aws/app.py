"""Which stacks there are, and what each is given."""

from aws_cdk import App, Tags
from aws_cdk import Environment as Where
from aws_cdk import aws_route53 as route53

from infra.aws import edge
from infra.aws.data import Data
from infra.aws.lake import Lake
from infra.aws.mail import Mail
from infra.aws.monitoring import Monitoring, Watched
from infra.aws.network import Network
from infra.aws.nightly import Nightly
from infra.aws.people import People
from infra.aws.schedule import Schedule
from infra.aws.service import Service
from infra.aws.shipping import EdgeShipping, Shipping
from infra.aws.spending import Spending
from infra.aws.trust import Trust
from infra.aws.values import Environment, Values
from infra.aws.watching import Alarms, Watching

NO_IMAGE = "sha256:" + "0" * 64  # to look at the templates without one


def build(size: str = "", *, out: str | None = None) -> App:
    app = App(outdir=out, context={"@aws-cdk/core:validateAgainstDefaultRules": True})
    values = Values.read(size or app.node.try_get_context("size") or "")
    for place in values.environments.values():
        # Vpc looks the zones up, though it is told them, unless it is told them here too.
        app.node.set_context(f"availability-zones:account={place.account}:region={values.region}", values.zones)
    for place in values.environments.values():
        build_environment(app, values, place, app.node.try_get_context("image") or NO_IMAGE)
    build_what_all_share(app, values)
    return app


def build_what_all_share(app: App, values: Values) -> None:
    Lake(app, "MyMovie-logs-Lake", values, env=Where(account=values.logs, region=values.region))
    there = Where(account=values.monitoring, region=values.region)
    monitoring = Monitoring(app, "MyMovie-monitoring-Monitoring", values, env=there)
    trust = Trust(app, "MyMovie-monitoring-Trust", values.repository, "images", env=there)
    trust.let_push(monitoring.images)


def build_environment(app: App, values: Values, place: Environment, image: str) -> None:
    here = {"env": Where(account=place.account, region=values.region), "cross_region_references": True}
    at_the_edge = {"env": Where(account=place.account, region=edge.REGION), "cross_region_references": True}

    def called(concern: str) -> str:
        return f"MyMovie-{place.name}-{concern}"

    network = Network(app, called("Network"), values, place, **here)
    data = Data(app, called("Data"), place, network, **here)
    people = People(app, called("People"), place, **here)
    zone = route53.HostedZone.from_hosted_zone_attributes(
        data, "Zone", hosted_zone_id=place.zone_id, zone_name=place.domain
    )
    mail = Mail(app, called("Mail"), place, data.key, zone, **here)
    service = Service(app, called("Service"), values, place, network, data, people, mail, zone, image, **here)
    alarms = Alarms(app, called("Alarms"), values.watched_by, data.key, **here)
    nightly = Nightly(app, called("Nightly"), network, service, alarms.topic, **here)
    stacks = [
        network,
        data,
        people,
        mail,
        service,
        alarms,
        nightly,
        Schedule(app, called("Schedule"), data, **here),
        Watching(app, called("Watching"), data, service, alarms, nightly.machine.metric_failed(), **here),
        Spending(app, called("Spending"), place, data, service, alarms.topic, data.key, **here),
        Shipping(app, called("Shipping"), values, place, service.log, **here),
        Watched(app, called("Watched"), values, **here),
    ]
    front = edge.Edge(app, called("Edge"), place, data, service, **at_the_edge)
    lines = EdgeShipping(app, called("EdgeShipping"), values, place, front.distribution.distribution_id, **at_the_edge)
    trust = Trust(app, called("Trust"), values.repository, place.name, **here)
    trust.let_deploy(service)
    stacks += [front, lines, trust]
    for stack in stacks:
        Tags.of(stack).add("mymovie", place.name)
