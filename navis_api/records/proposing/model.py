"""Proposals of a language model: what is sent to it, and what can be read of what it writes."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError

from navis_api.language_models.errors import ModelFailed, ModelFault, OutputUnreadable
from navis_api.language_models.json_output import CHARS_PER_TOKEN, read_object
from navis_api.language_models.language_model import LanguageModel
from navis_api.language_models.naming import model_named
from navis_api.language_models.prompt import Prompt
from navis_api.records.extraction.findings import (
    Assertion,
    Finding,
    FindingKind,
    Temporality,
    TreatmentStatus,
)
from navis_api.records.proposing.proposal import MAX_PROPOSALS, Proposal
from navis_api.settings import Settings

_MOST_READ: Final = 200


class WrittenProposal(BaseModel):
    """One proposal as the model writes it. The keys' order is the order of the writing."""

    kind: FindingKind
    name: str
    page: int
    quote: str
    value: str | None
    unit: str | None
    assertion: Assertion
    temporality: Temporality
    treatment_status: TreatmentStatus | None
    observed_on: date | None = Field(alias="date")


class WrittenProposals(BaseModel):
    """The whole of what a model writes."""

    proposals: list[WrittenProposal]


class ModelProposer:
    """Asks one language model, once for a record and without a second try."""

    def __init__(self, model: LanguageModel, *, max_output_tokens: int) -> None:
        self._model = model
        self._max_chars = max_output_tokens * CHARS_PER_TOKEN

    async def propose(self, pages: Sequence[str], read: Sequence[Finding]) -> Sequence[Proposal]:
        """Return what the model proposes, the first 40 of it; what isn't of the form is left out.

        Raises ModelFailed where it doesn't come to the end of one JSON object in time.
        """
        written = ""
        async with aclosing(self._model.write(_prompt(pages, read))) as pieces:
            async for piece in pieces:
                written += piece
                if len(written) > self._max_chars:
                    raise ModelFailed(self._model.name, ModelFault.TOO_LONG)
        listed = _listed(written)
        if listed is None:
            raise ModelFailed(self._model.name, ModelFault.UNREADABLE)
        return [proposal for each in listed[:MAX_PROPOSALS] if (proposal := _read(each))]


def model_proposer(name: str, settings: Settings) -> ModelProposer:
    """Return the proposer that asks this model. Raises ModelUnusable."""
    model = model_named(
        name, settings, setting="NAVIS_RECORDS_MODEL", total_s=settings.records_model_timeout_s
    )
    return ModelProposer(model, max_output_tokens=settings.llm_max_output_tokens)


def _prompt(pages: Sequence[str], read: Sequence[Finding]) -> Prompt:
    """Return the request. The record's words stand in JSON strings, which nothing in them ends."""
    data = {
        "already_read": [
            {"kind": finding.kind.value, "name": finding.name, "value": finding.value}
            for finding in read[:_MOST_READ]
        ],
        "pages": [{"page": number, "text": text} for number, text in enumerate(pages, start=1)],
    }
    return Prompt(_instructions(), json.dumps(data, ensure_ascii=False, indent=1), _schema())


def _listed(written: str) -> list[Any] | None:
    try:
        listed: Any = read_object(written).get("proposals")
    except OutputUnreadable:
        return None
    return listed if isinstance(listed, list) else None  # pyright: ignore[reportUnknownVariableType]


def _read(told: object) -> Proposal | None:
    try:
        read = WrittenProposal.model_validate(told)
    except ValidationError:
        # Its text quotes what it refused, so nothing is made of it.
        return None
    return Proposal(**read.model_dump())


@cache
def _instructions() -> str:
    return files("navis_api.records.proposing").joinpath("instructions.txt").read_text("utf-8")


@cache
def _schema() -> dict[str, Any]:
    return WrittenProposals.model_json_schema()
