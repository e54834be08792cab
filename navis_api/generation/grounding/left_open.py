"""What a source leaves open or says isn't known, and a claim tells as a fact.

"It isn't known whether aspirin helps", "it is being studied in people with melanoma" and "this
doesn't mean that the treatment failed" hold all the words of a claim that they don't support.
What such a frame holds is its complement: what rests on that has to be framed likewise.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navis_api.generation.grounding.beside import Beside, nearest
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_KNOWN = r"(?:known|clear|certain|sure|understood|established)"
_FOUND = r"(?:shown|proven|proved|found|demonstrated|established|confirmed)"
_STUDIED = r"(?:studied|tested|investigated|explored|evaluated|researched|examined|looked at)"
_STUDYING = (
    r"(?:studying|testing|investigating|exploring|evaluating|looking at|examining|researching)"
)
_PEOPLE = r"(?:people|experts|doctors|researchers|scientists|physicians|specialists|investigators)"
_KNOWS = (
    r"(?:stud(?:y|ies|ied|ying)|test(?:s|ed|ing)?|find(?:ing)? out|found out|learn(?:ing)?"
    r"|determin(?:e|es|ed|ing)|investigat(?:e|es|ed|ing)|examin(?:e|es|ed|ing)|look(?:s|ed|ing)? at"
    r"|see(?:ing)?|ask(?:s|ed|ing)?|explor(?:e|es|ed|ing)|evaluat(?:e|es|ed|ing)|know|tell"
    r"|compar(?:e|es|ed|ing)|assess(?:es|ed|ing)?|wonder(?:s|ed|ing)?|known|clear|sure|certain"
    r"|unknown|unclear|uncertain)"
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|cannot|nothing|unproven|unknown|unclear|uncertain"
    r"|unapproved|little|insufficient|lacks?|lacking|doubtful|unlikely|limited)\b"
)
_UNKNOWN = (
    r"whether|unknown|unclear|uncertain|unproven|unsettled|questions?|debat\w+|know if|see if"
    r"|clear if|sure if|find out|determin\w+|theor\w+|hypothes\w+|stud(?:y|ies|ied|ying)|trials?"
    r"|research\w*|scientists?|test(?:s|ed|ing)?|investigat\w+|explor\w+|experiment\w*|evaluat\w+"
    r"|examin\w+|compar(?:e|es|ed|ing)|look(?:s|ed|ing)? (?:at|into)|aim\w*|designed|learn\w*"
    r"|suggest\w*|check\w*|settled|work(?:ing|ed)? out|so far|try|tries|trying|tried|purpose"
    r"|depend\w*|based on|decid\w+|diagnos\w+|measur\w+|how (?:far|well|much|often|long|likely)"
)
_MAY = (
    r"may|might|could|possib\w+|perhaps|potential\w*|appears?|seems?|maybe|promising|likely"
    r"|probabl[ey]|hop(?:e|es|ed|ing)"
)
_BELIEVED = (
    r"believ\w+|think\w*|thought|suspect\w*|expect\w*|consider\w*|view\w*|opinions?|feel|argu\w+"
    r"|sa(?:y|id|ys)|assum\w+"
)
_OPEN = re.compile(rf"\b(?:{_UNKNOWN}|{_MAY})\b")
_STUDY = re.compile(rf"\b(?:{_UNKNOWN}|experimental|new)\b")
_BELIEF = re.compile(rf"\b(?:{_UNKNOWN}|{_MAY}|{_BELIEVED})\b")
_MERELY_MAY = re.compile(rf"\b(?:{_MAY})\b")
# "Studies have shown that it helps" leaves nothing open.
_TOLD_AS_FOUND = re.compile(
    r"\b(?:show(?:n|s|ed)?|found|finds?|prove[nds]*|confirm\w*|demonstrat\w+|establish\w+)\b"
)
_USE = re.compile(
    r"\b(?:used?|uses|using|given|treat(?:s|ed|ing|ments?|ment)?|options?|works?|effective|helps?"
    r"|approved|available|therapy|cur(?:e|es|ed))\b"
)
_BREAKS = frozenset({";", ".", "!", "?", "but", "however", "although", "though"})
_MOSTLY = 0.6
"""So much of what a sentence has of a claim stands in what its frame holds."""
_NEARLY_HALF = 0.45
"""A trial "in people with melanoma" tells before its frame whom it is for."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A way to say that something isn't known, isn't so, or is still looked into.

    What is framed stands behind it; of one that is `of_its_subject`, before it too.
    """

    said: re.Pattern[str]
    hedged: re.Pattern[str]
    by_denial: bool = False
    of_its_subject: bool = False
    of_use: bool = False


_FRAMES = (
    _Frame(
        re.compile(
            r"\b(?:does|do|did) not (?:\w+ )?(?:mean|prove|imply|guarantee|show|indicate|suggest)\b"
            r"(?: that)?"
            r"|\b(?:no|not enough|little|insufficient|limited) (?:\w+ )?(?:evidence|proof)"
            r" (?:\w+ )?that\b"
            r"|\b(?:have|has|did|does|do) not (?:\w+ )?(?:been )?(?:shown?|proven?|proved|found"
            r"|find|demonstrated?|established) that\b"
            r"|\bnot (?:\w+ )?approved? (?:the use of )?"
        ),
        re.compile(r"\b(?:whether|unproven|unknown|unclear|uncertain)\b"),
        by_denial=True,
    ),
    _Frame(
        re.compile(rf"\bnot (?:yet |been |\w+ly ){{0,2}}{_FOUND} (?:to|as|in|for)\b"),
        re.compile(r"\b(?:whether|unproven|unknown|unclear|uncertain)\b"),
        by_denial=True,
        of_its_subject=True,
    ),
    _Frame(
        re.compile(
            rf"\bnot (?:\w+ )?{_KNOWN} (?:whether|if|that)\b|\b{_KNOWS} (?:whether|if)\b"
            r"|(?<!regardless of )(?<!no matter )\bwhether\b(?! or not)"
            r"|\b(?:unclear|unknown|uncertain) that\b"
        ),
        _OPEN,
        by_denial=True,
    ),
    _Frame(
        re.compile(
            rf"\b(?:is|are|was|were) (?:\w+ )?being (?:\w+ )?{_STUDIED}\b|\bbeing {_STUDIED}\b"
            rf"|\bcontinues? to be {_STUDIED}\b"
            r"|\bunder (?:study|investigation|evaluation)\b"
        ),
        _STUDY,
        of_its_subject=True,
        of_use=True,
    ),
    _Frame(
        re.compile(
            r"\b(?:trials?|stud(?:y|ies)|researchers|scientists|doctors)"
            rf" (?:[\w,-]+ ){{0,10}}?(?:is|are|was|were|be) (?:\w+ )?{_STUDYING}\b"
            r"|\b(?:designed|aims?|aimed|goal (?:\w+ ){0,3}(?:is|was)|planned|set up)"
            r" to (?:test|determine|find out|see|learn|study|compare|evaluate|assess|examine"
            r"|investigate)\b(?: (?:whether|if|how))?"
        ),
        _STUDY,
        of_use=True,
    ),
    _Frame(
        re.compile(
            rf"\b(?:(?:some|many|most) )?{_PEOPLE} (?:\w+ )?(?:believe|believed|think|thought"
            r"|suspect|suspected|hypothesize|hope)\b(?: that)?"
            r"|\bit (?:is|was|has been) (?:thought|believed|suspected) that\b"
        ),
        _BELIEF,
    ),
)


def left_open(beside: Sequence[Beside]) -> Reason | None:
    """Return a reason where a claim tells as so what all that says it leaves open, or None.

    `beside` is the claim beside each sentence, the one that says most of it first.
    """
    near = nearest(beside)
    if not near:
        return None
    claim = _Spoken(near[0].part.claim)
    framed = all(_is_framed(each, claim) for each in near)
    return Reason(ReasonKind.STRONGER, "left open") if framed else None


class _Spoken:
    """The words of a reading as one text, and which token each letter is of."""

    def __init__(self, reading: Reading) -> None:
        words: list[str] = []
        self._starts: list[int] = []
        length = 0
        for token in reading.tokens:
            word = " ".join(token.words)
            self._starts.append(length)
            words.append(word)
            length += len(word) + 1
        self.text = " ".join(words)

    def at(self, letter: int) -> int:
        """Return which token a letter is of."""
        return bisect_right(self._starts, letter) - 1

    def between(self, first: int, behind: int) -> str:
        """Return the words of some tokens."""
        start = self._starts[first] if first < len(self._starts) else len(self.text)
        end = self._starts[behind] if behind < len(self._starts) else len(self.text)
        return self.text[start:end]


def _is_framed(beside: Beside, claim: _Spoken) -> bool:
    sentence = _Spoken(beside.reading)
    for frame in _FRAMES:
        for scope in _scopes(frame, sentence, beside.reading):
            if _rests_on(beside, frame, scope, claim, sentence) and not _is_hedged(
                claim, frame, sentence.between(scope.start, scope.stop)
            ):
                return True
    return False


def _scopes(frame: _Frame, sentence: _Spoken, reading: Reading) -> Iterator[range]:
    """Give what stands behind each such frame of a sentence, up to where another thing begins."""
    for found in frame.said.finditer(sentence.text):
        first = sentence.at(found.end() - 1) + 1
        behind = first
        while behind < len(reading.tokens) and reading.tokens[behind].word not in _BREAKS:
            behind += 1
        yield range(first, behind)


def _rests_on(
    beside: Beside, frame: _Frame, scope: range, claim: _Spoken, sentence: _Spoken
) -> bool:
    inside = [at for at, places in beside.places.items() if any(each in scope for each in places)]
    if not frame.of_its_subject:
        least = _NEARLY_HALF if frame.of_use else _MOSTLY
        return beside.weight_of(inside) >= least * beside.weight
    if any(beside.part.token(at).tells for at in inside):
        return True
    # "It is used" says of what is being studied more than what stands before that.
    used = set(_USE.findall(claim.text)) - set(_USE.findall(sentence.between(0, scope.start)))
    return bool(used) and frame.of_use


def _is_hedged(claim: _Spoken, frame: _Frame, complement: str) -> bool:
    """Whether a claim is framed as its evidence is, or leaves as much open."""
    # What the complement denies or leaves open itself frames nothing.
    if frame.by_denial and _has_more(_DENIAL, claim.text, complement):
        return True
    if not _TOLD_AS_FOUND.search(claim.text) and _has_more(frame.hedged, claim.text, complement):
        return True
    # What is being studied may help one day; to be used is another thing.
    return bool(frame.of_use and _MERELY_MAY.search(claim.text) and not _USE.search(claim.text))


def _has_more(said: re.Pattern[str], claim: str, complement: str) -> bool:
    return len(said.findall(claim)) > len(said.findall(complement))
