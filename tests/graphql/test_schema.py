"""The schema itself: complete descriptions, stable text, and a cost for every list."""

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
)

from navis_api.graphql.schema import schema, schema_sdl


def undescribed() -> list[str]:
    missing: list[str] = []
    for name, type_ in schema().core.type_map.items():
        if name.startswith("__"):
            continue
        if not type_.description:
            missing.append(name)
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in type_.fields.items():
                if not field.description:
                    missing.append(f"{name}.{field_name}")
                missing += [
                    f"{name}.{field_name}({argument_name}:)"
                    for argument_name, argument in field.args.items()
                    if not argument.description
                ]
        elif isinstance(type_, GraphQLInputObjectType):
            missing += [
                f"{name}.{field_name}"
                for field_name, field in type_.fields.items()
                if not field.description
            ]
        elif isinstance(type_, GraphQLEnumType):
            missing += [
                f"{name}.{value_name}"
                for value_name, value in type_.values.items()
                if not value.description
            ]
    return missing


def test_every_element_has_a_description() -> None:
    assert undescribed() == []


def test_the_printed_schema_is_stable_and_reads_back() -> None:
    text = schema_sdl()
    assert text == schema_sdl()
    assert text.endswith("}\n")
    assert set(build_schema(text).type_map) == set(schema().core.type_map)


def test_an_argument_that_may_be_left_out_has_no_default_of_null() -> None:
    assert "= null" not in schema_sdl()


def test_node_is_nullable_and_every_node_type_implements_it() -> None:
    core = schema().core
    query = core.query_type
    assert query is not None
    assert not isinstance(query.fields["node"].type, GraphQLNonNull)
    node = core.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    names = {type_.name for type_ in core.get_possible_types(node)}
    assert names == {
        "Cancer",
        "Question",
        "Answer",
        "Source",
        "Generation",
        "StaffMember",
        "ErasureReceipt",
        "Record",
        "Finding",
        "PersonalReview",
    }
