"""The `Info` of compiled execution: one for a field of a document and a request."""

from typing import TYPE_CHECKING, Any, NoReturn, cast

import strawberry
from graphql import FragmentDefinitionNode, GraphQLResolveInfo
from graphql.pyutils import Path

from navis_api.graphql.compiled.core import must_be_awaited, type_of
from navis_api.graphql.compiled.errors import NeverCompiled
from navis_api.graphql.compiled.fields import CompiledField
from navis_api.graphql.context import RequestContext

if TYPE_CHECKING:
    from navis_api.graphql.compiled.running import Run


class _NoPath:
    """Stands for the path, which isn't kept: asking for it leaves the operation to graphql-core."""

    def __getattr__(self, _name: str) -> NoReturn:
        raise NeverCompiled("path")


class CompiledInfo(strawberry.Info[RequestContext, None]):
    """Strawberry's Info, over graphql-core's, which is made only when it is asked for."""

    def __init__(self, run: "Run", compiled: CompiledField) -> None:  # pyright: ignore[reportMissingSuperCall] - the dataclass would take what is made lazily here
        self._run = run
        self._compiled = compiled
        self._field = compiled.field

    @property
    def context(self) -> RequestContext:
        """What the request is executed with."""
        return self._run.context

    @property
    def remembered_selection(self) -> str | None:
        """What is selected of each question that the field lists, where that can be kept."""
        return self._compiled.remembered

    @property
    def path(self) -> Path:
        """Not kept. Raises NeverCompiled."""
        raise NeverCompiled("path")

    @property
    def _raw_info(self) -> "GraphQLResolveInfo[RequestContext]":  # pyright: ignore[reportIncompatibleVariableOverride] - see above
        run, compiled = self._run, self._compiled
        return GraphQLResolveInfo(
            field_name=compiled.nodes[0].name.value,
            field_nodes=compiled.nodes,
            return_type=type_of(compiled.definition),
            parent_type=compiled.parent_type,
            path=cast("Path", _NoPath()),
            schema=run.program.schema,
            fragments=cast("dict[str, FragmentDefinitionNode]", run.program.fragments),
            root_value=None,
            operation=run.program.operation,
            variable_values=run.variables_in_full,
            context=run.context,
            is_awaitable=cast("Any", must_be_awaited),
            abort_signal=None,
            async_helpers=cast("Any", _NoPath()),
        )
