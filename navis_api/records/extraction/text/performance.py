"""Performance status as reports give it: ECOG (0 to 5), Karnofsky and Lansky (0 to 100)."""

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PerformanceReading:
    """A score ("ecog", "karnofsky", "lansky") and its value, at `text[start:end]`."""

    scale: str
    value: str
    start: int
    end: int


_ECOG = re.compile(
    r"\b(?:(?:ECOG|Zubrod|(?-i:WHO)(?=\s+(?:PS|performance))"
    r"|eastern\s+cooperative\s+oncology\s+group)(?:\s*[/-]?\s*(?:zubrod|PS"
    r"|performance\s+(?:status|score)|score|status|scale|grade))*(?:\s*\(PS\))?"
    r"|performance\s+status(?:\s*\((?:ECOG|PS)\))?|PS)\s*(?:score\s+)?(?:of|is|was|:|="
    r"|-)?\s*(?:an?\s+)?(?:ECOG\s+)?(?P<value>[0-5](?:\s?(?:-|–|to)\s?[1-5])?)(?![\d%/]|\.\d)",
    re.IGNORECASE,
)
_HUNDRED = re.compile(
    r"\b(?P<scale>karnofsky|KPS|lansky)(?:\s+(?:performance|play|status|score|scale|index"
    r"|\(KPS\)))*\s*(?:of|is|was|:|=|at|-)?\s*(?:approximately\s+|about\s+)?"
    r"(?P<value>\d{2,3}(?:\s?(?:-|–|to)\s?\d{2,3})?)\s?%?",
    re.IGNORECASE,
)
_BEST: Final = 100
_STEP: Final = 10


def performance_of(text: str) -> list[PerformanceReading]:
    """Return the performance scores of a text, in order."""
    found = [
        PerformanceReading(
            "ecog",
            re.sub(r"\s", "", match["value"]).replace("–", "-").replace("to", "-"),
            match.start(),
            match.end(),
        )
        for match in _ECOG.finditer(text)
    ]
    for match in _HUNDRED.finditer(text):
        value = int(re.match(r"\d+", match["value"]).group())  # pyright: ignore[reportOptionalMemberAccess]
        if value <= _BEST and value % _STEP == 0:
            scale = "lansky" if match["scale"].lower() == "lansky" else "karnofsky"
            found.append(
                PerformanceReading(
                    scale, re.sub(r"\s", "", match["value"]), match.start(), match.end()
                )
            )
    return sorted(found, key=lambda reading: reading.start)
