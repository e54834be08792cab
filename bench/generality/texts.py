"""The questions without a cancer that the reader of generality learns from.

`texts/WRITER.jsonl` are by people who knew nothing of the program: `ANY` where an answer is the
same whichever cancer it is, `ASK` where it depends on that. From `texts/apart.jsonl` nothing is
learned.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent / "texts"
APART = "apart"
"""The author of whom nothing is learned."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, who wrote it, and whether its answer is the same for anybody."""

    text: str
    author: str
    of_anybody: bool


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: str
    expect: Literal["ANY", "ASK"]


def asked() -> list[Asked]:
    """Return all questions, those put aside among them."""
    return [
        Asked(read.text, path.stem, read.expect == "ANY")
        for path in sorted(FOLDER.glob("*.jsonl"))
        for read in map(_Line.model_validate_json, path.read_text("utf-8").splitlines())
    ]


def to_learn() -> list[Asked]:
    """Return the questions that the reader learns from."""
    return [each for each in asked() if each.author != APART]
