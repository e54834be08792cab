"""The two forms in which parts of a result travel: what `@defer` and `@stream` leave for later.

graphql-core 3.3 gives its results in the newer form, in which a part names by an id what
was announced as pending (GraphQL specification, pull request 1110; 2023). The older one,
in which each part has a path of its own, is what Apollo Client 3, Relay and the Apollo
clients for phones ask for by default (GraphQL specification, pull request 742; 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias, cast

from graphql import GraphQLError
from graphql.execution import (
    IncrementalDeferResult,
    IncrementalResult,
    InitialIncrementalExecutionResult,
    PendingResult,
    SubsequentIncrementalExecutionResult,
)

from navis_api.graphql.errors import public_errors
from navis_api.kit.languages import ORIGINAL, Language

Path: TypeAlias = "list[str | int]"
Json: TypeAlias = "dict[str, Any]"


class IncrementalFormat(StrEnum):
    """A form, by the parameter of the media type that stands for it."""

    BY_PATH = "deferSpec=20220824"
    BY_ID = "incrementalSpec=v0.2"


@dataclass(slots=True)
class _Awaited:
    """Something that was announced. `items` counts those of a streamed list that were sent."""

    path: Path
    label: str | None
    items: int
    was_sent: bool = False


@dataclass(slots=True)
class FrameWriter:
    """Writes the frames of one response, one after the other, as JSON values."""

    format: IncrementalFormat
    language: Language = ORIGINAL
    _awaited: dict[str, _Awaited] = field(default_factory=dict[str, _Awaited])

    def first(self, result: InitialIncrementalExecutionResult) -> Json:
        """Return the frame that the response begins with."""
        frame: Json = {"data": result.data, **self._errors(result.errors)}
        if self.format is IncrementalFormat.BY_ID:
            frame["pending"] = [pending.formatted for pending in result.pending]
        else:
            self._await(result.pending, [([], result.data)])
        return {**frame, "hasNext": result.has_next}

    def next(self, result: SubsequentIncrementalExecutionResult) -> Json:
        """Return a frame that follows."""
        if self.format is IncrementalFormat.BY_ID:
            return self._by_id(result)
        delivered: list[tuple[Path, Any]] = []
        parts = [self._by_path(part, delivered) for part in result.incremental or ()]
        self._await(result.pending or (), delivered)
        for completed in result.completed or ():
            awaited = self._awaited.pop(completed.id)
            if completed.errors:
                parts.append(self._failed(awaited, completed.errors))
            elif awaited.items < 0 and not awaited.was_sent:
                # Its fields came with another's. Apollo Kotlin and Relay wait for each label.
                parts.append({"data": {}, "path": awaited.path, **_labelled(awaited)})
        return {**({"incremental": parts} if parts else {}), "hasNext": result.has_next}

    def _by_id(self, result: SubsequentIncrementalExecutionResult) -> Json:
        frame: Json = {}
        if result.pending:
            frame["pending"] = [pending.formatted for pending in result.pending]
        if result.incremental:
            frame["incremental"] = [
                {**part.formatted, **self._errors(part.errors)} for part in result.incremental
            ]
        if result.completed:
            frame["completed"] = [
                {"id": each.id, **self._errors(each.errors)} for each in result.completed
            ]
        return {**frame, "hasNext": result.has_next}

    def _by_path(self, part: IncrementalResult, delivered: list[tuple[Path, Any]]) -> Json:
        awaited = self._awaited[part.id]
        awaited.was_sent = True
        path = [*awaited.path, *(part.sub_path or ())]
        label = _labelled(awaited)
        if isinstance(part, IncrementalDeferResult):
            delivered.append((path, part.data))
            return {"data": part.data, "path": path, **label, **self._errors(part.errors)}
        first = awaited.items
        awaited.items += len(part.items)
        delivered.extend(
            ([*path, place], item) for place, item in enumerate(part.items, start=first)
        )
        return {"items": part.items, "path": [*path, first], **label, **self._errors(part.errors)}

    def _failed(self, awaited: _Awaited, errors: Sequence[GraphQLError]) -> Json:
        """Return the part for something that was null where nothing may be null."""
        label = _labelled(awaited)
        if awaited.items < 0:
            return {"data": None, "path": awaited.path, **label, **self._errors(errors)}
        path = [*awaited.path, awaited.items]
        return {"items": None, "path": path, **label, **self._errors(errors)}

    def _await(
        self, announced: Sequence[PendingResult], delivered: Sequence[tuple[Path, Any]]
    ) -> None:
        for pending in announced:
            found = _value_at(pending.path, delivered)
            # A list is what is streamed; what is deferred is an object's fields.
            items = len(cast("list[Any]", found)) if isinstance(found, list) else -1
            self._awaited[pending.id] = _Awaited(list(pending.path), pending.label, items)

    def _errors(self, errors: Sequence[GraphQLError] | None) -> Json:
        if not errors:
            return {}
        return {"errors": [error.formatted for error in public_errors(errors, self.language)]}


def _labelled(awaited: _Awaited) -> Json:
    return {"label": awaited.label} if awaited.label is not None else {}


def _value_at(path: Sequence[str | int], delivered: Sequence[tuple[Path, Any]]) -> Any:  # noqa: ANN401 - any JSON
    """Return what stands at a path in what was delivered just now; None where it is elsewhere."""
    for base, data in delivered:
        if list(path[: len(base)]) != base:
            continue
        found = data
        for step in path[len(base) :]:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                break
        else:
            return found
    return None
