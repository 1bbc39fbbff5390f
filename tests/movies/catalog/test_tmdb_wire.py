import gzip
import time
import traceback
from collections.abc import Callable
from email.utils import formatdate

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from movies.catalog import tmdb
from movies.catalog.tmdb.wire import JOB, LONGEST_PAUSES, PAGE, Patience, Wire
from tests.standins.clock import FrozenClock
from tests.standins.tmdb import TOKEN, Response, TmdbServer

WORDS = "secret wish"
LONG = b'{"overview": "' + b"x" * 50 * 1024 * 1024 + b'"}'
HTML = Response(body=b"<html><h1>Welcome to the hotel's network</h1></html>", headers={"Content-Type": "text/html"})


class Unhurried:
    def take(self, timeout: float) -> bool:
        return True


class Exhausted:
    def take(self, timeout: float) -> bool:
        return False


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def wire(clock: FrozenClock) -> Wire:
    return Wire(bucket=Unhurried(), clock=clock)


@pytest.fixture
def ask(wire: Wire, tmdb_server: TmdbServer) -> Callable[..., object]:
    return lambda patience=JOB: wire.ask("configuration", {}, patience)


def failure_of(ask: Callable[..., object], patience: Patience = JOB) -> tmdb.TmdbError:
    with pytest.raises(tmdb.TmdbError) as caught:
        ask(patience)
    return caught.value


def test_an_answer_is_json(ask: Callable[..., object]) -> None:
    assert "images" in ask()


def test_an_answer_may_be_compressed(ask: Callable[..., object], tmdb_server: TmdbServer) -> None:
    tmdb_server.next(Response(body=gzip.compress(b'{"id": 1}', mtime=0), headers={"Content-Encoding": "gzip"}))

    assert ask() == {"id": 1}


class TestRetrying:
    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_an_error_that_may_pass_is_asked_about_again(
        self, status: int, ask: Callable[..., object], tmdb_server: TmdbServer
    ) -> None:
        tmdb_server.next(Response(status), Response(status), Response(status))

        assert "images" in ask()
        assert len(tmdb_server.calls) == 4

    def test_a_cut_off_answer_is_asked_for_again(self, ask: Callable[..., object], tmdb_server: TmdbServer) -> None:
        tmdb_server.next(Response(body=b'{"images": {"secure_ba', promised=1000))

        assert "images" in ask()
        assert len(tmdb_server.calls) == 2

    def test_it_ends_after_three_times(self, ask: Callable[..., object], tmdb_server: TmdbServer) -> None:
        tmdb_server.always = Response(500)

        failure = failure_of(ask)

        assert type(failure) is tmdb.Unavailable
        assert len(tmdb_server.calls) == 4

    def test_it_pauses_for_random_parts_of_growing_spans(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(*[Response(500)] * 3)

        ask()

        assert len(set(clock.slept)) == 3
        assert all(0 <= slept <= longest for slept, longest in zip(clock.slept, LONGEST_PAUSES, strict=True))

    def test_it_waits_as_long_as_tmdb_asks(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(Response(429, headers={"Retry-After": "7"}))

        ask()

        assert clock.slept == [7]

    def test_it_waits_until_the_moment_that_tmdb_names(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(Response(503, headers={"Retry-After": formatdate(clock.now + 9, usegmt=True)}))

        ask()

        assert clock.slept == [9]

    @pytest.mark.parametrize("nonsense", ["soon", "-5", "1e99", "٣", "Sun, 99 Nov 2026 00:00:00 GMT", "0"])
    def test_it_overlooks_a_retry_after_that_says_nothing(
        self, nonsense: str, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(Response(429, headers={"Retry-After": nonsense.encode().decode("latin-1")}))

        ask()

        assert clock.slept[0] <= LONGEST_PAUSES[0]

    def test_it_gives_up_at_once_when_the_wait_would_outlast_our_patience(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(Response(429, headers={"Retry-After": "5"}))

        failure = failure_of(ask, PAGE)

        assert isinstance(failure, tmdb.RateLimited)
        assert failure.retry_after == 5
        assert clock.slept == []

    def test_no_answer_can_silence_us_for_more_than_a_minute(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(Response(429, headers={"Retry-After": "86400"}))
        failure_of(ask)

        clock.sleep(60)

        assert "images" in ask()

    def test_nobody_asks_while_tmdb_wants_to_be_left_alone(
        self, ask: Callable[..., object], tmdb_server: TmdbServer
    ) -> None:
        tmdb_server.next(Response(429, headers={"Retry-After": "40"}))
        failure_of(ask)

        failure_of(ask)

        assert len(tmdb_server.calls) == 1

    @pytest.mark.parametrize(
        ("response", "kind"),
        [
            (Response(400, {"status_code": 22}), tmdb.Invalid),
            (Response(422, {"errors": ["page must be greater than 0"]}), tmdb.Invalid),
            (Response(401, {"status_code": 7}), tmdb.BadKey),
            (Response(403, {"status_code": 45}), tmdb.BadKey),
            (Response(401, b"<html>"), tmdb.Unavailable),
            (Response(404, {"status_code": 34}), tmdb.NotFound),
            (Response(404, {"status_code": 6}), tmdb.NotFound),
            (Response(404, {"status_code": 37}), tmdb.Unavailable),
            (Response(404, b"<html>"), tmdb.Unavailable),
            (Response(404, {"status_code": [34]}), tmdb.Unavailable),
            (Response(404, ["34"]), tmdb.Unavailable),
            (Response(302, headers={"Location": "https://elsewhere.example/"}), tmdb.Unavailable),
            (Response(501), tmdb.Unavailable),
            (Response(204, b""), tmdb.Unavailable),
            (HTML, tmdb.Unavailable),
            (Response(body=b'{"id": 1'), tmdb.Unavailable),
            (Response(body=b""), tmdb.Unavailable),
            (Response(body=b"\xff\xfe\xff"), tmdb.Unavailable),
            (Response(body=b'{"id": NaN}'), tmdb.Unavailable),
            (Response(body=b"[" * 100_000), tmdb.Unavailable),
            (Response(body=b'{"id": ' + b"9" * 5_000 + b"}"), tmdb.Unavailable),
            (Response(body=b"not gzip", headers={"Content-Encoding": "gzip"}), tmdb.Unavailable),
            (Response(body=LONG), tmdb.Unavailable),
            (
                Response(body=gzip.compress(LONG, mtime=0), headers={"Content-Encoding": "gzip"}),
                tmdb.Unavailable,
            ),
            (Response(body=["a list"]), tmdb.Invalid),
            (Response(body="a string"), tmdb.Invalid),
        ],
        ids=lambda value: f"{value.status} {value.payload[:20]!r}" if isinstance(value, Response) else value.__name__,
    )
    def test_nothing_else_is_asked_about_again(
        self, response: Response, kind: type[tmdb.TmdbError], ask: Callable[..., object], tmdb_server: TmdbServer
    ) -> None:
        tmdb_server.always = response

        failure = failure_of(ask, PAGE)

        assert type(failure) is kind
        assert len(tmdb_server.calls) == 1


class TestTime:
    def test_nobody_listens(self, ask: Callable[..., object], settings: Settings, clock: FrozenClock) -> None:
        settings.TMDB_URL = "http://127.0.0.1:9/3"

        failure = failure_of(ask)

        assert type(failure) is tmdb.Unavailable
        assert len(clock.slept) == 3

    def test_each_piece_of_an_answer_must_come_in_time(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.hang()

        failure = failure_of(ask, Patience(connect=1, read=0.02, total=5))

        assert "ReadTimeout" in str(failure)
        assert (
            len(clock.slept) == 3
        )  # tried four times; how many of them the stand-in had time to note is another matter

    @pytest.mark.parametrize("fault", [TmdbServer.hang, TmdbServer.drip])
    def test_no_question_takes_longer_than_our_patience(
        self, fault: Callable[[TmdbServer], None], ask: Callable[..., object], tmdb_server: TmdbServer
    ) -> None:
        fault(tmdb_server)
        began_at = time.monotonic()

        failure = failure_of(ask, Patience(connect=1, read=1, total=0.1))

        assert type(failure) is tmdb.Unavailable
        assert time.monotonic() - began_at < 0.9


class TestBreaking:
    def test_after_five_failures_tmdb_is_left_alone(self, ask: Callable[..., object], tmdb_server: TmdbServer) -> None:
        tmdb_server.always = Response(500)

        for _ in range(5):
            failure_of(ask)

        assert len(tmdb_server.calls) == 5

    def test_half_a_minute_later_one_question_shows_that_it_is_back(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, clock: FrozenClock
    ) -> None:
        tmdb_server.next(*[Response(500)] * 5)
        failure_of(ask)
        failure_of(ask)

        clock.sleep(30)

        assert "images" in ask()
        assert "images" in ask()

    def test_an_answer_that_we_dislike_is_no_failure(self, ask: Callable[..., object], tmdb_server: TmdbServer) -> None:
        tmdb_server.always = Response(404, {"status_code": 34})

        for _ in range(6):
            failure_of(ask)

        assert len(tmdb_server.calls) == 6

    def test_an_answer_that_we_dislike_ends_a_row_of_failures(
        self, ask: Callable[..., object], tmdb_server: TmdbServer
    ) -> None:
        tmdb_server.next(*[Response(500)] * 4, Response(404, {"status_code": 34}), Response(500))
        failure_of(ask)
        failure_of(ask)

        assert "images" in ask()


def test_when_our_own_questions_are_too_many_this_one_is_not_asked(tmdb_server: TmdbServer) -> None:
    wire = Wire(bucket=Exhausted(), clock=FrozenClock())

    with pytest.raises(tmdb.RateLimited):
        wire.ask("configuration", {}, JOB)

    assert tmdb_server.calls == []


class TestTheToken:
    def test_travels_in_a_header_only(self, ask: Callable[..., object], tmdb_server: TmdbServer) -> None:
        ask()

        (call,) = tmdb_server.calls
        assert call.headers["Authorization"] == f"Bearer {TOKEN}"
        assert call.params == {}

    @pytest.mark.parametrize("token", ["", "0123456789abcdef0123456789abcdef", "a.b", "a.b.c\r\nX-Evil: 1", "ａ.b.c"])
    def test_that_is_none_is_refused_before_anything_is_sent(
        self, token: str, ask: Callable[..., object], tmdb_server: TmdbServer, settings: Settings
    ) -> None:
        settings.TMDB_TOKEN = token

        failure = failure_of(ask)

        assert isinstance(failure, tmdb.BadKey)
        assert tmdb_server.calls == []
        assert not token or token not in str(failure)

    def test_of_the_old_kind_is_met_with_advice(
        self, ask: Callable[..., object], tmdb_server: TmdbServer, settings: Settings
    ) -> None:
        settings.TMDB_TOKEN = "0123456789abcdef0123456789abcdef"

        assert "Read Access Token" in str(failure_of(ask))

    def test_and_the_words_searched_for_are_in_no_log_and_no_traceback(
        self, wire: Wire, tmdb_server: TmdbServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO")
        caplog.set_level("WARNING", logger="httpx")  # as in our settings
        tmdb_server.next(Response(500), Response(body=b"", promised=10), Response(404, b"{}"))

        with capture_logs() as logs, pytest.raises(tmdb.Unavailable) as caught:
            wire.ask("search/movie", {"query": WORDS}, JOB)

        told = "".join(traceback.format_exception(caught.value)) + repr(logs) + caplog.text
        assert len(logs) == 3
        assert TOKEN not in told
        assert WORDS not in told

    @pytest.mark.parametrize(("token", "is_enabled"), [("", False), (TOKEN, True)])
    def test_switches_tmdb_on(self, token: str, is_enabled: bool, settings: Settings) -> None:
        settings.TMDB_TOKEN = token

        assert tmdb.is_enabled() is is_enabled
