"""The prompt: our instructions, and everything that isn't ours as one piece of JSON beside them."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from navis_api.answers.drafts import DraftSection
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.contract import PatientFact
from navis_api.generation.llm.output import answer_schema
from navis_api.generation.llm.shown import ShownPassage
from navis_api.language_models.prompt import Prompt


def make_prompt(
    question: str,
    cancer: CatalogueEntry | None,
    passages: Sequence[ShownPassage],
    *,
    written: Sequence[DraftSection],
    locale: str,
    facts: Sequence[PatientFact] = (),
) -> Prompt:
    """Return the prompt for a question and numbered passages, and maybe for one patient.

    The question and the passages are other people's words: they stand in JSON strings, which
    nothing inside of them can end.
    """
    data: dict[str, Any] = {
        "question": question,
        "cancer": cancer.name if cancer else None,
        "language": locale,
        "already_written": [
            {
                "heading": section.heading,
                "claims": [claim.text for claim in section.claims],
            }
            for section in written
        ],
        "passages": [
            {
                "passage": number,
                "title": passage.title,
                "publisher": passage.publisher,
                "version": passage.edition,
                "headings": passage.headings[1:],
                "text": passage.text,
            }
            for number, passage in enumerate(passages, start=1)
        ],
    }
    if facts:
        data["facts"] = [_fact(fact) for fact in facts]
    text = json.dumps(data, ensure_ascii=False, indent=1)
    instructions = _instructions("instructions.txt")
    if facts:
        instructions = f"{instructions}\n{_instructions('patient.txt')}"
    return Prompt(instructions, text, answer_schema(for_patient=bool(facts)))


def _fact(fact: PatientFact) -> dict[str, Any]:
    """Return what a model is told of a fact: vocabulary's words, and nothing that isn't known."""
    told = {
        "fact": fact.number,
        "kind": fact.kind.value,
        "name": fact.name,
        "value": fact.value,
        "unit": fact.unit,
        "assertion": fact.assertion.value,
        "temporality": fact.temporality.value,
        "treatment_status": fact.treatment_status.value if fact.treatment_status else None,
        "line": fact.line,
        "disputed": fact.disputed or None,
    }
    return {key: value for key, value in told.items() if value is not None}


@cache
def _instructions(name: str) -> str:
    return files("navis_api.generation.llm").joinpath(name).read_text("utf-8")
