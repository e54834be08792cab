"""How a question is asked: openly ("what", "how"), for a yes or no, or as keywords."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from navis_api.questions.sameness.slots import Form
from navis_api.questions.sameness.spoken import Spoken

_OPEN = frozenset(
    {"what", "what's", "whats", "which", "how", "hows", "who", "when", "where", "why"}
)
_AUXILIARIES = frozenset(
    {"is", "are", "was", "were", "am", "do", "does", "did", "can", "could", "will", "would"}
    | {"should", "may", "might", "has", "have", "must", "shall", "isn't", "aren't", "doesn't"}
    | {"can't", "shouldn't", "won't", "don't"}
)
_TELLING = frozenset(
    {"tell", "explain", "say", "describe", "know", "understand", "wondering", "wonder", "ask"}
    | {"advise", "share", "help", "give", "show", "like", "curious", "asking", "sure", "please"}
)
_BEFORE_A_QUESTION = frozenset(
    {"and", "but", "so", "please", "hi", "hello", "hey", "then", "now", "also", "ok", "well"}
)
_OPENING_WORDS = 7
"""So far into a clause may "could you please tell me" reach."""

_DUTY = frozenset(
    {"should", "need", "needs", "needed", "necessary", "must", "required", "worth", "recommended"}
    | {"advisable", "shouldn't"}
)
_PERSONS = frozenset(
    {"i", "you", "he", "she", "we", "they", "people", "patients", "someone", "one", "my", "women"}
    | {"men", "anyone", "somebody", "patient", "mum", "mom", "dad"}
)
_TOLD_OF = frozenset({"i", "i'm", "i've", "you", "you're", "he", "she", "we", "they", "it", "it's"})
_ASKING_LATE = frozenset({"can", "could", "will", "would", "should", "do", "does"})
_TIMES = frozenset({"after", "before", "during", "once", "following"})
_GROUPS = frozenset({"women", "men", "people", "patients", "children", "adults"})
"""Of whom one asks with a word before: "Can pregnant women ..."."""

ANOTHER_QUESTION = "another question"
_SUBJECTS = frozenset(
    {"i", "we", "you", "he", "she", "it", "they", "one", "there", "this", "that", "these", "my"}
    | {"our", "your", "his", "her", "its", "their", "the", "a", "an"}
)
_OPENING = _OPEN | {"can", "could", "will", "would", "should", "do", "does", "is", "are"}

_PERMITTING = frozenset(
    {"safe", "safely", "ok", "okay", "allowed", "fine", "alright", "possible", "able", "permitted"}
)


def form_of(words: Sequence[Spoken]) -> Form:
    """Return how it is asked: by the last clause that asks."""
    forms = [
        form
        for _, clause in groupby(words, key=lambda word: word.clause)
        if (form := _form_of_clause([word.word for word in clause])) is not Form.NONE
    ]
    return forms[-1] if forms else Form.NONE


def asks_another(words: Sequence[Spoken]) -> bool:
    """Whether another question is joined to the first: "What causes it, and what should I eat?"."""
    said = [word.word for word in words]
    first = next((at for at, word in enumerate(said) if word in _OPENING), len(said))
    return any(
        said[at - 1] == "and"
        and (said[at] in _OPEN or (said[at] in _OPENING and said[at + 1] in _SUBJECTS))
        for at in range(first + 2, len(said) - 1)
    )


def asking_start(words: Sequence[Spoken]) -> int:
    """Return where the last clause that asks begins, in letters; 0 where none does.

    A "why" alone asks for the reason of what was told, and so it is no clause of its own.
    """
    starts = [
        clause[0].start
        for _, told in groupby(words, key=lambda word: word.clause)
        if len(clause := list(told)) > 1
        and _form_of_clause([word.word for word in clause]) is not Form.NONE
    ]
    return starts[-1] if starts else 0


def is_duty(words: Sequence[Spoken]) -> bool:
    """Whether it is asked if something should or must be: "do I need chemo"."""
    said = [word.word for word in words]
    has_to = any(pair == ("have", "to") for pair in pairwise(said))
    return has_to or not _DUTY.isdisjoint(said)


def is_about_leave(words: Sequence[Spoken]) -> bool:
    """Whether it is asked if one may do something: "can I", "is it safe to"."""
    said = [word.word for word in words]
    if not _PERMITTING.isdisjoint(said):
        return True
    if "operated" in said and not {"can", "could"}.isdisjoint(said):
        return True
    return any(
        word in {"can", "could", "may"}
        and not (
            _PERSONS.isdisjoint(said[at + 1 : at + 2]) and _GROUPS.isdisjoint(said[at + 2 : at + 3])
        )
        for at, word in enumerate(said)
    )


def asks_whether_there_is(words: Sequence[Spoken]) -> bool:
    """Whether it is asked if something exists: "Is there a blood test for it?"."""
    said = [word.word for word in words]
    return any(first in {"is", "are"} and second == "there" for first, second in pairwise(said))


_ASKING_WHAT = frozenset({"what", "what's", "whats", "which"})
_TOLD = frozenset({"know", "known", "explain", "explained", "understand", "learn", "mean", "meant"})
_TOLD_WHOM = frozenset({"me", "us"})
_OF_A_DEFINITION = (
    _ASKING_WHAT
    | _TOLD
    | _TOLD_WHOM
    | {"is", "are", "was", "were", "be", "exactly", "actually", "really", "just", "a", "an", "the"}
    | {"my", "your", "his", "her", "their", "our", "this", "that", "these", "it", "its", "they"}
    | {
        "tell",
        "about",
        "more",
        "of",
        "please",
        "and",
        "so",
        "then",
        "thing",
        "kind",
        "sort",
        "type",
    }
    | {"called", "by", "cancer", "cancers", "tumor", "tumors", "disease", "condition", "someone"}
    | {"somebody", "people", "patients", "who", "has", "have", "with", "in", "for", "as", "or"}
    | {"simple", "words", "terms", "plain", "english", "even", "also", "any", "word", "diagnosis"}
    | {"on", "one", "to", "at", "from", "carcinoma", "medically", "hell", "earth", "ever", "now"}
)
"""Words beside "what" that leave it asking what something is, …"""
_OF_BEING_TOLD = frozenset(
    {"i", "i'd", "you", "we", "do", "does", "can", "could", "would", "will", "should", "need"}
    | {"want", "like", "must", "there", "someone", "somebody", "everyone", "people"}
)
"""… and those that do so where somebody is told of it: "what should I know about it"."""


def asked_besides(words: Sequence[Spoken]) -> frozenset[str] | None:
    """Return the words because of which "what" doesn't ask what something is.

    None is left of "what is it" and "what should I know about it", "say" of "what should I say".
    Without a "what", it is None.
    """
    asked = [
        said
        for _, clause in groupby(words, key=lambda word: word.clause)
        if not _ASKING_WHAT.isdisjoint(said := [word.word for word in clause])
    ]
    if not asked:
        return None
    return frozenset(word for said in asked for word in _besides(said))


def _besides(said: Sequence[str]) -> frozenset[str]:
    tells = any(first == "tell" and second in _TOLD_WHOM for first, second in pairwise(said))
    if tells or not _TOLD.isdisjoint(said):
        return frozenset(said) - _OF_A_DEFINITION - _OF_BEING_TOLD
    besides = frozenset(said) - _OF_A_DEFINITION | frozenset(said) & {"tell"}
    return besides - _OF_BEING_TOLD or besides


_SAID_OR_PAID = frozenset({"say", "tell", "ask", "show", "list", "pay", "explain"})
_TAKEN = frozenset({"take", "give", "use", "prescribe", "buy", "wear", "put"})
_DOER = frozenset({"i", "we", "one", "someone", "somebody", "he", "she", "they", "people"})
_MODAL = frozenset(
    {"should", "do", "does", "did", "can", "could", "would", "must", "will", "shall"}
)
_DONE_HOW = frozenset({"what", "how", "when", "where"})
_KNOWN = frozenset({"that", "if", "whether", "when", "apart"})
"""Behind "tell", where that means to know: "how can I tell that it works"."""

DONE_OPENLY = frozenset(f"{verb} it" for verb in _SAID_OR_PAID | _TAKEN)
"""What `does_openly` may return."""


def does_openly(words: Sequence[Spoken], *, takes: bool) -> frozenset[str]:
    """Return what somebody says, pays or takes where it is asked how or what: "what should I say".

    `takes` tells that what is taken isn't what is asked for.
    """
    telling = _SAID_OR_PAID | _TAKEN if takes else _SAID_OR_PAID
    said = [word.word for word in words] + [""]
    return frozenset(
        f"{verb} it"
        for asking, modal, doer, verb, behind in zip(
            said, said[1:], said[2:], said[3:], said[4:], strict=False
        )
        if asking in _DONE_HOW
        and modal in _MODAL
        and doer in _DOER
        and verb in telling
        and (verb, asking) != ("pay", "what")
        and not (verb == "tell" and behind in _KNOWN)
    )


_MEASURES = frozenset(
    {"well", "effective", "long", "often", "much", "many", "soon", "fast", "quickly", "likely"}
    | {"common", "bad", "serious", "good", "successful", "big", "far"}
)


def asks_how(words: Sequence[Spoken]) -> bool:
    """Whether it is asked in which way: "how does it work", not "how well does it work"."""
    said = [word.word for word in words]
    if ("what", "way") in pairwise(said):
        return True
    return any(first == "how" and second not in _MEASURES for first, second in pairwise(said))


def _form_of_clause(said: Sequence[str]) -> Form:
    start = 0
    while start < len(said) and said[start] in _BEFORE_A_QUESTION:
        start += 1
    rest = said[start:]
    if not rest:
        return Form.NONE
    opening = next(
        (
            at
            for at, word in enumerate(rest[:_OPENING_WORDS])
            if word in _TELLING and not _is_asked_about(rest, at)
        ),
        None,
    )
    if opening is not None and rest[0] not in _OPEN:
        return _form_after_telling(rest[opening + 1 :])
    if rest[:2] in (["is", "there"], ["are", "there"]):
        # "Is there a cure" is "What is the cure" as well as "Can it be cured".
        return Form.NONE
    if rest[0] == "when" and rest[1:2] and rest[1] in _TOLD_OF:
        # "When I go abroad is flying ok" tells when; the question follows.
        return Form.OPEN if _asks_late(rest) else Form.NONE
    if rest[0] in _OPEN or (
        rest[0] in {"in", "at", "to", "for", "on", "by"} and _OPEN & {*rest[1:2]}
    ):
        return Form.OPEN
    if rest[0] in _AUXILIARIES:
        return Form.YES_NO
    if rest[-1] in {"what", "how"} or _asks_late(rest):
        return Form.OPEN
    return Form.YES_NO if rest[0] in _TIMES and _asks_whether_late(rest) else Form.NONE


_WHO_TELLS = frozenset({"you", "someone", "somebody", "anyone", "anybody", "there", "please"})


def _is_asked_about(rest: Sequence[str], at: int) -> bool:
    """Whether such a word asks nobody to tell: "tests that show ...", "Can my boss tell it?"."""
    if at and rest[at - 1] in {"that", "which"}:
        return True
    told = rest[at] in {"help", "tell"} and rest[0] in _AUXILIARIES
    return told and _WHO_TELLS.isdisjoint(rest[:at])


def _form_after_telling(rest: Sequence[str]) -> Form:
    for word in rest:
        if word in {"if", "whether"}:
            return Form.YES_NO
        if word in _OPEN:
            return Form.OPEN
        if word in _AUXILIARIES - {"have", "has"}:
            return Form.YES_NO
    return Form.NONE


def _asks_late(rest: Sequence[str]) -> bool:
    """Whether a question follows in the clause: "stage 3 colon cancer what are the options"."""
    return any(first in {"what", "how", "why"} for first in rest[1:])


def _asks_whether_late(rest: Sequence[str]) -> bool:
    """Whether a yes or no is asked behind a time: "after surgery can it come back"."""
    return any(
        first in _ASKING_LATE or (first in {"is", "are"} and second in _TOLD_OF)
        for first, second in pairwise(rest[1:])
    )
