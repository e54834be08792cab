"""What can be wrong with the language models that write answers. None carries a word of one."""

from collections.abc import Sequence

from navis_api.errors import NavisError, OperatorFault
from navis_api.language_models.errors import ModelFailed


class ModelsFailed(NavisError):
    """No model gave a whole answer; the generation may be tried again later."""

    def __init__(self, failures: Sequence[ModelFailed]) -> None:
        faults = ", ".join(f"{failed.model} ({failed.fault.value})" for failed in failures)
        super().__init__(f"Every language model failed: {faults}.")
        self.faults = tuple(failed.fault for failed in failures)


class NoModelNamed(OperatorFault):
    """The `llm` engine is to write answers, and no model is named."""

    def __init__(self) -> None:
        super().__init__("Name at least one model in NAVIS_LLM_MODELS, or use another engine.")
