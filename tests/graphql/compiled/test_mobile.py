"""What apps send is executed compiled: the queries that docs/mobile.md shows."""

import re
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse

from navis_api.graphql.compiled.queries import COMPILED
from navis_api.graphql.relay import global_id
from tests.graphql.compiled.both_ways import BothWays
from tests.graphql.world import World

_PAGE = Path(__file__).parents[3] / "docs" / "mobile.md"


def _queries() -> list[str]:
    """Return the queries of the page, by themselves."""
    shown = re.findall(r"```graphql\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [text for text in shown if _is_query(text)]


def _is_query(text: str) -> bool:
    operations = [
        each for each in parse(text).definitions if isinstance(each, OperationDefinitionNode)
    ]
    return [each.operation for each in operations] == [OperationType.QUERY]


def _variables(text: str, world: World) -> dict[str, Any]:
    """Return values for the variables that have to be sent."""
    needed = re.findall(r"\$(\w+): (\w+)!", text)
    values = {"ID": global_id("Generation", world.anonymous.generation_id)}
    return {name: values.get(type_, "what-is-ablation") for name, type_ in needed}


def test_there_are_queries_on_the_page() -> None:
    assert len(_queries()) >= 4


@pytest.mark.parametrize("text", _queries())
async def test_a_query_of_the_page_is_executed_compiled(
    both_ways: BothWays, world: World, text: str
) -> None:
    both = await both_ways.run(text, _variables(text, world))

    assert not both.has_errors
    # What a patient reads of their own is recorded, and so never done twice.
    is_own = any(each in text for each in ("findings {", "consents {", "personalQuestions("))
    assert both.reason == ("recorded" if is_own else COMPILED)
    assert both.agree
