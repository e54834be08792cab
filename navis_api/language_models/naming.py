"""Models that settings name, ready to be asked."""

from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import Provider, infer_provider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

from navis_api.language_models.errors import ModelUnusable
from navis_api.language_models.language_model import LanguageModel
from navis_api.settings import Settings

_OPENAI = "openai"


def model_named(
    name: str,
    settings: Settings,
    *,
    setting: str,
    total_s: float,
) -> LanguageModel:
    """Return the model of a name, `provider:name`, that stands in the setting `setting`.

    Address, key, patience and the longest output are those of the `llm_` settings. All that it
    says has to come within `total_s` seconds. Raises ModelUnusable for a name that can't be
    resolved here.
    """
    return LanguageModel(
        name,
        _model(name, settings, setting),
        silence_s=settings.llm_timeout_s,
        total_s=total_s,
        max_output_tokens=settings.llm_max_output_tokens,
    )


def _model(name: str, settings: Settings, setting: str) -> Model:
    provider, _, model_name = name.partition(":")
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    if not model_name:
        raise ModelUnusable(name, setting=setting)
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
        raise ModelUnusable(name, setting=setting) from None
