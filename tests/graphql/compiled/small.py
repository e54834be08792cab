"""A small schema with what ours doesn't have (yet): every kind of value, argument and failure."""

import asyncio
import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import strawberry
from graphql import ExecutionResult as CoreResult
from graphql import execute, parse
from strawberry.dataloader import DataLoader

from navis_api.graphql.compiled.queries import CompiledQueries
from navis_api.graphql.documents import Document
from navis_api.graphql.reads import ReadLog
from navis_api.graphql.recorded import RECORDED
from navis_api.graphql.schema import Schema
from tests.waiting import PATIENCE_S


@dataclass
class Context:
    """What resolvers are given: a loader, and what they noted."""

    batches: list[list[int]] = field(default_factory=list[list[int]])
    calls: list[str] = field(default_factory=list[str])
    forgotten: int = 0
    reads: ReadLog = field(default_factory=ReadLog)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.forget_loaded()
        self.forgotten = 0

    def forget_loaded(self) -> None:
        self.forgotten += 1
        self.loader = DataLoader[int, int](load_fn=self._load)

    async def _load(self, keys: list[int]) -> list[int]:
        self.batches.append(keys)
        await asyncio.sleep(0)
        return [key * 10 for key in keys]


Info = strawberry.Info[Context, None]


@strawberry.enum
class Colour(enum.Enum):
    RED = "r"
    GREEN = strawberry.enum_value("g", name="VERDE")


class Text(str):
    """A str of another class."""

    __slots__ = ()


@strawberry.input
class Point:
    x: int
    y: int = 7
    names: list[str] | None = None


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Leaf(Named):
    number: int | None = None


@strawberry.type
class Branch(Named):
    key: strawberry.Private[int] = 0

    @strawberry.field
    async def loaded(self, info: Info) -> int:
        return await info.context.loader.load(self.key)

    @strawberry.field
    async def below(self, info: Info) -> "list[Branch]":
        found = await info.context.loader.load(self.key)
        return [Branch(name=f"{found}", key=found + each) for each in (1, 2)]

    @strawberry.field
    async def held(self, info: Info) -> str:
        """Wait until somebody opens the gate."""
        await cast("asyncio.Future[Any]", info.context.gate.wait())
        return self.name

    @strawberry.field
    async def timed(self) -> str:
        """Need a task."""
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.sleep(0)
        return self.name

    @strawberry.field
    async def turned(self) -> str:
        """Wait for the next turn of the loop."""
        await asyncio.sleep(0)
        return self.name

    @strawberry.field
    def opens(self, info: Info) -> bool:
        info.context.gate.set()
        return True

    @strawberry.field
    async def fails(self) -> str:
        await asyncio.sleep(0)
        raise ValueError(self.name)

    @strawberry.field
    def leaves(self) -> list[Named]:
        return [Leaf(name="a", number=1), Branch(name="b"), Leaf(name="c")]


@strawberry.type
class Values:
    """Values that are of their type at once, and ones that have to be made so."""

    text: str = "é😀"
    odd_text: str = cast("str", Text("odd"))
    number_as_text: str = cast("str", 3)
    number: int = 2**31 - 1
    whole_float: int = cast("int", 3.0)
    flag_as_number: int = cast("int", bool(1))
    floating: float = 0.1
    number_as_float: float = cast("float", 3)
    flag: bool = False
    one_as_flag: bool = cast("bool", 1)
    id: strawberry.ID = strawberry.ID("x")
    number_as_id: strawberry.ID = cast("strawberry.ID", 5)
    colour: Colour = Colour.GREEN
    day: date = date(2026, 11, 21)
    moment: datetime = datetime(2026, 11, 21, 12, 0, 0, 5, tzinfo=UTC)
    moment_as_day: date = datetime(2026, 11, 21, tzinfo=UTC)
    decimal: Decimal = Decimal("1.10")
    nothing: str | None = None
    matrix: list[list[int | None]] = strawberry.field(default_factory=lambda: [[1, None], []])
    tuple: list[str] = cast("list[str]", ("a", "b"))
    maybe: list[Leaf | None] | None = strawberry.field(
        default_factory=lambda: [None, Leaf(name="l")]
    )

    # What can't be.
    too_large: int = 2**31
    not_finite: float = float("nan")
    null: str = cast("str", None)
    null_within: list[str] = strawberry.field(
        default_factory=lambda: cast("list[str]", ["a", None])
    )
    not_a_list: list[str] = cast("list[str]", 5)
    not_a_branch: Named = cast("Named", 5)


@strawberry.type
class Query:
    @strawberry.field
    def values(self) -> Values:
        return Values()

    @strawberry.field
    async def branches(self, count: int = 2) -> list[Branch]:
        return [Branch(name=f"b{key}", key=key) for key in range(count)]

    @strawberry.field
    def branch(self, key: int = 0) -> Branch | None:
        return Branch(name=f"b{key}", key=key) if key >= 0 else None

    @strawberry.field
    async def slow(self, info: Info) -> str:
        info.context.calls.append("slow begins")
        await info.context.gate.wait()
        info.context.calls.append("slow ends")
        return "slow"

    @strawberry.field
    async def quick(self, info: Info) -> str:
        info.context.calls.append("quick")
        info.context.gate.set()
        return "quick"

    @strawberry.field
    def echo(
        self,
        number: int | None = 3,
        text: str | None = strawberry.UNSET,
        colour: Colour = Colour.RED,
        colours: list[Colour] | None = None,
        point: Point | None = None,
        points: Sequence[Point] = (),
        ids: list[strawberry.ID] | None = None,
        ratio: float | None = None,
        day: date | None = None,
    ) -> str:
        """Say what was given."""
        return repr((number, text, colour, colours, point, points, ids, ratio, day))

    @strawberry.field
    def grown(self, names: list[str]) -> int:
        """Change what was given: nobody else may notice."""
        names.append("more")
        return len(names)

    @strawberry.field
    def told(self, info: Info, deep: bool = False) -> str:  # noqa: FBT001, FBT002 - an argument of the field
        """Say what the info tells."""
        del deep
        selected = info.selected_fields[0]
        return repr((info.field_name, info.python_name, selected, info.variable_values))

    @strawberry.field
    def where(self, info: Info) -> str:
        return str(info.path.as_list())

    @strawberry.field(metadata=RECORDED)
    def counted(self, info: Info) -> int:
        info.context.calls.append("counted")
        return len(info.context.calls)

    @strawberry.field
    async def dropped(self) -> str:
        """Wait for what is cancelled."""
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        return await future

    @strawberry.field
    def noted(self, info: Info, fail: bool = False) -> str | None:  # noqa: FBT001, FBT002 - as above
        info.context.reads.published()
        if fail:
            raise ValueError("no")
        return "noted"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def change(self) -> bool:
        return True


class Small:
    """The small schema, executed both ways."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.compiled = CompiledQueries(schema, Counter())
        self.documents: dict[str, Document] = {}

    def document(self, text: str) -> Document:
        if text not in self.documents:
            ast = parse(text)
            self.documents[text] = Document(self.schema.core, ast, ast)
        return self.documents[text]

    async def reference(
        self, text: str, variables: dict[str, Any] | None = None, context: Context | None = None
    ) -> CoreResult:
        found = execute(
            self.schema.core,
            parse(text),
            variable_values=variables or {},
            context_value=context or Context(),
        )
        return found if isinstance(found, CoreResult) else await found

    async def run(
        self, text: str, variables: dict[str, Any] | None = None, context: Context | None = None
    ) -> dict[str, Any] | None:
        """Return the data of compiled execution, if there is any."""
        result = await self.compiled.execute(
            self.document(text), None, variables or {}, cast("Any", context or Context())
        )
        return None if result is None else result.data

    async def same(self, text: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of compiled execution, which must be graphql-core's."""
        data = await self.run(text, variables)
        reference = await self.reference(text, variables)
        assert not reference.errors, reference.errors
        assert data is not None, self.compiled.outcomes
        assert repr(data) == repr(reference.data)
        return data

    async def left(self, text: str, variables: dict[str, Any] | None = None) -> str:
        """Return why an operation was left to graphql-core, which it must be."""
        before = dict(self.compiled.outcomes)
        assert await self.run(text, variables) is None
        return next(
            reason
            for reason, count in self.compiled.outcomes.items()
            if count != before.get(reason, 0)
        )


def small_schema() -> Schema:
    return Schema(query=Query, mutation=Mutation, types=[Leaf, Branch])
