"""What we say before anything else when a question calls for it.

Whom to call stands by region in `contacts.json`, with who publishes each number, and in
`contacts_es.json` in Spanish; the words are in `notice_texts`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter

from navis_api.kit.languages import ORIGINAL, Language, language_of
from navis_api.questions.safety.notice_texts import NOTICE_TEXTS


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
    JUDGE_A_VALUE = "JUDGE_A_VALUE"


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
_REGION_LETTERS = 2


@cache
def contacts_by_region(language: Language = ORIGINAL) -> dict[str, Contacts]:
    """Return whom to call, by the two letters of a region, and `default` for all others."""
    name = "contacts.json" if language is ORIGINAL else f"contacts_{language}.json"
    return _CONTACTS.validate_json(files("navis_api.questions.safety").joinpath(name).read_bytes())


def notice(
    kind: SafetyKind,
    *,
    locale: str,
    language: Language | None = None,
    refusal: Refusal = Refusal.NOT_CANCER,
    is_dying: bool = False,
) -> SafetyNotice:
    """Return what to say in a locale such as `es-US`: in its language, unless one is named.

    A locale without a known region gets whom to call in each. Where the text tells that somebody
    is dying, whoever cares for them there is to be called first.
    """
    language = language or language_of(locale)
    texts = NOTICE_TEXTS[language]
    by_region = contacts_by_region(language)
    contacts = by_region.get(_region(locale), by_region[DEFAULT_REGION])
    match kind:
        case SafetyKind.CRISIS:
            return SafetyNotice(kind, texts.crisis, (*contacts.crisis, texts.cancer_team))
        case SafetyKind.EMERGENCY if is_dying:
            teams = (texts.hospice_team, texts.cancer_team)
            return SafetyNotice(kind, texts.dying, (*teams, *contacts.emergency))
        case SafetyKind.EMERGENCY:
            message = texts.emergency.format(place=contacts.place)
            return SafetyNotice(kind, message, (*contacts.emergency, texts.cancer_team))
        case SafetyKind.NO_DOSING:
            asked = (texts.prescriber, texts.pharmacist, texts.cancer_team)
            return SafetyNotice(kind, texts.no_dosing, asked)
        case SafetyKind.OUT_OF_SCOPE:
            said = {
                Refusal.NOT_CANCER: texts.not_cancer,
                Refusal.ORDERS: texts.orders,
                Refusal.JUDGE_FROM_AFAR: texts.judge_from_afar,
                Refusal.JUDGE_A_VALUE: texts.judge_a_value,
            }
            return SafetyNotice(kind, said[refusal], ())


def _region(locale: str) -> str:
    subtags = locale.replace("_", "-").split("-")[1:]
    regions = [tag.upper() for tag in subtags if len(tag) == _REGION_LETTERS and tag.isalpha()]
    return regions[0] if regions else DEFAULT_REGION
