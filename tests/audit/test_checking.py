"""Chains in memory: whatever is done to one at random is found, and in its place."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from navis_api.audit.breaks import MAX_NAMED, Report
from navis_api.audit.chain import BEGINNING, Head, Row, digest
from navis_api.audit.checking import ChainCheck
from tests.audit.records import named

ROWS = 60


def chain(rows: int = ROWS) -> list[Row]:
    made: list[Row] = []
    previous = BEGINNING.hash
    for number in range(1, rows + 1):
        row = Row(
            sequence=number,
            at=f"2026-11-21T12:00:00.{number:06}Z",
            actor_kind="REVIEWER",
            actor=f"reviewer-{number % 3}" if number % 4 else None,
            action="answer.approve",
            object_type="answer",
            object_id=f"id-{number}",
            detail='{"before": "IN_REVIEW"}',
            origin=None,
            request_id=None,
            previous=previous,
            hash=b"",
        )
        previous = digest(row)
        made.append(replace(row, hash=previous))
    return made


def checked(rows: Sequence[Row], *, head: Head | None = None) -> Report:
    check = ChainCheck(head=head)
    for row in rows:
        check.take(row)
    return check.finish()


def head_of(rows: Sequence[Row]) -> Head:
    return Head(rows[-1].sequence, rows[-1].hash)


def some_byte(seed: random.Random, value: bytes) -> bytes:
    at = seed.randrange(len(value))
    return value[:at] + bytes([value[at] ^ (1 << seed.randrange(8))]) + value[at + 1 :]


@pytest.mark.parametrize("column", [name for name in Row.__slots__ if name != "sequence"])
def test_a_change_of_any_column_of_any_row_is_named_once(column: str) -> None:
    rows = chain()
    seed = random.Random(column)
    for at in range(ROWS):
        value = getattr(rows[at], column)
        other = some_byte(seed, value) if isinstance(value, bytes) else f"{value or ''}x"
        tampered = [*rows[:at], replace(rows[at], **{column: other}), *rows[at + 1 :]]
        report = checked(tampered, head=head_of(rows))
        assert named(report) == [("CHANGED", at + 1, at + 1)]


def test_rows_removed_anywhere_are_named() -> None:
    rows = chain()
    for first in range(1, ROWS + 1):
        for last in range(first, min(first + 4, ROWS + 1)):
            report = checked([*rows[: first - 1], *rows[last:]], head=head_of(rows))
            kind = "CUT_OFF" if last == ROWS else "MISSING"
            assert named(report) == [(kind, first, last)]


def test_whatever_is_done_at_random_is_found() -> None:
    rows = chain()
    head = head_of(rows)
    for number in range(400):
        seed = random.Random(number)
        tampered = list(rows)
        for _ in range(seed.randint(1, 4)):
            at = seed.randrange(len(tampered))
            match seed.randrange(6):
                case 0:
                    tampered[at] = replace(tampered[at], actor="somebody")
                case 1:
                    changed = replace(tampered[at], actor="somebody")
                    tampered[at] = replace(changed, hash=digest(changed))
                case 2:
                    del tampered[at]
                case 3:
                    tampered.insert(at, tampered[seed.randrange(len(tampered))])
                case 4:
                    tampered[at] = replace(tampered[at], sequence=seed.randrange(2 * ROWS))
                case _:
                    tampered[at] = replace(tampered[at], previous=b"", hash=b"")
        tampered.sort(key=lambda row: row.sequence)
        if tampered != rows:
            assert not checked(tampered, head=head).whole, number


def test_without_a_head_only_the_end_is_unknown() -> None:
    rows = chain()
    assert checked(rows[:-5]).whole
    assert named(checked(rows[:-5], head=head_of(rows))) == [("CUT_OFF", ROWS - 4, ROWS)]


def test_a_record_that_is_broken_everywhere_gives_a_short_report() -> None:
    rows = [replace(row, actor="somebody") for row in chain(MAX_NAMED + 500)]
    report = checked(rows)
    assert report.count == MAX_NAMED + 500
    assert len(report.breaks) == MAX_NAMED


def test_no_value_moves_from_one_column_into_the_next() -> None:
    row = chain(1)[0]
    one = replace(row, object_type="a", object_id="b,1:c")
    other = replace(row, object_type="a,5:b", object_id="c")
    assert digest(one) != digest(other)
    assert digest(replace(row, origin=None)) != digest(replace(row, origin=""))
    assert digest(replace(row, origin=None)) != digest(replace(row, origin="-"))
