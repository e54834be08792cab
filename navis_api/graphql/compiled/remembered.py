"""Which questions of lists can be kept as they are shown, and keeping them."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList
from strawberry.types.field import StrawberryField

from navis_api.graphql.compiled.core import named_type_of
from navis_api.graphql.compiled.fields import reads_alone
from navis_api.graphql.compiled.unchanging import Collect, selection_text
from navis_api.graphql.remembered import LISTS_QUESTIONS, OF_ROWS
from navis_api.kit.languages import ORIGINAL
from navis_api.questions.published_repository import PublishedQuestion

if TYPE_CHECKING:
    from navis_api.graphql.compiled.running import Run

Place = tuple[GraphQLObjectType, FieldDetailsList]
"""Questions of a connection: their type, and the fields that select of them."""


def lists_questions(field: StrawberryField) -> bool:
    """Return whether a field gives a connection of questions that may be kept."""
    return LISTS_QUESTIONS.items() <= field.metadata.items()


def _is_of_rows(field: StrawberryField) -> bool:
    return reads_alone(field) or OF_ROWS.items() <= field.metadata.items()


def kept_questions(
    connection: GraphQLObjectType, details: FieldDetailsList, collect: Collect
) -> tuple[Place, str] | None:
    """Return where a connection's questions are selected, and what is selected of them as text.

    None where they are selected at several places, or what is can't be kept.
    """
    places: list[Place] = []
    for selected in collect(connection, details).values():
        below = _below(connection, selected, "nodes")
        edges = _below(connection, selected, "edges")
        if below is not None:
            places.append((below, selected))
        elif edges is not None:
            places += [
                (node, of_edge)
                for of_edge in collect(edges, selected).values()
                if (node := _below(edges, of_edge, "node")) is not None
            ]
    if len(places) != 1:
        return None
    text = selection_text(*places[0], collect, depends_on_no_more=_is_of_rows)
    return (places[0], text) if text is not None else None


def _below(
    type_: GraphQLObjectType, selected: FieldDetailsList, name: str
) -> GraphQLObjectType | None:
    if selected[0].node.name.value != name:
        return None
    found: GraphQLObjectType = named_type_of(type_.fields[name])
    return found


def remember(shown: dict[str, Any], question: Any, run: "Run", selection: str) -> dict[str, Any]:  # noqa: ANN401 - an object of the schema
    """Keep what was made of a question, and return it."""
    context, model = run.context, question.model
    if context.language is ORIGINAL and type(model) is PublishedQuestion:
        context.loaders.lists.remember(selection, model, shown)
    return shown
