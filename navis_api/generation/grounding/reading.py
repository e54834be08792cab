"""How grounding reads a sentence: its words with what they say, in clauses, once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from navis_api.generation.grounding.figures import Figure
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.tokens import TREATMENTS, Kind, Said, words_of

_STARTS_CLAUSE = frozenset(
    {
        "but", "although", "though", "while", "whereas", "because", "if", "when", "unless",
        "who", "whom", "which", "whose", "that", "since", "until", "however", "so", "whether",
    }
)  # fmt: skip
_ENDS_CLAUSE = frozenset(".;:!?()[]\u2014")
_TELLING_OF_A_CLAUSE = 2
_BESIDE = 3
_EFFECTS = frozenset({"symptom", "side effect"})
_NAMES_THEM = frozenset(
    {"of", "from", "are", "include", "includes", "including", "may", "can", ":", "such", "like"}
)
_AGAINST_THEM = frozenset(
    {"lower", "treat", "improve", "prevent", "control", "manage", "stop", "cure", "check", "help"}
)
_TELLS = frozenset({Kind.TELLING, Kind.NAME, Kind.NUMBER, Kind.STAGE})


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a phrase that says one thing; any of `keys` stands for it."""

    words: tuple[str, ...]
    keys: tuple[str, ...]
    kind: Kind
    clause: int
    implied: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    """Of a phrase, the keys of each of its words that say something."""
    called: tuple[str, ...] = ()
    """Of a drug's name, the keys of its words that are names by themselves."""

    @property
    def word(self) -> str:
        """Its first word."""
        return self.words[0]

    @property
    def tells(self) -> bool:
        """Whether evidence has to have it."""
        return self.kind in _TELLS

    @property
    def is_treatment(self) -> bool:
        """Whether it names a drug or a regimen."""
        return bool(self.keys) and self.keys[0].startswith(TREATMENTS)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as read. `said` has each key with the places of the tokens that say it."""

    tokens: tuple[Token, ...]
    figures: tuple[Figure, ...]
    said: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def clause(self, number: int) -> list[int]:
        """Return the places of a clause's tokens."""
        return [at for at, token in enumerate(self.tokens) if token.clause == number]


def read(text: str) -> Reading:
    """Read a sentence. Time and memory grow with its length."""
    found = words_of(text)
    figures = [
        Figure(each.quantity, at) for at, each in enumerate(found) if each.quantity is not None
    ]
    tokens = _with_clauses(found)
    said: dict[str, list[int]] = {}
    broader = lexicon().broader
    for at, token in enumerate(tokens):
        wider = (key for said_key in token.keys for key in broader.get(said_key, ()))
        parts = (key for part in token.parts for key in part)
        for key in dict.fromkeys((*token.keys, *token.implied, *token.called, *wider, *parts)):
            said.setdefault(key, []).append(at)
        if not _EFFECTS.isdisjoint(token.keys) and _are_named(tokens, at):
            said.setdefault("cause", []).append(at)
        if "change" in token.keys and _is_of_a_gene(tokens, at):
            said.setdefault("mutation", []).append(at)
    return Reading(tuple(tokens), tuple(figures), said)


def _are_named(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is told what the symptoms of something are: it causes them.

    Where they are relieved or looked for, nothing is said to cause any.
    """
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    before = {key for token in tokens[max(0, at - _BESIDE) : at] for key in token.keys}
    return following in _NAMES_THEM and before.isdisjoint(_AGAINST_THEM)


def _is_of_a_gene(tokens: Sequence[Token], at: int) -> bool:
    """Whether a change is one of a gene that is named beside it: "a change in the BRAF gene"."""
    beside = tokens[max(0, at - _BESIDE) : at + _BESIDE + 2]
    return any(token.keys and token.keys[0].startswith("gene:") for token in beside)


def join(readings: Sequence[Reading]) -> Reading:
    """Return several sentences as one, their clauses apart."""
    if len(readings) == 1:
        return readings[0]
    tokens: list[Token] = []
    figures: list[Figure] = []
    said: dict[str, list[int]] = {}
    clause = 0
    for reading in readings:
        offset = len(tokens)
        tokens += [replace(token, clause=token.clause + clause) for token in reading.tokens]
        figures += [figure.moved(offset) for figure in reading.figures]
        for key, places in reading.said.items():
            said.setdefault(key, []).extend(at + offset for at in places)
        clause = tokens[-1].clause + 1 if tokens else 0
    return Reading(tuple(tokens), tuple(figures), said)


def _with_clauses(found: Sequence[Said]) -> list[Token]:
    """Number the clauses: a comma ends one only where both its sides say something."""
    tokens: list[Token] = []
    clause = 0
    telling = 0
    for at, each in enumerate(found):
        word = each.words[0]
        ends = each.kind is Kind.STOP and (
            word in _ENDS_CLAUSE
            or (word == "," and telling >= _TELLING_OF_A_CLAUSE and _goes_on(found, at + 1))
        )
        if ends or (word in _STARTS_CLAUSE and telling):
            clause, telling = clause + 1, 0
        elif each.kind not in {Kind.STOP, Kind.FUNCTION}:
            telling += 1
        tokens.append(
            Token(each.words, each.keys, each.kind, clause, each.implied, each.parts, each.called)
        )
    return tokens


def _goes_on(found: Sequence[Said], at: int) -> bool:
    """Whether at least three words that aren't mere joints follow before the next comma."""
    telling = 0
    while at < len(found) and found[at].kind is not Kind.STOP:
        telling += found[at].kind is not Kind.FUNCTION
        at += 1
    return telling > _TELLING_OF_A_CLAUSE
