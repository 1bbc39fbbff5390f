import json
import subprocess
import sys

from django.conf import settings

from infra.aws.copies import KEY_HEADERS, SESSION
from infra.aws.edge import WITHOUT_FOLDER
from infra.local import cognito
from tests.infra.aws.conftest import Templates
from tests.infra.running import bare_environment


def distribution(templates: Templates) -> dict:
    return templates.only("AWS::CloudFront::Distribution", "Edge")["DistributionConfig"]


def test_pages_are_kept_apart_by_the_cookie_of_the_session() -> None:
    """By the name that it has in production."""
    told = {"SECRET_KEY": "x", "DATABASE_URL": "postgres:///nobody"}
    command = [sys.executable, "-c", "from mymovie.settings import SESSION_COOKIE_NAME as name; print(name)"]

    answer = subprocess.run(
        command, cwd=settings.BASE_DIR, env=bare_environment() | told, capture_output=True, text=True, check=True
    )

    assert answer.stdout.strip() == SESSION


def test_what_pages_vary_by_is_in_the_key(hobby: Templates) -> None:
    [policy] = hobby.every("AWS::CloudFront::CachePolicy", "Edge")
    key = policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]

    assert key["CookiesConfig"]["Cookies"] == [SESSION]
    assert key["HeadersConfig"]["Headers"] == KEY_HEADERS
    assert key["QueryStringsConfig"]["QueryStringBehavior"] == "all"
    assert policy["CachePolicyConfig"]["DefaultTTL"] == policy["CachePolicyConfig"]["MinTTL"] == 0


def test_the_api_is_never_kept_and_everything_goes_over_tls(hobby: Templates) -> None:
    config = distribution(hobby)
    behaviors = {behavior["PathPattern"]: behavior for behavior in config["CacheBehaviors"]}

    caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # the name that AWS has for it
    assert behaviors["/api/*"]["CachePolicyId"] == caching_disabled
    every = [*behaviors.values(), config["DefaultCacheBehavior"]]
    assert {behavior["ViewerProtocolPolicy"] for behavior in every} == {"redirect-to-https"}
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    origins = json.dumps(config["Origins"])
    assert '"OriginProtocolPolicy": "https-only"' in json.dumps(hobby.every("AWS::CloudFront::VpcOrigin", "Edge"))
    assert origins.count("OriginAccessControlId") == 2


def test_files_come_from_s3_by_the_names_that_they_have_there() -> None:
    """The function that CloudFront runs, run by Node.js."""
    ask = f"{WITHOUT_FOLDER}; for (const uri of process.argv.slice(1)) console.log(handler({{request: {{uri}}}}).uri)"
    asked = ["/static/css/wall.0123456789ab.css", "/media/avatars/a-64.webp", "/static/media/x.png"]

    answer = subprocess.run(["node", "-e", ask, *asked], capture_output=True, text=True, check=True)

    assert answer.stdout.split() == ["/css/wall.0123456789ab.css", "/avatars/a-64.webp", "/media/x.png"]


def test_a_flood_is_braked_at_the_door(hobby: Templates) -> None:
    rules = hobby.only("AWS::WAFv2::WebACL", "Edge")["Rules"]
    rates = {
        rule["Name"]: rule["Statement"]["RateBasedStatement"] for rule in rules if rule["Name"].startswith("rate-")
    }

    assert {rate["AggregateKeyType"] for rate in rates.values()} == {"IP"}
    assert {rate["ScopeDownStatement"]["ByteMatchStatement"]["SearchString"] for rate in rates.values()} == {
        "/",
        "/sign-in",
        "/api/",
    }
    assert sorted(rule["Priority"] for rule in rules) == [0, 1, 2, 10, 11]


def test_people_sign_in_as_on_one_machine(hobby: Templates) -> None:
    pool = hobby.only("AWS::Cognito::UserPool", "People")
    clients = {client["ClientName"]: client for client in hobby.every("AWS::Cognito::UserPoolClient", "People")}

    assert pool["UserPoolTier"] == "LITE"
    assert hobby.only("AWS::Cognito::UserPoolGroup", "People")["GroupName"] == cognito.STAFF
    assert clients["web"]["GenerateSecret"] is True
    assert clients["web"]["CallbackURLs"] == ["https://stg.mymovie.example" + cognito.CALLBACK]
    assert clients["app"]["GenerateSecret"] is False
    assert clients["app"]["CallbackURLs"] == cognito.APP_CALLBACKS
    assert {tuple(client["AllowedOAuthFlows"]) for client in clients.values()} == {("code",)}


def test_a_workflow_is_trusted_for_its_environment_alone(hobby: Templates) -> None:
    [role] = [r for r in hobby.every("AWS::IAM::Role", "Trust") if r.get("RoleName") == "mymovie-stg-workflow"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:example/mymovie:environment:stg",
    }


def test_ses_and_sns_tell_the_address_that_listens(hobby: Templates) -> None:
    [subscription] = hobby.every("AWS::SNS::Subscription", "Mail")

    assert subscription["Protocol"] == "https"
    assert subscription["Endpoint"] == "https://stg.mymovie.example/hooks/mail-events/"
    assert not subscription.get("RawMessageDelivery")
