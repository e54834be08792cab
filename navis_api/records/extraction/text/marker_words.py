"""Words that say of a marker, or of a list of them, that it is there or not."""

import re
from typing import Final

from navis_api.vocabulary.marker_status import MarkerStatus

STATUS_WORDS: Final = {
    MarkerStatus.POSITIVE: "positive",
    MarkerStatus.NEGATIVE: "negative",
    MarkerStatus.LOW: "low",
    MarkerStatus.MUTATED: "mutated",
    MarkerStatus.WILD_TYPE: "wild type",
    MarkerStatus.REARRANGED: "rearranged",
    MarkerStatus.AMPLIFIED: "amplified",
    MarkerStatus.HIGH: "high",
}
SETTLED_STATUS: Final = frozenset(STATUS_WORDS)
REACH: Final = 70
BETWEEN_LISTED = re.compile(
    r"\s*\)?\s*(?:\([^()]{0,30}\)\s*)?(?:,\s*(?:and|or|nor|as\s+well\s+as)?|/|\+|and/or|and"
    r"|or|nor|&|as\s+well\s+as|;)?\s*"
    r"(?:the\s+|for\s+|both\s+|a\s+)*\(?\s*",
    re.IGNORECASE,
)
_POSITIVE = (
    r"(?:(?:strongly|diffusely|focally|weakly|patchy|variably|uniformly|also|moderately|were"
    r"|was|are|is|be|stain(?:s|ed|ing)?"
    r"|immunoreactive"
    r"|reactive)\s+)*(?:and\s+\w+\s+)?(?:(?<!non)(?<!non-)(?:immuno)?reactiv\w*|positiv\w*"
    r"|express\w*|co-?express\w*"
    r"|stain(?:s|ed)?(?!\s+(?:neg|not))|highlight\w*|present|detected|retained|intact)"
)
_NEGATIVE = (
    r"(?:negativ\w*|non-?reactive|(?:do(?:es)?|did)\s+not\s+(?:express|stain)"
    r"|not\s+express\w*|without|no|lack\w*|not\s+detected"
    r"|loss(?:\s+of)?|lost|absent|not\s+identified|fails?\s+to\s+express)"
)
SAID_OF_LIST_FIRST = re.compile(
    r"\b(?:(?P<negative>(?:negative|neg\.?)\s+(?:\w+\s+)?(?:for|with|to)|non-?reactive\s+(?:for|with|to)"
    r"|(?:no|without|absent|lack\s+of)\s+(?:\w+\s+){0,2}(?:expression|staining|reactivity"
    r"|positivity"
    r"|immunoreactivity|labell?ing|differentiation)\s+(?:(?:is|are|was"
    r"|were)\s+)?(?:demonstrated\s+|seen\s+|identified\s+|noted\s+|observed\s+"
    r"|present\s+)?(?:of|for|with|to|by)|(?:do(?:es)?|did)\s+not\s+(?:express"
    r"|stain(?:\s+(?:for|with))?)|lack\w*(?:\s+expression\s+of)?"
    r"|not\s+express\w*|(?:loss|absence)\s+of(?:\s+\w+\s+expression\s+of)?|negative\s*:)"
    r"|(?P<positive>positiv\w*\s+(?:\w+\s+)?(?:for|with|to)|(?:immuno)?reactiv\w*\s+(?:(?:is"
    r"|are|was|were)\s+)?(?:seen\s+|demonstrated\s+|noted\s+|identified\s+)?(?:for|with|to)"
    r"|positivity\s+(?:for|with|to)|(?:immuno)?staining\s+(?:for|with|by)|labell?ing\s+(?:for"
    r"|with)|(?:co-?)?express(?:es|ed|ing)?|expression\s+of"
    r"|stain(?:s|ed|ing)?\s+(?:\w+\s+)?(?:for|with)|highlighted\s+by|positive\s*:))"
    r"[ \t]*(?:(?::|both|the|(?:melanoma|epithelial|neuroendocrine|muscle|vascular|lymphoid"
    r"|myoid|germ\s+cell|melanocytic|keratin|hematopoietic)\s+markers?|markers?|such\s+as"
    r"|nuclear|immunostains?|weakly|strongly|diffusely|focally"
    r"|antibod\w+\s+to)[ \t]*)*(?:(?:(?!with\b|for\b|and\b|but\b|no\b|not\b"
    r"|by\b)[a-z-]+[ \t]+){1,5}\()?$",
    re.IGNORECASE,
)
SAID_OF_LIST_LAST = re.compile(
    r"\s*\)?\s*(?:\([^()]{0,30}\)\s*)?(?:(?:receptors?|immunohistochemi\w+|immunoperoxidase"
    r"|ihc|stains?|immunostains?|status|expression|immunostaining|staining|proteins?|testing"
    r"|mutations?"
    r"|rearrangements?|genes?|alterations?|markers?|fusions?|tests?|both|all|the)\s+|:|=|-)*\s*"
    r"(?:(?:is|are|was|were|be|been|has|have|came\s+back|returned|stains?|stained"
    r"|show\w*)\s+)*(?:both\s+|all\s+|also\s+|each\s+)?"
    rf"(?:(?P<negative>{_NEGATIVE}|wild[\s-]?type|non-?amplified|unmutated|not\s+(?:amplified"
    rf"|mutated|rearranged|present|found))"
    rf"|(?P<positive>{_POSITIVE}))",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|not|without|negative\s+for|neg\.?\s+for|absence\s+of|lacks?|n't|neither|nor)\b(?:\s+(?:have"
    r"|has|a|an|any|the|detectable|evidence\s+of|actionable|known|carry|or|likely|clinically"
    r"|found|show|mutations?|in|alterations?|of|activating|sensitizing|reportable|relevant"
    r"|significant|pathogenic|genomic|deleterious|variants?|fusions?|rearrangements?|changes?"
    r"|were|was|are|identified|detected|seen|reported))*\s*:?\s*$",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"mutation|alteration|variant|fusion|rearrangement|change", re.IGNORECASE)


def is_denied(text: str, start: int) -> bool:
    """Tell whether a "no" stands right before a place."""
    return _DENIED.search(text[max(0, start - REACH) : start]) is not None


def is_change_denied(text: str, start: int) -> bool:
    """Tell whether right before a place it is said that genes haven't changed."""
    found = _DENIED.search(text[max(0, start - REACH) : start])
    return found is not None and _CHANGED.search(found.group()) is not None
