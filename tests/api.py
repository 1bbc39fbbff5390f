"""Somebody's script, as it speaks to the API."""

from typing import Any

from django.test import Client

from accounts.identity.models import Scope
from accounts.identity.tokens import make_token
from accounts.models import User


def client_of(user: User, scope: str = "write", **headers: Any) -> Client:
    """With a personal token, and in English unless told otherwise."""
    _token, secret = make_token(owner=user, name="script", scope=Scope(scope))
    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"} | headers)
