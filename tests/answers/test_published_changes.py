"""Changes of published answers, read where the newest of them may be missing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from navis_api.answers.errors import CopyOutOfDate
from navis_api.answers.published_changes import _CHANGES, list_changes
from navis_api.db.paging import PageRequest, encode_cursor
from navis_api.db.replicas import Replicas
from navis_api.db.sessions import Database
from navis_api.kit.ids import new_id


class Behind:
    """Replicas that know of no change yet."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self, text: str, _given: Sequence[object]) -> list[Any]:
        self.asked += 1
        return [(False,)] if "EXISTS" in text else []

    async def close(self) -> None:
        pass


async def test_a_copy_that_is_newer_than_a_replica_is_not_out_of_date(
    sample_database: Database,
) -> None:
    published = sample_database.published
    page = await list_changes(published, PageRequest(size=2))
    newest = page.cursors[-1]
    behind = Behind()
    published.replicas = cast("Replicas", behind)
    # Nothing newer is known there: the reader asks again later, and begins from the same place.
    assert (await list_changes(published, PageRequest(size=2, cursor=newest))).rows == []
    assert behind.asked == 2
    published.replicas = None
    rest = await list_changes(published, PageRequest(size=2, cursor=newest))
    assert rest.rows
    assert page.rows[-1].sequence < rest.rows[0].sequence


async def test_a_copy_of_what_was_never_made_is_out_of_date_for_the_primary_too(
    sample_database: Database,
) -> None:
    published = sample_database.published
    published.replicas = cast("Replicas", Behind())
    never = encode_cursor(_CHANGES, (1, new_id(), datetime(2026, 11, 21, tzinfo=UTC)))
    with pytest.raises(CopyOutOfDate):
        await list_changes(published, PageRequest(size=2, cursor=never))
