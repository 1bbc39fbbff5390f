"""An SNS of the tests' own: its key, its certificate, and what it signs."""

import base64
import datetime
import json

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:mail-events"
CERTIFICATE_URL = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
SUBSCRIBE_URL = "https://sns.ap-northeast-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc"
ORDER = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate_of(key: rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=now,
        not_valid_after=now + datetime.timedelta(days=1),
    )
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


CERTIFICATE = certificate_of(KEY)


def signed(*, key: rsa.RSAPrivateKey = KEY, version: str = "2", **changes: str) -> dict[str, str]:
    """A notification as SNS sends it, with these fields changed before it is signed."""
    fields = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": "{}",
        "Timestamp": timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    } | changes
    canonical = "".join(f"{name}\n{fields[name]}\n" for name in ORDER if name in fields)
    signature = key.sign(canonical.encode(), PKCS1v15(), SHA256() if version == "2" else SHA1())
    return fields | {
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": CERTIFICATE_URL,
        "UnsubscribeURL": SUBSCRIBE_URL,
    }


def subscription() -> dict[str, str]:
    return signed(Type="SubscriptionConfirmation", SubscribeURL=SUBSCRIBE_URL, Token="abc", Message="Confirm.")


def written(fields: dict[str, str]) -> bytes:
    return json.dumps(fields).encode()
