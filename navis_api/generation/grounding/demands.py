"""What a claim demands, how often, and what it tells as found: only where its evidence does."""

import re

from navis_api.generation.grounding.citing import Place
from navis_api.generation.grounding.parts import Part
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_DEMANDS = re.compile(
    r"(?<!not )\b(?:should|must|ought|(?:need|needs|have|has|had) to (?!be (?:called|known))"
    r"|(?:is|are) (?:strongly )?(?:recommended|advised|urged|required|essential|necessary)"
    r"|be sure|make sure|had better)\b"
)
_MAY_DEMAND = re.compile(
    r"\b(?:should|must|ought|need\w*|have to|has to|had to|recommend\w*|advis\w+|urge\w*"
    r"|requir\w+|essential|necessary|important|be sure|make sure|had better|(?:are|is) asked to"
    r"|(?:check|talk|speak) (?:with|to)|(?:ask|tell|call|let) (?:your|the|a) )\b"
)
# "After a year", "half a year" and "a year or more" say how long, and not how often, where no
# count stands before them: "once a year after treatment", "30 minutes a day before work".
_COUNTS = (
    r"(?:once|time|times|minutes|hours|pills|tablets|capsules|doses|drinks|cigarettes|packs"
    r"|sessions|treatments|visits)"
)
_EVERY = rf"(?:(?:once |one time )?(?:each|every|per)|{_COUNTS} a)"
_A = (
    r"(?<!half )(?<!after )(?<!within )(?<!about )(?<!than )"
    r"(?<!for )(?<!in )(?<!least )(?<!almost )(?<!nearly )(?<!of )(?<!over )(?<!under )a"
)
_HOW_LONG = (
    r"(?! (?:or (?:more|longer|two|so)|after|before|later|earlier|ago|from|into|and a half))"
)
_SPAN = r"(?:hours?|days?|nights?|weeks?|months?|years?)"
_AGAIN = (
    "every|each|per|intervals?|cycles?|hourly|daily|nightly|weekly|monthly|yearly|annual|annually"
    "|apart|times an?|once|twice"
)
# Each way to say how often or how soon, by the words that its evidence may have for it.
_TIMES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(rf"\b(?:{said})\b"), re.compile(rf"\b(?:{said}|{also})\b"))
    for said, also in (
        (rf"{_EVERY} year|{_A} year{_HOW_LONG}|yearly|annually", "annual|12 months"),
        (rf"{_EVERY} month|{_A} month{_HOW_LONG}|monthly", "4 weeks|four weeks"),
        (rf"{_EVERY} week|{_A} week{_HOW_LONG}|weekly", "7 days|seven days"),
        (rf"{_EVERY} day|{_A} day{_HOW_LONG}|daily", "24 hours|m?c?g day"),
        (r"twice (?:a|each|per) (?:day|week|month|year)", r"two times|2 times"),
        (r"(?:each|every) night|nightly", "nights?|bedtime|evenings?|daily|every day"),
        # "Every 3 months" isn't "for 3 months".
        (
            rf"(?:each|every) (?:other|few|couple of|second|\w+|\w+ (?:to|or) \w+) {_SPAN}",
            _AGAIN,
        ),
        (
            r"as soon as possible|right away|immediately|straight away|without delay",
            r"urgent\w*|prompt\w*|emergency|immediate",
        ),
    )
)
_ONCE = re.compile(r"\bonce (?:a|an|each|every|per) (\w+)")
_FOR_SO_LONG = re.compile(
    r"\bfor (?:about |at least |up to )?"
    r"(\w+(?: (?:to|or) \w+)? (?:hour|day|week|month|year))s?\b"
)
_AIMS = re.compile(
    r"\b(?:(?:designed|intended|aims?|aimed|planned|set up|done) to (?:test|find|see|determine"
    r"|learn|compare|study|show|evaluate|assess|examine|investigate)"
    r"|(?:test\w*|determin\w+|find out|stud\w+|learn|see|ask\w*|examin\w+|investigat\w+"
    r"|evaluat\w+|knows?|known|clear|sure|tell|say|unknown|unclear|uncertain) (?:whether|if)"
    r"|hypothes\w+|testing|awaiting results"
    r"|is being (?:studied|tested)|are being (?:studied|tested))\b"
)
_LEAVES_OPEN = re.compile(
    r"\b(?:whether|if|test\w*|stud\w+|trials?|aim\w*|design\w*|hypothes\w+|research\w*|compar\w+"
    r"|may|might|could|can|evaluat\w+|investigat\w+|unknown|unclear|uncertain|know|known(?! to)"
    r"|learn|determin\w+|examin\w+|look\w*|find out|explor\w+)\b"
)
_TELLS_A_RESULT = re.compile(
    r"\b(?:than|compar\w+|longer|improv\w+|better|lengthen\w*|prolong\w*|extend\w*|more|less"
    r"|fewer|lower\w*|rais\w+|reduc\w+|increas\w+|decreas\w+|works?|worked|effective|cur(?:e|es|ed)"
    r"|prevent\w*|slow\w*|shr[aiu]nk\w*|caus\w+|safe|safer|help\w*|show\w*|prov\w+|kill\w*)\b"
)
_COMPARED_WITH = re.compile(r"\bcompar\w+ (?:with|to)\b")


def undemanded(part: Part, place: Place, involved: frozenset[int]) -> Reason | None:
    """Return a reason where a claim demands, times or reports what its evidence doesn't."""
    claim = _spoken(part.claim, part.places)
    window = _spoken(place.reading, range(len(place.reading.tokens)))
    if _DEMANDS.search(claim) and not _MAY_DEMAND.search(window):
        return Reason(ReasonKind.STRONGER, "a demand")
    if any(said.search(claim) and not given.search(window) for said, given in _TIMES):
        return Reason(ReasonKind.NUMBER_DIFFERS, "how often or how soon")
    if any(_is_more_often(span, window) for span in _ONCE.findall(claim)):
        return Reason(ReasonKind.NUMBER_DIFFERS, "how often or how soon")
    if any(_is_how_often(span, window) for span in _FOR_SO_LONG.findall(claim)):
        return Reason(ReasonKind.NUMBER_DIFFERS, "how often for how long")
    rests_on = _spoken(
        place.reading,
        [at for at, token in enumerate(place.reading.tokens) if token.clause <= max(involved)],
    ) if involved else window  # fmt: skip
    open_in_claim = _LEAVES_OPEN.search(_COMPARED_WITH.sub("", claim))
    if _AIMS.search(rests_on) and _TELLS_A_RESULT.search(claim) and not open_in_claim:
        return Reason(ReasonKind.STRONGER, "an aim told as found")
    return None


def _is_more_often(span: str, window: str) -> bool:
    """Whether something is said to be twice or more often in a time, and nowhere once."""
    more = re.search(rf"\b(?:twice|times) (?:an?|each|every|per) {span}\b", window)
    return more is not None and not re.search(rf"\bonce|\b{span}ly\b|annual", window)


def _is_how_often(span: str, window: str) -> bool:
    """Whether a time, "3 weeks", is said of how often only: "every 3 weeks"."""
    each = rf"\b(?:every|each) {span}s?\b"
    return bool(re.search(each, window)) and not re.search(rf"\b{span}", re.sub(each, "", window))


def _spoken(reading: Reading, places: range | list[int] | tuple[int, ...]) -> str:
    return " ".join(word for at in places for word in reading.tokens[at].words)
