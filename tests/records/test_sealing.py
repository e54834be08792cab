"""What is sealed opens as exactly that, with that key, and not at all otherwise."""

import os
from uuid import UUID

import pytest

from navis_api.kit.ids import new_id
from navis_api.records.sealing import binding
from navis_api.records.sealing.errors import SealBroken
from navis_api.records.sealing.patient_key import PatientKey

KEY = PatientKey.make()
TEXT = os.urandom(20_000)
BOUND_TO = b"this very record"
SEALED = KEY.seal(TEXT, BOUND_TO)
SEGMENT = 4_096


def test_what_is_sealed_opens() -> None:
    assert KEY.unseal(SEALED, BOUND_TO) == TEXT
    assert KEY.unseal(KEY.seal(b"", BOUND_TO), BOUND_TO) == b""
    assert PatientKey.from_bytes(KEY.to_bytes()).unseal(SEALED, BOUND_TO) == TEXT


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert KEY.seal(TEXT, BOUND_TO) != SEALED
    assert TEXT[:32] not in SEALED


@pytest.mark.parametrize("place", [0, 1, 20, 60, SEGMENT, 3 * SEGMENT + 7, len(SEALED) - 1])
def test_one_bit_flipped_opens_nothing(place: int) -> None:
    broken = bytearray(SEALED)
    broken[place] ^= 1
    with pytest.raises(SealBroken):
        KEY.unseal(bytes(broken), BOUND_TO)


@pytest.mark.parametrize("length", [0, 1, 40, SEGMENT, 2 * SEGMENT, 4 * SEGMENT, len(SEALED) - 1])
def test_what_is_cut_short_opens_nothing(length: int) -> None:
    with pytest.raises(SealBroken):
        KEY.unseal(SEALED[:length], BOUND_TO)


@pytest.mark.parametrize("more", [b"\0", os.urandom(SEGMENT), SEALED])
def test_what_is_lengthened_opens_nothing(more: bytes) -> None:
    with pytest.raises(SealBroken):
        KEY.unseal(SEALED + more, BOUND_TO)


def test_segments_in_another_order_open_nothing() -> None:
    one, two = SEALED[SEGMENT : 2 * SEGMENT], SEALED[2 * SEGMENT : 3 * SEGMENT]
    swapped = SEALED[:SEGMENT] + two + one + SEALED[3 * SEGMENT :]
    with pytest.raises(SealBroken):
        KEY.unseal(swapped, BOUND_TO)


def test_nothing_else_opens_it() -> None:
    with pytest.raises(SealBroken):
        KEY.unseal(SEALED, b"another record")
    with pytest.raises(SealBroken):
        PatientKey.make().unseal(SEALED, BOUND_TO)


def test_bindings_tell_everything_apart() -> None:
    patient, record = new_id(), new_id()

    def part(
        patient: UUID = patient,
        record: UUID = record,
        number: int = 1,
        start: int = 5,
        size_bytes: int = 9,
        sha256: str = "ab",
    ) -> bytes:
        return binding.part_of(
            patient, record, number=number, start=start, size_bytes=size_bytes, sha256=sha256
        )

    different = [
        part(),
        part(patient=new_id()),
        part(record=new_id()),
        part(number=2),
        part(start=6),
        part(size_bytes=10),
        part(sha256="cd"),
        binding.filename_of(patient, record),
        binding.key_of(patient),
    ]
    assert len(set(different)) == len(different)
