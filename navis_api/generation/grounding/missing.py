"""What a claim says and its evidence doesn't: which of it may be missing, and how much."""

from navis_api.generation.grounding.citing import Place
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.parts import Part, stands
from navis_api.generation.grounding.reading import Token
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

# Of all that a part of a claim says, this share is in its window, general words included.
_LEAST_SHARE = 0.4
# Of its telling words, this share may be missing, and at least one: a paraphrase has a word of
# its own. Names of things are never among them, unless the headings or neighbours have them.
_MISSING_SHARE = 0.34
# These say what something is good for: general words, but never said without being there.
_RELATES = frozenset({"treats", "cures"})


def missing_reason(part: Part, place: Place) -> Reason | None:
    """Return why what is missing at a place is too much, or None when it isn't."""
    missing = part.missing_in(place.reading)
    above = place.above if missing else set[str]()
    lost = {part.token(at).kind for at in missing if _is_lost(part.token(at), place, above)}
    if Kind.NAME in lost:
        return Reason(ReasonKind.NAME_NOT_SAID)
    if Kind.STAGE in lost:
        return Reason(ReasonKind.STAGE_DIFFERS)
    if lost:
        return Reason(ReasonKind.NOT_SAID, "a telling word")
    if any(
        part.token(at).word in _RELATES and not stands(part.token(at), place.reading)
        for at in part.content
    ):
        return Reason(ReasonKind.NOT_SAID, "what it does")
    if len(part.needed) == len(missing) == 1 and not _is_soft(part.token(missing[0])):
        return Reason(ReasonKind.NOT_SAID, "its only telling word")
    if len(missing) > max(1, len(part.needed) * _MISSING_SHARE):
        return Reason(ReasonKind.NOT_SAID, "too many words")
    there = sum(
        at in part.known
        or part.token(at).kind is Kind.NUMBER
        or stands(part.token(at), place.reading)
        for at in part.content
    )
    if not there or there < len(part.content) * _LEAST_SHARE:
        return Reason(ReasonKind.NOT_SAID, "too little in common")
    return None


def _is_soft(token: Token) -> bool:
    return all(word in lexicon().soft for word in token.words)


def _said_elsewhere(token: Token, place: Place, above: set[str]) -> bool:
    """Whether a word that a window hasn't got belongs to another sentence, behind it."""
    if any(key in above for key in token.keys):
        return False
    end = place.window.first + place.window.sentences
    return any(
        key in reading.said for reading in place.cited.passage.readings[end:] for key in token.keys
    )


def _is_lost(token: Token, place: Place, above: set[str]) -> bool:
    """Whether a word that the window hasn't got is missing for good."""
    lex = lexicon()
    if token.kind is not Kind.TELLING:
        return not _is_topic(token, place)
    if not lex.is_hard(token.words):
        plain = _is_soft(token) or any(key in above for key in token.keys)
        return not plain or _said_elsewhere(token, place, above)
    # Organs and people are what a sentence beside is easily about otherwise.
    exact = any(key in lex.exact for key in token.keys)
    near = place.cited.headings if exact else above
    return not any(key in near for key in token.keys)


def _is_topic(token: Token, place: Place) -> bool:
    """Whether a name is the only one that the sentences up to a window speak of."""
    if token.kind is not Kind.NAME:
        return False
    upto = place.window.first + place.window.sentences
    names = {
        other.keys[0]
        for reading in place.cited.passage.readings[:upto]
        for other in reading.tokens
        if other.kind is Kind.NAME
    }
    return names == {token.keys[0]}
