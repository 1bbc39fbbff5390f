"""Resource type → API call → what Ref and Fn::GetAtt give, for the types that moto's CloudFormation lacks or makes by halves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Properties = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    call: str
    """service.operation, as boto3 names them."""
    ref: str
    """Formatted with `asked`, `answer`, `name`, `account` and `region`; so are the attributes, and `then`'s keys."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    named: str = ""
    """The property that gets a name of our making where the template gives none."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Properties that the call knows by another name."""
    adapt: Callable[[Properties, str], Properties] = lambda properties, account: properties
    """For what the call wants in another place."""
    then: "Mapping[str, Then]" = field(default_factory=dict)
    """Properties that a call of their own sets."""


class Then(NamedTuple):
    call: str
    keys: Mapping[str, str]
    within: str = ""
    """The parameter that takes the property as a whole; without it, its members are parameters themselves."""


# Properties that no call takes, each with its reason. Any other fails the check.
NOT_CALLED = {
    "AWS::Athena::WorkGroup.RecursiveDeleteOption": "says what deleting does",
    "AWS::CloudFront::Function.AutoPublish": "CloudFormation publishes",
    "AWS::CloudTrail::Trail.IsLogging": "is start_logging",
    "AWS::Cognito::UserPool.EnabledMfas": "is set_user_pool_mfa_config, which moto's pools do not show",
    "AWS::KMS::Key.PendingWindowInDays": "says what deleting does",
    "AWS::Route53::RecordSet.Comment": "of the change, not of the record",
}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{{region}}:{{account}}:{resource}"


def within(parameter: str) -> Callable[[Properties, str], Properties]:
    """All of it is one parameter of the call."""
    return lambda properties, account: {parameter: properties}


def _backup_plan(properties: Properties, account: str) -> Properties:
    plan = dict(properties["BackupPlan"])
    plan["Rules"] = [
        {("TargetBackupVaultName" if name == "TargetBackupVault" else name): value for name, value in rule.items()}
        for rule in plan.pop("BackupPlanRule")
    ]
    return properties | {"BackupPlan": plan}


def _event_destination(properties: Properties, account: str) -> Properties:
    destination = dict(properties["EventDestination"])
    return properties | {
        "EventDestinationName": destination.pop("Name", "destination"),
        "EventDestination": destination,
    }


def _scaling_policy(properties: Properties, account: str) -> Properties:
    if target := properties.pop("ScalingTargetId", None):
        names = ("ResourceId", "ScalableDimension", "ServiceNamespace")
        properties |= dict(zip(names, target.split("|"), strict=True))
    return properties


def _queue(properties: Properties, account: str) -> Properties:
    name, tags = properties.pop("QueueName"), properties.pop("Tags", [])
    return {"QueueName": name, "Tags": tags, "Attributes": properties}


def _subscription(properties: Properties, account: str) -> Properties:
    apart = ("TopicArn", "Protocol", "Endpoint")
    attributes = {name: value for name, value in properties.items() if name not in apart}
    return {name: properties[name] for name in apart if name in properties} | {"Attributes": attributes}


def _record(properties: Properties, account: str) -> Properties:
    record = dict(properties)
    zone = record.pop("HostedZoneId", None) or record.pop("HostedZoneName")
    if values := record.pop("ResourceRecords", None):
        record["ResourceRecords"] = [{"Value": value} for value in values]
    if alias := record.get("AliasTarget"):
        record["AliasTarget"] = {"EvaluateTargetHealth": False} | alias
    return {"HostedZoneId": zone, "ChangeBatch": {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}}


def _rule_of(other: str) -> Callable[[Properties, str], Properties]:
    """A rule of a security group; who is at its other end is said in one of four ways."""
    ways = {
        "CidrIp": ("IpRanges", "CidrIp"),
        "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
        f"{other}PrefixListId": ("PrefixListIds", "PrefixListId"),
        f"{other}SecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    }

    def adapt(properties: Properties, account: str) -> Properties:
        rule = dict(properties)
        group, about = rule.pop("GroupId"), {"Description": rule.pop("Description", "")}
        ends = {kind: [{key: rule.pop(way)} | about] for way, (kind, key) in ways.items() if way in rule}
        return {"GroupId": group, "IpPermissions": [rule | ends]}

    return adapt


def _distribution(properties: Properties, account: str) -> Properties:
    """CloudFormation's distribution has the defaults that the API wants said, and some members in other places."""
    config = {"CallerReference": "proof", "Comment": ""} | properties["DistributionConfig"]
    if "IPV6Enabled" in config:
        config["IsIPV6Enabled"] = config.pop("IPV6Enabled")
    if location := config.get("Restrictions", {}).get("GeoRestriction"):
        places = location.get("Locations", [])
        geo = {"RestrictionType": location["RestrictionType"], "Quantity": len(places), "Items": places}
        config["Restrictions"] = {"GeoRestriction": geo}
    if logging := config.get("Logging"):
        config["Logging"] = {"Enabled": True, "IncludeCookies": False, "Prefix": ""} | logging
    config["Origins"] = [_origin(origin) for origin in config["Origins"]]
    config["DefaultCacheBehavior"] = _behaviour(config["DefaultCacheBehavior"])
    config["CacheBehaviors"] = [_behaviour(behaviour) for behaviour in config.get("CacheBehaviors", [])]
    tags = {"Items": properties.get("Tags", [])}
    return {"DistributionConfigWithTags": {"DistributionConfig": config, "Tags": tags}}


def _origin(origin: Properties) -> Properties:
    origin = dict(origin)
    if custom := origin.get("CustomOriginConfig"):
        origin["CustomOriginConfig"] = {"HTTPPort": 80, "HTTPSPort": 443} | custom
    if headers := origin.pop("OriginCustomHeaders", None):
        origin["CustomHeaders"] = headers
    return origin


def _behaviour(behaviour: Properties) -> Properties:
    behaviour = dict(behaviour)
    allowed = behaviour.pop("AllowedMethods", ["GET", "HEAD"])
    cached = behaviour.pop("CachedMethods", ["GET", "HEAD"])
    methods = {"Quantity": len(allowed), "Items": allowed, "CachedMethods": cached}
    return behaviour | {"AllowedMethods": methods}


def _certificate(properties: Properties, account: str) -> Properties:
    """Where a hosted zone is named, CloudFormation itself writes the record that proves the domain ours."""
    asked = [each for each in properties.pop("DomainValidationOptions", []) if "HostedZoneId" not in each]
    return properties | ({"DomainValidationOptions": asked} if asked else {})


def _delivery_destination(properties: Properties, account: str) -> Properties:
    where = {"destinationResourceArn": properties.pop("DestinationResourceArn")}
    return properties | {"DeliveryDestinationConfiguration": where}


def _vpc_origin(properties: Properties, account: str) -> Properties:
    config = {"HTTPPort": 80, "HTTPSPort": 443} | properties["VpcOriginEndpointConfig"]
    return properties | {"VpcOriginEndpointConfig": config}


CLOUDFRONT_ID = {"Id": "{name}"}

KINDS: dict[str, Kind] = {
    # Network
    "AWS::EC2::SecurityGroupIngress": Kind(
        "ec2.authorize_security_group_ingress", "{name}", {"Id": "{name}"}, adapt=_rule_of("Source")
    ),
    "AWS::EC2::SecurityGroupEgress": Kind(
        "ec2.authorize_security_group_egress", "{name}", {"Id": "{name}"}, adapt=_rule_of("Destination")
    ),
    # Database
    "AWS::RDS::DBSubnetGroup": Kind(
        "rds.create_db_subnet_group", "{answer[DBSubnetGroup][DBSubnetGroupName]}", named="DBSubnetGroupName"
    ),
    "AWS::RDS::DBClusterParameterGroup": Kind(
        "rds.create_db_cluster_parameter_group",
        "{asked[DBClusterParameterGroupName]}",
        named="DBClusterParameterGroupName",
        renamed={"Family": "DBParameterGroupFamily"},
        then={
            "Parameters": Then(
                "rds.modify_db_cluster_parameter_group", {"DBClusterParameterGroupName": "{ref}"}, "Parameters"
            )
        },
    ),
    "AWS::RDS::DBCluster": Kind(
        "rds.create_db_cluster",
        "{answer[DBCluster][DBClusterIdentifier]}",
        {
            "Endpoint.Address": "{answer[DBCluster][Endpoint]}",
            "Endpoint.Port": "{answer[DBCluster][Port]}",
            "ReadEndpoint.Address": "{answer[DBCluster][ReaderEndpoint]}",
            "DBClusterArn": "{answer[DBCluster][DBClusterArn]}",
            "DBClusterResourceId": "{answer[DBCluster][DbClusterResourceId]}",
        },
        named="DBClusterIdentifier",
    ),
    "AWS::RDS::DBInstance": Kind(
        "rds.create_db_instance",
        "{answer[DBInstance][DBInstanceIdentifier]}",
        {
            "DBInstanceArn": "{answer[DBInstance][DBInstanceArn]}",
            "DbiResourceId": "{answer[DBInstance][DbiResourceId]}",
        },
        named="DBInstanceIdentifier",
    ),
    # Secrets and keys
    "AWS::SecretsManager::Secret": Kind(
        "secretsmanager.create_secret", "{answer[ARN]}", {"Id": "{answer[ARN]}"}, named="Name"
    ),
    "AWS::SecretsManager::ResourcePolicy": Kind("secretsmanager.put_resource_policy", "{asked[SecretId]}"),
    "AWS::SecretsManager::RotationSchedule": Kind(
        "secretsmanager.rotate_secret",
        "{asked[SecretId]}",
        renamed={"RotateImmediatelyOnUpdate": "RotateImmediately"},
    ),
    "AWS::KMS::Key": Kind(
        "kms.create_key",
        "{answer[KeyMetadata][KeyId]}",
        {"Arn": "{answer[KeyMetadata][Arn]}", "KeyId": "{answer[KeyMetadata][KeyId]}"},
        renamed={"KeyPolicy": "Policy"},
        then={"EnableKeyRotation": Then("kms.enable_key_rotation", {"KeyId": "{ref}"})},
    ),
    "AWS::CertificateManager::Certificate": Kind(
        "acm.request_certificate",
        "{answer[CertificateArn]}",
        {"Id": "{answer[CertificateArn]}"},
        adapt=_certificate,
    ),
    "AWS::IAM::OIDCProvider": Kind(
        "iam.create_open_id_connect_provider",
        "{answer[OpenIDConnectProviderArn]}",
        {"Arn": "{answer[OpenIDConnectProviderArn]}"},
        adapt=lambda properties, account: {"ThumbprintList": ["0" * 40]} | properties,  # moto wants one, AWS none
    ),
    # Who signs in
    "AWS::Cognito::UserPool": Kind(
        "cognito-idp.create_user_pool",
        "{answer[UserPool][Id]}",
        {
            "Arn": "{answer[UserPool][Arn]}",
            "ProviderName": "cognito-idp.{region}.amazonaws.com/{answer[UserPool][Id]}",
            "ProviderURL": "https://cognito-idp.{region}.amazonaws.com/{answer[UserPool][Id]}",
            "UserPoolId": "{answer[UserPool][Id]}",
        },
        named="UserPoolName",
        renamed={"UserPoolName": "PoolName"},
    ),
    "AWS::Cognito::UserPoolClient": Kind(
        "cognito-idp.create_user_pool_client",
        "{answer[UserPoolClient][ClientId]}",
        {
            "ClientId": "{answer[UserPoolClient][ClientId]}",
            "ClientSecret": "{answer[UserPoolClient][ClientSecret]}",
            "Name": "{answer[UserPoolClient][ClientName]}",
        },
        named="ClientName",
    ),
    "AWS::Cognito::UserPoolDomain": Kind(
        "cognito-idp.create_user_pool_domain",
        "{asked[Domain]}",
        {"CloudFrontDistribution": "d111111abcdef8.cloudfront.net"},
    ),
    "AWS::Cognito::UserPoolGroup": Kind("cognito-idp.create_group", "{asked[GroupName]}", named="GroupName"),
    "AWS::Cognito::UserPoolResourceServer": Kind("cognito-idp.create_resource_server", "{asked[Identifier]}"),
    # Queues, topics, clocks
    "AWS::SQS::Queue": Kind(
        "sqs.create_queue",
        "{answer[QueueUrl]}",  # at the address where we ask, so that what is deployed speaks to it without being told
        {
            "Arn": arn("sqs", "{asked[QueueName]}"),
            "QueueName": "{asked[QueueName]}",
            "QueueUrl": "{answer[QueueUrl]}",
        },
        named="QueueName",
        adapt=_queue,
    ),
    "AWS::SNS::Subscription": Kind("sns.subscribe", "{answer[SubscriptionArn]}", adapt=_subscription),
    "AWS::Scheduler::ScheduleGroup": Kind(
        "scheduler.create_schedule_group", "{asked[Name]}", {"Arn": "{answer[ScheduleGroupArn]}"}, named="Name"
    ),
    "AWS::Scheduler::Schedule": Kind(
        "scheduler.create_schedule", "{asked[Name]}", {"Arn": "{answer[ScheduleArn]}"}, named="Name"
    ),
    "AWS::StepFunctions::StateMachine": Kind(
        "stepfunctions.create_state_machine",
        "{answer[stateMachineArn]}",
        {"Arn": "{answer[stateMachineArn]}", "Name": "{asked[name]}"},
        named="StateMachineName",
        renamed={"StateMachineName": "name", "DefinitionString": "definition", "StateMachineType": "type"},
    ),
    # Mail
    "AWS::SES::ConfigurationSet": Kind(
        "sesv2.create_configuration_set",
        "{asked[ConfigurationSetName]}",
        named="Name",
        renamed={"Name": "ConfigurationSetName"},
    ),
    "AWS::SES::ConfigurationSetEventDestination": Kind(
        "sesv2.create_configuration_set_event_destination", "{name}", {"Id": "{name}"}, adapt=_event_destination
    ),
    "AWS::SES::EmailIdentity": Kind(
        "sesv2.create_email_identity",
        "{asked[EmailIdentity]}",
        {f"DkimDNSToken{part}{number}": f"token{number}" for number in (1, 2, 3) for part in ("Name", "Value")},
        then={
            name: Then(f"sesv2.put_email_identity_{call}_attributes", {"EmailIdentity": "{ref}"})
            for name, call in {
                "ConfigurationSetAttributes": "configuration_set",
                "DkimAttributes": "dkim",
                "FeedbackAttributes": "feedback",
                "MailFromAttributes": "mail_from",
            }.items()
        },
    ),
    # Containers
    "AWS::ECS::Cluster": Kind(
        "ecs.create_cluster",
        "{answer[cluster][clusterName]}",
        {"Arn": "{answer[cluster][clusterArn]}"},
        named="ClusterName",
        renamed={"ClusterSettings": "settings"},
    ),
    "AWS::ECS::ClusterCapacityProviderAssociations": Kind("ecs.put_cluster_capacity_providers", "{asked[cluster]}"),
    "AWS::ECS::TaskDefinition": Kind(
        "ecs.register_task_definition",
        "{answer[taskDefinition][taskDefinitionArn]}",
        {"TaskDefinitionArn": "{answer[taskDefinition][taskDefinitionArn]}"},
        named="Family",
    ),
    "AWS::ECS::Service": Kind(
        "ecs.create_service",
        "{answer[service][serviceArn]}",
        {"Name": "{answer[service][serviceName]}", "ServiceArn": "{answer[service][serviceArn]}"},
        named="ServiceName",
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": Kind(
        "application-autoscaling.register_scalable_target",
        "{asked[ResourceId]}|{asked[ScalableDimension]}|{asked[ServiceNamespace]}",
        {"Id": "{asked[ResourceId]}|{asked[ScalableDimension]}|{asked[ServiceNamespace]}"},
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Kind(
        "application-autoscaling.put_scaling_policy",
        "{answer[PolicyARN]}",
        {"Arn": "{answer[PolicyARN]}"},
        named="PolicyName",
        adapt=_scaling_policy,
    ),
    # Edge
    "AWS::Route53::RecordSet": Kind("route53.change_resource_record_sets", "{name}", adapt=_record),
    "AWS::CloudFront::CachePolicy": Kind("cloudfront.create_cache_policy", "{name}", CLOUDFRONT_ID),
    "AWS::CloudFront::OriginRequestPolicy": Kind("cloudfront.create_origin_request_policy", "{name}", CLOUDFRONT_ID),
    "AWS::CloudFront::ResponseHeadersPolicy": Kind(
        "cloudfront.create_response_headers_policy", "{name}", CLOUDFRONT_ID
    ),
    "AWS::CloudFront::OriginAccessControl": Kind(
        "cloudfront.create_origin_access_control",
        "{answer[OriginAccessControl][Id]}",
        {"Id": "{answer[OriginAccessControl][Id]}"},
    ),
    "AWS::CloudFront::VpcOrigin": Kind(
        "cloudfront.create_vpc_origin",
        "{name}",
        {"Id": "{name}", "Arn": "arn:aws:cloudfront::{account}:vpcorigin/{name}"},
        adapt=_vpc_origin,
    ),
    "AWS::CloudFront::Function": Kind(
        "cloudfront.create_function",
        "{answer[FunctionSummary][FunctionMetadata][FunctionARN]}",
        {
            "FunctionARN": "{answer[FunctionSummary][FunctionMetadata][FunctionARN]}",
            "FunctionMetadata.FunctionARN": "{answer[FunctionSummary][FunctionMetadata][FunctionARN]}",
        },
        named="Name",
    ),
    "AWS::CloudFront::Distribution": Kind(
        "cloudfront.create_distribution_with_tags",
        "{answer[Distribution][Id]}",
        {"Id": "{answer[Distribution][Id]}", "DomainName": "{answer[Distribution][DomainName]}"},
        adapt=_distribution,
    ),
    "AWS::CloudFront::MonitoringSubscription": Kind("cloudfront.create_monitoring_subscription", "{name}"),
    "AWS::WAFv2::WebACL": Kind(
        "wafv2.create_web_acl",
        "{asked[Name]}|{answer[Summary][Id]}|{asked[Scope]}",
        {"Arn": "{answer[Summary][ARN]}", "Id": "{answer[Summary][Id]}"},
        named="Name",
    ),
    "AWS::WAFv2::LoggingConfiguration": Kind(
        "wafv2.put_logging_configuration",
        "{asked[LoggingConfiguration][ResourceArn]}",
        adapt=within("LoggingConfiguration"),
    ),
    # Logs and what is read out of them
    "AWS::Logs::SubscriptionFilter": Kind("logs.put_subscription_filter", "{asked[filterName]}", named="FilterName"),
    "AWS::Logs::MetricFilter": Kind("logs.put_metric_filter", "{asked[filterName]}", named="FilterName"),
    "AWS::Logs::QueryDefinition": Kind("logs.put_query_definition", "{name}", {"QueryDefinitionId": "{name}"}),
    "AWS::Logs::Destination": Kind(
        "logs.put_destination",
        "{asked[destinationName]}",
        {"Arn": "{answer[destination][arn]}"},
        then={"DestinationPolicy": Then("logs.put_destination_policy", {"destinationName": "{ref}"}, "accessPolicy")},
    ),
    "AWS::Logs::LogStream": Kind("logs.create_log_stream", "{asked[logStreamName]}", named="LogStreamName"),
    "AWS::Logs::DeliverySource": Kind(
        "logs.put_delivery_source", "{asked[name]}", {"Arn": "{answer[deliverySource][arn]}"}
    ),
    "AWS::Logs::DeliveryDestination": Kind(
        "logs.put_delivery_destination",
        "{asked[name]}",
        {"Arn": "{answer[deliveryDestination][arn]}"},
        adapt=_delivery_destination,
        then={
            "DeliveryDestinationPolicy": Then(
                "logs.put_delivery_destination_policy", {"deliveryDestinationName": "{ref}"}
            )
        },
    ),
    "AWS::Logs::Delivery": Kind(
        "logs.create_delivery",
        "{answer[delivery][id]}",
        {"DeliveryId": "{answer[delivery][id]}", "Arn": "{answer[delivery][arn]}"},
    ),
    "AWS::KinesisFirehose::DeliveryStream": Kind(
        "firehose.create_delivery_stream",
        "{asked[DeliveryStreamName]}",
        {"Arn": "{answer[DeliveryStreamARN]}"},
        named="DeliveryStreamName",
    ),
    "AWS::Glue::Database": Kind("glue.create_database", "{asked[DatabaseInput][Name]}"),
    "AWS::Glue::Table": Kind("glue.create_table", "{asked[TableInput][Name]}"),
    "AWS::Athena::WorkGroup": Kind(
        "athena.create_work_group", "{asked[Name]}", renamed={"WorkGroupConfiguration": "Configuration"}
    ),
    "AWS::Athena::NamedQuery": Kind(
        "athena.create_named_query",
        "{answer[NamedQueryId]}",
        {"NamedQueryId": "{answer[NamedQueryId]}"},
        named="Name",
    ),
    "AWS::CloudTrail::Trail": Kind(
        "cloudtrail.create_trail",
        "{asked[Name]}",
        {"Arn": "{answer[TrailARN]}"},
        named="TrailName",
        renamed={"TrailName": "Name", "Tags": "TagsList"},
    ),
    # What is watched, kept and paid
    "AWS::CloudWatch::Alarm": Kind(
        "cloudwatch.put_metric_alarm",
        "{asked[AlarmName]}",
        {"Arn": arn("cloudwatch", "alarm:{asked[AlarmName]}")},
        named="AlarmName",
    ),
    "AWS::CloudWatch::CompositeAlarm": Kind(
        "cloudwatch.put_composite_alarm",
        "{asked[AlarmName]}",
        {"Arn": arn("cloudwatch", "alarm:{asked[AlarmName]}")},
        named="AlarmName",
    ),
    "AWS::Oam::Sink": Kind(
        "oam.create_sink",
        arn("oam", "sink/{name}"),
        {"Arn": arn("oam", "sink/{name}")},
        named="Name",
        then={"Policy": Then("oam.put_sink_policy", {"SinkIdentifier": "{ref}"}, "Policy")},
    ),
    "AWS::Oam::Link": Kind("oam.create_link", arn("oam", "link/{name}"), {"Arn": arn("oam", "link/{name}")}),
    "AWS::Backup::BackupVault": Kind(
        "backup.create_backup_vault",
        "{asked[BackupVaultName]}",
        {"BackupVaultName": "{asked[BackupVaultName]}", "BackupVaultArn": "{answer[BackupVaultArn]}"},
        named="BackupVaultName",
        then={
            "LockConfiguration": Then("backup.put_backup_vault_lock_configuration", {"BackupVaultName": "{ref}"}),
            "AccessPolicy": Then("backup.put_backup_vault_access_policy", {"BackupVaultName": "{ref}"}, "Policy"),
        },
    ),
    "AWS::Backup::BackupPlan": Kind(
        "backup.create_backup_plan",
        "{answer[BackupPlanId]}",
        {
            "BackupPlanId": "{answer[BackupPlanId]}",
            "BackupPlanArn": "{answer[BackupPlanArn]}",
            "VersionId": "{answer[VersionId]}",
        },
        adapt=_backup_plan,
    ),
    "AWS::Backup::BackupSelection": Kind("backup.create_backup_selection", "{name}", {"Id": "{name}"}),
    "AWS::Budgets::Budget": Kind(
        "budgets.create_budget",
        "{asked[Budget][BudgetName]}",
        adapt=lambda properties, account: {"AccountId": account} | properties,
    ),
    "AWS::CE::AnomalyMonitor": Kind(
        "ce.create_anomaly_monitor", "{name}", {"MonitorArn": "{name}"}, adapt=within("AnomalyMonitor")
    ),
    "AWS::CE::AnomalySubscription": Kind(
        "ce.create_anomaly_subscription", "{name}", {"SubscriptionArn": "{name}"}, adapt=within("AnomalySubscription")
    ),
}
