"""Relay's conventions: global ids, the `Node` interface, and connections over keyset pages.

Strawberry's own are not used: its `node` can't be null and its cursors count rows
(FACTS, Strawberry 0.341).
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import strawberry

from navis_api.db.paging import Page
from navis_api.errors import InvalidInput
from navis_api.kit.ids import packed_id

_MAX_ID_CHARS = 120
_UUID_CHARS = 36


class IdInvalid(InvalidInput):
    """An id that this API did not give out, or one of another type than is wanted here."""

    def __init__(self, argument: str, *, wanted: str | None = None) -> None:
        kind = f"the id of a {wanted}" if wanted else "an id"
        super().__init__(
            f"`{argument}` is not {kind}. Use the `id` of an object that this API returned.",
            path=(argument,),
        )


@dataclass(frozen=True, slots=True)
class GlobalId:
    """A type and the key of one object of it."""

    type_name: str
    key: UUID


def global_id(type_name: str, key: UUID | str) -> strawberry.ID:
    """Return the id that clients see: `Type:uuid`, in base64."""
    return strawberry.ID(packed_id(type_name, key))


def parse_id(given: str, *, argument: str) -> GlobalId:
    """Return what an id stands for.

    Only the very text that `global_id` makes is an id: no other padding, case or
    form of the UUID. Raises IdInvalid, which names `argument` and not the value.
    """
    if len(given) > _MAX_ID_CHARS:
        raise IdInvalid(argument)
    try:
        plain = binascii.a2b_base64(given.encode("ascii"), strict_mode=True).decode("ascii")
        type_name, _, key = plain.partition(":")
        if len(key) != _UUID_CHARS:
            raise IdInvalid(argument)
        found = GlobalId(type_name, UUID(key))
    except (binascii.Error, ValueError):
        raise IdInvalid(argument) from None
    if global_id(found.type_name, found.key) != given:
        raise IdInvalid(argument)
    return found


def parse_id_of(type_name: str, given: str, *, argument: str) -> UUID:
    """Return the key in an id of this type. Raises IdInvalid."""
    found = parse_id(given, argument=argument)
    if found.type_name != type_name:
        raise IdInvalid(argument, wanted=type_name)
    return found.key


@strawberry.interface(description="An object that can be fetched again by its id.")
class Node:
    """The interface of everything that `node(id:)` returns. Its types have its Python names."""

    key: strawberry.Private[UUID | str]
    """The UUID in the id; as text where it was stored so."""

    @strawberry.field(
        description="The id of the object, the same for as long as it exists. Opaque to clients."
    )
    def id(self) -> strawberry.ID:
        """Put it together: most clients of a list don't ask for it."""
        return global_id(type(self).__name__, self.key)


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's page info."""

    has_next_page: bool = strawberry.field(description="Whether the list goes on after this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether the list has something before this page."
    )
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first item: pass it as `before`. Null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last item: pass it as `after`. Null on an empty page."
    )


def page_info(page: Page[Any]) -> PageInfo:
    """Return the page info of a page of rows."""
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
    )


NodeT = TypeVar("NodeT")


@strawberry.type(description="An item of a list, with its place there.")
class Edge(Generic[NodeT]):
    """One item of a connection."""

    cursor: str = strawberry.field(description="Where the item stands in the list. Opaque.")
    node: NodeT = strawberry.field(description="The item itself.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeT]):
    """A Relay connection, with `nodes` as a short cut through `edges`."""

    cursors: strawberry.Private[Sequence[str]]
    nodes: list[NodeT] = strawberry.field(description="The items alone.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in the list.")

    @strawberry.field(description="The items with their cursors.")
    def edges(self) -> list[Edge[NodeT]]:
        """Put them together: clients ask for these or for `nodes`."""
        pairs = zip(self.nodes, self.cursors, strict=True)
        return [Edge(cursor=cursor, node=node) for node, cursor in pairs]


First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(description="How many items from the start: 1 to 100, 20 unless given."),
]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Begin after the item with this cursor.")
]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="How many items from the end: 1 to 100.")
]
Before: TypeAlias = Annotated[
    str | None, strawberry.argument(description="End before the item with this cursor.")
]
