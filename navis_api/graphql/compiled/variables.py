"""An operation's variables, coerced as graphql-core does, with its types looked up once."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
)
from graphql.execution import get_variable_values
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues
from graphql.utilities.coerce_input_value import coerce_default_value

from navis_api.graphql.compiled.core import coerced_value, is_non_null
from navis_api.graphql.compiled.errors import NotCompiled

_REFUSED = "variables"


class Variables:
    """How the variables of one operation are coerced."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._nodes = operation.variable_definitions or ()
        self._variables: list[GraphQLVariableSignature] = []
        for node in self._nodes:
            signature = get_variable_signature(schema, node)
            if isinstance(signature, GraphQLError):
                raise NotCompiled(_REFUSED)
            self._variables.append(signature)

    @property
    def names(self) -> list[str]:
        """The names of the variables that the operation defines."""
        return [variable.name for variable in self._variables]

    def coerce(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the coerced values of all variables that have one.

        Raises NotCompiled when one is refused: graphql-core says why.
        """
        coerced: dict[str, Any] = {}
        for variable in self._variables:
            name = variable.name
            value = given.get(name, Undefined)
            if value is Undefined:
                value = _default(variable)
                if value is Undefined:
                    continue
            else:
                value = coerced_value(value, variable.type)  # pyright: ignore[reportUnknownMemberType] - see `core`
                if value is Undefined:
                    raise NotCompiled(_REFUSED)
            coerced[name] = value
        return coerced

    def in_full(self, given: Mapping[str, Any]) -> VariableValues:
        """Return the values with where they come from, as graphql-core keeps them."""
        values = get_variable_values(self._schema, self._nodes, dict(given))
        if isinstance(values, list):
            raise NotCompiled(_REFUSED)
        return values


def _default(variable: GraphQLVariableSignature) -> Any:  # noqa: ANN401 - a value of any input type
    """Return what stands for a variable that wasn't sent; Undefined where nothing does."""
    if variable.default is not None:
        return coerce_default_value(variable)
    if is_non_null(variable.type):  # pyright: ignore[reportUnknownMemberType] - see `core`
        raise NotCompiled(_REFUSED)
    return Undefined
