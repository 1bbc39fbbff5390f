"""Messages of Amazon SNS over HTTP: whether they are SNS's own, and from a topic of ours.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import base64
import datetime
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

HOST = re.compile(r"sns\.[a-z0-9-]{5,30}\.amazonaws\.com")
CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem")
GOOD_FOR = datetime.timedelta(hours=1)
CERTIFICATES_KEPT_FOR = 24 * 60 * 60  # seconds
LARGEST_CERTIFICATE = 20_000  # bytes

SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
HASHES: dict[str, type[HashAlgorithm]] = {"1": SHA1, "2": SHA256}


class SnsError(Exception):
    """Nothing that we take from SNS. Says why, in a word for the log."""


class Away(SnsError):
    """What SNS signs with cannot be fetched just now: it is to send the message again."""


@dataclass(frozen=True)
class SnsMessage:
    kind: str
    topic: str
    text: str
    subscribe_url: str


def read(body: bytes) -> SnsMessage:
    """A message that SNS itself has signed within the last hour, of one of our topics. Raises SnsError."""
    fields = _fields(body)
    signed = SIGNED.get(fields.get("Type", ""))
    if signed is None:
        raise SnsError("unknown type")
    if fields.get("TopicArn") not in settings.MAIL_EVENTS_TOPICS:
        raise SnsError("foreign topic")
    if not _is_fresh(fields.get("Timestamp", "")):
        raise SnsError("too old")
    canonical = "".join(f"{name}\n{fields[name]}\n" for name in signed if name in fields)
    _verify(fields, canonical)
    return SnsMessage(
        kind=fields["Type"],
        topic=fields["TopicArn"],
        text=fields.get("Message", ""),
        subscribe_url=fields.get("SubscribeURL", ""),
    )


def confirm(message: SnsMessage) -> None:
    """Say that we want what the topic sends. Raises SnsError."""
    if not _is_of_sns(message.subscribe_url):
        raise SnsError("foreign address")
    _fetch(message.subscribe_url)


def _fields(body: bytes) -> dict[str, str]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise SnsError("no JSON") from None
    if not isinstance(fields, dict):
        raise SnsError("no object")
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _is_fresh(timestamp: str) -> bool:
    try:
        sent_at = datetime.datetime.fromisoformat(timestamp)
        return abs(timezone.now() - sent_at) < GOOD_FOR
    except (ValueError, TypeError, OverflowError):  # no date; one without a zone; one at the end of time
        return False


def _verify(fields: dict[str, str], canonical: str) -> None:
    algorithm = HASHES.get(fields.get("SignatureVersion", ""))
    if algorithm is None:
        raise SnsError("unknown signature version")
    try:
        signature = base64.b64decode(fields.get("Signature", ""), validate=True)
        _key(fields.get("SigningCertURL", ""), fields["TopicArn"]).verify(
            signature, canonical.encode(), PKCS1v15(), algorithm()
        )
    except (ValueError, InvalidSignature):  # no base64, no text, or not signed so
        raise SnsError("wrong signature") from None


def _key(address: str, topic: str) -> RSAPublicKey:
    """Of the topic's own region: else whoever knows a topic could have us ask anywhere at AWS."""
    region = topic.split(":")[3]
    if (
        not _is_of_sns(address)
        or urlsplit(address).netloc != f"sns.{region}.amazonaws.com"
        or not CERTIFICATE.fullmatch(urlsplit(address).path)
    ):
        raise SnsError("foreign certificate")
    kept_as = f"sns:{urlsplit(address).netloc}:{urlsplit(address).path}"
    pem: bytes | None = cache.get(kept_as)
    if pem is None:
        pem = _fetch(address)
        cache.set(kept_as, pem, CERTIFICATES_KEPT_FOR)
    try:
        key: Any = load_pem_x509_certificate(pem).public_key()
    except ValueError:
        raise SnsError("no certificate") from None
    if not isinstance(key, RSAPublicKey):
        raise SnsError("no RSA key")
    return key


def _is_of_sns(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(HOST.fullmatch(parts.netloc)) and not parts.fragment
    except ValueError:
        return False


def _fetch(address: str) -> bytes:
    """From SNS itself, over TLS, without following it elsewhere."""
    try:
        answer = httpx.get(address, timeout=5, follow_redirects=False)
    except httpx.HTTPError as error:
        raise Away(type(error).__name__) from None
    if answer.status_code != 200 or len(answer.content) > LARGEST_CERTIFICATE:
        raise Away(f"HTTP {answer.status_code}")
    return answer.content
