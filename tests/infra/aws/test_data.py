import json

from mymovie import queues
from tests.infra.aws.conftest import Templates


def test_queues_are_set_as_the_code_says(hobby: Templates) -> None:
    found = {queue["QueueName"]: queue for queue in hobby.every("AWS::SQS::Queue", "Data")}

    assert found.keys() == {f"mymovie-{name}{end}" for name in queues.NAMES for end in ("", "-dlq")}
    for name in queues.NAMES:
        queue = found[f"mymovie-{name}"]
        assert queue["VisibilityTimeout"] == queues.VISIBILITY
        assert queue["MessageRetentionPeriod"] == queues.KEPT_FOR
        assert queue["RedrivePolicy"]["maxReceiveCount"] == queues.MOST_RECEIVES
        assert queue["SqsManagedSseEnabled"]


def test_the_database_is_hard_to_lose(templates: Templates) -> None:
    cluster = templates.only("AWS::RDS::DBCluster", "Data")

    assert cluster["StorageEncrypted"]
    assert cluster["DeletionProtection"]
    assert cluster["BackupRetentionPeriod"] == 7
    assert cluster["ManageMasterUserPassword"]
    [parameters] = templates.every("AWS::RDS::DBClusterParameterGroup", "Data")
    assert parameters["Parameters"]["rds.force_ssl"] == "1"


def test_a_backup_is_made_every_day_and_kept_for_seven(hobby: Templates) -> None:
    [rule] = hobby.only("AWS::Backup::BackupPlan", "Data")["BackupPlan"]["BackupPlanRule"]

    assert rule["ScheduleExpression"] == "cron(0 18 * * ? *)"
    assert rule["Lifecycle"] == {"DeleteAfterDays": 7}
    [selected] = hobby.every("AWS::Backup::BackupSelection", "Data")
    assert len(selected["BackupSelection"]["Resources"]) == 2
    [role] = [r for r in hobby.every("AWS::IAM::Role", "Data") if "backup.amazonaws.com" in json.dumps(r)]
    assert "AWSBackupServiceRolePolicyForS3Backup" in json.dumps(role["ManagedPolicyArns"])


def test_nobody_reads_a_bucket_over_plain_http_or_by_themselves(hobby: Templates) -> None:
    buckets = hobby.every("AWS::S3::Bucket", "Data")

    assert len(buckets) == 3
    assert all(all(bucket["PublicAccessBlockConfiguration"].values()) for bucket in buckets)
    policies = [policy["PolicyDocument"]["Statement"] for policy in hobby.every("AWS::S3::BucketPolicy", "Data")]
    assert all(
        {"Bool": {"aws:SecureTransport": "false"}} in [s.get("Condition") for s in policy] for policy in policies
    )


def test_cloudfront_sees_pictures_and_not_what_was_uploaded(hobby: Templates) -> None:
    policies = [
        s for policy in hobby.every("AWS::S3::BucketPolicy", "Data") for s in policy["PolicyDocument"]["Statement"]
    ]
    shown = [json.dumps(s["Resource"]) for s in policies if s["Principal"] == {"Service": "cloudfront.amazonaws.com"}]

    assert len(shown) == 2
    assert any("/avatars/*.webp" in resource and "Media" in resource for resource in shown)


def test_the_browsers_of_our_site_alone_may_bring_files_and_they_do_not_stay(hobby: Templates) -> None:
    [incoming] = [b for b in hobby.every("AWS::S3::Bucket", "Data") if "CorsConfiguration" in b]

    [rule] = incoming["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://stg.mymovie.example"]
    assert rule["AllowedMethods"] == ["POST"]
    assert {
        rule["Prefix"]: rule["ExpirationInDays"]
        for rule in incoming["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    } == {"imports/": 2}
