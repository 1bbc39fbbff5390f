"""The tools that measure, measured."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench import clients, meters, peers
from tests.bench.goals import Goal, goals


class Quickly(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b"x" * 1000
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Quickly)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_our_own_client_counts_what_was_answered(port: int) -> None:
    answers = clients.by_hand(f"http://127.0.0.1:{port}/", {}, clients=3, seconds=0.3)

    assert answers.requests > 10
    assert answers.bytes > 1000 * answers.requests
    assert answers.failed == 0
    assert 0 < answers.p50 <= answers.p95 <= answers.p99


def test_what_failed_is_said(port: int) -> None:
    assert clients.by_hand(f"http://127.0.0.1:{port}/missing", {}, clients=1, seconds=0.1).failed
    with pytest.raises(RuntimeError):
        clients.once(f"http://127.0.0.1:{port}/missing", {})


def test_who_listens_on_a_port_is_found(port: int) -> None:
    assert peers.listener(port) is not None


def test_work_is_seen_in_the_processor_time_of_its_tree() -> None:

    before = meters.cpu_of(os.getpid())
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass

    assert meters.cpu_of(os.getpid()) - before >= 0.19


def test_a_missed_goal_is_not_met_and_what_was_not_measured_is_no_goal() -> None:
    pages = {"hello": {"cpu_ms": 0.2, "statements": 0}, "32 films of 1,000": {"cpu_ms": 2.0, "statements": 9}}
    pages["32 films of 10,000"] = {"cpu_ms": 1.0, "statements": 2}

    reached = {goal.says: goal.is_met for goal in goals(pages, {"F10 statements": 6})}

    assert reached == {
        "fresh wall, 32 items, 1,000 films: hellos of CPU": False,
        "the same, 10,000 films": True,
        "statements: most of any page here": False,
        "recording a film: statements": True,
    }


@pytest.mark.parametrize(("figure", "is_at_least", "is_met"), [(5, False, True), (7, False, False), (7, True, True)])
def test_more_is_better_where_a_goal_says_so(figure: float, is_at_least: bool, is_met: bool) -> None:
    assert Goal("F0", "", figure, 6, is_at_least).is_met == is_met
