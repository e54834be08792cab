"""What clients were told is done, and what they were told that they should not have been."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]
_SHOWN = 3


@dataclass
class Asked:
    """A question that was acknowledged, and what was heard of its answer."""

    text: str
    generation_id: str
    events: list[Event] = field(default_factory=list[Event])
    resumed: int = 0


@dataclass
class Uploaded:
    """A record whose upload was acknowledged as complete."""

    record_id: str
    token: str
    content: bytes
    findings: dict[str, str] = field(default_factory=dict[str, str])
    """Findings that were acknowledged as confirmed, by id, with what was decided."""


@dataclass(frozen=True)
class Decided:
    """A reviewer's decision on a revision."""

    answer_id: str
    revision: int
    decision: str
    reviewer: str


@dataclass
class Ledger:
    """What every client was told. `violations` are promises that were broken."""

    began: float = field(default_factory=time.monotonic)
    asked: list[Asked] = field(default_factory=list[Asked])
    personal: dict[str, str] = field(default_factory=dict[str, str])
    """Personal questions that were acknowledged, by id, with their patient's token."""
    uploaded: list[Uploaded] = field(default_factory=list[Uploaded])
    decided: list[Decided] = field(default_factory=list[Decided])
    tried: set[Decided] = field(default_factory=set[Decided])
    """Decisions that were sent, whether or not their acknowledgement arrived."""
    reads: int = 0
    failures: Counter[str] = field(default_factory=Counter[str])
    last_failure: float = 0.0
    under_way: list[float] = field(default_factory=list[float])
    """When the requests began that have no response yet."""
    slowest_s: float = 0.0
    violations: Counter[str] = field(default_factory=Counter[str])
    lines: list[str] = field(default_factory=list[str])
    calm_since: float | None = None
    """While this is set nothing may fail that is begun after it."""

    def say(self, line: str) -> None:
        """Write a line of what happened, and when."""
        told = f"{time.monotonic() - self.began:7.1f} s  {line}"
        self.lines.append(told)
        print(told, flush=True)

    def broken(self, promise: str, detail: object = "") -> None:
        """Write down that a promise was broken; the detail of the first few times is enough."""
        self.violations[promise] += 1
        if self.violations[promise] <= _SHOWN:
            self.say(f"BROKEN: {promise} {detail}")

    def failed(self, kind: str, *, began: float) -> None:
        """Count a request that failed in a way that allows to try it again."""
        self.failures[kind] += 1
        self.last_failure = time.monotonic()
        if self.calm_since is not None and began >= self.calm_since:
            self.broken(f"a request failed during a rolling restart: {kind}")

    def took(self, began: float) -> None:
        """Note how long a response was in coming."""
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)
