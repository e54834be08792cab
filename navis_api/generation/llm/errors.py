"""What can be wrong with a language model. None of these carries a word of a question or answer."""

from collections.abc import Sequence
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


class ModelsFailed(NavisError):
    """No model gave a whole answer; the generation may be tried again later."""

    def __init__(self, failures: Sequence[ModelFailed]) -> None:
        faults = ", ".join(f"{failed.model} ({failed.fault.value})" for failed in failures)
        super().__init__(f"Every language model failed: {faults}.")
        self.faults = tuple(failed.fault for failed in failures)


class OutputUnreadable(NavisError):
    """What a model wrote isn't of the form."""

    def __init__(self) -> None:
        super().__init__("A language model's output isn't of the form that it was asked for.")


class ModelUnusable(OperatorFault):
    """A model that the settings name can't be asked."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"NAVIS_LLM_MODELS names {model!r}, which can't be used: write `provider:name` with a"
            " provider that is installed, and give its key (NAVIS_LLM_API_KEY or the provider's own"
            " variable)."
        )


class NoModelNamed(OperatorFault):
    """The `llm` engine is to write answers, and no model is named."""

    def __init__(self) -> None:
        super().__init__("Name at least one model in NAVIS_LLM_MODELS, or use another engine.")
