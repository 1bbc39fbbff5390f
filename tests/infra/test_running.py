import shlex
import signal
import socket
import urllib.request
from pathlib import Path

import pytest

from infra.local.aws import LOOPBACK
from tests.infra.running import RUN, RunningSite, copy_project, processes_of, run_to_its_end, wait_until

# It ends by a builtin, so that the shell stays and has a child, as make has.
AS_MAKE_DOES = ["sh", "-c", f"{shlex.join(RUN)}; true"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("project"))


def test_a_site_runs_from_a_bare_copy_and_finds_its_data_again(folder: Path) -> None:
    with RunningSite(folder) as first:
        films = first.count("movies_film")
        issuer = first.environment["OIDC_ISSUER"]

        said = first.said
        page = urllib.request.urlopen(f"http://{LOOPBACK}:{first.port}/about/")
        first.process.send_signal(signal.SIGINT)
        first.process.wait()

    with RunningSite(folder) as second:
        found = second.count("movies_film"), second.environment["OIDC_ISSUER"]

    assert said.count("http://") == 2
    assert f"http://{LOOPBACK}:{first.port}/" in said
    assert "/_ministack/ses/messages" in said
    assert page.status == 200
    assert first.process.returncode == 0
    assert films > 2000
    assert found == (films, issuer)
    assert processes_of(folder) == []


@pytest.mark.parametrize("command", [RUN, AS_MAKE_DOES], ids=["itself", "the make that started it"])
def test_kill_9_of_the_parent_leaves_no_process_behind(folder: Path, command: list[str]) -> None:
    with RunningSite(folder, command) as site:
        parts = processes_of(folder)

        site.process.kill()

        wait_until(lambda: not processes_of(folder))

    assert len(parts) > 5


def test_a_second_copy_in_the_same_folder_is_told_so_in_one_line(folder: Path) -> None:
    with RunningSite(folder) as site:
        second = run_to_its_end(folder, PORT="8999")

    assert second.returncode == 1
    assert second.stderr == (
        f"MyMovie already runs in this folder, at http://{LOOPBACK}:{site.port} (process {site.process.pid}): "
        "stop it there with Ctrl-C.\n"
    )


def test_a_busy_port_is_told_in_one_line(folder: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as busy:
        port = busy.getsockname()[1]

        run = run_to_its_end(folder, PORT=str(port))

    assert run.returncode == 1
    assert run.stderr == f"Port {port} is taken: choose another, as in PORT={port + 1} make run.\n"


@pytest.mark.parametrize("port", ["abc", "0", "65536"])
def test_a_port_that_is_none_is_told_in_one_line(folder: Path, port: str) -> None:
    run = run_to_its_end(folder, PORT=port)

    assert run.returncode == 1
    assert run.stderr == f"PORT is '{port}': it must be a number between 1 and 65535.\n"


def test_a_database_that_does_not_answer_is_told_in_one_line(folder: Path) -> None:
    run = run_to_its_end(folder, DATABASE_URL=f"postgres://nobody@{LOOPBACK}:1/nothing")

    assert run.returncode == 1
    assert run.stderr.startswith("DATABASE_URL does not answer: ")
    assert run.stderr.count("\n") == 1
    assert processes_of(folder) == []
