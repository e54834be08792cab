"""Commands that measure: `eval reuse`, `retrieval`, `safety`, `grounding`, `answers`.

Each reads a file of cases, one JSON object a line, and prints its figures. Texts of
cases are never printed, only their ids.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer
from rich.console import Console
from rich.table import Table

from navis_api.cancers.catalogue import Catalogue
from navis_api.cancers.service import CatalogueKeeper
from navis_api.cli.database import command_database, database_address
from navis_api.cli.loop import run
from navis_api.db.sessions import Database
from navis_api.evaluation.answering import Answerer
from navis_api.evaluation.answers import AnswerFigures, evaluate_answers
from navis_api.evaluation.cases import (
    AnswerQuestion,
    GroundingClaim,
    RetrievalQuery,
    ReusePair,
    SafetyText,
    read_cases,
)
from navis_api.evaluation.figures import Outcome
from navis_api.evaluation.grounding import GroundingFigures, evaluate_grounding
from navis_api.evaluation.retrieval import RetrievalFigures, evaluate_retrieval
from navis_api.evaluation.reuse import ReuseFigures, evaluate_reuse
from navis_api.evaluation.safety import SafetyFigures, evaluate_safety
from navis_api.evaluation.searching import Searcher
from navis_api.generation.engines import engines_from
from navis_api.settings import Settings
from navis_api.sources.embedding.choice import embedder_from
from navis_api.sources.embedding.similarity import TextSimilarity
from navis_api.telemetry import configure_logging

MISSES_SHOWN = 20

evaluation = typer.Typer(
    name="eval",
    help="Measure on your own questions: files with one JSON object a line.",
    no_args_is_help=True,
)

Figures = ReuseFigures | RetrievalFigures | SafetyFigures | GroundingFigures | AnswerFigures
FiguresT = TypeVar("FiguresT", bound=Figures)
CasesPath = Annotated[Path, typer.Argument(help="The file of cases.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print figures and cases as JSON.")]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What evaluations run on."""

    settings: Settings
    database: Database
    keeper: CatalogueKeeper
    catalogue: Catalogue


@evaluation.command()
def reuse(path: CasesPath, *, as_json: AsJson = False) -> None:
    """Same question or not: {"id", "a", "b", "same"}, where b is asked when a is answered."""
    pairs = read_cases(path, ReusePair)

    async def measure(on: _Surroundings) -> ReuseFigures:
        embedder = embedder_from(on.settings)
        likeness = TextSimilarity(embedder) if embedder else None
        return await evaluate_reuse(pairs, on.catalogue, likeness)

    _show(_measured(measure), as_json=as_json)


@evaluation.command()
def retrieval(path: CasesPath, *, as_json: AsJson = False) -> None:
    """Documents found: {"id", "query", "relevant_urls"}."""
    queries = read_cases(path, RetrievalQuery)

    async def measure(on: _Surroundings) -> RetrievalFigures:
        searcher = Searcher(on.database, on.keeper, embedder_from(on.settings))
        return await evaluate_retrieval(queries, searcher.find)

    _show(_measured(measure), as_json=as_json)


@evaluation.command()
def safety(path: CasesPath, *, as_json: AsJson = False) -> None:
    """Urgent first: {"id", "text", "kind"}: EMERGENCY, CRISIS, NO_DOSING, OUT_OF_SCOPE or NONE."""
    texts = read_cases(path, SafetyText)

    async def measure(on: _Surroundings) -> SafetyFigures:
        return evaluate_safety(texts, on.catalogue)

    _show(_measured(measure), as_json=as_json)


@evaluation.command()
def grounding(path: CasesPath, *, as_json: AsJson = False) -> None:
    """Claims and what they cite: {"id", "cancer", "claim", "passages", "supported"}."""
    claims = read_cases(path, GroundingClaim)

    async def measure(on: _Surroundings) -> GroundingFigures:
        return evaluate_grounding(claims, on.catalogue)

    _show(_measured(measure), as_json=as_json)


@evaluation.command()
def answers(path: CasesPath, *, as_json: AsJson = False) -> None:
    """Answers: {"id", "text", "cancer", "expect"}: ANSWERABLE, ABSTAIN or ASK_CANCER."""
    questions = read_cases(path, AnswerQuestion)

    async def measure(on: _Surroundings) -> AnswerFigures:
        engine = engines_from(on.settings, on.database, on.keeper)[on.settings.engine.value]
        return await evaluate_answers(questions, Answerer(on.database, on.catalogue, engine).write)

    _show(_measured(measure), as_json=as_json)


def _measured(measure: Callable[[_Surroundings], Awaitable[FiguresT]]) -> FiguresT:
    settings = Settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    with database_address(settings) as address:
        return run(_on_database(settings, command_database(address), measure))


async def _on_database(
    settings: Settings,
    database: Database,
    measure: Callable[[_Surroundings], Awaitable[FiguresT]],
) -> FiguresT:
    try:
        keeper = CatalogueKeeper(database)
        return await measure(_Surroundings(settings, database, keeper, await keeper.current()))
    finally:
        await database.close()


def _show(figures: Figures, *, as_json: bool) -> None:
    told: dict[str, Any] = asdict(figures)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    del told["cases"]
    console = Console()
    table = Table(show_header=False)
    for name, value in told.items():
        table.add_row(name.replace("_", " "), _in_words(value))
    console.print(table)
    misses = [case for case in figures.cases if not case.right]
    for case in misses[:MISSES_SHOWN]:
        console.print(_miss(case), markup=False, highlight=False)
    if len(misses) > MISSES_SHOWN:
        console.print(f"… and {len(misses) - MISSES_SHOWN} more: --json has them all.")


def _in_words(value: Any) -> str:  # noqa: ANN401  (figures are numbers, or mappings to them)
    if isinstance(value, Mapping):
        named = cast("Mapping[str, Any]", value)
        return "\n".join(f"{name}: {_in_words(each)}" for name, each in named.items())
    return "–" if value is None else str(value)


def _miss(case: Outcome) -> str:
    reasons = f" ({'; '.join(case.reasons)})" if case.reasons else ""
    return f"✗ {case.id}: {case.outcome}{reasons}"
