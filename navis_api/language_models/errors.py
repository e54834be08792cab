"""What can be wrong with a language model. None of these carries a word that was sent or said."""

from enum import StrEnum

from navis_api.errors import NavisError, OperatorFault


class ModelFault(StrEnum):
    """Why a model gave no whole answer."""

    UNREACHABLE = "unreachable"
    """No connection, or one that broke."""
    OVERLOADED = "overloaded"
    """It has too much to do, or we have asked too often."""
    REJECTED = "rejected"
    """It doesn't take requests of this form."""
    DENIED = "denied"
    """The key or the name of the model is wrong."""
    BROKEN = "broken"
    """An error of its own."""
    SILENT = "silent"
    """It said nothing for too long, or wasn't done in time."""
    CUT_SHORT = "cut short"
    """Its answer ended without saying that it was at its end."""
    TOO_LONG = "too long"
    """It reached the longest answer that it may write."""
    WITHHELD = "withheld"
    """It refused, or a filter did."""
    UNREADABLE = "unreadable"
    """What it wrote isn't of the form that was asked for."""


class ModelFailed(NavisError):
    """One model gave no whole answer."""

    def __init__(self, model: str, fault: ModelFault) -> None:
        super().__init__(f"The language model {model} failed: {fault.value}.")
        self.model = model
        self.fault = fault


class OutputUnreadable(NavisError):
    """What a model wrote isn't of the form."""

    def __init__(self) -> None:
        super().__init__("A language model's output isn't of the form that it was asked for.")


class ModelUnusable(OperatorFault):
    """A model that the settings name can't be asked. `setting` is the one that names it."""

    def __init__(self, model: str, *, setting: str) -> None:
        super().__init__(
            f"{setting} names {model!r}, which can't be used: write `provider:name` with a"
            " provider that is installed, and give its key (NAVIS_LLM_API_KEY or the provider's own"
            " variable)."
        )
