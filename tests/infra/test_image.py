"""What can be known of the container image before anybody builds it. tests/image/smoke.py tries the built one."""

import re
import runpy
import shlex
import socketserver
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from infra.image import base, build, engine
from infra.local.folder import ROOT
from infra.local.trouble import Trouble
from mymovie import queues

DOCKER = ROOT / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
SLIM = runpy.run_path(str(DOCKER / "slim.py"))  # by their paths: `docker` is also the name of a package
HEALTH = runpy.run_path(str(DOCKER / "health.py"))
LET_IN = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]


def copied() -> Iterator[str]:
    """What the Dockerfile takes from the checkout."""
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        yield from shlex.split(line)[:-1]


def test_all_that_the_dockerfile_copies_is_there_and_let_in() -> None:
    assert {"manage.py", "templates", "mymovie"} <= set(copied())
    for name in copied():
        assert (ROOT / name).exists(), name
        assert name in LET_IN


def test_every_app_of_ours_is_in_the_image() -> None:
    rooms = {app.partition(".")[0] for app in settings.INSTALLED_APPS}

    assert {room for room in rooms if (ROOT / room).is_dir()} <= set(copied())


def test_nothing_else_reaches_the_build() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]

    assert lines[0] == "*"
    assert lines.index("**/.*") > lines.index(f"!{LET_IN[-1]}"), "what begins with a dot could be let in again"
    for name in ("tests", "infra", ".git", ".env", ".local", "docker"):
        assert name not in LET_IN


def test_no_build_names_a_place_to_have_packages_from() -> None:
    files = [*DOCKER.iterdir(), *(ROOT / "infra" / "image").glob("*.py"), *(ROOT / "requirements").iterdir()]

    for file in files:
        if file.is_file():
            said = re.findall(r"(?:https?://|index-url|find-links)[^\s'\"]*", file.read_text())
            ours = ("http://localhost", "http://127.0.0.1", "http://aws:", "index-url", "find-links")
            assert all(address.startswith(ours) for address in said), (file, said)
    for file in (ROOT / "requirements").iterdir():
        assert not re.search("index-url|find-links", file.read_text()), file


def test_it_runs_as_nobody_in_particular_and_by_the_commands_that_all_else_relies_on() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]

    assert "\nUSER 10001:10001\n" in last
    assert "\nSTOPSIGNAL SIGTERM\n" in last
    assert '\nVOLUME ["/tmp"]\n' in last
    assert '["python", "-m", "docker.health"]' in last
    command = "gunicorn --config docker/gunicorn.conf.py --bind 0.0.0.0:8000 mymovie.wsgi:application"
    assert "CMD [" + ", ".join(f'"{word}"' for word in command.split()) + "]" in last


def test_the_stand_in_has_the_name_and_the_debian_of_the_dockerfiles_base() -> None:
    assert base.name().startswith("docker.io/library/python:3.")
    assert base.release() == "trixie"


# compose.yaml


@pytest.fixture
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    return read


def test_compose_runs_every_part_as_production_does(compose: dict[str, Any]) -> None:
    parts = {name: compose["services"][name] for name in ("settle", "web", "worker", "relay")}

    for name, part in parts.items():
        assert part["read_only"], name
        assert part["tmpfs"] == ["/tmp"]
        assert part["cap_drop"] == ["ALL"]
    assert parts["worker"]["command"][-1].split(",") == list(queues.NAMES)
    assert parts["worker"]["environment"]["WORKER_HEALTH_FILE"]
    assert "command" not in parts["web"], "the web server's is the image's own"
    assert all(port.startswith("127.0.0.1:") for port in parts["web"]["ports"])


def test_compose_holds_no_secret(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN", variable) and variable != "AWS_SECRET_ACCESS_KEY":
                assert re.fullmatch(r"\$\{\w+:[-?].*\}", value), (name, variable)
    assert "/docker/.env" in (ROOT / ".gitignore").read_text().split()


def test_compose_tells_only_what_the_settings_know(compose: dict[str, Any]) -> None:
    known = (ROOT / ".env.example").read_text()

    for variable in compose["services"]["worker"]["environment"]:
        assert variable in known or variable == "AWS_DEFAULT_REGION", variable


# The health command


@pytest.mark.parametrize(("age", "is_well"), [(0, True), (59, True), (61, False)])
def test_a_worker_is_well_while_it_touches_its_file(tmp_path: Path, age: int, is_well: bool) -> None:
    (tmp_path / "alive").touch()

    assert HEALTH["worker_is_well"](str(tmp_path / "alive"), time.time() + age) is is_well


def test_a_worker_that_has_not_begun_is_not_well(tmp_path: Path) -> None:
    assert not HEALTH["worker_is_well"](str(tmp_path / "alive"), time.time())


@pytest.mark.parametrize(
    ("answer", "is_well"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nlive", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"200", False),
        (b"", False),
    ],
)
def test_a_web_server_is_well_when_it_says_so(answer: bytes, is_well: bool) -> None:
    with answering(answer) as port:
        assert HEALTH["web_is_well"](port) is is_well
    assert not HEALTH["web_is_well"](port), "nobody listens any more"


def test_the_health_command_says_by_its_exit_code_how_it_is() -> None:
    command = [sys.executable, str(DOCKER / "health.py")]

    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as port:
        well = subprocess.run(command, env={"HEALTH_PORT": str(port)}, check=False, capture_output=True)
    unwell = subprocess.run(command, env={"HEALTH_PORT": str(port)}, check=False, capture_output=True)

    assert (well.returncode, unwell.returncode) == (0, 1)


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1024)
            self.request.sendall(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        yield server.server_address[1]
        server.shutdown()


# What is taken out


def test_every_aws_service_that_we_call_stays() -> None:
    ours = [path for room in ("mymovie", "movies", "accounts") for path in (ROOT / room).rglob("*.py")]

    called = {name for path in ours for name in re.findall(r"""boto3\.client\(\s*["']([\w-]+)""", path.read_text())}

    # Files go by django-storages, mail by Anymail, messages by kombu too.
    assert called | {"s3", "sesv2", "sqs", "sts"} <= SLIM["AWS_SERVICES"]
    assert "sqs" in called


def test_every_language_of_the_site_stays() -> None:
    assert {code for code, _ in settings.LANGUAGES} <= SLIM["LANGUAGES"]


def test_slimming_leaves_what_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packages = tmp_path / "lib" / "python3.13" / "site-packages"
    read = [
        *(
            "botocore/data/s3/model.json",
            "botocore/data/endpoints.json",
            "babel/locale-data/ja.dat",
            "babel/locale-data/root.dat",
        ),
        *(
            "django/conf/locale/ja/LC_MESSAGES/django.mo",
            "django/conf/locale/ja/formats.py",
            "django/conf/locale/__init__.py",
        ),
        *("celery/utils/static/__init__.py", "PIL/Image.py"),
    ]
    unread = [
        *("botocore/data/ec2/model.json", "babel/locale-data/fr.dat", "django/conf/locale/fr/LC_MESSAGES/django.mo"),
        *(
            "django/conf/locale/ja/LC_MESSAGES/django.po",
            "django/contrib/gis/static/gis/map.js",
            "csp/tests/settings.py",
        ),
        *("drf_spectacular_sidecar/static/redoc.js", "boto3/examples/s3.rst", "yaml/_yaml.pyx"),
    ]
    for name in read + unread:
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).write_text("words")

    SLIM["main"](tmp_path)

    left = {str(path.relative_to(packages)) for path in packages.rglob("*") if path.is_file()}
    assert left == set(read)
    assert "without what nobody reads" in capsys.readouterr().out


# What the machine that builds has to itself


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that says nothing of indexes and certificates."""
    for name in (*build.INDEX, *build.CERTIFICATES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(build, "configured", lambda key: "")
    monkeypatch.setattr(engine, "is_docker", lambda: True)


@pytest.mark.usefixtures("bare_machine")
def test_where_nothing_is_said_nothing_is_passed_on(tmp_path: Path) -> None:
    assert list(build.secrets(tmp_path)) == []


@pytest.mark.usefixtures("bare_machine")
def test_an_index_of_ones_own_is_passed_on_in_a_file_that_only_we_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://me:a$word@packages.example/simple")

    words = list(build.secrets(tmp_path))

    assert words == ["--secret", f"id=index,src={tmp_path}/index"]
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o600
    sourced = ["sh", "-c", f'. {tmp_path}/index; echo "$PIP_INDEX_URL $UV_DEFAULT_INDEX"']
    told = subprocess.run(sourced, check=True, capture_output=True, text=True).stdout.split()
    assert told == ["https://me:a$word@packages.example/simple"] * 2


@pytest.mark.usefixtures("bare_machine")
def test_certificates_are_passed_on_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ours.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "gone.pem"))
    monkeypatch.setenv("PIP_CERT", str(tmp_path / "ours.pem"))

    assert list(build.secrets(tmp_path)) == ["--secret", f"id=certificates,src={tmp_path}/ours.pem"]


def test_what_fails_is_named_without_what_it_was_told() -> None:
    with pytest.raises(Trouble) as trouble:
        engine.quietly("sh", "-c", "echo why >&2; exit 3", "--secret=word")

    assert "why" in str(trouble.value)
    assert "--secret" not in str(trouble.value)


def test_without_an_engine_and_without_root_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "is_docker", lambda: False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(Trouble, match="start Docker, or be root"):
        engine.provide()
