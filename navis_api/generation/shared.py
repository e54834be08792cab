"""What the subscribers of one generation share within a process: its new rows, read once.

Who may see a row is the database's to say (law 4), and it says so to each
subscriber when it looks for itself. What it said holds for as long as the facts
stand that its policies decide by; when one of them changes, every subscriber looks
for itself again before it gets another row. Text is shared only while it is being
written: what becomes of it afterwards depends on who looks (migration 0007).
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.db.sessions import RowViewer
from navis_api.generation.models import GenerationEventKind, GenerationEventRow

KEPT_ROWS = 64
"""Whoever is further behind reads the rows itself."""

_WOKEN_AT_A_TIME = 100
"""Between them others have their turn: ten thousand subscribers are a second's work."""

_STAFF_ROLES = frozenset({"system", "reviewer", "editor", "administrator"})
"""Those who see every question, asked by them or not (migration 0003)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A generation at one moment, as far as it decides who may see what of it.

    `has_revision`: its text is an answer by now, and shows to whom that shows.
    """

    answered: bool
    asked_anonymously: bool
    has_revision: bool
    finished: bool
    last_sequence: int


@dataclass(frozen=True, slots=True)
class Admission:
    """That row security showed a viewer the generation, and what that rested on.

    `losses` is how often, until then, somebody was found not to be an asker any more.
    """

    viewer: RowViewer
    answered: bool
    asked_anonymously: bool
    losses: int

    @property
    def asker(self) -> str | None:
        """The subject that may be here only because it asked."""
        return None if self.viewer.role in _STAFF_ROLES else self.viewer.subject or None


class Shared:
    """A generation that somebody follows: its newest rows, and who waits for more."""

    def __init__(self) -> None:
        self.followers = 0
        self.version = 0
        self.losses = 0
        self.last_sequence = 0
        self._facts: Facts | None = None
        self._rows: deque[GenerationEventRow] = deque()
        self._begins_after = 0
        self._missing = 0
        self._askers: Counter[str] = Counter()
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def askers(self) -> list[str]:
        """The subscribers whose right hangs on their having asked; none where all may follow."""
        facts = self._facts
        if facts is None or facts.answered or facts.asked_anonymously:
            return []
        return list(self._askers)

    def admit(self, viewer: RowViewer, facts: Facts, *, losses: int) -> Admission:
        """Take note that a viewer was shown the generation. `losses`: as of before it looked."""
        if self._facts is None:
            self._facts = facts
            self._begins_after = self.last_sequence = facts.last_sequence
        admission = Admission(viewer, facts.answered, facts.asked_anonymously, losses)
        if admission.asker is not None:
            self._askers[admission.asker] += 1
        return admission

    def dismiss(self, admission: Admission) -> None:
        """Forget an admission."""
        asker = admission.asker
        if asker is not None:
            self._askers[asker] -= 1
            if not self._askers[asker]:
                del self._askers[asker]

    def rows_for(self, admission: Admission, after: int) -> list[GenerationEventRow] | None:
        """Return the rows after a number, in order. None means: look for yourself."""
        facts = self._facts
        if (
            facts is None
            or after < self._begins_after
            or admission.losses != self.losses
            or (admission.answered, admission.asked_anonymously)
            != (facts.answered, facts.asked_anonymously)
        ):
            return None
        rows = [row for row in self._rows if row.sequence > after]
        # Whether somebody has had everything is for the rows themselves to say.
        return None if facts.finished and not rows else rows

    def take(
        self, facts: Facts | None, rows: Sequence[GenerationEventRow], *, missing: int
    ) -> None:
        """Take in what the reader found, with the facts as of after the rows; None: it is gone.

        `missing` is how many of the askers have not asked, by now.
        """
        before, self._facts = self._facts, facts
        news = [row for row in rows if row.sequence > self.last_sequence]
        if missing > self._missing:
            self.losses += 1
        self._missing = missing
        if facts is not None and facts.has_revision:
            self._rows.clear()
            self._begins_after = self.last_sequence
        if news:
            self.last_sequence = news[-1].sequence
            self._rows.extend(news)
            if facts is None or (facts.has_revision and _has_text(news)):
                self._rows.clear()
                self._begins_after = self.last_sequence
            while len(self._rows) > KEPT_ROWS:
                self._begins_after = self._rows.popleft().sequence
        if news or missing or facts != before:
            self.version += 1

    async def news_since(self, version: int) -> None:
        """Return when there is something after that version to look at."""
        if self.version != version:
            return
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)

    async def wake(self) -> None:
        """Let those who wait see what is new, some at a time."""
        waiting = list(self._waiting)
        for start in range(0, len(waiting), _WOKEN_AT_A_TIME):
            for each in waiting[start : start + _WOKEN_AT_A_TIME]:
                if not each.done():
                    each.set_result(None)
            await asyncio.sleep(0)


def _has_text(rows: Sequence[GenerationEventRow]) -> bool:
    return any(row.kind is GenerationEventKind.TEXT_ADDED for row in rows)
