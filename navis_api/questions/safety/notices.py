"""What we say before anything else when a question calls for it.

Whom to call stands by region in `contacts.json`, with who publishes each number.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter


class SafetyKind(StrEnum):
    """What a notice is about, most pressing first."""

    CRISIS = "CRISIS"
    EMERGENCY = "EMERGENCY"
    NO_DOSING = "NO_DOSING"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"


class Refusal(StrEnum):
    """Why a question is out of scope: each gets its own kind word."""

    NOT_CANCER = "NOT_CANCER"
    ORDERS = "ORDERS"
    JUDGE_FROM_AFAR = "JUDGE_FROM_AFAR"


@dataclass(frozen=True, slots=True)
class SafetyNotice:
    """What to do now, in plain words, and whom to call."""

    kind: SafetyKind
    message: str
    contacts: tuple[str, ...]


class Contacts(BaseModel):
    """Whom to call in a region, where to go, and who says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    place: str
    emergency: tuple[str, ...]
    crisis: tuple[str, ...]
    published_by: tuple[str, ...]


DEFAULT_REGION = "default"
_CONTACTS = TypeAdapter(dict[str, Contacts])
_CANCER_TEAM = "Your cancer team's 24-hour number"
_REGION_LETTERS = 2

_CRISIS = (
    "It sounds as if this is a very hard time. You don't have to face it alone. If you, or"
    " the person you ask about, may act on thoughts of dying, call your emergency number"
    " now and stay with someone. If not, please talk to a crisis line today. It is free,"
    " and someone is there day and night. Tell your cancer team too. They can help with"
    " pain, fear and low mood."
)
_EMERGENCY = (
    "What you describe may need care right now. Call your emergency number if someone has"
    " trouble breathing, chest pain, heavy bleeding, signs of a stroke, a seizure, or"
    " can't be woken. For a fever or other new problem during cancer treatment, call your"
    " cancer team now, day or night. If you can't reach them, go to {place}."
    " Don't wait for an answer here, and don't drive yourself."
)
_NO_DOSING = (
    "We can't tell you how much of a medicine to take. The right amount depends on you and"
    " your treatment. Please ask the person who prescribed it, or your pharmacist. Don't"
    " change a dose before you have talked to them. You can ask us what a medicine is for,"
    " how it works and what side effects it may have."
)
_OUT_OF_SCOPE = {
    Refusal.NOT_CANCER: (
        "We answer questions about cancer: what it is, tests, treatment, side effects and"
        " living with it. We can't help with this one. If it does have to do with cancer,"
        " please say which, and ask again."
    ),
    Refusal.ORDERS: (
        "Part of your question tells us how to work, and we don't act on that. We answer"
        " questions about cancer: what it is, tests, treatment, side effects and living with"
        " it. Please ask again with just your question."
    ),
    Refusal.JUDGE_FROM_AFAR: (
        "We can't tell from here if you have cancer, and we can't judge a photo or a scan."
        " Only someone who can see you can. Please show it to a doctor soon. You can ask us"
        " what the signs of a cancer are, how it is tested for, and what to ask your doctor."
    ),
}


@cache
def contacts_by_region() -> dict[str, Contacts]:
    """Return whom to call, by the two letters of a region, and `default` for all others."""
    return _CONTACTS.validate_json(
        files("navis_api.questions.safety").joinpath("contacts.json").read_bytes()
    )


def notice(kind: SafetyKind, *, locale: str, refusal: Refusal = Refusal.NOT_CANCER) -> SafetyNotice:
    """Return what to say in a locale such as `en-GB`; one without a known region gets all."""
    by_region = contacts_by_region()
    contacts = by_region.get(_region(locale), by_region[DEFAULT_REGION])
    match kind:
        case SafetyKind.CRISIS:
            return SafetyNotice(kind, _CRISIS, (*contacts.crisis, _CANCER_TEAM))
        case SafetyKind.EMERGENCY:
            message = _EMERGENCY.format(place=contacts.place)
            return SafetyNotice(kind, message, (*contacts.emergency, _CANCER_TEAM))
        case SafetyKind.NO_DOSING:
            asked = ("The doctor or nurse who prescribed it", "Your pharmacist", _CANCER_TEAM)
            return SafetyNotice(kind, _NO_DOSING, asked)
        case SafetyKind.OUT_OF_SCOPE:
            return SafetyNotice(kind, _OUT_OF_SCOPE[refusal], ())


def _region(locale: str) -> str:
    subtags = locale.replace("_", "-").split("-")[1:]
    regions = [tag.upper() for tag in subtags if len(tag) == _REGION_LETTERS and tag.isalpha()]
    return regions[0] if regions else DEFAULT_REGION
