"""PostgreSQL as the deployed containers expect Aurora: by TLS, with the password of the secret, under the cluster's name."""

import datetime
import os
import socket
import sys
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg import sql

from infra.aws.proof.tls import PORT
from infra.local.postgres import DATABASE, USER, Postgres
from infra.local.processes import Part
from infra.local.trouble import Trouble

STEWARD = "steward"
AT_FIRST = "local all all trust\n"
BY_PASSWORD = f"local all {STEWARD} trust\nlocal all all scram-sha-256\n"


class LocalAurora(Postgres):
    """Named `host`. As there, who the application is owns its database, and is no superuser."""

    def __init__(self, data_dir: Path, *, host: str, user: str, password: str) -> None:
        super().__init__(data_dir, durable=False)
        self.host, self.user, self.password = host, user, password
        self.address = free_address()
        self.we = USER
        self.doors = self.data_dir.with_suffix(".hba")

    def url(self, database: str = DATABASE) -> str:
        """For ourselves, by the socket, with all rights."""
        return super().url(database).replace(f"//{USER}@", f"//{self.we}@")

    def settings(self) -> list[str]:
        return [*super().settings(), f"hba_file={self.doors}"]

    def start(self) -> None:
        self._write_doors(AT_FIRST)
        super().start()

    def wait(self) -> None:
        super().wait()
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {STEWARD} SUPERUSER LOGIN")
        self.we = STEWARD
        self._write_doors(BY_PASSWORD)
        role, password = sql.Identifier(self.user), sql.Literal(self.password)
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {USER} RENAME TO rdsadmin")
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, password))
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(DATABASE), role))
            connection.execute("SELECT pg_reload_conf()")
        self._open_the_tls_door()

    def change_password(self, password: str) -> None:
        """And send away whoever came in by the old one."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            role = sql.Identifier(self.user)
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, sql.Literal(password)))
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", [self.user]
            )

    def stop(self) -> None:
        if self.door:
            self.door.stop()
        super().stop()

    door: Part | None = None

    def _open_the_tls_door(self) -> None:
        key, certificate, log = (self.data_dir.with_suffix(end) for end in (".key", ".crt", ".tls.log"))
        key.touch(mode=0o600)
        for path, content in zip((key, certificate), signed_by_itself(self.host), strict=True):
            path.write_bytes(content)
        server = self.socket_dir / f".s.PGSQL.{PORT}"
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "infra.aws.proof.tls",
            self.address,
            server,
            certificate,
            key,
        ]
        self.door = Part("TLS before PostgreSQL", command, environment=os.environ, log=log)
        self.door.wait_until(lambda: "ready" in log.read_text(errors="replace"))

    def _write_doors(self, doors: str) -> None:
        self.doors.write_text(doors)
        os.chown(self.doors, self.owner, -1)


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
