"""Making edits of what stands around an answer's sections: its title, summary and lists."""

from collections.abc import Sequence

from navis_api.answers.drafts import DraftFrame
from navis_api.answers.lengths import (
    MAX_ENTRIES,
    MAX_ENTRY_CHARS,
    MAX_SUMMARY_CHARS,
    MAX_TITLE_CHARS,
)
from navis_api.answers.models import AnswerRevision
from navis_api.errors import InvalidInput
from navis_api.kit.text import squeeze
from navis_api.review.edits import Edits


def edited_frame(old: AnswerRevision, edits: Edits) -> DraftFrame:
    """Return the frame of a revision with the edits made. Raises InvalidInput."""
    return DraftFrame(
        title=_line(edits.title, old.title, "title", MAX_TITLE_CHARS),
        summary=_line(edits.summary, old.summary, "summary", MAX_SUMMARY_CHARS),
        doctor_questions=_list(edits.doctor_questions, old.doctor_questions, "doctorQuestions"),
        next_steps=_list(edits.next_steps, old.next_steps, "nextSteps"),
        gaps=_list(edits.gaps, old.gaps, "gaps"),
    )


def _line(new: str | None, old: str, name: str, most: int) -> str:
    if new is None:
        return old
    said = squeeze(new)
    if not 1 <= len(said) <= most:
        raise InvalidInput(f"This has 1 to {most} characters.", path=("input", name))
    return said


def _list(new: Sequence[str] | None, old: Sequence[str], name: str) -> tuple[str, ...]:
    if new is None:
        return tuple(old)
    if len(new) > MAX_ENTRIES:
        raise InvalidInput(f"There are {MAX_ENTRIES} at most.", path=("input", name))
    return tuple(_line(entry, "", name, MAX_ENTRY_CHARS) for entry in new)
