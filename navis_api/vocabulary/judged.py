"""Whether a text asks to judge somebody: if a doctor is good, a ward, or what another patient did.

No source knows, whichever cancer it is about.
"""

import re

from navis_api.kit.text import fold

_WHO = (
    r"(?:doctors?|surgeons?|oncologists?|consultants?|specialists?|nurses?|radiologists?"
    r"|hospitals?|clinics?|wards?|teams?|practices?|cent(?:er|re)s?|dr\.? \w+|prof\w*\.? \w+)"
)
_WHOSE = r"(?:(?:my|our|the|this|that|his|her|their|your|a|local|new|cancer|st\.?|royal) )*"
_NAMED = r"(?:[\w']+ ){0,3}"
_GOOD = (
    r"(?:(?:a|an|the|any|very|really|actually) )*(?:good|bad|best|competent|incompetent"
    r"|trustworthy|reliable|reputable|qualified|experienced|legit|genuine|quack|fraud|any good"
    r"|right|wrong about)"
)
_JUDGED = re.compile(
    rf"\b(?:is|are|was) {_NAMED}{_WHOSE}{_WHO}(?: \w+)? {_GOOD}\b"
    rf"|\b(?:is|are|was) (?:he|she|they) {_GOOD} (?:\w+ )?{_WHO}\b"
    rf"|\b(?:can|should|could|do) (?:i|we|you) (?:really )?trust (?:him|her|them|{_WHOSE}{_WHO})"
    r"(?=\W|$)"
    rf"|\b(?:does|do|did) {_WHOSE}{_WHO} know what (?:he|she|they|it)(?:'s| is| are|'re)? doing\b"
    rf"|\bwhat do you think (?:of|about) {_WHOSE}{_WHO}\b"
    rf"|\b(?:is|are) {_WHOSE}{_WHO} (?:better|worse) than\b"
)


def judges_somebody(text: str) -> bool:
    """Whether a text asks if somebody who gives care, or a place of it, is to be trusted."""
    return _JUDGED.search(fold(text)) is not None
