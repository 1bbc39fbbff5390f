"""A site that is asked for more than it can give, whose database goes away, and that is replaced while it serves."""

import contextlib
import http.client
import time
from random import Random

import psycopg
import pytest

from infra.local.aws import LOOPBACK, answers
from tests.faults.conftest import until
from tests.faults.figures import Note
from tests.faults.haproxy import Proxy
from tests.faults.load import Answered, Asking, Load, Stage, failures, percentile, statuses
from tests.faults.serving import IS_WHOLE, Site, Web, mixture, recording

pytestmark = pytest.mark.xdist_group("serving")


def are_told_when_to_come_back(failed: list[Answered]) -> bool:
    return all(one.status == 503 and one.headers.get("retry-after") for one in failed)


def served(answered: list[Answered]) -> list[Answered]:
    return [one for one in answered if not one.is_failure]


def asked_gently(site: Site, web: Web) -> list[Answered]:
    with Load(web.port, [Stage(2, 3)], mixture(site, anonymous=0.7, signed_in=0.3)) as load:
        pass
    return load.answers


def note_times(note: Note, row: str, answered: list[Answered]) -> None:
    note(row, "answered in p50, ms", percentile(answered, 50))
    for kind in ("wall", "film", "signed in", "write"):
        if some := [one for one in answered if one.asked.kind == kind]:
            note(row, f"  {kind}, p99, ms", percentile(some, 99))


def test_a_usual_day_has_no_failures(site: Site, web: Web, note: Note) -> None:
    stage = Stage(40, 300) if IS_WHOLE else Stage(5, 5)

    with Load(web.port, [stage], mixture(site, anonymous=0.7, signed_in=0.2)) as load:
        pass

    note("R1", f"failures at {stage.per_second}/s", len(failures(load.answers)), at_most=0)
    note("R1", "p99, ms", percentile(load.answers, 99), at_most=250)
    note_times(note, "R1", load.answers)
    assert are_told_when_to_come_back(failures(load.answers))
    assert IS_WHOLE or set(statuses(load.answers)) <= {200, 302, 304}


def test_nobody_waits_for_ever_for_a_row_that_somebody_holds(site: Site) -> None:
    person, [film, _address] = site.known["people"][0], site.known["films"][0]
    film_recorded = recording(person, film, Random(1))

    with site.served(statement_timeout="1s") as web:
        web.wait()
        with psycopg.connect(site.postgres.url()) as holding:
            holding.execute("SELECT 1 FROM accounts_user WHERE handle = %s FOR UPDATE", [person["handle"]])
            assert sent(web, film_recorded) == (503, "5")
        assert sent(web, film_recorded) == (302, None)


def sent(web: Web, asking: Asking) -> tuple[int, str | None]:
    with contextlib.closing(http.client.HTTPConnection(LOOPBACK, web.port, timeout=15)) as connection:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(asking.method, asking.path, asking.body, dict(asking.headers) | form)
        answer = connection.getresponse()
        return answer.status, answer.headers["Retry-After"]


def test_in_a_sudden_crowd_nobody_is_left_waiting(site: Site, web: Web, note: Note) -> None:
    spike = [Stage(20, 60), Stage(300, 60)] if IS_WHOLE else [Stage(5, 2), Stage(100, 3)]

    with Load(web.port, spike, mixture(site, anonymous=0.8, signed_in=0.2)) as load:
        pass
    assert until(lambda: answers(web.port, "/about/"), seconds=20)

    in_spike = [one for one in load.answers if one.due >= spike[0].seconds]
    strangers = [one for one in in_spike if one.asked.kind in {"wall", "film"}]
    from_cache = [one for one in in_spike if "warning" in one.headers]
    note(
        "R2", f"503 or nothing, % of {spike[1].per_second}/s", 100 * len(failures(in_spike)) / len(in_spike), at_most=0
    )
    note("R2", "  of strangers, %", 100 * len(failures(strangers)) / len(strangers))
    for sixth in range(6):
        begin, length = spike[0].seconds + sixth * spike[1].seconds / 6, spike[1].seconds / 6
        part = [one for one in in_spike if begin <= one.due < begin + length]
        note("R2", f"  in its {sixth + 1}. sixth, %", 100 * len(failures(part)) / len(part))
    note("R2", "p99, ms", percentile(in_spike, 99), at_most=1000)
    note("R2", "unanswered", statuses(in_spike).get(0, 0), at_most=0)
    note("R2", "sent as kept, unasked, %", 100 * len(from_cache) / len(in_spike))
    note_times(note, "R2", in_spike)
    assert are_told_when_to_come_back([one for one in failures(in_spike) if one.status])
    assert len(served(in_spike)) > len(in_spike) / 10
    assert statuses(in_spike).get(0, 0) < len(in_spike) / 10


def test_who_is_one_too_many_is_told_at_once_and_all_is_well_afterwards(site: Site, note: Note) -> None:
    flood = [Stage(1000, 30)] if IS_WHOLE else [Stage(500, 3)]
    room = {} if IS_WHOLE else {"requests_at_once": "4"}  # in which even few are too many
    shares = {"anonymous": 0.8, "signed_in": 0.2} if IS_WHOLE else {"anonymous": 0.2, "signed_in": 0.8}

    with site.served(**room) as web:
        with Load(web.wait().port, [Stage(flood[0].per_second, flood[0].seconds / 3)], mixture(site, **shares)):
            pass  # now is kept what there is room for, which counts as no growth
        before, alive = web.megabytes(), 0
        with Load(web.port, flood, mixture(site, **shares)) as load:
            while load.at() < flood[0].seconds:
                alive += answers(web.port, "/healthz/live")
                time.sleep(0.5)
        over = load.at()
        assert until(lambda: answers(web.port, "/about/"), seconds=20)
        normal_after = load.at() - over
        afterwards = asked_gently(site, web)
        grown, connections = web.megabytes() / before, site.connections()

    turned_away = [one for one in load.answers if one.status == 503]
    note("R3", f"served, % of {flood[0].per_second:,}/s", 100 * len(served(load.answers)) / len(load.answers))
    note("R3", "turned away, %", 100 * len(turned_away) / len(load.answers))
    note("R3", "unanswered, %", 100 * statuses(load.answers).get(0, 0) / len(load.answers), at_most=0)
    note("R3", "turned away in p99, ms", percentile(turned_away, 99), at_most=1000)
    note("R3", "asked whether it lives, and answered", alive)
    note("R3", "normal again after, s", normal_after, at_most=5)
    note("R3", "memory afterwards, of that after a first flood", grown, at_most=1.5)
    note("R3", "connections to the database, of two servers", connections, at_most=32)
    assert turned_away
    assert are_told_when_to_come_back(turned_away)
    assert alive
    assert not failures(afterwards)
    assert connections <= 32


def test_a_database_that_is_restarted_costs_a_few_answers(site: Site, web: Web, note: Note) -> None:
    rate, seconds = (40, 20) if IS_WHOLE else (8, 8)

    with Load(web.port, [Stage(rate, seconds)], mixture(site, anonymous=0.7, signed_in=0.2)) as load:
        load.wait_until(3)
        left = load.at()
        site.postgres.stop()
        site.postgres.start()
        site.postgres.wait()
        back = load.at()
    assert until(lambda: answers(web.port, "/healthz/ready"), seconds=20)

    failed = failures(load.answers)
    ended = [one.due + one.took - back for one in failed if one.due + one.took > back]
    note("R10", "away for, s", back - left)
    note("R10", f"failures at {rate}/s", len(failed), at_most=10)
    note("R10", "last failure, s after it is back", max(ended, default=0), at_most=2)
    assert are_told_when_to_come_back(failed)
    assert not failures(asked_gently(site, web))


def test_walls_are_shown_while_the_database_is_away(site: Site, web: Web, note: Note) -> None:
    rate, away = (40, 5) if IS_WHOLE else (8, 5)

    shown = mixture(site, anonymous=0.7, signed_in=0.2)
    with Load(web.port, [Stage(rate, 5)], shown):
        pass
    with Load(web.port, [Stage(rate, away + 8)], shown) as load:
        load.wait_until(1)
        left = load.at()
        site.postgres.stop()
        load.wait_until(left + away)
        site.postgres.start()
        site.postgres.wait()
        back = load.at()
    assert until(lambda: answers(web.port, "/healthz/ready"), seconds=20)

    failed = failures(load.answers)
    meanwhile = [one for one in load.answers if left + 0.5 < one.due < back - 0.5]
    kept = [one for one in meanwhile if "warning" in one.headers]
    ended = [one.due + one.took - back for one in failed if one.due + one.took > back]
    note("R11", f"failures at {rate}/s", len(failed), at_most=20)
    note("R11", "unanswered after 10 s", statuses(load.answers).get(0, 0), at_most=0)
    note("R11", "sent as kept meanwhile, %", 100 * len(kept) / len(meanwhile))
    note("R11", "  in p99, ms", percentile(kept, 99))
    note("R11", "last failure, s after it is back", max(ended, default=0), at_most=2)
    assert kept
    assert all(one.status == 200 and int(one.headers["age"]) < 60 for one in kept)
    assert {one.asked.kind for one in kept} <= {"wall", "film"}
    assert are_told_when_to_come_back([one for one in failed if one.status])
    assert not failures(asked_gently(site, web))


@pytest.mark.usefixtures("_with_haproxy")
def test_a_deployment_fails_nobody(site: Site, note: Note) -> None:
    rate = 60 if IS_WHOLE else 10
    told = {} if IS_WHOLE else {"web_workers": "1"}  # which starts sooner

    with contextlib.ExitStack() as running:
        proxy = running.enter_context(Proxy(site.folder, servers=2))
        old = [running.enter_context(site.served(port=port, **told)) for port in proxy.ports]
        for web in old:
            web.wait()
        proxy.wait()
        with Load(proxy.port, [Stage(rate, 120)], mixture(site, anonymous=0.95)) as load:
            try:
                load.wait_until(2)
                for number, web in enumerate(old):
                    proxy.drain(number)
                    web.part.stop(patience=40)
                    running.enter_context(site.served(port=web.port, **told)).wait()
                    proxy.ready(number)
                load.wait_until(load.at() + 2)
            finally:
                load.end()

    failed = failures(load.answers)
    note("R12", "requests while two servers were replaced", len(load.answers))
    note("R12", f"failures at {rate}/s", len(failed), at_most=0)
    note("R12", "p99, ms", percentile(load.answers, 99))
    assert are_told_when_to_come_back(failed), "by the site, if it was too many for one server; haproxy tells nobody"
