"""Which embedder the settings ask for: the one place where that is decided."""

from pathlib import Path
from urllib.parse import urlsplit

from navis_api.errors import OperatorFault
from navis_api.settings import EmbedderName, Settings
from navis_api.sources.embedding.embedder import Embedder
from navis_api.sources.embedding.local import LocalEmbedder
from navis_api.sources.embedding.openai import OpenAIEmbedder


class EmbedderUnset(OperatorFault):
    """An embedder is asked for, and what it needs isn't set."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"NAVIS_EMBEDDER asks for embeddings: set {variable} too.")


class EmbedderAddressInvalid(OperatorFault):
    """`NAVIS_EMBEDDER_URL` is no address; it isn't repeated, since a password may be in it."""

    def __init__(self) -> None:
        super().__init__(
            "NAVIS_EMBEDDER_URL is not an address. It looks like https://host.example/v1"
        )


def embedder_from(settings: Settings) -> Embedder | None:
    """Return the embedder, or None where search is to work on full text alone.

    Nothing is read or asked yet but a local model's folder. Raises EmbedderUnset,
    EmbedderAddressInvalid and LocalEmbedderMissing. Whoever gets one closes it.
    """
    if settings.embedder is EmbedderName.NONE:
        return None
    if not settings.embedder_model:
        raise EmbedderUnset("NAVIS_EMBEDDER_MODEL")
    if settings.embedder is EmbedderName.LOCAL:
        return LocalEmbedder(
            Path(settings.embedder_model),
            batch_size=settings.embedder_batch_size,
            timeout_s=settings.embedder_timeout_s,
        )
    if not settings.embedder_url:
        raise EmbedderUnset("NAVIS_EMBEDDER_URL")
    address = urlsplit(settings.embedder_url)
    if address.scheme not in {"http", "https"} or not address.netloc:
        raise EmbedderAddressInvalid
    return OpenAIEmbedder(
        url=settings.embedder_url,
        model=settings.embedder_model,
        api_key=settings.embedder_api_key,
        batch_size=settings.embedder_batch_size,
        timeout_s=settings.embedder_timeout_s,
    )
