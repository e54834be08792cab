"""What is shown around a quote: its own context, and no more than that."""

from uuid import UUID

import pytest

from navis_api.db.sessions import Database
from navis_api.kit.ids import new_id
from navis_api.sources.models import SourceVersion
from navis_api.sources.quoted import AROUND_CHARS, Span, surroundings
from tests.review.world import build_world

LONG = "Every word of this sentence says the same as the one that stands before it does. "
TEXT = f"""# Liver cancer

What stands first.

## Treatment

- Heat destroys small tumors.
- Surgery takes them out.
- {LONG * 5}The end of it.

## Follow-up

What comes after.
"""


async def stored(database: Database) -> tuple[UUID, str]:
    """The version that an import made of the text, and how it reads there."""
    world = await build_world(database)
    version_id = (await world.source_becomes(TEXT)).version_id
    async with database.reading() as session:
        return version_id, (await session.get_one(SourceVersion, version_id)).text


@pytest.mark.parametrize(
    ("quote", "before", "after"),
    [
        ("What stands first.", "", ""),
        ("Surgery takes them out.", "• Heat destroys small tumors. •", "• Every word"),
        ("What comes after.", "", ""),
        ("The end of it.", "… ", ""),
    ],
)
async def test_a_quote_has_the_words_of_its_own_part_around_it(
    database: Database, quote: str, before: str, after: str
) -> None:
    version_id, text = await stored(database)
    start = text.index(quote)
    span = Span(version_id, start, start + len(quote))
    async with database.reading() as session:
        found = (await surroundings(session, [span, span]))[span]
    assert found.before.startswith(before)
    assert found.after.startswith(after)
    assert (found.before == "") == (before == "")
    assert (found.after == "") == (after == "")
    assert len(found.before) <= AROUND_CHARS + 4
    assert len(found.after) <= AROUND_CHARS + 4
    assert "#" not in found.before + found.after


async def test_words_are_cut_at_their_ends(database: Database) -> None:
    version_id, text = await stored(database)
    start = text.index("same", text.index(LONG * 2) + len(LONG) * 2)
    span = Span(version_id, start, start + 4)
    async with database.reading() as session:
        found = (await surroundings(session, [span]))[span]
    assert found.before.startswith("… ")
    assert found.after.endswith(" …")
    assert {*found.before.split(), *found.after.split()} <= {*LONG.split(), "…"}


async def test_a_version_that_isnt_there_has_nothing(database: Database) -> None:
    async with database.reading() as session:
        assert await surroundings(session, [Span(new_id(), 0, 5)]) == {}
        assert await surroundings(session, []) == {}
