"""Buckets: what they give, when they have it again, and that they are forgotten."""

from collections.abc import Callable

import pytest

from navis_api.limits.buckets import BucketSize, LocalBuckets

SIZE = BucketSize(capacity=100, restored_per_s=10)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def buckets(clock: Callable[[], float]) -> LocalBuckets:
    return LocalBuckets(ticks=clock)


def test_a_bucket_gives_what_it_has_and_says_when_there_is_more(
    buckets: LocalBuckets, clock: Clock
) -> None:
    assert buckets.take("a", SIZE, 70) == 0
    assert buckets.take("a", SIZE, 50) == pytest.approx(2)
    # Nothing was taken by that.
    assert buckets.available("a", SIZE) == pytest.approx(30)
    clock.now += 2
    assert buckets.take("a", SIZE, 50) == 0
    assert buckets.available("a", SIZE) == 0


def test_buckets_are_each_their_own(buckets: LocalBuckets) -> None:
    assert buckets.take("a", SIZE, 100) == 0
    assert buckets.take("b", SIZE, 100) == 0


def test_what_was_not_used_is_given_back(buckets: LocalBuckets) -> None:
    buckets.take("a", SIZE, 100)
    buckets.settle("a", SIZE, 60)
    assert buckets.available("a", SIZE) == pytest.approx(60)
    buckets.settle("a", SIZE, 1_000)
    assert buckets.available("a", SIZE) == 100


def test_a_bucket_can_be_empty_and_never_less(buckets: LocalBuckets, clock: Clock) -> None:
    buckets.settle("a", SIZE, -1_000_000)
    assert buckets.available("a", SIZE) == 0
    clock.now += 1
    assert buckets.available("a", SIZE) == pytest.approx(10)


def test_what_costs_more_than_a_bucket_holds_can_be_had_when_it_is_full(
    buckets: LocalBuckets,
) -> None:
    assert buckets.take("a", SIZE, 500) == 0
    assert buckets.take("a", SIZE, 500) == pytest.approx(10)


def test_full_buckets_are_forgotten(buckets: LocalBuckets, clock: Clock) -> None:
    for number in range(1_000):
        buckets.take(f"old {number}", SIZE, 50)
    clock.now += 6
    for number in range(1_000):
        buckets.take(f"new {number}", SIZE, 50)
    assert len(buckets) <= 1_001
    clock.now += 3_600
    buckets.take("last", SIZE, 1)
    for _ in range(1_000):
        buckets.take("last", SIZE, 1)
    assert len(buckets) <= 2


def test_the_number_of_buckets_is_bounded(clock: Clock) -> None:
    few = LocalBuckets(ticks=clock, most=10)
    for number in range(100):
        few.take(f"{number}", SIZE, 50)
    assert len(few) == 10
    assert few.available("99", SIZE) == pytest.approx(50)
