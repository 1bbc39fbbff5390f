"""Whoever can write to the address of our mail's events must not be able to stop anybody's mail."""

import datetime

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone

from tests.accounts.mail.signing import CERTIFICATE_URL, SUBSCRIBE_URL, signed, subscription, written

PATH = "/hooks/mail-events/"


def post(client: Client, body: bytes) -> int:
    return client.post(PATH, body, content_type="text/plain; charset=utf-8").status_code


@pytest.mark.parametrize("version", ["1", "2"])
def test_what_sns_has_signed_is_taken(client: Client, sns: list[str], version: str) -> None:
    assert post(client, written(signed(version=version))) == 200
    assert post(client, written(signed(version=version, Subject="with a subject"))) == 200
    assert sns == [CERTIFICATE_URL], "the certificate is kept"


def at(moment: datetime.datetime) -> str:
    return moment.isoformat()


HOUR = datetime.timedelta(hours=1)
FORGED = {
    "changed after it was signed": lambda: signed() | {"Message": '{"eventType":"Complaint"}'},
    "signed by another": lambda: signed(key=rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    "signed with a certificate of theirs": lambda: (
        signed() | {"SigningCertURL": "https://evil.example/SimpleNotificationService-1.pem"}
    ),
    "a host that looks like it": lambda: (
        signed() | {"SigningCertURL": CERTIFICATE_URL.replace("amazonaws.com", "amazonaws.com.evil.example")}
    ),
    "a host behind a name": lambda: (
        signed()
        | {"SigningCertURL": CERTIFICATE_URL.replace("https://", "https://sns.us-east-1.amazonaws.com@evil.example/")}
    ),
    "a bucket of somebody": lambda: (
        signed() | {"SigningCertURL": CERTIFICATE_URL.replace("sns.ap-northeast-1", "s3.ap-northeast-1")}
    ),
    "of another region": lambda: signed() | {"SigningCertURL": CERTIFICATE_URL.replace("ap-northeast-1", "eu-west-1")},
    "another file of that host": lambda: (
        signed() | {"SigningCertURL": CERTIFICATE_URL.replace("SimpleNotificationService", "Other")}
    ),
    "without TLS": lambda: signed() | {"SigningCertURL": CERTIFICATE_URL.replace("https", "http")},
    "of a foreign topic": lambda: signed(TopicArn="arn:aws:sns:ap-northeast-1:666666666666:evil"),
    "of yesterday": lambda: signed(Timestamp=at(timezone.now() - 2 * HOUR)),
    "of tomorrow": lambda: signed(Timestamp=at(timezone.now() + 2 * HOUR)),
    "of no time": lambda: signed(Timestamp="yesterday"),
    "of a time without a zone": lambda: signed(Timestamp=at(timezone.now().replace(tzinfo=None))),
    "of the end of time": lambda: signed(Timestamp="9999-12-31T23:59:59Z"),
    "of a version that is not": lambda: signed() | {"SignatureVersion": "3"},
    "with no signature": lambda: signed() | {"Signature": ""},
    "with a signature that is none": lambda: signed() | {"Signature": "ä"},
    "with half a character": lambda: signed() | {"Message": "\ud800"},
    "of an unknown type": lambda: signed(Type="Invitation"),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_what_sns_has_not_signed_is_refused(client: Client, sns: list[str], forged) -> None:
    assert post(client, written(forged())) == 403
    assert set(sns) <= {CERTIFICATE_URL}, "nobody else was asked"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"Type": 5}', b"[" * 100_000, b'{"Type":"Notification","TopicArn":[]}'],
)
def test_what_is_no_message_is_refused(client: Client, sns: list[str], body: bytes) -> None:
    assert post(client, body) == 403


def test_what_is_too_long_is_refused(client: Client, sns: list[str]) -> None:
    assert post(client, b" " * (256 * 1024 + 1)) == 413


def test_a_topic_of_ours_is_confirmed(client: Client, sns: list[str]) -> None:
    assert post(client, written(subscription())) == 200
    assert sns == [CERTIFICATE_URL, SUBSCRIBE_URL]


def test_only_sns_itself_is_asked_to_confirm(client: Client, sns: list[str]) -> None:
    elsewhere = signed(Type="SubscriptionConfirmation", SubscribeURL="https://169.254.169.254/", Token="abc")

    assert post(client, written(elsewhere)) == 403
    assert sns == [CERTIFICATE_URL]


def test_sns_is_to_send_again_what_cannot_be_checked_now(
    client: Client, sns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise httpx.ConnectTimeout("")

    monkeypatch.setattr(httpx, "get", away)

    assert post(client, written(signed())) == 503


def test_a_redirect_is_not_followed(client: Client, sns: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def redirect(address: str, *, follow_redirects: bool, **_: object) -> httpx.Response:
        assert not follow_redirects
        return httpx.Response(302, headers={"Location": "https://evil.example/"})

    monkeypatch.setattr(httpx, "get", redirect)

    assert post(client, written(signed())) == 503
