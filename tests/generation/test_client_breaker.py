"""The circuit breaker, over a clock of the test's own."""

from contextlib import ExitStack, suppress

import pytest

from navis_api.generation.http.breaker import BreakerOpen, CircuitBreaker


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=3, open_s=30, seconds=clock)


def fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with breaker.attempt() as attempt:
            attempt.failed()


def succeed(breaker: CircuitBreaker) -> None:
    with breaker.attempt() as attempt:
        attempt.succeeded()


def refused_for(breaker: CircuitBreaker) -> float:
    with pytest.raises(BreakerOpen) as refused, breaker.attempt():
        pytest.fail("a request went out")
    return refused.value.after_s


def test_failures_in_a_row_open_it_and_it_says_for_how_long(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 3)
    assert refused_for(breaker) == 30
    clock.now += 29
    assert refused_for(breaker) == 1


def test_a_success_in_between_begins_the_count_anew(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    succeed(breaker)
    fail(breaker, 2)
    succeed(breaker)


def test_what_was_not_the_servers_fault_counts_for_nothing(breaker: CircuitBreaker) -> None:
    for _ in range(10):
        with suppress(ValueError), breaker.attempt():
            raise ValueError
    fail(breaker, 2)
    with breaker.attempt():
        pass
    fail(breaker)
    refused_for(breaker)


def test_after_its_time_one_probe_goes_out_and_no_more(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 3)
    clock.now += 30
    with breaker.attempt() as probe:
        assert 0 < refused_for(breaker) < 30
        probe.succeeded()
    succeed(breaker)
    fail(breaker, 2)
    succeed(breaker)


def test_a_probe_that_fails_opens_it_again_at_once(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 31
    fail(breaker)
    assert refused_for(breaker) == 30


def test_a_probe_that_we_stop_leaves_room_for_another(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 3)
    clock.now += 30
    with breaker.attempt():
        pass
    succeed(breaker)
    succeed(breaker)


def test_what_began_before_it_opened_neither_closes_nor_prolongs_it(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    with breaker.attempt() as old, breaker.attempt() as other:
        fail(breaker, 3)
        clock.now += 10
        other.failed()
        old.succeeded()
    assert refused_for(breaker) == 20


def test_what_one_crash_cut_off_counts_once(breaker: CircuitBreaker) -> None:
    for _ in range(2):
        with ExitStack() as under_way:
            attempts = [under_way.enter_context(breaker.attempt()) for _ in range(8)]
            for attempt in attempts:
                attempt.failed()
    fail(breaker)
    refused_for(breaker)


def test_what_went_out_before_a_failure_and_does_well_shows_that_the_server_does(
    breaker: CircuitBreaker,
) -> None:
    with breaker.attempt() as old:
        fail(breaker, 2)
        old.succeeded()
    fail(breaker, 2)
    succeed(breaker)


def test_the_first_word_on_an_attempt_counts(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        with breaker.attempt() as attempt:
            attempt.failed()
            attempt.succeeded()
    refused_for(breaker)
