"""PostgreSQL as the deployed containers expect Aurora: by TLS, with the password of the secret, under the cluster's name."""

import datetime
import os
import socket
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg import sql

from infra.local.postgres import DATABASE, USER, Postgres
from infra.local.trouble import Trouble

PORT = 5432  # Aurora's, and in the deployed address
STEWARD = "steward"
ONLY_BY_TLS = f"local all {STEWARD},{USER} trust\nhostssl {DATABASE} all 127.0.0.0/8 scram-sha-256\n"


class LocalAurora(Postgres):
    """Named `host`. As there, who the application is owns its database, and is no superuser."""

    def __init__(self, data_dir: Path, *, host: str, user: str, password: str) -> None:
        super().__init__(data_dir, durable=False)
        self.host, self.user, self.password = host, user, password
        self.address = free_address()
        self.we = USER

    def url(self, database: str = DATABASE) -> str:
        """For ourselves, by the socket, with all rights."""
        return super().url(database).replace(f"//{USER}@", f"//{self.we}@")

    def settings(self) -> list[str]:
        return [
            f"listen_addresses={self.address}",
            f"port={PORT}",
            "ssl=on",
            f"ssl_cert_file={self.data_dir / 'proof.crt'}",
            f"ssl_key_file={self.data_dir / 'proof.key'}",
            f"hba_file={self.data_dir / 'proof_hba.conf'}",
        ]

    def wait(self) -> None:
        super().wait()
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {STEWARD} SUPERUSER LOGIN")
        self.we = STEWARD
        role, password = sql.Identifier(self.user), sql.Literal(self.password)
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {USER} RENAME TO rdsadmin")
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, password))
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(DATABASE), role))

    def _create(self) -> None:
        super()._create()
        key, certificate = signed_by_itself(self.host)
        for name, content in {
            "proof.key": key,
            "proof.crt": certificate,
            "proof_hba.conf": ONLY_BY_TLS.encode(),
        }.items():
            path = self.data_dir / name
            path.touch(mode=0o600)
            path.write_bytes(content)
            os.chown(path, self.owner, -1)


def free_address() -> str:
    """One of this machine's own 127.0.0.0/8 where nobody listens at the port; a port of our choice would not be Aurora's."""
    for last in range(2, 255):
        with socket.socket() as probe:
            try:
                probe.bind((f"127.0.0.{last}", PORT))
            except OSError:
                continue
            return f"127.0.0.{last}"
    raise Trouble(f"Port {PORT} is taken at every address of 127.0.0.0/24.")


def signed_by_itself(host: str) -> tuple[bytes, bytes]:
    """Key and certificate; sslmode=require asks for encryption, and does not look at who signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret, certificate.public_bytes(pem)
