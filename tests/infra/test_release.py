"""What must be right before any release, and is nobody's room."""

import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command

from infra.local.folder import ROOT


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_production_settings_pass_djangos_own_deployment_checks() -> None:
    production = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "SITE_URL": "https://films.example",
        "ALLOWED_HOSTS": "films.example",
        "OIDC_ISSUER": "https://cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_example",
        "OIDC_DOMAIN": "https://films.auth.ap-northeast-1.amazoncognito.com",
        "OIDC_CLIENT_ID": "client",
        "OIDC_CLIENT_SECRET": "secret",
    }

    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=production,
        capture_output=True,
        text=True,
        check=False,
    )

    assert check.returncode == 0, check.stderr
