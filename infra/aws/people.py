from aws_cdk import Duration, RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.aws.values import Environment
from infra.local.cognito import APP_CALLBACKS, APP_SIGNED_OUT, CALLBACK, SIGNED_OUT, STAFF


class People(Stack):
    """Who signs in: the pool, its pages, the web client, the apps' client and the group of staff."""

    def __init__(self, scope: Construct, name: str, place: Environment, **about: object) -> None:
        super().__init__(scope, name, **about)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name="mymovie",
            feature_plan=cognito.FeaturePlan.LITE,  # new pools would have the dearer Essentials
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            password_policy=cognito.PasswordPolicy(
                min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        prefix = cognito.CognitoDomainOptions(domain_prefix=f"mymovie-{place.name}-{self.account}")
        self.domain = self.pool.add_domain("Pages", cognito_domain=prefix)
        cognito.CfnUserPoolGroup(self, "Staff", user_pool_id=self.pool.user_pool_id, group_name=STAFF)
        self.web = self._client(
            "Web", [place.url + CALLBACK], [place.url + path for path in SIGNED_OUT], has_secret=True
        )
        self.app = self._client("App", [*APP_CALLBACKS], [*APP_SIGNED_OUT], has_secret=False)
        client: cognito.CfnUserPoolClient = self.web.node.default_child
        self.web_secret = secretsmanager.Secret(
            self,
            "WebSecret",
            description="What the site shows to the sign-in provider",
            secret_string_value=SecretValue.resource_attribute(client.attr_client_secret),
        )

    def _client(
        self, name: str, callbacks: list[str], signed_out: list[str], *, has_secret: bool
    ) -> cognito.UserPoolClient:
        """A web site has a secret; an app has none, as nothing stays secret on a phone: PKCE stands in for it."""
        return self.pool.add_client(
            name,
            user_pool_client_name=name.lower(),
            generate_secret=has_secret,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
                callback_urls=callbacks,
                logout_urls=signed_out,
            ),
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        )
