"""Which engines a process has, as the settings say: the one place where they are put together."""

import time
from collections.abc import Mapping

import httpx

from navis_api.cancers.service import CatalogueKeeper
from navis_api.db.sessions import Database
from navis_api.errors import OperatorFault
from navis_api.generation.contract import Engine
from navis_api.generation.extractive.engine import ExtractiveEngine
from navis_api.generation.http.breaker import CircuitBreaker
from navis_api.generation.http.client import RemoteEngine
from navis_api.generation.http.remote_server import ServerAddress
from navis_api.generation.time_limit import TimeLimited
from navis_api.settings import EngineName, Settings
from navis_api.sources.embedding.embedder import Embedder
from navis_api.sources.search.corpus import CorpusSearch


class GenerationUrlInvalid(OperatorFault):
    """The generation server's address is none."""

    def __init__(self) -> None:
        super().__init__(
            "NAVIS_GENERATION_URL must be an address such as https://generation.example.org:8001,"
            " without a name and password."
        )


def engines_from(
    settings: Settings,
    database: Database,
    keeper: CatalogueKeeper,
    *,
    embedder: Embedder | None = None,
) -> Mapping[str, Engine]:
    """Return the engines by name: those of the generation server where one is set, else our own.

    With an embedder, passages are found by their meaning too; whoever gave it closes it.
    Raises OperatorFault where a setting of theirs is wrong.
    """
    if settings.generation_url is not None:
        return _remote_engines(settings, settings.generation_url, database)
    return own_engines(settings, database, keeper, embedder=embedder)


def own_engines(
    settings: Settings,
    database: Database,
    keeper: CatalogueKeeper,
    *,
    embedder: Embedder | None = None,
) -> Mapping[str, Engine]:
    """Return the engines that run in this process: the one that is set, and the extractive one.

    That one always, since it needs nothing and may have to end what it has begun.
    """
    engines: list[Engine] = [ExtractiveEngine(database, keeper)]
    if settings.engine is EngineName.LLM:
        engines.append(_language_model_engine(settings, database, keeper, embedder))
    return {
        engine.name: TimeLimited(engine, total_s=settings.generation_total_timeout_s)
        for engine in engines
    }


def _language_model_engine(
    settings: Settings, database: Database, keeper: CatalogueKeeper, embedder: Embedder | None
) -> Engine:
    # Here, since its libraries take a second to import and only this engine needs them.
    from navis_api.generation.llm.engine import LanguageModelEngine  # noqa: PLC0415

    search = CorpusSearch(keeper, embedder=embedder)
    return LanguageModelEngine(settings, database, keeper, search=search)


def _remote_engines(settings: Settings, url: str, database: Database) -> Mapping[str, Engine]:
    token = settings.generation_token
    server = ServerAddress(
        url=_require_address(url),
        token=token.get_secret_value() if token else None,
        connect_timeout_s=settings.generation_connect_timeout_s,
        idle_timeout_s=settings.generation_idle_timeout_s,
        total_timeout_s=settings.generation_total_timeout_s,
    )
    # One for all: it is the server that fails, whatever it is asked for.
    breaker = CircuitBreaker(
        failures=settings.generation_breaker_failures,
        open_s=settings.generation_breaker_open_s,
        seconds=time.monotonic,
    )
    return {
        name.value: RemoteEngine(name.value, server=server, breaker=breaker, database=database)
        for name in EngineName
    }


def _require_address(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise GenerationUrlInvalid from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise GenerationUrlInvalid
    return url
