"""A pytest plugin: the real database and the real sign-in provider, started once per run and gone with it."""

import contextlib
import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from infra.local.aws import ACCOUNT, REGION, LocalAws
from infra.local.cognito import UserPool
from infra.local.postgres import Postgres
from infra.local.s3 import BUCKET, INCOMING, provide_bucket
from infra.local.trouble import Trouble

SITE_URL = "http://testserver"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Start before pytest-django reads the settings. Workers of xdist find all of it in their environment."""
    running = contextlib.ExitStack()
    early_config.add_cleanup(running.close)
    try:
        os.environ.update(start_parts(running))
    except Trouble as trouble:
        raise pytest.UsageError(str(trouble)) from None
    return (yield)


def start_parts(running: contextlib.ExitStack) -> dict[str, str]:
    if "DATABASE_URL" in os.environ and "OIDC_ISSUER" in os.environ:
        return {}
    folder = Path(
        running.enter_context(tempfile.TemporaryDirectory(prefix="mymovie-tests-", ignore_cleanup_errors=True))
    )
    aws = LocalAws(folder / "aws")
    aws.start()
    running.callback(aws.stop)
    postgres = running.enter_context(Postgres(folder / "postgres", durable=False))
    aws.wait()
    for bucket in (BUCKET, INCOMING):
        provide_bucket(aws.endpoint, bucket)
    return {
        "SECRET_KEY": "only-for-tests",
        "SITE_URL": SITE_URL,
        "INSECURE_COOKIES": "1",
        "LOG_FORMAT": "console",
        "STATIC_ROOT": str(folder / "static"),
        "DATABASE_URL": postgres.url(),
        "AWS_ENDPOINT_URL": aws.endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "MEDIA_BUCKET": BUCKET,
        "INCOMING_BUCKET": INCOMING,
        "QUEUES_URL": f"{aws.endpoint}/{ACCOUNT}/mymovie-",
        **UserPool(aws.endpoint).environment(SITE_URL),
    }


@pytest.fixture
def site_url(live_server: LiveServer, settings: Settings) -> str:
    """Where the live site is; the local Cognito lets people sign in there."""
    client = UserPool(os.environ["AWS_ENDPOINT_URL"]).client(live_server.url, live_server.url)
    settings.SITE_URL = live_server.url
    settings.OIDC_CLIENT_ID = client.client_id
    settings.OIDC_CLIENT_SECRET = client.secret
    return live_server.url
