"""The questions that the reader of wording learns from, all written for it.

`ways/AUTHOR.jsonl` has a line for each kind of question: `same` are ways to ask it, `not` are
near neighbours that ask for something else. What they name stands as a gap (`{treatment}`), which
is filled the same way each time.
"""

import hashlib
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from navis_api.questions.sameness.learned.model import GAP

HERE = Path(__file__).parent
TOGETHER_SHARE = 0.15
"""So many questions are learned once more with another one behind: two at once are neither."""

_ONE_KIND = {
    "stage meaning": "definition",
    "marker meaning": "definition",
    "metastatic meaning": "definition",
    "who gets it": "risk factors",
    "feeling during": "side effects",
}
"""What somebody was told is explained alike, whatever it is: its slot says which."""

_OWNED = re.compile(r"\b(?:my|the|a|an|his|her|this|their|your|of|our|that)$", re.IGNORECASE)
_FILLS = {
    "cancer": (
        "bladder cancer|melanoma|breast cancer|lymphoma|kidney cancer|CLL|prostate cancer"
        "|lung cancer"
    ),
    "treatment": "chemotherapy|radiotherapy|surgery|immunotherapy|tamoxifen|chemo",
    "treatment2": "a stem cell transplant|hormone therapy|targeted therapy",
    "test": "a biopsy|a CT scan|a colonoscopy|an MRI",
    "effect": "fatigue|hair loss|nausea|neuropathy",
    "marker": "HER2-positive|EGFR-positive",
}
_FILLS_OWNED = {
    "treatment": "chemotherapy|radiotherapy|immunotherapy|tamoxifen|chemo",
    "test": "biopsy|CT scan|colonoscopy|MRI",
}
"""What can stand behind "my" or "the"."""


@dataclass(frozen=True, slots=True)
class Way:
    """A question, the kind that it is or only resembles, who wrote it, and what fills its gaps.

    `kind` is None where two are asked at once.
    """

    text: str
    kind: str | None
    asks_it: bool
    author: str
    names: Mapping[str, str]


class Kind(BaseModel):
    """Ways to ask one kind of question, and near neighbours, as one author wrote them."""

    model_config = ConfigDict(extra="forbid")
    label: str
    same: list[str]
    near: list[str] = Field(alias="not")


def written(folder: Path = HERE / "ways") -> Iterator[tuple[str, Kind]]:
    """Yield each author's kinds of questions, with their gaps."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield path.stem, Kind.model_validate_json(line)


def training_ways(folder: Path = HERE / "ways") -> list[Way]:
    """Return every question to learn from."""
    ways: list[Way] = []
    for author, read in written(folder):
        kind = _ONE_KIND.get(read.label, read.label)
        ways += _read(read.same, kind, author, asks_it=True)
        ways += _read(read.near, kind, author, asks_it=False)
    return [*ways, *_together(ways)]


def filled(text: str) -> tuple[str, dict[str, str]]:
    """Return a question with its gaps filled, the same way each time, and what fills each gap."""
    chance = random.Random(_seed(text))  # the same names each time
    names: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        gap = found[1]
        fills = _FILLS_OWNED if _OWNED.search(text[: found.start()].rstrip()) else _FILLS
        if gap not in names:
            names[gap] = chance.choice(fills.get(gap, _FILLS[gap]).split("|"))
        return names[gap]

    return GAP.sub(name, text), names


def _read(texts: Sequence[str], kind: str, author: str, *, asks_it: bool) -> Iterator[Way]:
    for each in texts:
        text, names = filled(each)
        yield Way(text, kind, asks_it, author, names)


def _together(ways: Sequence[Way]) -> Iterator[Way]:
    """Yield questions with another one behind: whoever asks two things asks neither alone."""
    for author in sorted({way.author for way in ways}):
        asked = [way for way in ways if way.author == author and way.asks_it]
        for way in asked:
            chance = random.Random(_seed(way.text))  # the same ones each time
            other = chance.choice(asked)
            if chance.random() < TOGETHER_SHARE and other.kind != way.kind:
                joint = "" if way.text.endswith((".", "?", "!")) else " and"
                yield Way(
                    text=f"{way.text}{joint} {other.text}",
                    kind=None,
                    asks_it=False,
                    author=author,
                    names={},
                )


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
