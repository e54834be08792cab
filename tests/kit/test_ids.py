import time
from uuid import UUID

from navis_api.kit.clock import utc_now
from navis_api.kit.ids import new_id


def test_an_id_is_a_uuid_of_version_7_with_the_moment_in_front() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after


def test_ids_do_not_repeat_and_later_milliseconds_sort_later() -> None:
    made = [new_id() for _ in range(2_000)]
    assert len(set(made)) == len(made)
    moments = [each.int >> 80 for each in made]
    assert moments == sorted(moments)


def test_what_is_random_differs_between_ids_of_one_millisecond() -> None:
    random_parts = {UUID(int=new_id().int).int & (2**62 - 1) for _ in range(500)}
    assert len(random_parts) == 500


def test_the_clock_tells_utc() -> None:
    offset = utc_now().utcoffset()
    assert offset is not None
    assert not offset
