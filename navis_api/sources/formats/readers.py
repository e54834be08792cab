"""The formats that `navis-api sources import` reads."""

from pathlib import Path

from navis_api.sources.documents import SourceReader
from navis_api.sources.formats.jsonl import JsonlReader
from navis_api.sources.formats.medquad import MedquadReader


def read_medquad(path: Path) -> SourceReader:
    """Documents of MedQuAD (Ben Abacha and Demner-Fushman, BMC Bioinformatics 2019).

    `path` is one XML file or a folder, which is searched in depth. Raises FileNotFoundError when
    it does not exist.
    """
    return MedquadReader(path)


def read_jsonl(path: Path) -> SourceReader:
    """Documents of a `.jsonl` file, one a line, or of a `.jsonl.gz`.

    Each line is an object with `url`, `title`, `publisher`, `licence` and `markdown` (or `text`),
    and optionally `accessed_on`, `last_reviewed`, `published_on` (ISO dates), `version`,
    `audience` ("patient", "professional") and `language`. Raises FileNotFoundError when the file
    does not exist.
    """
    return JsonlReader(path)
