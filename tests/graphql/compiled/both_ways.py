"""Executing an operation with graphql-core and compiled, over the same world."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, cast

import orjson
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.types.execution import ExecutionResult

from navis_api.db.sessions import Database, RowViewer
from navis_api.graphql.compiled.queries import CompiledQueries
from navis_api.graphql.context import RequestContext, Services
from navis_api.graphql.operation import admit
from navis_api.graphql.responses import encode
from navis_api.graphql.schema import schema
from navis_api.identity.viewer import ANONYMOUS, Viewer
from navis_api.kit.languages import ORIGINAL, Language


@dataclass(frozen=True)
class Both:
    """What came of both; `compiled` is None where it was left to graphql-core.

    `once_more` is what came of compiled execution the second time, when it may remember
    what it showed the first time.
    """

    reference: bytes
    has_errors: bool
    compiled: bytes | None
    once_more: bytes | None
    reason: str
    reads_agree: bool

    @property
    def agree(self) -> bool:
        """Whether there is nothing that a client could tell apart."""
        if self.compiled is None:
            return self.once_more is None
        are_equal = self.compiled == self.once_more == self.reference
        return are_equal and not self.has_errors and self.reads_agree


class BothWays:
    """Executes operations by graphql-core and, twice, compiled.

    `written` counts transactions that compiled execution began.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.compiled = CompiledQueries(schema(), Counter())
        self.written = 0
        self._watched = replace(services, database=self._watch(services.database))

    async def run(
        self,
        text: str,
        variables: dict[str, Any] | None = None,
        *,
        viewer: Viewer = ANONYMOUS,
        operation_name: str | None = None,
        language: Language = ORIGINAL,
    ) -> Both:
        """Return what comes of both. Raises OperationRefused for one that isn't executed."""
        variables = variables or {}
        document = self.services.documents.read(text)
        context = RequestContext(self.services, viewer=viewer, document=document, language=language)
        admit(context, document, operation_name, variables)
        async with aclosing(
            await schema().stream(
                text,
                variable_values=variables,
                context_value=context,
                operation_name=operation_name,
            )
        ) as results:
            reference = cast("ExecutionResult", await anext(results))
        contexts = [
            RequestContext(self._watched, viewer=viewer, document=document, language=language)
            for _ in range(2)
        ]
        before = dict(self.compiled.outcomes)
        first, second = [
            await self.compiled.execute(document, operation_name, variables, each)
            for each in contexts
        ]
        reason = next(
            name for name, count in self.compiled.outcomes.items() if count != before.get(name, 0)
        )
        return Both(
            reference=orjson.dumps(reference.data),
            has_errors=bool(reference.errors),
            compiled=None if first is None else encode(first.data),
            once_more=None if second is None else encode(second.data),
            reason=reason,
            reads_agree=all(context.reads == each.reads for each in contexts),
        )

    def _watch(self, database: Database) -> Database:
        """Return the same database, with an eye on what is written."""
        watched = copy(database)

        @asynccontextmanager
        async def writing(viewer: RowViewer) -> AsyncGenerator[AsyncSession]:
            self.written += 1
            async with database.writing(viewer) as session:
                yield session

        vars(watched)["writing"] = writing
        return watched
