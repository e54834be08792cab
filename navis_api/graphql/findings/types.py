"""Findings, as their patient sees them."""

from datetime import date
from typing import Self

import strawberry

from navis_api.graphql.enums import (
    Assertion,
    FindingKind,
    FindingOrigin,
    FindingStatus,
    Temporality,
    TreatmentStatus,
)
from navis_api.graphql.relay import Node
from navis_api.records.findings import correction
from navis_api.records.findings.views import FindingView


@strawberry.type(
    description="What the patient put right in a finding. What is null stays as it was read."
)
class FindingCorrection:
    """A correction."""

    value: str | None = strawberry.field(description="What is right in place of `Finding.value`.")
    unit: str | None = strawberry.field(description="What is right in place of `Finding.unit`.")
    observed_on: date | None = strawberry.field(
        description="What is right in place of `Finding.observedOn`."
    )
    assertion: Assertion | None = strawberry.field(
        description="What is right in place of `Finding.assertion`."
    )
    treatment_status: TreatmentStatus | None = strawberry.field(
        description="What is right in place of `Finding.treatmentStatus`."
    )

    @classmethod
    def of(cls, told: correction.Correction) -> Self:
        """Return a correction as clients see it."""
        return cls(
            value=told.value,
            unit=told.unit,
            observed_on=told.observed_on,
            assertion=told.assertion,
            treatment_status=told.treatment_status,
        )


@strawberry.type(
    description="A fact that was read from a record, in the terms of mCODE: where it stands there,"
    " and what its patient says of it. All but `status` and `correction` is as it was read. It"
    " holds for the patient only where `assertion` says so."
)
class Finding(Node):
    """A finding of the viewer's."""

    kind: FindingKind = strawberry.field(description="What it says something about.")
    name: str = strawberry.field(description="What it is about, in plain words.")
    value: str | None = strawberry.field(
        description="What is said of it: a stage, a category, a result. Null where the name says"
        " all."
    )
    unit: str | None = strawberry.field(description="The unit of `value`, as written.")
    code: str | None = strawberry.field(
        description="The code that the record itself gives. Nothing is coded that came without."
    )
    code_system: str | None = strawberry.field(description="Where `code` is from.")
    observed_on: date | None = strawberry.field(
        description="The day that the record gives it. Null where that is less than a whole day."
    )
    assertion: Assertion = strawberry.field(
        description="Whether the record says that it holds for the patient."
    )
    temporality: Temporality = strawberry.field(
        description="Whether the record speaks of now or of earlier."
    )
    treatment_status: TreatmentStatus | None = strawberry.field(
        description="How far a treatment has come. Null for what is none."
    )
    page: int | None = strawberry.field(
        description="The page that it stands on, from 1. Null in coded files (FHIR, C-CDA)."
    )
    start: int | None = strawberry.field(
        description="Where its words begin in the text of the page, counted in code points."
    )
    end: int | None = strawberry.field(description="Where its words end, counted as `start`.")
    locator: str | None = strawberry.field(
        description="In coded files, the path of the element that it stands in."
    )
    quote: str | None = strawberry.field(description="Its words, to the letter.")
    origin: FindingOrigin = strawberry.field(
        description="Who found it: our own reader, or a language model that proposed it."
    )
    confidence: float = strawberry.field(
        description="How sure the reading is, from 0 to 1. Only the patient makes it certain."
    )
    status: FindingStatus = strawberry.field(description="What the patient says of it.")
    correction: FindingCorrection | None = strawberry.field(
        description="What the patient put right. Null unless it is CORRECTED."
    )

    @classmethod
    def of(cls, view: FindingView) -> Self:
        """Return a finding as clients see it."""
        read = view.read
        return cls(
            key=view.id,
            kind=read.kind,
            name=read.name,
            value=read.value,
            unit=read.unit,
            code=read.code,
            code_system=read.code_system,
            observed_on=read.observed_on,
            assertion=read.assertion,
            temporality=read.temporality,
            treatment_status=read.treatment_status,
            page=read.page,
            start=read.start,
            end=read.end,
            locator=read.locator,
            quote=read.quote,
            origin=read.origin,
            confidence=read.confidence,
            status=view.status,
            correction=FindingCorrection.of(view.correction) if view.correction else None,
        )
