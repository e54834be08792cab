"""Checking claims against what they cite: the port between who edits and who knows how to check.

The review edits, and what writes answers has the checks; the two are strangers, so whoever
puts the service together hands the one to the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from navis_api.answers.drafts import DraftCitation, DraftSection
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """Where a quote stands: what is known of the passage around it and of its source.

    `headings` begin with the document's title; `cancer_ids` are the cancers that the passage
    is about, none for a general text.
    """

    headings: tuple[str, ...]
    title: str
    publisher: str
    version: str | None
    published_on: date | None
    last_reviewed_on: date | None
    url: str | None
    cancer_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a claim (its place counted from 0) doesn't stand, in sentences for an editor."""

    section: int
    claim: int
    reasons: tuple[str, ...]


class ClaimChecker(Protocol):
    """Says which claims what they cite doesn't support."""

    async def objections(
        self,
        sections: Sequence[DraftSection],
        passages: Mapping[DraftCitation, CitedPassage],
        *,
        cancer: CatalogueEntry | None,
        catalogue: Catalogue,
    ) -> list[Objection]:
        """Return the objections, in reading order; none where every claim is supported.

        `passages` has every citation of the sections.
        """
        ...
