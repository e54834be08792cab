"""The biomarkers that a question names, and texts that are about their opposite."""

from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.vocabulary.markers import MarkerMention, MarkerStatus, markers_in
from navis_api.vocabulary.terms import TermKind, terms
from navis_api.vocabulary.tumor_markers import is_in_blood

_NEGATIVE = frozenset({MarkerStatus.NEGATIVE, MarkerStatus.WILD_TYPE})
# A question on so many is on a kind of the cancer ("triple negative"), which has a name of its own.
_MOST = 2


@dataclass(frozen=True, slots=True)
class AskedMarker:
    """A marker that a question names. `is_there` is None where it doesn't say with what result."""

    gene_key: str
    label: str
    names: tuple[str, ...]
    is_there: bool | None

    @property
    def is_in_blood(self) -> bool:
        """Whether it is measured in blood: no treatment acts on it."""
        return is_in_blood(self.gene_key)


def markers_asked(text: str) -> tuple[AskedMarker, ...]:
    """Return the markers of a question, each once; none where it names a whole set of them."""
    found: dict[str, AskedMarker] = {}
    for mention in markers_in(text):
        term = terms()[TermKind.GENE, mention.gene_key]
        known = AskedMarker(mention.gene_key, term.label, term.names, _is_there(mention))
        found.setdefault(mention.gene_key, known)
    return tuple(found.values()) if len(found) <= _MOST else ()


def is_on_the_opposite(text: str, asked: Sequence[AskedMarker]) -> bool:
    """Whether a text is about a cancer in which a marker is there that isn't here, or reversed."""
    known = {marker.gene_key: marker.is_there for marker in asked if marker.is_there is not None}
    if not known:
        return False
    said: dict[str, set[bool]] = {}
    for mention in markers_in(text):
        is_there = _is_there(mention)
        if mention.gene_key in known and is_there is not None:
            said.setdefault(mention.gene_key, set()).add(is_there)
    # A text that tells of both tells them apart.
    return any(results == {not known[gene]} for gene, results in said.items())


def _is_there(mention: MarkerMention) -> bool | None:
    if mention.status is MarkerStatus.UNSTATED:
        return None
    return mention.status not in _NEGATIVE
