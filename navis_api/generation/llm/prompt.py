"""The prompt: our instructions, and everything that isn't ours as one piece of JSON beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from navis_api.answers.drafts import DraftSection
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.llm.shown import ShownPassage


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is sent: `instructions` are ours alone, `data` is what they speak of."""

    instructions: str
    data: str


def make_prompt(
    question: str,
    cancer: CatalogueEntry | None,
    passages: Sequence[ShownPassage],
    *,
    written: Sequence[DraftSection],
    locale: str,
) -> Prompt:
    """Return the prompt for a question and numbered passages.

    The question and the passages are other people's words: they stand in JSON strings, which
    nothing inside of them can end.
    """
    data = {
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
    return Prompt(_instructions(), json.dumps(data, ensure_ascii=False, indent=1))


@cache
def _instructions() -> str:
    return files("navis_api.generation.llm").joinpath("instructions.txt").read_text("utf-8")
