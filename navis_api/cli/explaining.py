"""Why a reviewed answer was served or not, for the terminal and for scripts."""

from collections.abc import Iterator
from typing import Any

from navis_api.asking.nearness import Considered
from navis_api.asking.service import Explanation
from navis_api.questions.sameness.decision import Sameness
from navis_api.questions.sameness.slots import Slots

_VERDICTS = {
    Sameness.SAME: "the same question: served",
    Sameness.DIFFERENT: "another question: suggested",
    Sameness.UNCERTAIN: "perhaps the same: suggested",
}


def explanation_lines(explanation: Explanation) -> Iterator[str]:
    """Yield what was read from the question, and each reviewed question with the reasons."""
    read = explanation.nearness.read
    yield "Read from the question"
    cancer = explanation.cancer
    yield f"  about: {cancer.name if cancer else 'no one cancer'}"
    for slot, told in read.values.items():
        yield f"  {slot.value}: {', '.join(sorted(told))}"
    yield f"  asked as: {read.form.value}"
    for reason in explanation.safety:
        yield f"  {reason.kind.value}, by the {reason.reader} reader: {', '.join(reason.saw)}"
    yield ""
    if explanation.exact is not None:
        yield "A reviewed question is the same to the letter: served"
        yield f"  {explanation.exact.text}"
        yield ""
        return
    yield from _considered(explanation.nearness.considered)


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """Return the same as data."""
    exact = explanation.exact
    return {
        "cancer": explanation.cancer.slug if explanation.cancer else None,
        "exact": exact.slug if exact else None,
        "read": _slots(explanation.nearness.read),
        "safety": [
            {"kind": each.kind.value, "reader": each.reader, "saw": list(each.saw)}
            for each in explanation.safety
        ],
        "considered": [
            {
                "slug": each.question.slug,
                "text": each.question.text,
                "verdict": each.decision.verdict.value,
                "reasons": [reason.text for reason in each.decision.reasons],
            }
            for each in explanation.nearness.considered
        ],
    }


def _considered(considered: tuple[Considered, ...]) -> Iterator[str]:
    if not considered:
        yield "No reviewed question is near it."
    for each in considered:
        yield f"{each.question.text}"
        yield f"  {_VERDICTS[each.decision.verdict]}"
        for reason in each.decision.reasons:
            yield f"  - {reason.text}"
        yield ""


def _slots(read: Slots) -> dict[str, Any]:
    told: dict[str, Any] = {slot.name.lower(): sorted(held) for slot, held in read.values.items()}
    return {**told, "form": read.form.name.lower()}
