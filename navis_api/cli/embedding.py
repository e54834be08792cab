"""The command that embeds the corpus, `sources embed`, and what `sources status` says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.errors import OperatorFault
from navis_api.kit.clock import utc_now
from navis_api.settings import Settings
from navis_api.sources.embedding import repository
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.embedder import Embedder
from navis_api.sources.embedding.tasks import EmbeddingTask
from navis_api.sources.models import Audience, EmbeddingRun
from navis_api.sources.repository import PublisherCount


class EmbedderUnset(OperatorFault):
    """There is nothing to embed with."""

    def __init__(self) -> None:
        super().__init__("Set NAVIS_EMBEDDER to `openai` or `local`: it is `none`.")


@dataclass(frozen=True, slots=True)
class EmbeddingState:
    """How far the corpus is embedded with the model that the settings name."""

    embedded: dict[tuple[str, str, Audience], int]
    run: EmbeddingRun | None

    def of(self, row: PublisherCount) -> int:
        """Return how many of these passages have a vector."""
        return self.embedded.get((row.publisher, row.licence, row.audience), 0)


async def embedding_state(session: AsyncSession, model: str) -> EmbeddingState:
    """Return how far it is."""
    return EmbeddingState(
        await repository.count_embedded(session, model),
        await repository.get_run(session, model),
    )


def describe(
    model: str | None, state: EmbeddingState | None, rows: Sequence[PublisherCount]
) -> str:
    """Say it in a sentence or two."""
    if state is None:
        return "No embedder: search works on full text alone."
    embedded, passages = sum(state.embedded.values()), sum(row.passages for row in rows)
    said = f"{embedded:,} of {passages:,} passages embedded with {model}."
    if state.run is not None and state.run.failure is not None:
        said += f" It failed at {state.run.updated_at:%Y-%m-%d %H:%M} UTC: {state.run.failure}"
    elif state.run is not None and state.run.lease_token is not None:
        said += " A process is at it."
    return said


def embed(
    *,
    prune: Annotated[
        bool, typer.Option("--prune", help="Then remove the vectors of other models.")
    ] = False,
) -> None:
    """Compute the vectors that are missing, here and now. Stopped, it goes on where it was.

    A worker does the same by itself after an import.
    """
    settings = Settings()
    embedder = embedder_from(settings)
    if embedder is None:
        raise EmbedderUnset
    with database_address(settings) as address:
        database = command_database(address)
        task = EmbeddingTask(
            database,
            embedder,
            clock=utc_now,
            batch_size=settings.embedder_batch_size,
            lease_s=settings.generation_lease_s,
        )
        run(_embed(database, embedder, task, prune=prune))


async def _embed(
    database: Database, embedder: Embedder, task: EmbeddingTask, *, prune: bool
) -> None:
    errors = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        async with database.reading(SYSTEM_ROWS) as session:
            passages = await repository.count_passages(session)
            done = sum((await repository.count_embedded(session, embedder.model)).values())
        with Progress(*columns, TimeRemainingColumn(), console=errors) as progress:
            bar = progress.add_task("Embedding", total=passages, completed=done)
            await task.embed_missing(lambda more: progress.advance(bar, more))
        if prune:
            async with database.writing(SYSTEM_ROWS) as session:
                pruned = await repository.remove_other_models(session, embedder.model)
            typer.echo(f"{pruned:,} vectors of other models removed.")
        typer.echo(f"{passages:,} passages are embedded with {embedder.model}.")
    finally:
        await embedder.close()
        await database.close()
