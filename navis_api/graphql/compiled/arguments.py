"""A field's arguments: literals are coerced once, variables cheaply."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    Undefined,
    VariableNode,
    is_required_argument,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.language import Visitor, visit
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry.relay.types import GlobalID
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

from navis_api.graphql.compiled.core import coerced_literal, is_leaf, is_non_null, type_of
from navis_api.graphql.compiled.errors import NotCompiled

_REFUSED = "arguments"


@dataclass(frozen=True, slots=True)
class _FromVariable:
    """An argument that is a variable. `default` stands in where the variable has no value."""

    python_name: str
    variable: str
    default: Any
    is_required: bool
    is_non_null: bool


@dataclass(frozen=True, slots=True)
class SimpleArguments:
    """Arguments of scalars and enums, which resolvers take as they are."""

    constants: dict[str, Any] = field(default_factory=dict[str, Any])
    variables: list[_FromVariable] = field(default_factory=list[_FromVariable])

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the resolver's keyword arguments. Raises NotCompiled."""
        if not self.variables:
            return self.constants
        given = dict(self.constants)
        for argument in self.variables:
            value = variables.get(argument.variable, Undefined)
            if value is Undefined:
                if argument.is_required:
                    raise NotCompiled(_REFUSED)
                value = argument.default
            elif value is None and argument.is_non_null:
                raise NotCompiled(_REFUSED)
            if value is not Undefined:
                given[argument.python_name] = value
        return given


@dataclass(frozen=True, slots=True)
class ConvertedArguments:
    """Arguments with lists or inputs among them: made anew for each call, as Strawberry does."""

    definition: GraphQLField
    node: FieldNode
    field: StrawberryField
    converter: GraphQLCoreConverter
    uses_variables: bool

    def given(self, variables: VariableValues | None) -> dict[str, Any]:
        """Return the resolver's keyword arguments. Raises GraphQLError."""
        return convert_arguments(
            get_argument_values(self.definition, self.node, variables),
            self.field.arguments,
            scalar_registry=self.converter.scalar_registry,
            config=self.converter.config,
        )


def plan_arguments(
    definition: GraphQLField,
    node: FieldNode,
    field: StrawberryField,
    converter: GraphQLCoreConverter,
) -> SimpleArguments | ConvertedArguments | None:
    """Return how a field's arguments are made; None where it takes none. Raises NotCompiled."""
    if not field.arguments:
        return None
    if not all(_is_simple(definition, argument, converter) for argument in field.arguments):
        return ConvertedArguments(definition, node, field, converter, _uses_variables(node))
    written = {argument.name.value: argument.value for argument in node.arguments or ()}
    planned = SimpleArguments()
    for argument in field.arguments:
        name = converter.config.name_converter.from_argument(argument)
        wanted, python_name = definition.args[name], str(argument.python_name)
        value = written.get(name)
        if isinstance(value, VariableNode):
            planned.variables.append(_from_variable(python_name, value, wanted))
            continue
        constant = _default(wanted) if value is None else coerced_literal(value, type_of(wanted))
        if constant is not Undefined:
            planned.constants[python_name] = constant
        elif value is not None or is_required_argument(wanted):
            raise NotCompiled(_REFUSED)
    return planned


def _from_variable(python_name: str, value: VariableNode, wanted: GraphQLArgument) -> _FromVariable:
    return _FromVariable(
        python_name=python_name,
        variable=value.name.value,
        default=_default(wanted),
        is_required=is_required_argument(wanted),
        is_non_null=is_non_null(type_of(wanted)),
    )


def _default(wanted: GraphQLArgument) -> Any:  # noqa: ANN401 - a value of any input type
    return coerce_default_value(wanted)


def _is_simple(
    definition: GraphQLField, argument: StrawberryArgument, converter: GraphQLCoreConverter
) -> bool:
    """Return whether Strawberry would give the coerced value to the resolver as it is."""
    type_ = argument.type
    while isinstance(type_, StrawberryOptional) and not argument.is_maybe:
        type_ = type_.of_type
    if argument.is_maybe or type_ is GlobalID or isinstance(type_, LazyType):
        return False
    wanted = definition.args[converter.config.name_converter.from_argument(argument)]
    return is_leaf(type_of(wanted))


class _Variables(Visitor):
    """Notes whether there is a variable."""

    found = False

    def enter_variable(self, *_args: object) -> None:
        self.found = True


def _uses_variables(node: FieldNode) -> bool:
    finder = _Variables()
    for argument in node.arguments or ():
        visit(argument, finder)
    return finder.found
