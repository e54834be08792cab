"""What we say before anything else when a question calls for it.

The numbers are ones that hold for whole countries and that their services publish.
"""

from dataclasses import dataclass
from enum import StrEnum


class SafetyKind(StrEnum):
    """What a notice is about, most pressing first."""

    CRISIS = "CRISIS"
    EMERGENCY = "EMERGENCY"
    NO_DOSING = "NO_DOSING"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"


@dataclass(frozen=True, slots=True)
class SafetyNotice:
    """What to do now, in plain words, and whom to call."""

    kind: SafetyKind
    message: str
    contacts: tuple[str, ...]


_LOCAL_EMERGENCY = (
    "Your local emergency number (911 in the US and Canada, 112 in the EU, 999 in the UK)"
)
_CANCER_TEAM = "Your cancer team's 24-hour number"

NOTICES = {
    SafetyKind.CRISIS: SafetyNotice(
        SafetyKind.CRISIS,
        "It sounds as if this is a very hard time. You don't have to face it alone. If you, or"
        " the person you ask about, may act on thoughts of dying, call your emergency number"
        " now and stay with someone. If not, please talk to a crisis line today. It is free,"
        " and someone is there day and night. Tell your cancer team too. They can help with"
        " pain, fear and low mood.",
        (
            "988 (call or text) in the US and Canada",
            "116 123 (Samaritans) in the UK and Ireland",
            "findahelpline.com for other countries",
            _LOCAL_EMERGENCY,
            _CANCER_TEAM,
        ),
    ),
    SafetyKind.EMERGENCY: SafetyNotice(
        SafetyKind.EMERGENCY,
        "What you describe may need care right now. Call your emergency number if someone has"
        " trouble breathing, chest pain, heavy bleeding, signs of a stroke, a seizure, or"
        " can't be woken. For a fever or other new problem during cancer treatment, call your"
        " cancer team now, day or night. If you can't reach them, go to an emergency room."
        " Don't wait for an answer here, and don't drive yourself.",
        (_LOCAL_EMERGENCY, _CANCER_TEAM),
    ),
    SafetyKind.NO_DOSING: SafetyNotice(
        SafetyKind.NO_DOSING,
        "We can't tell you how much of a medicine to take. The right amount depends on you and"
        " your treatment. Please ask the person who prescribed it, or your pharmacist. Don't"
        " change a dose before you have talked to them.",
        ("The doctor or nurse who prescribed it", "Your pharmacist", _CANCER_TEAM),
    ),
    SafetyKind.OUT_OF_SCOPE: SafetyNotice(
        SafetyKind.OUT_OF_SCOPE,
        "We answer questions about cancer: what it is, tests, treatment, side effects and"
        " living with it. We can't help with this one.",
        (),
    ),
}
