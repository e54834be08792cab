"""Words whose meaning depends on the care, or the time, that stands beside them."""

from navis_api.questions.sameness.entities import Entity
from navis_api.questions.sameness.row import Element, Row
from navis_api.questions.sameness.slots import Slot
from navis_api.questions.sameness.spoken import Spoken

_CARE = frozenset({Slot.DRUG, Slot.TREATMENT})
_CHOSEN = _CARE | {Slot.TEST}
_UNDER_CARE = frozenset({"having", "taking", "getting", "receiving", "undergoing"})
_BEING = frozenset(
    {"i'm", "im", "am", "is", "are", "he's", "she's", "we're", "been", "be", "was", "while"}
    | {"when", "whilst", "keep", "mum", "mom", "dad", "mother", "father", "husband", "wife"}
)
_NOT_UNDER = frozenset({"effect", "effects", "impact", "information", "info", "advice", "depend"})
_RECEIVERS = frozenset({"me", "you", "someone", "people", "him", "her", "us", "them", "patients"})
_WHO_GIVES = frozenset({"to", "please", "not", "and", "who", "what"})
_KEEPING = frozenset(
    {"keep", "keeps", "stop", "stops", "prevent", "prevents", "prevented", "protect", "protects"}
)
_WHO_OR_IT = frozenset({"it", "you", "i", "he", "she", "they", "we", "someone", "the", "my", "a"})
_HAD = _CARE | {Slot.CANCER}
_ASKING = frozenset(
    {"what", "how", "when", "where", "can", "should", "will", "is", "are", "do", "am"}
)
_CALLED = frozenset({"treatment", "treatments", "therapy"})
_OF_TREATMENT = frozenset({"option", "options", "choices", "plan", "plans"})
_WHICH = frozenset({"what", "which"})
_ASIDE = frozenset({Slot.STAGE, Slot.MARKER, Slot.POPULATION, Slot.LINE, Slot.CANCER})


def is_under_care(row: Row, at: int, word: str) -> bool:
    """Whether this says that a treatment is going on: "I'm having chemo", "on Keytruda"."""
    following = row.next_telling(at)
    if not isinstance(following, Entity) or following.slot not in _CARE:
        return False
    before = row.before(at)
    previous = before.word if isinstance(before, Spoken) else ""
    if word == "on":
        return previous not in _NOT_UNDER
    return word in _UNDER_CARE and previous in _BEING


def has_had(row: Row, at: int) -> bool:
    """Whether care is told as over before it is asked: "had surgery for it, can I fly"."""
    said = [each for each in row.elements[:at] if isinstance(each, Spoken)]
    if any(each.word not in row.silent for each in said):
        return False
    beyond = row.elements[at + 1 :]
    end = next((place for place, each in enumerate(beyond) if _asks(each)), len(beyond))
    return any(isinstance(each, Entity) and each.slot in _HAD for each in beyond[:end])


def _asks(element: Element) -> bool:
    return isinstance(element, Spoken) and element.word in _ASKING


def gives_it(row: Row, at: int) -> bool:
    """Whether something gives one something: "Can smoking give you cancer?"."""
    before = row.before(at)
    if before is None or at + 1 >= len(row.elements):
        return False
    told = isinstance(before, Entity) or (
        before.word not in row.silent and before.word not in _WHO_GIVES
    )
    receiver = row.elements[at + 1]
    return told and isinstance(receiver, Spoken) and receiver.word in _RECEIVERS


def chooses(row: Row, at: int) -> bool:
    """Whether "or" stands between two of a kind: "surgery or radiation"."""
    before = next((each for each in reversed(row.elements[:at]) if row.tells(each)), None)
    after = row.next_telling(at)
    if isinstance(before, Entity) and isinstance(after, Entity):
        return before.slot in _CHOSEN and after.slot in _CHOSEN
    return False


def is_named_by_care(row: Row, word: str, at: int) -> bool:
    """Whether "treatment" or "therapy" only stands behind one that is named: "BCG therapy"."""
    before = row.before(at)
    following = row.following(at)
    return (
        word in _CALLED
        and isinstance(before, Entity)
        and before.slot in _CARE
        and not (isinstance(following, Spoken) and following.word in _OF_TREATMENT)
    )


def only_names_care(row: Row, word: str, at: int) -> bool:
    """Whether "treatment" adds nothing to one that is named, nor is it what is asked for.

    "What is BCG treatment?" asks what BCG is, "What BCG treatment is there?" for the treatment.
    """
    if not is_named_by_care(row, word, at):
        return False
    before = row.before(at - 1)
    return not (isinstance(before, Spoken) and before.word in _WHICH)


def keeps_from(row: Row, at: int) -> bool:
    """Whether something is kept from happening: "prevent it from coming back"."""
    said = {each.word for each in row.elements[:at] if isinstance(each, Spoken)}
    if _KEEPING.isdisjoint(said):
        return False
    following = row.following(at)
    if isinstance(following, Entity):
        return following.slot is Slot.ASKED
    return following is not None and following.word.endswith("ing")


def begins_a_clause_of_time(row: Row, at: int) -> bool:
    """Whether this isn't asked but told: "when it comes back", "when myeloma is left"."""
    if at + 1 >= len(row.elements):
        return False
    before, following = row.elements[at - 1], row.elements[at + 1]
    if isinstance(before, Spoken) and before.word in {"happen", "happens"}:
        return True
    if isinstance(following, Entity):
        return following.slot in _ASIDE
    return following.word in _WHO_OR_IT


def ends_clause(row: Row, at: int) -> bool:
    """Whether nothing is named that is different: "does it grow back different after"."""
    following = row.following(at)
    return following is None or (
        isinstance(following, Spoken) and following.word in {"after", "with", "on", "if"}
    )
