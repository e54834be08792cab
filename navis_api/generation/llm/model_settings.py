"""The models that the settings name, ready to be asked."""

from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import Provider, infer_provider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from navis_api.generation.llm.errors import ModelUnusable, NoModelNamed
from navis_api.generation.llm.language_model import LanguageModel
from navis_api.settings import Settings

_OPENAI = "openai"


def models_of(settings: Settings) -> tuple[LanguageModel, ...]:
    """Return the models of `llm_models` in their order.

    Raises NoModelNamed, and ModelUnusable for a name that can't be resolved here.
    """
    names = [name.strip() for name in settings.llm_models.split(",") if name.strip()]
    if not names:
        raise NoModelNamed
    return tuple(
        LanguageModel(
            name,
            _model(name, settings),
            silence_s=settings.llm_timeout_s,
            # So that a slow one leaves time for those behind it.
            total_s=settings.generation_total_timeout_s / len(names),
            max_output_tokens=settings.llm_max_output_tokens,
        )
        for name in names
    )


def _model(name: str, settings: Settings) -> Model:
    provider, _, model_name = name.partition(":")
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    if not model_name:
        raise ModelUnusable(name)
    if provider == _OPENAI and settings.llm_base_url:
        # Never the key in OPENAI_API_KEY, which isn't for this server.
        endpoint = OpenAICompatibleProvider(
            "openai-compatible", base_url=settings.llm_base_url, api_key=key
        )
        return OpenAIChatModel(model_name, provider=endpoint)

    def provider_of(provider_name: str) -> Provider[Any]:
        if provider_name == _OPENAI and key:
            return OpenAIProvider(api_key=key)
        return infer_provider(provider_name)

    try:
        return infer_model(name, provider_of)
    except (ImportError, UserError, ValueError):
        raise ModelUnusable(name) from None
