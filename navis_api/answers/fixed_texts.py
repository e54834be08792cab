"""The texts that every answer carries, word for word. None says anything about a case."""

from dataclasses import dataclass

from navis_api.kit.languages import ORIGINAL, Language


@dataclass(frozen=True, slots=True)
class FixedText:
    """A text with the name under which it is stored."""

    id: str
    text: str
    spanish: str

    def in_language(self, language: Language = ORIGINAL) -> str:
        """Return the text as a reader of this language gets it."""
        return self.spanish if language is Language.SPANISH else self.text


DISCLAIMER = FixedText(
    id="general-information-1",
    text=(
        "This is general information, not medical advice. It can't take your own case into account"
        " and doesn't replace your care team. Talk with them before you decide or change anything."
        " If you think it is an emergency, call your local emergency number now."
    ),
    spanish=(
        "Esto es información general, no un consejo médico. No puede tener en cuenta su caso y no"
        " sustituye a su equipo médico. Hable con su equipo antes de decidir o cambiar algo. Si"
        " cree que es una emergencia, llame ahora al número de emergencias de su país."
    ),
)

PERSONAL_DISCLAIMER = FixedText(
    id="personal-information-1",
    text=(
        "This was put together for you from facts that you confirmed in your records. It is"
        " information, not medical advice: your records may not say everything that matters, and"
        " nobody who treats you has checked it. Talk with your care team before you decide or"
        " change anything. If you think it is an emergency, call your local emergency number now."
    ),
    spanish=(
        "Esto se ha reunido para usted a partir de datos que usted confirmó en sus informes. Es"
        " información, no un consejo médico: puede que sus informes no digan todo lo que importa,"
        " y nadie de quienes le tratan lo ha comprobado. Hable con su equipo médico antes de"
        " decidir o cambiar algo. Si cree que es una emergencia, llame ahora al número de"
        " emergencias de su país."
    ),
)

UPLOAD_RECORDS = FixedText(
    id="UPLOAD_RECORDS",
    text=(
        "Your own records say more than any general answer can. Upload them for guidance on your"
        " diagnosis: your biomarkers, your stage and the treatment you have had."
    ),
    spanish=(
        "Sus propios informes dicen más que cualquier respuesta general. Súbalos para recibir"
        " orientación sobre su diagnóstico: sus biomarcadores, su estadio y los tratamientos que"
        " ha tenido."
    ),
)

UNREVIEWED_NOTICE = (
    "Not reviewed yet. A computer program put this together from the sources named below."
    " No doctor or nurse has checked it."
)

BEING_CHECKED = "(being checked again)"
"""Stands behind a claim whose quote its source no longer holds."""

STANDS_UNTIL_CHECKED = "Until it has been checked, it stands as it was reviewed."

AUTHOR = "Navis AI"

_DISCLAIMERS = {each.id: each for each in (DISCLAIMER, PERSONAL_DISCLAIMER)}
_CALLS_TO_ACTION = {UPLOAD_RECORDS.id: UPLOAD_RECORDS}


def disclaimer(id_: str) -> FixedText:
    """Return the disclaimer that a revision was published with."""
    return _DISCLAIMERS[id_]


def call_to_action(id_: str) -> FixedText:
    """Return what a reader is invited to do next."""
    return _CALLS_TO_ACTION[id_]
