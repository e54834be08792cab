"""What readers are told of an answer that waits to be checked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from navis_api.answers import fixed_texts
from navis_api.answers.document import AnswerContent
from navis_api.answers.models import AnswerState
from navis_api.answers.published_repository import ShownRevision
from navis_api.kit.languages import ORIGINAL, Language


@dataclass(frozen=True, slots=True)
class StaleClaim:
    """A claim, counted from 0, whose quote no longer stands in this source."""

    section: int
    claim: int
    source_id: UUID


@dataclass(frozen=True, slots=True)
class StaleNotice:
    """Since when an answer waits, why in plain words, and which claims that concerns.

    None are named where the time for its next review has come. `text` says all of it.
    """

    since: datetime
    text: str
    claims: tuple[StaleClaim, ...]

    def marks(self, section: int) -> frozenset[int]:
        """Return the claims of a section that the notice is about."""
        return frozenset(each.claim for each in self.claims if each.section == section)


def is_stale(revision: ShownRevision) -> bool:
    """Return whether a revision waits to be checked again."""
    return revision.state is AnswerState.STALE


def stale_notice(
    revision: ShownRevision, content: AnswerContent, language: Language = ORIGINAL
) -> StaleNotice | None:
    """Return what to say of a stale revision in a language; None for any other.

    Why it waits is said as whoever or whatever found it out has said it, in English.
    """
    if not is_stale(revision):
        return None
    claims = tuple(
        StaleClaim(each["section"], each["claim"], UUID(each["source"]))
        for each in revision.stale_claims or ()
    )
    since = revision.updated_at.date().isoformat()
    reason = revision.state_reason or ""
    if language is Language.SPANISH:
        parts = [
            f"Esta respuesta espera desde el {since} que se compruebe de nuevo.",
            f"Motivo, en inglés: {reason}" if reason else "",
            _where_in_spanish(claims, content),
        ]
    else:
        parts = [
            f"This answer has been waiting to be checked again since {since}.",
            reason,
            _where(claims, content),
        ]
    return StaleNotice(revision.updated_at, " ".join(part for part in parts if part), claims)


def _where(claims: Sequence[StaleClaim], content: AnswerContent) -> str:
    if not claims:
        return fixed_texts.STANDS_UNTIL_CHECKED
    listed = _listed(claims, content, joint=" and ")
    return (
        f"What rests on it stands under {listed}, with the mark {fixed_texts.BEING_CHECKED}"
        " behind it. The rest stands as it was reviewed."
    )


def _where_in_spanish(claims: Sequence[StaleClaim], content: AnswerContent) -> str:
    if not claims:
        return "Hasta que se compruebe, vale como se revisó."
    listed = _listed(claims, content, joint=" y ")
    return (
        f"Lo que depende de eso está en {listed}, con la marca {fixed_texts.BEING_CHECKED} detrás."
        " Lo demás vale como se revisó."
    )


def _listed(claims: Sequence[StaleClaim], content: AnswerContent, *, joint: str) -> str:
    headings = dict.fromkeys(content.sections[each.section].heading for each in claims)
    named = [f"“{heading}”" for heading in headings]
    return joint.join(part for part in (", ".join(named[:-1]), named[-1]) if part)
