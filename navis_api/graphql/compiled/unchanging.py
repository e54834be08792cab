"""Lists that are the same in every response: completed once, and kept with their JSON."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, is_leaf_type
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from strawberry.types.field import StrawberryField

from navis_api.graphql.compiled.core import named_type_of
from navis_api.graphql.compiled.fields import reads_alone, strawberry_field
from navis_api.graphql.unchanging import UNCHANGING, Kept, WrittenList

if TYPE_CHECKING:
    from navis_api.graphql.compiled.running import Run

Collect = Callable[[GraphQLObjectType, FieldDetailsList], GroupedFieldSet]
"""Returns what is selected of an object of a type."""


def is_unchanging(field: StrawberryField) -> bool:
    """Return whether a field's list is made of content that never changes."""
    return UNCHANGING.items() <= field.metadata.items()


def selection_text(
    type_: GraphQLObjectType,
    details: FieldDetailsList,
    collect: Collect,
    *,
    depends_on_no_more: Callable[[StrawberryField], bool] = reads_alone,
) -> str | None:
    """Return what is selected of an object as text, the same for all that select the same.

    None where anything in it depends on more than the object: on arguments or the request.
    """
    parts: list[str] = []
    for key, selected in collect(type_, details).items():
        name = selected[0].node.name.value
        if name == "__typename":
            parts.append(f"{key}:{name}")
            continue
        definition = type_.fields[name]
        is_given = any(each.node.arguments for each in selected)
        if is_given or not depends_on_no_more(strawberry_field(definition)):
            return None
        below, given = "", named_type_of(definition)
        if isinstance(given, GraphQLObjectType):
            found = selection_text(given, selected, collect, depends_on_no_more=depends_on_no_more)
            if found is None:
                return None
            below = found
        elif not is_leaf_type(given):
            return None
        parts.append(f"{key}:{name}{below}")
    return f"{{{' '.join(parts)}}}"


def unchanging_list(
    owner: Any,  # noqa: ANN401 - an object whose type has a marked field
    run: "Run",
    selection: str,
    complete: Callable[[Any, "Run"], list[Any]],
) -> list[Any]:
    """Return a list as it was completed before for this selection, or complete it."""
    kept: Kept | None = owner.unchanging
    if kept is None:
        return complete(owner, run)
    found: WrittenList | None = kept.find(selection)
    if found is None:
        found = WrittenList(complete(owner, run))
        kept.keep(selection, found, found.size)
    return found
