"""A sign-in provider on loopback that can lie, stall and fall over, which the real local one cannot."""

import base64
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from django.http import HttpResponse
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey
from pytest_django import Settings

ISSUER = "https://provider.test/pool"
CLIENT_ID = "web"
APP_ID = "app"


@cache
def signing_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass(frozen=True)
class Answer:
    """`body` is sent as it is, or as JSON, after `delay` seconds."""

    body: object
    status: int = 200
    delay: float = 0


class OidcServer:
    """`token` and `keys` are the answers of the two endpoints; `calls` the paths that were asked for."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.token = Answer({"error": "invalid_grant"}, 400)
        self.keys = Answer({"keys": [signing_key("first").as_dict(private=False)]})

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def vouch(self, id_token: object) -> None:
        """What the next code is exchanged for."""
        self.token = Answer({"access_token": "access", "token_type": "Bearer", "id_token": id_token})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(provider.token)

            def do_GET(self) -> None:
                self.answer(provider.keys)

            def answer(self, answer: Answer) -> None:
                provider.calls.append(self.path)
                time.sleep(answer.delay)
                payload = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                with contextlib.suppress(BrokenPipeError):  # the site has given up waiting
                    self.send_response(answer.status)
                    self.send_header("Content-Length", str(len(payload)))
                    self.end_headers()
                    self.wfile.write(payload)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def id_token(*, kid: str = "first", signed_by: str | None = None, **claims: Any) -> str:
    """Signed by the key `signed_by`, under the name `kid`; a claim given as None is left out."""
    now = int(time.time())
    facts = {
        "iss": ISSUER,
        "aud": CLIENT_ID,
        "sub": "subject-1",
        "token_use": "id",
        "iat": now,
        "exp": now + 3600,
        **claims,
    }
    facts = {name: value for name, value in facts.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": kid}, facts, signing_key(signed_by or kid))


def access_token(*, kid: str = "first", signed_by: str | None = None, header: Any = None, **claims: Any) -> str:
    """As an app has it, by Cognito's rules: without an audience. `header` adds to what stands there."""
    now = int(time.time())
    facts = {
        "iss": ISSUER,
        "sub": "subject-1",
        "client_id": APP_ID,
        "token_use": "access",
        "iat": now,
        "exp": now + 3600,
        **claims,
    }
    said = json.dumps({name: value for name, value in facts.items() if value is not None})
    head = json.dumps({"alg": "RS256", "kid": kid, **(header or {})})
    unsigned = f"{url64(head.encode())}.{url64(said.encode())}"
    private = serialization.load_pem_private_key(signing_key(signed_by or kid).as_pem(private=True), None)
    return f"{unsigned}.{url64(private.sign(unsigned.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def leave(client: Client, address: str = "/sign-in/") -> dict[str, str]:
    """Go to the provider: what it is asked."""
    response = client.get(address)
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def come_back(client: Client, state: str, **answer: str) -> HttpResponse:
    return client.get("/sign-in/callback", {"state": state, **(answer or {"code": "code"})})


def sign_in(client: Client, provider: OidcServer, address: str = "/sign-in/", **claims: Any) -> HttpResponse:
    """There and back again, with an id token that holds except for what `claims` say."""
    asked = leave(client, address)
    provider.vouch(id_token(**{"nonce": asked["nonce"], **claims}))
    return come_back(client, asked["state"])


@pytest.fixture
def oidc(settings: Settings) -> Iterator[OidcServer]:
    with OidcServer() as server:
        settings.OIDC_ISSUER = ISSUER
        settings.OIDC_DOMAIN = server.url
        settings.OIDC_JWKS_URL = f"{server.url}/keys"
        settings.OIDC_CLIENT_ID = CLIENT_ID
        settings.OIDC_CLIENT_SECRET = "secret"
        settings.OIDC_APP_CLIENT_IDS = [APP_ID]
        yield server
