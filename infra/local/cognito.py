"""The user pool of this machine, as Cognito's is in production, with the people of the demo in it."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

from infra.local.aws import REGION

NAME = "mymovie"
CALLBACK = "/sign-in/callback"
SIGNED_OUT = ("/", "/en/")
APP_CALLBACKS = ["mymovie://signed-in", "http://127.0.0.1:8765/callback"]  # on a phone; on this machine
APP_SIGNED_OUT = ["mymovie://signed-out", "http://127.0.0.1:8765/"]
STAFF = "staff"
PASSWORD = "Eiga-no-kiroku-1"  # noqa: S105 - printed for everybody to see
PEOPLE = {"hanako": "花子", "taro": "太郎", "himitsu": "ひみつ", "newcomer": "Newcomer", STAFF: "Staff"}


@dataclass(frozen=True)
class Client:
    """A web site or an app that sends people here to sign in. An app has no secret."""

    client_id: str
    secret: str


class UserPool:
    """Found at `endpoint`, or made there."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.cognito: Any = boto3.client(
            "cognito-idp",
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
        )
        known = [
            pool["Id"] for pool in self.cognito.list_user_pools(MaxResults=60)["UserPools"] if pool["Name"] == NAME
        ]
        self.is_new = not known
        self.pool_id: str = known[0] if known else self.cognito.create_user_pool(PoolName=NAME)["UserPool"]["Id"]

    def environment(self, site_url: str) -> dict[str, str]:
        """What Django must know to have people sign in here, everybody and the client having been made."""
        client = self.client("web", site_url)
        return {
            "OIDC_ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/{self.pool_id}",
            "OIDC_DOMAIN": self.endpoint,
            "OIDC_JWKS_URL": f"{self.endpoint}/{self.pool_id}/.well-known/jwks.json",
            "OIDC_CLIENT_ID": client.client_id,
            "OIDC_CLIENT_SECRET": client.secret,
            "OIDC_APP_CLIENT_IDS": self.app().client_id,
            "DEMO_SUBJECTS": json.dumps(self.subjects()),
        }

    def client(self, name: str, site_url: str) -> Client:
        """The client of that name, pointed at where its site is today."""
        addresses = [site_url + CALLBACK], [site_url + path for path in SIGNED_OUT]
        return self._client(name, *addresses, has_secret=True)

    def app(self) -> Client:
        """That of apps: public, as nothing stays secret on a phone."""
        return self._client("app", APP_CALLBACKS, APP_SIGNED_OUT, has_secret=False)

    def _client(self, name: str, callbacks: list[str], signed_out: list[str], *, has_secret: bool) -> Client:
        settings = {
            "UserPoolId": self.pool_id,
            "CallbackURLs": callbacks,
            "LogoutURLs": signed_out,
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email", "profile"],
            "SupportedIdentityProviders": ["COGNITO"],
        }
        for known in self.cognito.list_user_pool_clients(UserPoolId=self.pool_id, MaxResults=60)["UserPoolClients"]:
            if known["ClientName"] == name:
                made = self.cognito.update_user_pool_client(ClientId=known["ClientId"], **settings)["UserPoolClient"]
                break
        else:
            made = self.cognito.create_user_pool_client(ClientName=name, GenerateSecret=has_secret, **settings)[
                "UserPoolClient"
            ]
        return Client(made["ClientId"], made.get("ClientSecret", ""))

    def subjects(self) -> dict[str, str]:
        """The `sub` of each person of the demo; who is missing is made."""
        subjects = self._subjects()
        for username in PEOPLE.keys() - subjects.keys():
            self._add(username)
        return subjects if subjects.keys() >= PEOPLE.keys() else self._subjects()

    def _subjects(self) -> dict[str, str]:
        return {
            user["Username"]: attribute["Value"]
            for user in self.cognito.list_users(UserPoolId=self.pool_id)["Users"]
            for attribute in user["Attributes"]
            if attribute["Name"] == "sub"
        }

    def _add(self, username: str) -> None:
        person = {"UserPoolId": self.pool_id, "Username": username}
        facts = {"name": PEOPLE[username], "email": f"{username}@example.com", "email_verified": "true"}
        self.cognito.admin_create_user(
            **person,
            UserAttributes=[{"Name": name, "Value": value} for name, value in facts.items()],
            MessageAction="SUPPRESS",
        )
        self.cognito.admin_set_user_password(**person, Password=PASSWORD, Permanent=True)
        if username == STAFF:
            self.cognito.create_group(UserPoolId=self.pool_id, GroupName=STAFF)
            self.cognito.admin_add_user_to_group(**person, GroupName=STAFF)
