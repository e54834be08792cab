"""The parts of a question: what it asks one after the other, without what it only tells."""

import re

_ASKS = (
    r"(?:what|how|why|which|who|when|where|can|could|will|would|should|do|does|did|is|are|am|was"
    r"|were|has|have|may|might|must)"
)
_WHOM = (
    r"(?: (?:is|are|was|were|do|does|did|can|could|will|would|should|if|about|i|we|you|he|she|it"
    r"|they|this|that|there|my|our|his|her|their|the|a|an|else|kind|many|much|often|long|soon|to"
    r"|happens?|helps?|comes|means?|other|treatments?|tests?|options?|don't|doesn't|isn't|aren't"
    r"|dont|have|has|any)\b)"
)
_PERSON = r"i|im|i'm|ive|i've|my|we|we're|he|he's|she|she's|they|his|her|our"
_OPENS = r"(?:what|how|why)\b"
_BEGINS = rf"(?:{_ASKS}{_WHOM}|{_OPENS})"
_BREAK = re.compile(
    rf"(?<=[?!.;])\s+|\n+|,\s*(?=(?:and |but |or |so )?{_BEGINS})"
    rf"|,\s*(?=(?:and |but )?(?:{_PERSON})\b)|\s+(?:and|but)\s+(?={_BEGINS})",
    re.IGNORECASE,
)
# "When my mother was ill" tells something; what else begins so asks.
_ASKING = re.compile(
    rf"^\W*(?:(?:and|but|so|or|please)\W+)*(?:{_BEGINS}|(?!who|which|when|where){_ASKS}\b)",
    re.IGNORECASE,
)
# Nobody who wants an answer asks more at a time.
_MOST = 6
# What has none of these is no sentence, and names what is asked about: "Follow-up, how often?"
_SENTENCE = re.compile(
    rf"\b(?:{_PERSON}|you|it|there|who|was|were|is|are|am|has|have|had|got|get|been|found|told"
    r"|said|diagnosed|came|come|went|after|since|with)\b",
    re.IGNORECASE,
)


def parts_asked(text: str) -> list[str]:
    """Return the parts of a text that ask.

    None where nothing of it begins like a question, or so much does that it's read as a whole.
    """
    parts = [part.strip() for part in _BREAK.split(text)]
    asking = [_ASKING.match(part) is not None or part.endswith("?") for part in parts]
    if not any(asking):
        return []
    found = [
        part
        for part, asks in zip(parts, asking, strict=True)
        if asks or (part and not _SENTENCE.search(part))
    ]
    return found if len(found) <= _MOST else []
