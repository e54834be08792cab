"""Whether a claim denies what is said, or says what is denied."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from navis_api.generation.grounding.lexicon import denied_inside, lexicon
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind

_DENIES = frozenset(
    {
        "not", "no", "never", "none", "nor", "neither", "without", "cannot", "nothing", "nobody",
        "unable", "fail", "fails", "failed", "lack", "lacks", "lacked", "lacking", "absence",
        "absent", "instead", "unknown", "unclear", "uncertain", "cant", "dont",
        "doesnt", "isnt", "arent", "wont", "didnt", "wasnt", "hardly", "except", "excluding", "non",
        "exclude", "excludes", "refuse", "avoid",
    }
)  # fmt: skip
# "Not only", "no matter" and "others not listed here" deny nothing.
_TAKES_BACK = frozenset({"only", "matter", "just", "listed", "mentioned"})
_OF_UNKNOWNS = frozenset({"unknown", "unclear", "uncertain"})
_SAYS_WHICH = frozenset({"who", "whom", "whose", "which", "that"})
_SUPPOSES = frozenset({"if", "unless", "until", "whether", "when"})
_IN_PHRASES = frozenset({"not", "cannot", "no", "without", "never"})
_NEAR = 3
_NEAREST = 2
_ROUND = 6


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial: what it denies first (`near`), and everything in its clause."""

    clause: int
    near: tuple[frozenset[str], ...]
    around: frozenset[str]
    telling: tuple[frozenset[str], ...] = ()
    said: frozenset[str] = frozenset()
    """Where a phrase says it by one name ("unresectable"), that name."""
    of_one_word: bool = False
    """Whether it denies the next word only: "non-small"."""
    again: bool = False
    """Whether it goes on denying: "nor", "not even"."""
    behind: tuple[frozenset[str], ...] = ()
    """What tells something behind it, in its clause and in those that say which: "who smoke"."""
    clauses: frozenset[int] = frozenset()
    """Its clause and those."""
    of: frozenset[str] = frozenset()
    """What tells something right before it: mostly of what it is denied."""


def denials(reading: Reading, places: Sequence[int] | None = None) -> list[Denial]:
    """Return the denials of a sentence, or of the tokens at some places of it."""
    found: list[Denial] = []
    tokens = reading.tokens
    among = range(len(tokens)) if places is None else places
    for at in among:
        token = tokens[at]
        own = denied_inside(token.word) if len(token.words) == 1 else None
        if own is None and not _denies(reading, at):
            continue
        near = [frozenset({own})] if own else [frozenset(part) for part in token.parts]
        near += _content(reading, range(at + 1, min(at + 1 + _ROUND * 2, len(tokens))), at)
        if not near:
            near = _content(reading, range(at - 1, max(-1, at - _ROUND), -1), at)
        around = frozenset(
            key
            for other in tokens
            if other.clause == token.clause and other.kind is not Kind.FUNCTION
            for key in (*other.keys, *other.implied)
        )
        if own:
            around |= {own}
        has_name = len(token.words) > 1 or token.word in _OF_UNKNOWNS
        said = frozenset(token.keys) if has_name else frozenset[str]()
        telling = _content(
            reading, range(at + 1, min(at + 1 + _ROUND * 2, len(tokens))), at, telling=True
        )
        clauses = _with_relatives(reading, token.clause, among)
        behind = [
            frozenset((*reading.tokens[place].keys, *reading.tokens[place].implied))
            for place in among
            if place > at
            and reading.tokens[place].tells
            and reading.tokens[place].clause in clauses
        ]
        before = _content(reading, range(at - 1, max(-1, at - _ROUND), -1), at, telling=True)
        found.append(
            Denial(
                token.clause,
                tuple(near[:_NEAR]),
                around,
                tuple(telling[:_ROUND]),
                said,
                of_one_word=token.word == "non",
                again=_goes_on_denying(reading, at),
                behind=tuple(behind),
                clauses=clauses,
                of=before[0] if before else frozenset(),
            )
        )
    return found


def _with_relatives(reading: Reading, clause: int, among: Sequence[int]) -> frozenset[int]:
    """Return a clause with those behind it that say which one is meant."""
    found = {clause}
    for at in among:
        token = reading.tokens[at]
        if token.clause - 1 in found and token.word in _SAYS_WHICH:
            found.add(token.clause)
    return frozenset(found)


class DenialDifference(StrEnum):
    """How a claim and its evidence deny different things."""

    DENIED = "what it says is denied"
    NOT_DENIED = "what it denies isn't denied"


def denial_difference(
    claim: Reading, places: Sequence[int], window: Reading, involved: frozenset[int]
) -> DenialDifference | None:
    """Return how a part of a claim denies other things than what it rests on, or None."""
    claimed = denials(claim, places)
    given = denials(window)
    if not claimed and not given:
        return None
    said = _keys(claim, places)
    # What both say by one name is said by either, denied in words or not.
    given = [denial for denial in given if not denial.said & said]
    if any(_is_affirmed(own, given, window) for own in claimed):
        return DenialDifference.NOT_DENIED
    unmatched = [denial for denial in claimed if not any(key in window.said for key in denial.said)]
    for denial in sorted(given, key=lambda each: each.clause not in involved):
        match = next((own for own in unmatched if _shares_near(own, denial)), None) or next(
            # "As people who don't" leaves out what is denied.
            (own for own in unmatched if _touches(own, denial) or not denial.around),
            None,
        )
        if match is not None:
            unmatched.remove(match)
        elif not involved.isdisjoint(denial.clauses) and _is_said(denial, said, window):
            return DenialDifference.DENIED
    unmatched = [own for own in unmatched if not any(_says_again(own, each) for each in given)]
    return DenialDifference.NOT_DENIED if unmatched else None


def _is_affirmed(own: Denial, given: Sequence[Denial], window: Reading) -> bool:
    """Whether a sentence denies something, and says what a claim denies: "for men, not for women".

    Either what is denied, two words at least, or of what it is denied.
    """
    if not given or not own.near:
        return False
    affirmed = list(_affirmed(window))
    denied = frozenset(key for each in given for keys in (*each.near, *each.behind) for key in keys)
    wanted = [own.near[0], *own.behind]
    anywhere = frozenset(key for said in affirmed for key in said)
    if (
        len({min(keys) for keys in wanted}) >= _NEAREST
        and not any(keys & denied for keys in own.behind)
        and all(keys & anywhere for keys in wanted)
    ):
        return True
    alike = [each for each in given if _shares_near(own, each)]
    if not own.of or not alike or any(not each.of or own.of & each.of for each in alike):
        return False
    return any(own.of & said and own.near[0] & said for said in affirmed)


def _affirmed(window: Reading) -> Iterator[frozenset[str]]:
    """Give what each clause says in front of its denial; nothing of what is only supposed."""
    for number in dict.fromkeys(token.clause for token in window.tokens):
        clause = window.clause(number)
        if window.tokens[clause[0]].word in _SUPPOSES:
            continue
        behind = next((n for n, at in enumerate(clause) if _denies(window, at)), len(clause))
        yield _keys(window, clause[:behind])


def _says_again(one: Denial, other: Denial) -> bool:
    """Whether one goes on denying what the other does: "not for men, not even those at risk"."""
    return one.again and bool(one.near) and any(one.near[0] & keys for keys in other.near)


def _goes_on_denying(reading: Reading, at: int) -> bool:
    following = reading.tokens[at + 1].word if at + 1 < len(reading.tokens) else ""
    return reading.tokens[at].word == "nor" or following == "even"


def _touches(one: Denial, other: Denial) -> bool:
    """Whether what one denies stands in the clause of the other."""
    near = frozenset(key for keys in one.near[:_NEAREST] for key in keys)
    denied = frozenset(key for keys in other.near[:_NEAREST] for key in keys)
    return bool(near & other.around or denied & one.around)


def _shares_near(one: Denial, other: Denial) -> bool:
    return any(keys & others for keys in one.near for others in other.near)


def _is_said(denial: Denial, said: frozenset[str], window: Reading) -> bool:
    """Whether a claim says what is denied: the denied words, and most of their clause."""
    # Of "non-Hodgkin lymphoma", lymphoma isn't denied.
    nearest = denial.near[: 1 if denial.of_one_word else _NEAREST]
    if not any(keys & said for keys in nearest):
        return False
    content = [
        token
        for token in window.tokens
        if token.clause == denial.clause and token.kind not in {Kind.FUNCTION, Kind.STOP}
    ]
    common = [token for token in content if any(key in said for key in token.keys)]
    # "Not used for HER2-negative cancer" says nothing of HER2-positive cancer.
    apart = any(_is_apart(keys, said) for keys in denial.telling)
    return len(common) * 2 >= len(content) and not apart


def _is_apart(denied: frozenset[str], said: frozenset[str]) -> bool:
    """Whether a claim says the other side of what is denied, and not what is denied."""
    lex = lexicon()
    if denied & said:
        return False
    return any(
        key in said
        for own in denied
        for side in lex.sides.get(own, ())
        for key, pole in lex.by_dimension[side.dimension]
        if pole != side.pole
    )


def _denies(reading: Reading, at: int) -> bool:
    token = reading.tokens[at]
    word = token.word
    if len(token.words) > 1:
        return not _IN_PHRASES.isdisjoint(token.words)
    if word in _DENIES:
        following = reading.tokens[at + 1].word if at + 1 < len(reading.tokens) else ""
        before = reading.tokens[at - 1].word if at else ""
        return following not in _TAKES_BACK and before != "or"
    return word == "than" and at > 0 and reading.tokens[at - 1].word == "rather"


def _content(
    reading: Reading, places: Iterable[int], of: int, *, telling: bool = False
) -> list[frozenset[str]]:
    """Return the keys of what stands at some places, up to where another thing begins."""
    clause = reading.tokens[of].clause
    found: list[frozenset[str]] = []
    for at in places:
        token = reading.tokens[at]
        if token.clause != clause or (found and token.kind is Kind.STOP):
            break
        if token.tells if telling else token.kind not in {Kind.FUNCTION, Kind.STOP}:
            found.append(frozenset((*token.keys, *token.implied)))
    return found


def _keys(reading: Reading, places: Iterable[int]) -> frozenset[str]:
    return frozenset(
        key
        for at in places
        if reading.tokens[at].kind is not Kind.FUNCTION
        for key in reading.tokens[at].keys
    )
