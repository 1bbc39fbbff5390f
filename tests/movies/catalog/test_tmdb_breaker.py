from movies.catalog.tmdb.breaker import Breaker
from tests.standins.clock import FrozenClock


def broken(clock: FrozenClock) -> Breaker:
    breaker = Breaker(limit=5, rest=30, clock=clock)
    for _ in range(5):
        breaker.fail()
    return breaker


def test_four_failures_are_forgiven() -> None:
    breaker = Breaker(limit=5, rest=30, clock=FrozenClock())

    for _ in range(4):
        breaker.fail()

    assert breaker.admit()


def test_a_success_between_failures_forgives_them() -> None:
    breaker = Breaker(limit=5, rest=30, clock=FrozenClock())

    for _ in range(4):
        breaker.fail()
    breaker.succeed()
    for _ in range(4):
        breaker.fail()

    assert breaker.admit()


def test_the_fifth_failure_in_a_row_shuts_everybody_out_for_half_a_minute() -> None:
    clock = FrozenClock()
    breaker = broken(clock)

    clock.sleep(29.9)

    assert not breaker.admit()


def test_after_the_rest_one_tries_for_all() -> None:
    clock = FrozenClock()
    breaker = broken(clock)

    clock.sleep(30)

    assert [breaker.admit() for _ in range(3)] == [True, False, False]


def test_when_the_one_succeeds_everybody_is_admitted() -> None:
    clock = FrozenClock()
    breaker = broken(clock)
    clock.sleep(30)
    breaker.admit()

    breaker.succeed()

    assert all(breaker.admit() for _ in range(3))


def test_when_the_one_fails_the_rest_begins_anew() -> None:
    clock = FrozenClock()
    breaker = broken(clock)
    clock.sleep(30)
    breaker.admit()
    clock.sleep(8)

    breaker.fail()
    clock.sleep(29)

    assert not breaker.admit()


def test_when_the_one_never_comes_back_another_tries_after_the_next_rest() -> None:
    clock = FrozenClock()
    breaker = broken(clock)
    clock.sleep(30)
    breaker.admit()

    clock.sleep(30)

    assert breaker.admit()


def test_the_service_may_ask_for_a_rest_itself() -> None:
    clock = FrozenClock()
    breaker = Breaker(limit=5, rest=30, clock=clock)

    breaker.fail(retry_after=7)

    assert not breaker.admit()
    clock.sleep(7)
    assert breaker.admit()
