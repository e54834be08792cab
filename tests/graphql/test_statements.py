"""No query of the read API issues more statements than it has levels of nesting."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse
from sqlalchemy import event

from navis_api.db.sessions import Database
from navis_api.graphql.relay import global_id
from tests.graphql.client import Client
from tests.graphql.world import World

PARTS = "sections { kind markdown claims { text citations { number quote source { title } } } }"

QUERIES = {
    "viewer": "{ viewer { kind } }",
    "cancers": "{ cancers { nodes { slug parent { slug } subtypes { slug } } } }",
    "cancer with counts": '{ cancer(slug: "liver-cancer") { answeredQuestionCount } }',
    "cancers with counts": (
        "{ cancers { nodes { answeredQuestionCount subtypes { answeredQuestionCount } } } }"
    ),
    "cancers, questions, answers": (
        "{ cancers { nodes { name questions { nodes { text answer { title } } } } } }"
    ),
    "cancers to the sources": (
        "{ cancers { nodes { questions(first: 5) { nodes { cancer { name } answer {"
        " title summary citations { number source { title } } } } } } } }"
    ),
    "question": '{ question(slug: "what-is-ablation") { text cancer { parent { slug } } } }',
    "questions": "{ questions { nodes { text cancer { name parent { name } } } } }",
    "questions with everything": (
        "{ questions(first: 3) { nodes { text cancer { slug } answer { title "
        + PARTS
        + " history { revision } question { text } } } } }"
    ),
    "questions with generations": "{ questions { nodes { generation { status } } } }",
    "related questions": (
        "{ questions { nodes { related(first: 2) { text answer { title } } } } }"
    ),
    "answer": '{ answer(slug: "what-is-ablation") { title body ' + PARTS + " } }",
    "answer and back": (
        '{ answer(slug: "what-is-ablation") { title question { text answer { title } } } }'
    ),
    "answer with notices": (
        '{ answer(slug: "what-is-ablation") { safetyNotices { kind } review { reviewer } } }'
    ),
    "retraction": '{ retraction(slug: "what-is-ablation") { reason } }',
    "changes": "{ changes { nodes { slug reason } } }",
    "changes with content": (
        "{ changes { nodes { slug question { text } answer { title " + PARTS + " } } } }"
    ),
    "changes with histories": (
        "{ changes { nodes { answer { history { revision } question { text } } } } }"
    ),
    "search": (
        '{ searchQuestions(text: "ablation") { edges { score node { text answer { title } } } } }'
    ),
}


@contextmanager
def counted(database: Database) -> Generator[list[str]]:
    """Collect the statements that are executed, in sessions and on the short way.

    `set_config` is left out: each session of a signed-in viewer begins with one, so
    that row security knows the viewer. It reads no table, and there is one for each
    statement that does, so that counting it would only double the figures.
    """
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement:
            statements.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with database.published.watched(statements.append):
            yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def levels(query: str) -> int:
    """Return how deeply the fields of a query are nested."""

    def below(selection_set: SelectionSetNode | None) -> int:
        if selection_set is None:
            return 0
        inner = (
            below(node.selection_set)
            for node in selection_set.selections
            if isinstance(node, FieldNode)
        )
        return 1 + max(inner, default=0)

    operation = parse(query).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return below(operation.selection_set)


@pytest.mark.parametrize("viewer", ["anonymous", "asker", "reviewer"])
@pytest.mark.parametrize("name", QUERIES)
async def test_statements_are_at_most_as_many_as_levels(
    client: Client, database: Database, tokens: dict[str, str], name: str, viewer: str
) -> None:
    query = QUERIES[name]
    await client.data("{ cancers { nodes { slug } } }")
    with counted(database) as statements:
        await client.data(query, authorization=tokens.get(viewer))
    assert len(statements) <= levels(query), statements


async def test_nodes_of_one_type_come_in_one_statement(
    client: Client, database: Database, world: World
) -> None:
    ids = [global_id("Question", id_) for id_ in world.published]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Question { answer { title } } } }"
    with counted(database) as statements:
        found = await client.data(query, {"ids": ids})
    assert len(found["nodes"]) == 4
    assert len(statements) == 2


async def test_the_catalogue_costs_no_statement(client: Client, database: Database) -> None:
    await client.data("{ cancers { nodes { slug } } }")
    with counted(database) as statements:
        await client.data("{ cancers { nodes { slug parent { name } subtypes { name } } } }")
    assert statements == []


async def test_the_parts_of_an_answer_cost_no_statement(client: Client, database: Database) -> None:
    with counted(database) as statements:
        await client.data('{ answer(slug: "what-is-ablation") { body ' + PARTS + " } }")
    assert len(statements) == 1


CHANGES, PLACES = "published_changes", "published_questions.place"


@pytest.mark.parametrize("name", ["cancers, questions, answers", "search"])
async def test_titles_of_answers_come_with_their_questions(
    client: Client, database: Database, name: str
) -> None:
    query = QUERIES[name]
    first = await client.data(query)
    with counted(database) as statements:
        again = await client.data(query)
    assert again == first
    assert "title" in str(first)
    # A search that comes again asks besides by what it would be found unchanged, and where to
    # look for that: once.
    read = [each for each in statements if not any(word in each for word in (CHANGES, PLACES))]
    assert len([each for each in read if "published_answers" in each]) == 1
    assert len(statements) <= len(read) + 3
    assert len([each for each in read if "published_questions" in each]) == 1
