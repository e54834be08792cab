"""One execution of a program, and all that it waits for.

Objects are completed in one go. Where a resolver has to be awaited, its place in the
dictionary is kept, and filled when it is done: nothing waits for what it doesn't need, so
loaders gather what all objects of a level ask for, as under graphql-core.

Fields of Query run as tasks. All other coroutines are stepped by hand: most of them wait for
one loader, and a task for each would cost more than everything else about them. They run
outside any task, so what needs one (`asyncio.timeout`, a task group) raises RuntimeError
there, and the operation is left to graphql-core.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, cast

from graphql.execution.values import VariableValues

from navis_api.graphql.compiled.arguments import ConvertedArguments, SimpleArguments
from navis_api.graphql.compiled.errors import Cancelled, NeverCompiled, NotCompiled
from navis_api.graphql.compiled.info import CompiledInfo
from navis_api.graphql.compiled.variables import Variables
from navis_api.graphql.compiled.writer import Program
from navis_api.graphql.context import RequestContext

Complete = Callable[[Any, "Run"], Any]
Resolving = Coroutine[Any, Any, Any]


class Run:
    """One execution. Generated code uses `infos`, `arguments`, `converted`, `begin` and `start`."""

    def __init__(
        self,
        program: Program,
        context: RequestContext,
        given: Mapping[str, Any],
        coerced: Mapping[str, Any],
        variables: Variables,
    ) -> None:
        self.program = program
        self.context = context
        self._given = given
        self._variables = variables
        self._roots: list[tuple[Resolving, dict[str, Any], str, Complete]] = []
        self._waiting: set[_Waiting] = set()
        self._failure: BaseException | None = None
        self._done: asyncio.Future[None] | None = None
        self.infos = [
            CompiledInfo(self, each) if each.info_keyword is not None else None
            for each in program.resolvers
        ]
        self.arguments = [
            each.arguments.given(coerced) if isinstance(each.arguments, SimpleArguments) else None
            for each in program.resolvers
        ]

    @cached_property
    def variables_in_full(self) -> VariableValues:
        """The variables as graphql-core keeps them."""
        return self._variables.in_full(self._given)

    def converted(self, place: int) -> dict[str, Any]:
        """Return arguments that are made anew for each call."""
        planned = self.program.resolvers[place].arguments
        assert isinstance(planned, ConvertedArguments), "the writer asks for no others"
        return planned.given(self.variables_in_full if planned.uses_variables else None)

    def begin(
        self, resolving: Resolving, into: dict[str, Any], key: str, complete: Complete
    ) -> None:
        """Await a field of Query, as a task of its own if there are several."""
        self._roots.append((resolving, into, key, complete))

    def start(
        self, resolving: Resolving, into: dict[str, Any], key: str, complete: Complete
    ) -> None:
        """Await any other field. What is ready at once is completed at once."""
        try:
            awaited = resolving.send(None)
        except StopIteration as done:
            into[key] = complete(done.value, self)
            return
        waiting = _Waiting(self, resolving, into, key, complete)
        self._waiting.add(waiting)
        waiting.wait_for(awaited)

    async def data(self) -> dict[str, Any]:
        """Return the operation's data. Raises whatever was raised first."""
        try:
            data: dict[str, Any] = _outside_tasks(self.program.root, None, self)
            if len(self._roots) == 1:
                await self._root(*self._roots.pop())
            elif self._roots:
                roots = [asyncio.create_task(self._root(*each)) for each in self._roots]
                self._roots.clear()
                for ended in await asyncio.gather(*roots, return_exceptions=True):
                    if ended is not None:
                        self.fail(ended)
            if self._waiting and self._failure is None:
                self._done = asyncio.get_running_loop().create_future()
                await self._done
            if isinstance(self._failure, asyncio.CancelledError):
                raise Cancelled from self._failure
            if self._failure is not None:
                raise self._failure
        finally:
            self._close()
        return data

    async def _root(
        self, resolving: Resolving, into: dict[str, Any], key: str, complete: Complete
    ) -> None:
        value = await resolving
        into[key] = _outside_tasks(complete, value, self)

    def ended(self, waiting: "_Waiting") -> None:
        """Note that a field is complete."""
        self._waiting.discard(waiting)
        if not self._waiting and self._done is not None and not self._done.done():
            self._done.set_result(None)

    def fail(self, failure: BaseException) -> None:
        """Note that a field failed: nothing else is worth waiting for."""
        if self._failure is None:
            self._failure = failure
        if self._done is not None and not self._done.done():
            self._done.set_result(None)

    @property
    def is_over(self) -> bool:
        """Whether the execution has failed or been given up."""
        return self._failure is not None

    def _close(self) -> None:
        """Give up what is still waiting, after a failure or when nobody wants it any more."""
        if not self._waiting and not self._roots:
            return
        self._failure = self._failure or NotCompiled("given up")
        for resolving, *_ in self._roots:
            resolving.close()
        for waiting in self._waiting:
            # A resolver may refuse to be closed; it is not heard of again either way.
            with suppress(Exception):
                waiting.resolving.close()
        self._waiting.clear()


class _Waiting:
    """A field whose resolver waits for something."""

    __slots__ = ("_complete", "_into", "_key", "_run", "resolving")

    def __init__(
        self, run: Run, resolving: Resolving, into: dict[str, Any], key: str, complete: Complete
    ) -> None:
        self._run = run
        self.resolving = resolving
        self._into = into
        self._key = key
        self._complete = complete

    def wait_for(self, awaited: object) -> None:
        """Go on when `awaited` is done: a future, or None for the next turn of the loop."""
        if awaited is None:
            asyncio.get_running_loop().call_soon(self._step, None)
        elif isinstance(awaited, asyncio.Future):
            # As a task does it: the mark says that somebody took notice of the future.
            awaited._asyncio_future_blocking = False  # noqa: SLF001 - of asyncio's protocol for tasks of others
            cast("asyncio.Future[Any]", awaited).add_done_callback(self._step)
        else:
            raise NeverCompiled("awaitable")

    def _step(self, awaited: asyncio.Future[Any] | None) -> None:
        run = self._run
        if run.is_over:
            # Whatever it failed with has been seen: graphql-core will meet it again.
            if awaited is not None and not awaited.cancelled():
                awaited.exception()
            return
        try:
            try:
                following = self.resolving.send(None)
            except StopIteration as done:
                self._into[self._key] = self._complete(done.value, run)
                run.ended(self)
            else:
                self.wait_for(following)
        except (Exception, asyncio.CancelledError) as failure:  # noqa: BLE001 - all of them are left to graphql-core
            run.fail(failure)


def _outside_tasks(function: Callable[..., Any], value: object, run: Run) -> Any:  # noqa: ANN401 - what a program returns
    """Call a function of the program as from no task, whichever task this is."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    if task is None:
        return function(value, run)
    asyncio.tasks._leave_task(loop, task)  # noqa: SLF001 - documented under "Extending"
    try:
        return function(value, run)
    finally:
        asyncio.tasks._enter_task(loop, task)  # noqa: SLF001 - as above
