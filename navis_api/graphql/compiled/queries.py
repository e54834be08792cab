"""What the endpoint uses: queries executed by compiled programs, as far as they can be."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)
from graphql.error import located_error
from strawberry.types.execution import ExecutionResult

from navis_api.db.sessions import DatabaseBusy
from navis_api.graphql.compiled.conditions import condition_variables
from navis_api.graphql.compiled.errors import NeverCompiled, NotCompiled
from navis_api.graphql.compiled.running import Run
from navis_api.graphql.compiled.variables import Variables
from navis_api.graphql.compiled.writer import Program, ProgramWriter
from navis_api.graphql.context import RequestContext
from navis_api.graphql.documents import Document
from navis_api.graphql.reads import ReadLog
from navis_api.graphql.schema import Schema

MAX_PROGRAMS = 16
"""Programs of one operation, all combinations of four conditions. The oldest give way."""

COMPILED = "compiled"
BUSY = "busy"


@dataclass(slots=True)
class _Operation:
    """An operation of a document, with its programs by the values of its conditions."""

    node: OperationDefinitionNode
    variables: Variables
    conditions: list[str]
    programs: dict[tuple[Any, ...], Program | NotCompiled] = field(
        default_factory=dict[tuple[Any, ...], Program | NotCompiled]
    )


class CompiledQueries:
    """Executes queries. One for a process.

    `outcomes` counts what became of them: `compiled`, or the reason why not.
    """

    def __init__(self, schema: Schema, outcomes: Counter[str]) -> None:
        self._schema = schema
        self._operations: WeakKeyDictionary[Document, dict[str | None, _Operation | NotCompiled]]
        self._operations = WeakKeyDictionary()
        self.outcomes = outcomes

    async def execute(
        self,
        document: Document,
        operation_name: str | None,
        variables: Mapping[str, Any],
        context: RequestContext,
    ) -> ExecutionResult | None:
        """Return the result of a query: its data, or that the database is busy.

        None means: graphql-core has to execute it, from the beginning. `context` then has
        fresh loaders and an empty log of what was read.
        """
        try:
            operation = self._operation(document, operation_name)
            coerced = operation.variables.coerce(variables)
            data = await self._run(document, operation, variables, coerced, context)
        except NotCompiled as refused:
            self.outcomes[refused.reason] += 1
        except (DatabaseBusy, TimeoutError) as busy:
            # Waiting once more, for a connection that others need, would help nobody.
            self.outcomes[BUSY] += 1
            return ExecutionResult(data=None, errors=[located_error(busy)])
        except Exception as failure:  # noqa: BLE001 - graphql-core meets it again, and words it
            self.outcomes[type(failure).__name__] += 1
        else:
            self.outcomes[COMPILED] += 1
            return ExecutionResult(data=data, errors=None)
        # The loaders note what they read in the log that they are made with.
        context.reads = ReadLog()
        context.forget_loaded()
        return None

    async def _run(
        self,
        document: Document,
        operation: _Operation,
        given: Mapping[str, Any],
        coerced: Mapping[str, Any],
        context: RequestContext,
    ) -> dict[str, Any]:
        """Return the data of an operation. Raises NotCompiled, and whatever a resolver raises."""
        key = tuple(coerced.get(name) for name in operation.conditions)
        program = operation.programs.get(key)
        if program is None:
            program = self._program(document, operation, coerced)
            if len(operation.programs) >= MAX_PROGRAMS:
                del operation.programs[next(iter(operation.programs))]
            operation.programs[key] = program
        if isinstance(program, NotCompiled):
            raise program
        try:
            return await Run(program, context, given, coerced, operation.variables).data()
        except NeverCompiled as refused:
            # It would be refused the next time as well, halfway through.
            operation.programs[key] = refused.with_traceback(None)
            raise

    def _program(
        self, document: Document, operation: _Operation, coerced: Mapping[str, Any]
    ) -> Program | NotCompiled:
        """Return the program for these conditions, or why there is none."""
        conditions = {name: coerced[name] for name in operation.conditions if name in coerced}
        writer = ProgramWriter(
            self._schema.core,
            self._schema.schema_converter,
            operation.node,
            _fragments(document),
            conditions,
        )
        try:
            return writer.write()
        except NotCompiled as refused:
            return refused.with_traceback(None)
        except GraphQLError:
            return NotCompiled("condition")

    def _operation(self, document: Document, name: str | None) -> _Operation:
        """Return an operation of a document. Raises NotCompiled."""
        known = self._operations.get(document)
        if known is None:
            known = self._operations[document] = {}
        if name not in known:
            try:
                known[name] = self._read(document, name)
            except NotCompiled as refused:
                known[name] = refused.with_traceback(None)
        operation = known[name]
        if isinstance(operation, NotCompiled):
            raise operation
        return operation

    def _read(self, document: Document, name: str | None) -> _Operation:
        node = _operation_node(document, name)
        if node.operation is not OperationType.QUERY:
            raise NotCompiled(node.operation.value)
        variables = Variables(self._schema.core, node)
        deciding = condition_variables(document.executable)
        return _Operation(
            node=node,
            variables=variables,
            conditions=[name for name in variables.names if name in deciding],
        )


def _fragments(document: Document) -> dict[str, FragmentDefinitionNode]:
    return {
        definition.name.value: definition
        for definition in document.executable.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def _operation_node(document: Document, name: str | None) -> OperationDefinitionNode:
    """Return the operation as it is executed. Raises NotCompiled where the name finds none."""
    found = [
        definition
        for definition in document.executable.definitions
        if isinstance(definition, OperationDefinitionNode)
        and (name is None or (definition.name is not None and definition.name.value == name))
    ]
    if len(found) != 1:
        raise NotCompiled("operation")
    return found[0]
