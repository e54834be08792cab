"""The models that write answers, as the settings name them."""

from navis_api.generation.llm.errors import NoModelNamed
from navis_api.language_models.language_model import LanguageModel
from navis_api.language_models.naming import model_named
from navis_api.settings import Settings


def models_of(settings: Settings) -> tuple[LanguageModel, ...]:
    """Return the models of `llm_models` in their order.

    Raises NoModelNamed, and ModelUnusable for a name that can't be resolved here.
    """
    names = [name.strip() for name in settings.llm_models.split(",") if name.strip()]
    if not names:
        raise NoModelNamed
    return tuple(
        model_named(
            name,
            settings,
            setting="NAVIS_LLM_MODELS",
            # So that a slow one leaves time for those behind it.
            total_s=settings.generation_total_timeout_s / len(names),
        )
        for name in names
    )
