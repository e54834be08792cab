"""Questions of lists, as they were shown before: the same bytes, for as long as their rows are."""

from uuid import UUID

import asyncpg
import pytest

from navis_api.graphql.remembered import RememberedQuestion
from navis_api.kit.bounded import BoundedMemory
from navis_api.kit.languages import Language
from tests.graphql.compiled.both_ways import BothWays
from tests.graphql.compiled.test_unchanging import WHOLE
from tests.graphql.world import World

CARD = "slug text answer { slug title summary }"
LISTS = {
    "of a cancer": f"""{{ cancer(slug: "liver-cancer") {{ name questions(answered: true) {{
        nodes {{ {CARD} }} pageInfo {{ hasNextPage startCursor endCursor }} }} }} }}""",
    "of cancers": f"""{{ cancers {{ nodes {{ slug questions(first: 2) {{
        nodes {{ {CARD} }} }} }} }} }}""",
    "of all": f"{{ questions(first: 3, answered: true) {{ nodes {{ {CARD} }} }} }}",
    "of some": f"""{{ questions(cancer: "liver-cancer", last: 2) {{
        edges {{ cursor node {{ {CARD} }} }} pageInfo {{ hasPreviousPage }} }} }}""",
    "without answers": "{ questions(answered: true) { nodes { id text askedAt status } } }",
    "with content": """{ questions(answered: true) { nodes { id answer { id
        citations { number quote source { title } } sections { markdown } } } } }""",
    "whole answers": """{ questions(answered: true) { nodes { text answer {
        state revision author doctorQuestions review { reviewer } } } } }""",
    "found": f"""{{ searchQuestions(text: "liver cancer") {{
        nodes {{ {CARD} }} correctedText pageInfo {{ endCursor }} }} }}""",
    "found in part": f"""{{ searchQuestions(text: "ablation nowhere", first: 2) {{
        edges {{ score cursor node {{ {CARD} }} }} correctedText }} }}""",
    "found beside others": f"""{{ answer(slug: "what-is-ablation") {{ title }}
        searchQuestions(text: "ablation") {{ nodes {{ {CARD} }} }} }}""",
    "nothing": f"""{{ questions(cancer: "breast-cancer", answered: true, after: "%s") {{
        nodes {{ {CARD} }} }} }}""",
}
CHANGES = {
    "question": "UPDATE questions SET text = 'Other words' WHERE id = $1",
    "answer": "UPDATE answers SET slug = 'another-slug' WHERE question_id = $1",
    "revision": (
        "UPDATE answer_revisions SET summary = 'Another summary' WHERE answer_id ="
        " (SELECT id FROM answers WHERE question_id = $1)"
    ),
    "state": (
        "UPDATE answer_revisions SET state = 'RETRACTED' WHERE answer_id ="
        " (SELECT id FROM answers WHERE question_id = $1)"
    ),
}


def remembered(both_ways: BothWays) -> list[RememberedQuestion]:
    kept = both_ways.services.database.published.memory._kept
    return [value for value, _ in kept.values() if isinstance(value, RememberedQuestion)]


async def agreed(both_ways: BothWays, text: str) -> bytes:
    both = await both_ways.run(text)
    assert both.compiled is not None, both.reason
    assert both.agree
    return both.compiled


async def cursor_of_the_last(both_ways: BothWays) -> str:
    text = '{ questions(cancer: "breast-cancer", answered: true) { pageInfo { endCursor } } }'
    found = await agreed(both_ways, text)
    return found.decode().rpartition('"endCursor":"')[2].partition('"')[0]


@pytest.mark.parametrize("name", LISTS)
async def test_they_are_the_same_bytes_and_only_their_versions_are_read(
    both_ways: BothWays, name: str
) -> None:
    text = LISTS[name]
    if "%s" in text:
        await agreed(both_ways, LISTS["of all"])
        text %= await cursor_of_the_last(both_ways)
    published = both_ways.services.database.published
    first = await agreed(both_ways, text)
    for _ in range(3):
        statements: list[str] = []
        assert await agreed(both_ways, text) == first
        with published.watched(statements.append):
            await both_ways.run(text)
        # graphql-core reads the questions, and compiled execution their versions. What nothing
        # has whole is asked for once more.
        assert [each for each in statements if "string_agg" in each]
        questions_read = [each for each in statements if ".asked_at, " in each]
        assert len(questions_read) == 1 + (name == "found in part")


@pytest.mark.parametrize("changed", CHANGES)
@pytest.mark.parametrize("name", ["of a cancer", "of all", "found", "with content"])
async def test_what_anybody_changed_is_shown_as_it_is(
    both_ways: BothWays, world: World, owner: asyncpg.Connection, name: str, changed: str
) -> None:
    before = [await agreed(both_ways, LISTS[name]) for _ in range(3)][-1]
    question: UUID = world.published[2]
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(CHANGES[changed], question)
    if changed == "state":
        await owner.execute(
            "UPDATE questions SET status = 'DECLINED', answered_at = NULL WHERE id = $1", question
        )
    after = [await agreed(both_ways, LISTS[name]) for _ in range(3)]
    assert len(set(after)) == 1
    shows_it = {"question": "text", "answer": "slug", "revision": "summary", "state": ""}[changed]
    assert (after[0] != before) == (shows_it in LISTS[name])


async def test_what_selects_the_same_shares_them_whatever_the_list(both_ways: BothWays) -> None:
    await agreed(both_ways, LISTS["of all"])
    kept = len(remembered(both_ways))
    assert kept == 3
    await agreed(
        both_ways, f"{{ again: questions(first: 2, answered: true) {{ nodes {{ {CARD} }} }} }}"
    )
    assert len(remembered(both_ways)) == kept


@pytest.mark.parametrize(
    "selected",
    [
        "text cancer { name }",
        "text related(first: 1) { text }",
        "text generation { status }",
        'answer(language: "en") { title }',
        "answer { body(format: PLAIN_TEXT) }",
        "answer { version }",
        "answer { history { revision } }",
        "answer { question { text } }",
        "answer { disclaimer { text } }",
    ],
)
async def test_what_depends_on_more_than_the_rows_is_not_kept(
    both_ways: BothWays, selected: str
) -> None:
    for _ in range(2):
        await agreed(both_ways, f"{{ questions(answered: true) {{ nodes {{ {selected} }} }} }}")
    assert not remembered(both_ways)


async def test_what_is_selected_at_two_places_is_not_kept(both_ways: BothWays) -> None:
    text = "{ questions(answered: true) { nodes { slug } edges { node { text } } } }"
    for _ in range(2):
        await agreed(both_ways, text)
    assert not remembered(both_ways)


async def test_readers_of_another_language_are_shown_what_is_theirs(both_ways: BothWays) -> None:
    text = LISTS["of all"].replace("title", "title untranslated")
    for _ in range(2):
        await agreed(both_ways, text)
    kept = len(remembered(both_ways))
    assert kept
    both = await both_ways.run(text, language=Language.SPANISH)
    assert both.agree
    assert both.compiled is not None
    assert b'"untranslated":true' in both.compiled
    assert len(remembered(both_ways)) == kept


async def test_private_lists_are_not_kept(both_ways: BothWays) -> None:
    for _ in range(2):
        await agreed(both_ways, "{ questions(answered: false) { nodes { text } } }")
    assert not remembered(both_ways)


async def test_nothing_that_somebody_typed_is_kept(both_ways: BothWays) -> None:
    for _ in range(3):
        await agreed(both_ways, LISTS["found"].replace("liver cancer", "ablation xylophone"))
    assert remembered(both_ways)
    kept = both_ways.services.database.published.memory._kept
    assert "xylophone" not in repr(kept)


async def test_without_memory_they_are_made_each_time(both_ways: BothWays) -> None:
    published = both_ways.services.database.published
    published.memory = BoundedMemory(0)
    statements: list[str] = []
    with published.watched(statements.append):
        for text in (LISTS["of a cancer"], LISTS["of a cancer"], WHOLE):
            await agreed(both_ways, text)
    assert not [each for each in statements if "string_agg" in each]
