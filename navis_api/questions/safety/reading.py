"""What the words around an urgent phrase make of it: now, or general, past, denied, feared."""

from dataclasses import dataclass, field

from navis_api.questions.safety.rules import Excuse, Group, Pattern
from navis_api.questions.safety.wording import Span, Term, Wording

ASSERTION_REACH_WORDS = 10
"""So far before a symptom is the one who has it: "my husband, on chemo since May, has"."""
NEGATION_REACH_WORDS = 3
"""So far does "no" reach: "no really bad chest pain"."""
LIST_REACH_WORDS = 8
"""So far does it reach in a list: "no fever, chills, or chest pain"."""

PAST_REACH_WORDS = 4
"""So soon after a symptom is what dates it: "a stroke in 2015, and now"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question's words, and what the words around a phrase make of it."""

    wording: Wording
    sets: dict[str, Term]
    marks: dict[str, list[Span]] = field(default_factory=dict[str, list[Span]])

    def holds(self, pattern: Pattern) -> bool:
        """Whether a phrase of the pattern is in the text and nothing excuses it."""
        group = pattern.group
        return any(
            not any(self._excused(excuse, start, end) for excuse in group.unless)
            and not (group.happening_now and self._is_not_now(group, start, end))
            for start, end in self.wording.places(pattern.phrase)
        )

    def _excused(self, excuse: Excuse, start: int, end: int) -> bool:
        match excuse.where:
            case "just before":
                return self._said(excuse.said, max(0, start - 2), start)
            case "inside":
                return self._said(excuse.said, start, end)
            case "clause":
                return self._said(excuse.said, *self.wording.clause(start))
            case "sentence":
                return self._said(excuse.said, *self.wording.sentence(start))
            case "text":
                return self._said(excuse.said, 0, len(self.wording.tokens))
            case "impersonal":
                bounds = self.wording.sentence(start)
                return self._said(excuse.said, *bounds) and not self._said("person", *bounds)

    def _is_not_now(self, group: Group, start: int, end: int) -> bool:
        """Whether a symptom is denied, past, slight, feared or asked about in general."""
        sentence = self.wording.sentence(start)
        clause = self.wording.clause(start)
        if self._is_denied(clause[0], start, end):
            return True
        if group.may_be_slight and self._said("mild", max(clause[0], start - 4), end + 2):
            return True
        owned = self._said("owner", max(clause[0], start - 3), start) and not self._said(
            "supposing", sentence[0], start
        )
        asserted = owned or self._is_asserted(sentence[0], start)
        general = self._is_general(sentence, start, end)
        past = self._said("past", *clause)
        if self._is_long_ago(sentence, clause, start, end):
            return True
        if past and not self._said("now", *clause):
            return True
        if not past and self._said("happening", 0, len(self.wording.tokens)):
            return False
        if self._said("now", *sentence) and (asserted or not general):
            return False
        if owned:
            return False
        return self._said("hypothetical", clause[0], end) or (general and not asserted)

    def _is_long_ago(self, sentence: Span, clause: Span, start: int, end: int) -> bool:
        """Whether a date follows it, or it is told as past in a sentence about the past."""
        if self._said("long_past", start, min(end + PAST_REACH_WORDS, clause[1])):
            return True
        if self._said("long_past", *clause) and not self._said("new", *clause):
            return True
        told_as_past = self._said("had", max(clause[0], start - PAST_REACH_WORDS), end)
        return (
            told_as_past and self._said("long_past", *sentence) and not self._said("now", *sentence)
        )

    def _is_denied(self, clause_start: int, start: int, end: int) -> bool:
        tokens = self.wording.tokens
        if start and self._at("not", start - 1):
            return True
        if "never" in tokens[start:end]:
            return True
        if self._said("negation", max(clause_start, start - NEGATION_REACH_WORDS - 1), start):
            return True
        reach = max(self.wording.sentence(start)[0], start - LIST_REACH_WORDS)
        return bool({"or", "nor"} & set(tokens[reach:start])) and self._said(
            "negation", reach, start
        )

    def _is_asserted(self, sentence_start: int, start: int) -> bool:
        """Whether somebody is said to have it: "my wife cant breathe", "he has had fits"."""
        reach = max(sentence_start, start - ASSERTION_REACH_WORDS)
        people = [at for at in range(reach, start) if self._at("person", at)]
        return bool(people) and (
            people[-1] == start - 1 or self._said("being", people[-1] + 1, start)
        )

    def _is_general(self, sentence: Span, start: int, end: int) -> bool:
        if self._said("general", sentence[0], start):
            return True
        if self._said("general_after", end, sentence[1]):
            return True
        opening = sentence[0]
        while opening < start and self._at("filler", opening):
            opening += 1
        return not self._at("personal_opener", opening) and self._at("opener", opening)

    def _at(self, name: str, position: int) -> bool:
        return any(start == position for start, _ in self._marks(name))

    def _said(self, name: str, start: int, end: int) -> bool:
        """Whether words of a set begin between two positions."""
        return any(start <= begins < end for begins, _ in self._marks(name))

    def _marks(self, name: str) -> list[Span]:
        if name not in self.marks:
            self.marks[name] = list(self.wording.spans((self.sets[name],)))
        return self.marks[name]
