"""CloudFront, and what stands in front of it. Its certificate and rules must lie in us-east-1, and so it all does."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.aws.copies import FILES, KEY_HEADERS, NEVER_KEPT, SESSION
from infra.aws.data import Data
from infra.aws.service import Service
from infra.aws.values import Environment

REGION = "us-east-1"
A_YEAR = Duration.days(365)
WITHOUT_FOLDER = """function handler(event) {
  event.request.uri = event.request.uri.replace(/^\\/(media|static)\\//, "/");
  return event.request;
}"""
A_MINUTE = 60  # seconds
# From one address, within a minute: (rule, paths that begin so, requests).
RATES = [("all", "/", 2000), ("sign-in", "/sign-in", 60), ("api", "/api/", 600)]


class Edge(Stack):
    def __init__(
        self, scope: Construct, name: str, place: Environment, data: Data, service: Service, **about: object
    ) -> None:
        super().__init__(scope, name, **about)
        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=place.zone_id, zone_name=place.domain
        )
        certificate = acm.Certificate(
            self, "Certificate", domain_name=place.domain, validation=acm.CertificateValidation.from_dns(zone)
        )
        self.rules = self._rules()
        site = origins.VpcOrigin.with_application_load_balancer(
            service.balancer,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            keepalive_timeout=Duration.seconds(55),  # below the load balancer's 60
            read_timeout=Duration.seconds(60),
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            domain_names=[place.domain],
            certificate=certificate,
            web_acl_id=self.rules.attr_arn,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_200,
            default_behavior=self._asks(site, self._pages()),
            additional_behaviors={
                NEVER_KEPT: self._asks(site, cloudfront.CachePolicy.CACHING_DISABLED),
                FILES["static"]: self._files(data.static, "Static"),
                FILES["media"]: self._files(data.media, "Media"),
            },
        )
        for kind, record in (("A", route53.ARecord), ("Aaaa", route53.AaaaRecord)):
            record(
                self,
                kind,
                zone=zone,
                target=route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution)),
            )
        CfnOutput(self, "DistributionId", value=self.distribution.distribution_id)

    def _pages(self) -> cloudfront.CachePolicy:
        """Kept only where the page says so, and apart for each session: a signed-in page says that it is private."""
        return cloudfront.CachePolicy(
            self,
            "Pages",
            comment="Pages that say they may be kept",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=A_YEAR,
            cookie_behavior=cloudfront.CacheCookieBehavior.allow_list(SESSION),
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*KEY_HEADERS),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _asks(self, site: cloudfront.IOrigin, policy: cloudfront.ICachePolicy) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=site,
            cache_policy=policy,
            # Host, so that the site knows its name; CloudFront-Viewer-Address and CloudFront-Forwarded-Proto.
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_AND_CLOUDFRONT_2022,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            compress=True,
        )

    def _files(self, bucket: s3.IBucket, name: str) -> cloudfront.BehaviorOptions:
        """Straight from S3. Every name is another at every change."""
        headers = cloudfront.ResponseHeadersPolicy(
            self,
            f"{name}Headers",
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="Cache-Control", value=f"public, max-age={A_YEAR.to_seconds()}, immutable", override=True
                    )
                ]
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=A_YEAR, include_subdomains=True, preload=True, override=True
                ),
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy="default-src 'none'", override=True
                ),
            ),
        )
        known = s3.Bucket.from_bucket_attributes(
            self, f"{name}Bucket", bucket_arn=bucket.bucket_arn, region=Stack.of(bucket).region
        )
        strip = cloudfront.Function(
            self,
            f"{name}Names",
            code=cloudfront.FunctionCode.from_inline(WITHOUT_FOLDER),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
        )
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(known),
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=headers,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            function_associations=[
                cloudfront.FunctionAssociation(function=strip, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)
            ],
            compress=True,
        )

    def _rules(self) -> waf.CfnWebACL:
        """A brake on floods, ahead of the site's own exact limits; and what AWS knows to be an attack."""
        seen = waf.CfnWebACL.VisibilityConfigProperty
        rates = [
            waf.CfnWebACL.RuleProperty(
                name=f"rate-{name}",
                priority=number,
                action=waf.CfnWebACL.RuleActionProperty(
                    block=waf.CfnWebACL.BlockActionProperty(
                        custom_response=waf.CfnWebACL.CustomResponseProperty(response_code=429)
                    )
                ),
                statement=waf.CfnWebACL.StatementProperty(
                    rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                        limit=limit,
                        evaluation_window_sec=A_MINUTE,
                        aggregate_key_type="IP",
                        scope_down_statement=begins_with(path),
                    )
                ),
                visibility_config=seen(
                    cloud_watch_metrics_enabled=True, metric_name=f"rate-{name}", sampled_requests_enabled=True
                ),
            )
            for number, (name, path, limit) in enumerate(RATES)
        ]
        known = [
            waf.CfnWebACL.RuleProperty(
                name=name,
                priority=10 + number,
                override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
                statement=waf.CfnWebACL.StatementProperty(
                    managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                        vendor_name="AWS", name=name
                    )
                ),
                visibility_config=seen(
                    cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=True
                ),
            )
            for number, name in enumerate(
                ["AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet"]
            )
        ]
        return waf.CfnWebACL(
            self,
            "Rules",
            name="mymovie",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[*rates, *known],
            visibility_config=seen(
                cloud_watch_metrics_enabled=True, metric_name="mymovie", sampled_requests_enabled=True
            ),
        )


def begins_with(path: str) -> waf.CfnWebACL.StatementProperty:
    return waf.CfnWebACL.StatementProperty(
        byte_match_statement=waf.CfnWebACL.ByteMatchStatementProperty(
            field_to_match=waf.CfnWebACL.FieldToMatchProperty(uri_path={}),
            positional_constraint="STARTS_WITH",
            search_string=path,
            text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
