"""Every list of the schema stands in the account of costs, and nothing else does."""

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, is_leaf_type

from navis_api.graphql.cost import prices
from navis_api.graphql.cost.lengths import given_type, is_list
from navis_api.graphql.schema import schema

Place = tuple[str, str]


def types() -> Iterator[GraphQLObjectType | GraphQLInterfaceType]:
    for name, type_ in schema().core.type_map.items():
        if not name.startswith("__") and isinstance(
            type_, GraphQLObjectType | GraphQLInterfaceType
        ):
            yield type_


def lists_of_objects() -> Iterator[Place]:
    """Yield the lists that can be of any length: not those in a page, nor of scalars."""
    for type_ in types():
        for name, field in type_.fields.items():
            given = given_type(field)
            in_page = prices.is_page(type_.name) and name in {"nodes", "edges"}
            if is_list(field) and not is_leaf_type(given) and not in_page:
                yield type_.name, name


def fields_with_pages() -> Iterator[Place]:
    for type_ in types():
        for name, field in type_.fields.items():
            if "first" in field.args:
                yield type_.name, name


def is_error_list(place: Place) -> bool:
    return place[0].endswith("Payload") and place[1] == "errors"


def test_every_list_has_a_length_to_count_with() -> None:
    lists = set(lists_of_objects())
    declared = {*prices.BOUNDED, *prices.ASSUMED, *prices.PAGED, prices.BY_IDS}
    missing = {place for place in lists if place not in declared and not is_error_list(place)}
    assert missing == set(), "say in graphql/cost/prices.py how long these lists are"


def test_every_connection_is_paged_and_has_a_size_to_count_with() -> None:
    connections = {
        (type_.name, name)
        for type_ in types()
        for name, field in type_.fields.items()
        if prices.is_page(given_type(field).name)
    }
    assert connections <= set(prices.PAGED)
    assert set(fields_with_pages()) == set(prices.PAGED)


def test_the_account_names_nothing_that_the_schema_has_not() -> None:
    lists = set(lists_of_objects())
    assert {*prices.BOUNDED, *prices.ASSUMED} <= lists
    places = {(type_.name, name) for type_ in types() for name in type_.fields}
    assert set(prices.WORK) <= places
    assert {type_.name for type_ in types()} >= prices.PARTS


def test_no_place_stands_in_the_account_twice() -> None:
    assert not set(prices.BOUNDED) & set(prices.ASSUMED)
    assert not {*prices.BOUNDED, *prices.ASSUMED} & set(prices.PAGED)


def test_what_costs_nothing_wraps_and_nothing_else() -> None:
    for type_ in types():
        if not prices.is_wrapper(type_.name):
            continue
        if prices.is_page(type_.name):
            assert {"nodes", "edges", "pageInfo"} <= set(type_.fields)
        elif type_.name.endswith("Edge"):
            assert {"node", "cursor"} <= set(type_.fields)
        elif type_.name.endswith("Payload"):
            assert "errors" in type_.fields


def test_shared_fields_of_an_interface_give_no_objects() -> None:
    """Pricing looks at each type that an object may have: what all share would multiply that."""
    for type_ in types():
        if isinstance(type_, GraphQLInterfaceType):
            assert all(is_leaf_type(given_type(field)) for field in type_.fields.values())
