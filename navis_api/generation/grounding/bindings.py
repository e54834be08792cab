"""What goes with what: a marker and its state, a degree and its word, a drug that is given alone.

A claim that keeps to its evidence's words may still bind them otherwise: "HER2-positive" for
"HER2 negative", "more aggressive" for "less aggressive", "only" or "alone" where nothing says so.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

Bound = dict[str, set[int]]
"""What is bound to each word: 1 for more or positive, -1 for less or negative."""

_STATES = {
    **dict.fromkeys(("positive", "mutated", "mutant", "amplified"), 1),
    **dict.fromkeys(("negative", "wild-type", "wild"), -1),
}
_STATE_REACH = 3
_DEGREES = {
    **dict.fromkeys(("more", "higher", "greater", "longer", "better", "larger", "bigger"), 1),
    **dict.fromkeys(("less", "fewer", "lower", "shorter", "worse", "smaller"), -1),
}
_ONLY = frozenset({"only", "solely", "exclusively", "sole"})
_DENIES = frozenset({"not", "isn't", "aren't", "no", "isnt", "arent"})
_DENIED = 3
_LIMITS = re.compile(
    r"\b(?:only|solely|exclusively|sole|alone|just|limited|limits|restricted|confined|except"
    r"|unless|single|merely|not .{1,60}? (?:outside|other|unless|until)|no other|purely|few)\b"
)
_ALONE = re.compile(r"\b(?:alone|by (?:itself|themselves))\b")
_SAYS_ALONE = re.compile(
    r"\b(?:alone|itself|themselves|own|only|single\w*|mono\w+|without|instead|one)\b"
)
_FIRST = re.compile(
    r"\b(?:(?:first|initial|first line|front ?line) (?:treatment|therapy|chemotherapy|drug)"
    r"|first line|front ?line|newly diagnosed|untreated|not (?:yet )?(?:been )?treated"
    r"|not had (?:any )?(?:treatment|chemotherapy|therapy))\b"
)
_SAYS_FIRST = re.compile(
    r"\b(?:first|initial\w*|front\w*|newly|new|untreated|not (?:yet )?(?:been|had|receiv\w+)"
    r"|no prior|no previous|primary|before|upfront|up front|beg[iu]n\w*|start\w*|induction|naive)\b"
)
_SAYS_LATER = re.compile(
    r"\b(?:already|previous\w*|prior|after|following|relaps\w*|refractory|recur\w*|come back"
    r"|came back|at least|earlier|second|third|progress\w*|worse)\b"
)
_FOUND = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|research\w*|comparison|experiments?)\b.{0,60}?\b(?:have |has )?"
    r"(?:shown|showed|shows?|confirmed|proved|proven|demonstrated|found|established)\b"
)
_SAYS_FOUND = re.compile(
    r"\b(?:shown|showed|shows|confirmed|confirms|proved|proven|demonstrat(?:ed|es)|found|finds"
    r"|findings?|report\w*|results?|evidence|associated|improved|suggest\w*|indicat\w+|observed"
    r"|reduced|increased|decreased|led|linked)\b"
)
_OPEN = re.compile(
    r"\b(?:must|whether|will|testing|planned|launched|recently (?:begun|started)|ongoing"
    r"|under ?way|awaits?|awaiting|not been (?:performed|done|studied|tested|conducted))\b"
)


def binding_differs(claim: Reading, places: Sequence[int], window: Reading) -> Reason | None:
    """Return how a claim binds words of its evidence otherwise, or None.

    `places` are those of the part of the claim that is looked at.
    """
    if _differs(_states, claim, places, window):
        return Reason(ReasonKind.NEGATION_DIFFERS, "a marker's state")
    if _differs(_degrees, claim, places, window):
        return Reason(ReasonKind.DIRECTION_DIFFERS, "more for less")
    said, given = _text(claim, places), _text(window, range(len(window.tokens)))
    if _limits(claim, places) and not _LIMITS.search(given):
        return Reason(ReasonKind.STRONGER, "only")
    if _ALONE.search(said) and not _SAYS_ALONE.search(given):
        return Reason(ReasonKind.STRONGER, "alone")
    if _FIRST.search(said) and _SAYS_LATER.search(given) and not _SAYS_FIRST.search(given):
        return Reason(ReasonKind.DIRECTION_DIFFERS, "first for later")
    if _FOUND.search(said) and _OPEN.search(given) and not _SAYS_FOUND.search(given):
        return Reason(ReasonKind.STRONGER, "not found yet")
    return None


def _states(reading: Reading, places: Iterable[int]) -> Bound:
    """Return which states each marker is said to be in: "ALK or ROS1 positive" gives both one."""
    tokens = reading.tokens
    found: Bound = {}
    for at in places:
        state = _STATES.get(tokens[at].word)
        if state is None:
            continue
        before = at - 1
        while before >= 0 and at - before <= _STATE_REACH:
            token = tokens[before]
            if token.kind is Kind.NAME:
                for key in token.keys:
                    found.setdefault(key, set()).add(state)
                break
            if token.kind is not Kind.FUNCTION and token.word not in {"receptor", "gene", "status"}:
                break
            before -= 1
    return found


def _degrees(reading: Reading, places: Iterable[int]) -> Bound:
    """Return the degrees that stand right before each word: "less aggressive"."""
    tokens = reading.tokens
    found: Bound = {}
    for at in places:
        degree = _DEGREES.get(tokens[at].word)
        if degree is None or at + 1 >= len(tokens):
            continue
        following = tokens[at + 1]
        if following.kind not in {Kind.FUNCTION, Kind.STOP} and following.word not in _DEGREES:
            for key in following.keys:
                found.setdefault(key, set()).add(degree)
    return found


def _differs(
    find: Callable[[Reading, Iterable[int]], Bound],
    claim: Reading,
    places: Sequence[int],
    window: Reading,
) -> bool:
    """Whether the evidence binds something to a word, but nothing of what the claim does."""
    claimed = find(claim, places)
    if not claimed:
        return False
    given = find(window, range(len(window.tokens)))
    return any(key in given and not bound & given[key] for key, bound in claimed.items())


def _limits(reading: Reading, places: Iterable[int]) -> bool:
    """Whether a part says that nothing else is so; "only 3 %" says how few it is."""
    tokens = reading.tokens
    for at in places:
        denied = any(token.word in _DENIES for token in tokens[max(0, at - _DENIED) : at])
        if tokens[at].word not in _ONLY or denied:
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if following is None or (
            following.kind is not Kind.NUMBER
            and following.word
            not in {"a", "an", "about", "slightly", "one", "two", "few", "for", "because"}
        ):
            return True
    return False


def _text(reading: Reading, places: Iterable[int]) -> str:
    return " ".join(word for at in places for word in reading.tokens[at].words)
