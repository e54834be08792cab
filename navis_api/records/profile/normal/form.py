"""The one form of what a finding says, in the vocabulary's words alone."""

from dataclasses import dataclass, field
from enum import Enum, auto


class Stance(Enum):
    """What a result says of a marker, as far as it says it plainly."""

    YES = auto()
    NO = auto()


@dataclass(frozen=True, slots=True)
class NormalForm:
    """What a finding says, with nothing of it in a patient's or a record's own words.

    `key`, `name`, `value` and `unit` are as in `records.extraction.findings.Finding`; each is
    looked up in the vocabulary, or put together anew from numbers and signs that were read.
    `scope` tells apart what has the same key and is another fact: "p" and "c" of TNM, the change
    in a gene, "TPS" and "CPS". `parts` are what the value is made of: of two values of which one
    has all parts of the other, the one says more ("positive, 95%" than "positive", "IIIC" than
    "III"). `is_measured` is a value of one day.
    """

    key: str
    name: str
    value: str | None = None
    unit: str | None = None
    scope: str = ""
    parts: frozenset[str] = field(default_factory=frozenset[str])
    stance: Stance | None = None
    is_measured: bool = False
