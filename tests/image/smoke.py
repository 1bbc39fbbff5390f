"""What containers of the image do, on the real database and the local AWS: `make image`, or `pytest -s tests/image/smoke.py`
where the image is built. Its name keeps it out of `make test`, which needs neither an engine nor root.
"""

import json
import os
import re
import runpy
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import psycopg
import pytest
import yaml

from infra.image import engine
from infra.local.aws import LOOPBACK, free_port
from infra.local.folder import ROOT

PORT = free_port()
ADDRESS = f"http://{LOOPBACK}:{PORT}"
WEB = f"gunicorn --config docker/gunicorn.conf.py --bind 0.0.0.0:{PORT} mymovie.wsgi:application".split()
WORKER = [
    "celery",
    "--app",
    "mymovie",
    "--quiet",
    "worker",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
    "--concurrency",
    "2",
    "--queues",
    "mail-urgent,mail-bulk,tmdb,imports,media",
]
RELAY = ["python", "manage.py", "relay_outbox"]
MEMORY = {"web": "512m", "worker": "512m", "relay": "256m"}
LONGEST_STOP = 5  # seconds
AWS_SERVICES = runpy.run_path(str(ROOT / "docker" / "slim.py"))[
    "AWS_SERVICES"
]  # by its path: `docker` is also a package
TOLD = re.compile(
    r"(AWS|OIDC)_\w+|SECRET_KEY|SITE_URL|INSECURE_COOKIES|(MEDIA|INCOMING)_BUCKET|QUEUES_URL|DATABASE_URL"
)


def podman(*command: str) -> subprocess.CompletedProcess[str]:
    """Or docker."""
    return subprocess.run([*engine.runner(), *command], capture_output=True, text=True, check=False)


def options(*, memory: str = "512m", **environment: str) -> list[str]:
    """As a task of ECS has them: nothing can be written but /tmp, and memory ends somewhere."""
    sockets = unquote(urlsplit(os.environ["DATABASE_URL"]).hostname or "")
    os.chmod(sockets, 0o711)  # the database listens nowhere else, and in the container nobody is its owner
    words = ["--network", "host", "--read-only", "--tmpfs", "/tmp", "--memory", memory, "--cap-drop", "ALL"]
    words += ["--security-opt", "no-new-privileges", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
    words += ["--volume", f"{sockets}:{sockets}"]
    words += [] if engine.is_docker() else ["--read-only-tmpfs=false"]  # podman's own idea of what else may be written
    told = {name: value for name, value in os.environ.items() if TOLD.fullmatch(name)} | environment
    return words + [word for name, value in told.items() for word in ("--env", f"{name}={value}")]


def once(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return podman("run", "--rm", *options(**environment), engine.NAME, *command)


@dataclass
class Container:
    name: str
    ready_after: float

    def does(self, *command: str) -> subprocess.CompletedProcess[str]:
        return podman("exec", self.name, *command)

    def health(self) -> subprocess.CompletedProcess[str]:
        """By the command that the image has for it."""
        # Docker and podman have it in different places.
        command: list[str] = (image().get("Healthcheck") or image()["Config"]["Healthcheck"])["Test"]
        assert command[0] == "CMD"
        return self.does(*command[1:])

    def log(self) -> str:
        said = podman("logs", self.name)
        return (said.stdout + said.stderr)[-3000:]

    def megabytes(self) -> float:
        """Of all its processes, what they share counted in one of them only."""
        pid = podman("inspect", "--format", "{{.State.Pid}}", self.name).stdout.strip()
        return sum(proportional(int(process)) for process in children(int(pid))) / 1024


def children(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from children(int(child))


def proportional(pid: int) -> int:
    """Kilobytes, a page that several processes have counted in parts."""
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def image() -> dict[str, Any]:
    inspected: list[dict[str, Any]] = json.loads(podman("image", "inspect", engine.NAME).stdout)
    return inspected[0]


def wait_until(happens: Callable[[], object], *, container: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, podman("logs", container).stderr[-3000:]
        time.sleep(0.1)


def is_ready() -> bool:
    try:
        return httpx.get(f"{ADDRESS}/healthz/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def migrated() -> float:
    """Seconds that it took."""
    began = time.monotonic()
    migration = once("python", "manage.py", "migrate", "--no-input")
    seconds = time.monotonic() - began
    assert migration.returncode == 0, migration.stderr
    assert once("python", "manage.py", "queues", "ensure").returncode == 0
    return seconds


@pytest.fixture(scope="module")
def running(migrated: float) -> Iterator[dict[str, Container]]:
    commands = {"web": WEB, "worker": WORKER, "relay": RELAY}
    environments = {"web": {"HEALTH_PORT": str(PORT)}, "worker": {"WORKER_HEALTH_FILE": "/tmp/alive"}, "relay": {}}
    containers = {}
    try:
        for part, command in commands.items():
            name = f"mymovie-smoke-{os.getpid()}-{part}"
            began = time.monotonic()
            containers[part] = container = Container(name, 0)
            told = options(memory=MEMORY[part], **environments[part])
            started = podman("run", "--detach", "--name", name, *told, engine.NAME, *command)
            assert started.returncode == 0, started.stderr
            if part == "web":
                wait_until(is_ready, container=name)
            if part == "worker":
                wait_until(lambda: container.health().returncode == 0, container=name)  # noqa: B023 - asked at once
            container.ready_after = time.monotonic() - began
        yield containers
    finally:
        for container in containers.values():
            podman("rm", "--force", container.name)


@pytest.fixture
def web(running: dict[str, Container]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=ADDRESS, headers={"Accept-Encoding": "br, gzip"}) as client:
        yield client


def test_a_one_off_command_says_by_its_exit_code_how_it_went(migrated: float) -> None:
    nonsense = once("python", "manage.py", "nonsense")

    assert nonsense.returncode == 1
    print(f"\nmigrate: {migrated:.1f} s")


def test_what_compose_does_before_all_else_may_be_done_again(migrated: float) -> None:
    compose = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
    buckets = {"MEDIA_BUCKET": "smoke-media", "INCOMING_BUCKET": "smoke-incoming"}

    for _ in range(2):
        settled = once(
            *compose["services"]["settle"]["command"], **buckets, AWS_DEFAULT_REGION=os.environ["AWS_REGION"]
        )

        assert settled.returncode == 0, settled.stderr


def test_the_front_page_is_japanese(web: httpx.Client) -> None:
    page = web.get("/")

    assert page.status_code == 200
    assert '<html lang="ja"' in page.text
    assert "観た映画" in page.text
    assert page.text.count('lang="en"') < 5
    assert "ログイン" in page.text or "サインイン" in page.text, "words are not built"


def test_what_pages_load_is_hashed_compressed_and_kept_for_a_year(web: httpx.Client) -> None:
    loaded = set(re.findall(r'"(/static/[^"]+\.(?:css|js))"', web.get("/").text))

    assert loaded
    for path in loaded:
        answer = web.get(path)
        assert answer.status_code == 200
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", path)
        assert "immutable" in answer.headers["Cache-Control"]
        if len(answer.content) > 1000:
            assert answer.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("path", ["/api/v1/docs/", "/staff/login/"])
def test_pages_of_other_packages_have_their_files(web: httpx.Client, path: str) -> None:
    page = web.get(path, follow_redirects=False)

    for file in re.findall(r'"(/static/[^"]+)"', page.text):
        assert web.get(file).status_code == 200, file
    assert page.status_code in {200, 302}


def test_a_task_goes_from_the_outbox_to_the_queue_and_is_done(running: dict[str, Container]) -> None:
    add = (
        "import time; from mymovie.outbox.services import add;"
        "add('mymovie.outbox.tasks.run_chore', queue='media', job='forget_runs'); print(time.time())"
    )
    ended = (
        "SELECT error, extract(epoch FROM ended_at) FROM outbox_run WHERE job = 'forget_runs' AND ended_at IS NOT NULL"
    )
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        written = running["web"].does("python", "manage.py", "shell", "--no-imports", "--command", add)
        assert written.returncode == 0, written.stderr
        wait_until(lambda: database.execute(ended).fetchone(), container=running["worker"].name)

        error, ended_at = database.execute(ended).fetchone() or ("nothing ran", 0)
        assert error == ""
        assert database.execute("SELECT count(*) FROM outbox_message WHERE queue = 'media'").fetchone() == (0,)
    print(f"\nfrom outbox to done: {float(ended_at) - float(written.stdout.split()[-1]):.2f} s")


def test_web_and_worker_are_well(running: dict[str, Container]) -> None:
    for part in ("web", "worker"):
        began = time.monotonic()
        health = running[part].health()

        assert (health.returncode, health.stdout.strip()) == (0, "well"), health.stderr
        print(f"\nhealth of {part}: {time.monotonic() - began:.2f} s, the engine's own time in it")


def test_a_container_that_serves_nothing_is_not_well(running: dict[str, Container]) -> None:
    assert running["relay"].health().returncode == 1


def test_nobody_is_root_and_only_tmp_can_be_written(running: dict[str, Container]) -> None:
    web = running["web"]

    assert web.does("id", "-u").stdout.strip() == web.does("id", "-g").stdout.strip() == "10001"
    for folder in ("/", "/app", "/app/staticfiles", "/opt/venv", "/etc", "/var/tmp", "/usr/local"):
        assert web.does("touch", f"{folder}/written").returncode != 0, folder
    assert web.does("touch", "/tmp/written").returncode == 0


def test_a_volume_for_tmp_can_be_written_by_us() -> None:
    """As on Fargate, which has no tmpfs."""
    without = [word for word in options() if word not in {"--tmpfs", "/tmp"}]

    tried = podman("run", "--rm", *without, engine.NAME, "sh", "-c", "touch /tmp/written && grep ' /tmp ' /proc/mounts")

    assert tried.returncode == 0, tried.stderr
    assert not tried.stdout.startswith("tmpfs")


def test_files_belong_to_root_even_where_the_engine_would_let_us_write() -> None:
    writable = [word for word in options() if word != "--read-only"]

    tried = podman("run", "--rm", *writable, engine.NAME, "touch", "/app/written", "/opt/venv/written", "/written")

    assert tried.returncode != 0
    assert tried.stderr.count("Permission denied") == 3


def test_nothing_is_in_it_that_only_builds_or_tests(running: dict[str, Container]) -> None:
    web = running["web"]

    for program in ("pip", "pip3", "uv", "gcc", "make", "git"):
        assert web.does("sh", "-c", f"command -v {program}").returncode != 0, program
    for module in ("pip", "ensurepip", "pytest", "infra", "tests", "setuptools"):
        assert "ModuleNotFoundError" in web.does("python", "-c", f"import {module}").stderr, module
    assert set(web.does("ls", "-A", "/app").stdout.split()) == {
        *("accounts", "docker", "manage.py", "movies", "mymovie", "staticfiles", "templates", "__pycache__")
    }


def test_what_was_taken_out_is_not_missed(running: dict[str, Container]) -> None:
    tries = [
        f"import boto3; [boto3.client(name, 'ap-northeast-1') for name in {sorted(AWS_SERVICES)!r}]",
        "import django; django.setup(); from movies.catalog.countries import country_name; assert country_name('FR') == 'フランス'",
        "from PIL import features; assert features.check('webp') and features.check('avif')",
        "import resvg_py, pylopdf_fonts_cjk, pycurl, psycopg, brotli, nh3, orjson",
        "from zoneinfo import ZoneInfo; ZoneInfo('Asia/Tokyo')",
    ]

    for code in tries:
        tried = running["web"].does("env", "DJANGO_SETTINGS_MODULE=mymovie.settings", "python", "-c", code)
        assert tried.returncode == 0, tried.stderr
    checked = running["web"].does("python", "manage.py", "check")
    assert checked.returncode == 0, checked.stderr


def test_everything_is_compiled_once_and_for_all(running: dict[str, Container]) -> None:
    code = (
        "import sys, mymovie.wsgi, mymovie.transport, movies.sharing.tasks;"
        "print(*[m.__name__ for m in list(sys.modules.values())"
        " if (f := getattr(m, '__file__', None)) and f.endswith('.py') and m.__cached__"
        " and (not __import__('os').path.exists(m.__cached__) or open(m.__cached__, 'rb').read(8)[4] != 1)])"
    )

    compiled = running["web"].does("python", "-c", code)

    assert compiled.stdout.split() == [], compiled.stderr


def test_nothing_of_the_machine_that_built_it_is_in_it() -> None:
    history = podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", engine.NAME).stdout
    names = {pair.partition("=")[0] for pair in image()["Config"]["Env"]}

    assert "://" not in history
    assert "ARG RELEASE" in history
    assert not [name for name in names if re.search("INDEX|PROXY|CERT|PIP|UV|SECRET|TOKEN", name, re.IGNORECASE)]
    traces = once(
        "sh",
        "-c",
        "find /run/secrets /root/.cache /etc/pip.conf -type f 2>/dev/null; find / -xdev -name direct_url.json",
    )
    assert traces.stdout.strip() == ""


def test_each_stops_soon_and_in_good_order_when_told_to(running: dict[str, Container]) -> None:
    for part, container in running.items():
        print(
            f"\n{part}: ready after {container.ready_after:.1f} s, {container.megabytes():.0f} MB of {MEMORY[part]}",
            end="",
        )
    stopped = {}
    for part, container in running.items():
        process = Path("/proc", podman("inspect", "--format", "{{.State.Pid}}", container.name).stdout.strip())
        began = time.monotonic()
        podman("kill", "--signal", "TERM", container.name)
        wait_until(lambda: not process.exists(), container=container.name)  # noqa: B023 - asked at once
        stopped[part] = time.monotonic() - began

        assert podman("wait", container.name).stdout.strip() == "0", container.log()
        print(f"\n{part}: stopped after {stopped[part]:.1f} s", end="")
    assert max(stopped.values()) < LONGEST_STOP
