"""The pairs that closeness is learned from: a claim, what it cites, and whether that supports it.

`pairs/*.jsonl` hold claims of one author each, in the author's own words. What they cite are places
in the pages of the US National Cancer Institute, which aren't copied here: they are read from
`../shared/data`. The pairs of the tests bring passages of our own.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from pydantic import BaseModel

import navis_api
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding import closeness
from navis_api.generation.grounding.closeness.word_vectors import VECTORS
from navis_api.generation.grounding.evidence import Evidence
from navis_api.sources.cleaning.markdown import clean_markdown, clean_title
from navis_api.sources.documents import BrokenDocument
from navis_api.sources.formats.readers import read_jsonl
from navis_api.sources.passages import split_passages
from navis_api.sources.subjects import cancers_of

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
CORPUS = REPOSITORY.parent / "shared" / "data" / "nci" / "nci_2025.jsonl.gz"
OWN_CLAIMS = REPOSITORY / "tests" / "generation" / "grounding" / "claims.jsonl"
OWN = "own"
"""The author of the tests' claims, who had the rules before his eyes."""
PUT_ASIDE = tuple(f"writer_{number}" for number in range(27, 33))
"""Authors of whom nothing is learned: what the two that learn count together is fitted on them."""
_JOINT = "\n\n"


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim about a cancer, what it cites, whether that supports it, and who wrote it."""

    author: str
    claim: str
    cancer: CatalogueEntry | None
    evidence: tuple[Evidence, ...]
    supported: bool


class _Place(BaseModel):
    url: str
    spans: list[tuple[int, int]]


class _Written(BaseModel):
    cancer: str
    claim: str
    supported: bool
    passages: list[_Place | str]
    held_out: bool = False


@dataclass(frozen=True)
class Page:
    """A page of the corpus: its text is as it is imported."""

    url: str
    title: str
    markdown: str
    audience: str | None

    @cached_property
    def text(self) -> str:
        """Its text, cleaned, to which the offsets of places go."""
        return clean_markdown(self.markdown)

    @cached_property
    def headings(self) -> list[tuple[tuple[str, ...], int]]:
        """The headings of each of its passages, and where it ends."""
        return [(each.heading_path, each.end) for each in split_passages(self.text)]


def pairs() -> list[Pair]:
    """Return all pairs. Ends the program where the corpus isn't here."""
    found: list[Pair] = []
    for path in (*sorted((HERE / "pairs").glob("*.jsonl")), OWN_CLAIMS):
        author = OWN if path == OWN_CLAIMS else path.stem
        for line in path.read_text("utf-8").splitlines():
            written = _Written.model_validate_json(line)
            if written.held_out:
                continue  # Put aside, for the tests to measure on.
            found.append(
                Pair(
                    author=author,
                    claim=written.claim,
                    cancer=_cancer(written.cancer),
                    evidence=tuple(_evidence(place) for place in written.passages),
                    supported=written.supported,
                )
            )
    return found


def digest() -> str:
    """Return what tells one set of pairs, and of words to read them by, from another."""
    folder = Path(closeness.__path__[0])
    read_by = (folder / name for name in ("near.txt", "word_classes.json", VECTORS))
    whole = hashlib.sha256()
    for path in (*sorted((HERE / "pairs").glob("*.jsonl")), OWN_CLAIMS, *read_by):
        whole.update(path.read_bytes())
    return whole.hexdigest()


@cache
def pages() -> dict[str, Page]:
    """Return the pages of the corpus by their address."""
    if not CORPUS.is_file():
        raise SystemExit(f"The pages that the claims cite are not here: {CORPUS}")
    return {
        each.url: Page(
            url=each.url,
            title=clean_title(each.title),
            markdown=each.markdown,
            audience=each.audience,
        )
        for each in read_jsonl(CORPUS)
        if not isinstance(each, BrokenDocument)
    }


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the samples, without a database."""
    path = Path(navis_api.__file__).parent / "samples" / "cancers.json"
    return Catalogue(tuple(_entries(path)))


def _entries(path: Path) -> Iterator[CatalogueEntry]:
    for written in json.loads(path.read_text("utf-8")):
        parent = written["parent"]
        yield CatalogueEntry(
            id=uuid5(NAMESPACE_URL, written["slug"]),
            slug=written["slug"],
            name=written["name"],
            clinical_name=written["clinicalName"],
            aliases=tuple(written["aliases"]),
            abbreviations=tuple(written["abbreviations"]),
            body_site=written["bodySite"],
            icd10_codes=tuple(written["icd10Codes"]),
            summary=written["summary"],
            parent_id=uuid5(NAMESPACE_URL, parent) if parent else None,
        )


@cache
def _cancer(name: str) -> CatalogueEntry | None:
    """Return the cancer of a slug, or the one that a name speaks of."""
    known = catalogue()
    if name in known.by_slug:
        return known.by_slug[name]
    mentioned = {mention.cancer.id: mention.cancer for mention in known.mentions(name)}
    named = known.most_specific(mentioned.values())
    return named[0] if len(named) == 1 else None


def _evidence(place: _Place | str) -> Evidence:
    if isinstance(place, str):
        return Evidence(place)
    page = pages()[place.url]
    first = place.spans[0][0]
    headings = next(path for path, end in page.headings if first < end)
    return Evidence(
        text=_JOINT.join(page.text[start:end] for start, end in place.spans),
        headings=headings,
        title=page.title,
        publisher="National Cancer Institute",
        url=place.url,
        cancer_ids=frozenset(cancers_of(catalogue(), page.title, headings, place.url)),
    )
