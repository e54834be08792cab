"""Whether a question is about a man or a woman, as far as it says, or the cancer does."""

from collections.abc import Collection
from enum import StrEnum

_MENS_CANCERS = frozenset({"prostate-cancer", "testicular-cancer", "penile-cancer"})
_WOMENS_CANCERS = frozenset(
    {
        "ovarian-cancer", "cervical-cancer", "uterine-cancer", "vaginal-cancer", "vulvar-cancer",
        "fallopian-tube-cancer", "primary-peritoneal-cancer", "gestational-trophoblastic-disease",
    }
)  # fmt: skip
_OF_A_MAN = frozenset(
    {
        "husband", "father", "dad", "brother", "son", "grandfather", "grandpa", "boyfriend", "he",
        "his", "him", "man", "men", "male", "erection", "erections", "penis",
    }
)  # fmt: skip
_OF_A_WOMAN = frozenset(
    {
        "wife", "mother", "mom", "mum", "sister", "daughter", "grandmother", "grandma",
        "girlfriend", "she", "her", "woman", "women", "female", "vagina", "vaginal", "periods",
    }
)  # fmt: skip


class Sex(StrEnum):
    """What a question says of somebody's sex."""

    MAN = "man"
    WOMAN = "woman"


def sex_told(said: Collection[str], cancers: Collection[str]) -> Sex | None:
    """Return the sex that a question's words or its cancers (slugs) tell; None for both or none."""
    of_man = not (_MENS_CANCERS.isdisjoint(cancers) and _OF_A_MAN.isdisjoint(said))
    of_woman = not (_WOMENS_CANCERS.isdisjoint(cancers) and _OF_A_WOMAN.isdisjoint(said))
    if of_man == of_woman:
        return None
    return Sex.MAN if of_man else Sex.WOMAN
