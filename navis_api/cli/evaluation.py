"""Commands that measure: `eval reuse`, `retrieval`, `safety`, `grounding`, `answers`, `extraction`.

Each reads a file of cases, one JSON object a line, and prints its figures. Texts of
cases are never printed, only their ids.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
from navis_api.evaluation.extraction.cases import ExtractionCase
from navis_api.evaluation.extraction.evaluating import (
    Counts,
    ExtractionFigures,
    evaluate_extraction,
)
from navis_api.evaluation.figures import Outcome
from navis_api.evaluation.grounding import GroundingFigures, evaluate_grounding
from navis_api.evaluation.retrieval import RetrievalFigures, evaluate_retrieval
from navis_api.evaluation.reuse import ReuseFigures, evaluate_reuse
from navis_api.evaluation.safety import SafetyFigures, evaluate_safety
from navis_api.evaluation.searching import Searcher
from navis_api.generation.engines import engines_from
from navis_api.records.extraction.failures import ExtractionFailed
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.sandbox import ExtractionSandbox
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

_NO_CANCERS = (
    "This database knows no cancers, so no question is read as the service would read it."
    " `navis-api content import --sample` puts in the catalogue that comes with it."
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


@evaluation.command()
def extraction(
    path: CasesPath,
    *,
    files: Annotated[
        Path, typer.Option(help="The folder that the files of the cases are in.", file_okay=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Findings in records: {"id", "file" or "text", "kind", "expected", "traps"}."""
    cases = read_cases(path, ExtractionCase)
    figures = run(evaluate_extraction(cases, files, _sandboxed(ExtractionSandbox())))
    if as_json:
        typer.echo(json.dumps(asdict(figures), ensure_ascii=False))
        return
    _show_extraction(figures)


def _sandboxed(sandbox: ExtractionSandbox) -> Callable[[bytes], Awaitable[Sequence[Finding]]]:
    async def extract(content: bytes) -> Sequence[Finding]:
        try:
            return (await sandbox.extract(content)).findings
        except ExtractionFailed:
            # What can't be read holds no findings: everything expected of it is missed.
            return ()

    return extract


def _show_extraction(figures: ExtractionFigures) -> None:
    console = Console()
    table = Table("", "found", "wrong", "missed", "precision", "recall")
    for name, counts in figures.overall.items():
        _add_counts(table, name.replace("_", " "), counts)
    for name, counts in figures.file_kinds.items():
        _add_counts(table, f"  {name}", counts)
    for group, kinds in figures.finding_kinds.items():
        table.add_section()
        for name, counts in kinds.items():
            _add_counts(table, f"{group.replace('_', ' ')}: {name}", counts)
    console.print(table)
    console.print(f"{figures.files} files, {figures.trap_hits} trap hits")
    _show_misses(console, figures.cases)


def _add_counts(table: Table, name: str, counts: Counts) -> None:
    figures = (counts.tp, counts.fp, counts.fn, counts.precision, counts.recall)
    table.add_row(name, *map(_in_words, figures))


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
        catalogue = await keeper.current()
        if not catalogue.entries:
            typer.echo(_NO_CANCERS, err=True)
        return await measure(_Surroundings(settings, database, keeper, catalogue))
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
    _show_misses(console, figures.cases)


def _show_misses(console: Console, cases: Sequence[Outcome]) -> None:
    misses = [case for case in cases if not case.right]
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
