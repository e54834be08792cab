"""MedQuAD: question-answer pairs from pages of the US National Institutes of Health, as XML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from xml.parsers import expat

from navis_api.sources.documents import MAX_DOCUMENT_BYTES, BrokenDocument, SourceDocument
from navis_api.sources.formats.medquad_text import answer_markdown, question_heading

LICENCE = "CC BY 4.0 (MedQuAD; Ben Abacha and Demner-Fushman, BMC Bioinformatics 2019)"
VERSION = "MedQuAD 2019"
# By the `source` attribute of a document; an unknown one stands for itself.
_PUBLISHERS = {
    "ADAM": "A.D.A.M. Medical Encyclopedia",
    "CancerGov": "National Cancer Institute",
    "CDC": "Centers for Disease Control and Prevention",
    "GARD": "Genetic and Rare Diseases Information Center",
    "GHR": "Genetics Home Reference, National Library of Medicine",
    "MPlusDrugs": "MedlinePlus, National Library of Medicine",
    "MPlusHealthTopics": "MedlinePlus, National Library of Medicine",
    "MPlusHerbsSupplements": "MedlinePlus, National Library of Medicine",
    "NHLBI": "National Heart, Lung, and Blood Institute",
    "NIDDK": "National Institute of Diabetes and Digestive and Kidney Diseases",
    "NIHSeniorHealth": "NIHSeniorHealth, National Institute on Aging",
    "NINDS": "National Institute of Neurological Disorders and Stroke",
}
_WEB_ADDRESS = re.compile(r"https?://[^\s/<>\"]+[^\s<>\"]*", re.IGNORECASE)


class MedquadReader:
    """Reads MedQuAD files; see `formats.read_medquad` and `documents.SourceReader`.

    A document's key is the collection and the name of its file, since ten of the files repeat
    another file's document id.
    """

    unit: Literal["files", "bytes"] = "files"

    def __init__(self, path: Path, *, max_document_bytes: int = MAX_DOCUMENT_BYTES) -> None:
        if path.is_dir():
            self._files = sorted(file for file in path.rglob("*.xml") if file.name[0] != ".")
        else:
            path.stat()
            self._files = [path]
        self._folder = path if path.is_dir() else path.parent
        self._limit = max_document_bytes
        self.total = len(self._files)
        self.done = 0

    def __iter__(self) -> Iterator[SourceDocument | BrokenDocument]:
        for file in self._files:
            document = self._read(file, str(file.relative_to(self._folder)))
            self.done += 1
            yield document

    def _read(self, file: Path, where: str) -> SourceDocument | BrokenDocument:
        try:
            with file.open("rb") as opened:
                content = opened.read(self._limit + 1)
        except OSError as error:
            return BrokenDocument(where, f"can't be opened: {error.strerror}")
        if len(content) > self._limit:
            return BrokenDocument(where, f"the file is longer than {self._limit} bytes")
        found = _Found()
        try:
            _parse(content, found)
        except _EntityDeclared as refused:
            return BrokenDocument(f"{where}:{refused.line}", "declares XML entities: refused")
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            return BrokenDocument(f"{where}:{error.lineno}", f"not well-formed XML: {reason}")
        except LookupError:
            return BrokenDocument(where, "not XML in an encoding that can be read")
        return _document(found, file.stem, where)


class _EntityDeclared(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True)
class _Found:
    """What the parser has seen of a document."""

    root: str = ""
    attributes: dict[str, str] = field(default_factory=dict[str, str])
    focus: str = ""
    synonyms: list[str] = field(default_factory=list[str])
    pairs: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    # The words of the elements that hold some, and which of them are open.
    texts: dict[str, list[str]] = field(
        default_factory=lambda: {"Focus": [], "Synonym": [], "Question": [], "Answer": []}
    )
    inside: list[str] = field(default_factory=list[str])

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.root:
            self.root, self.attributes = name, attributes
        elif name == "QAPair":
            self.texts["Question"], self.texts["Answer"] = [], []
        elif name == "Synonym":
            self.texts["Synonym"] = []
        if name in self.texts:
            self.inside.append(name)

    def end(self, name: str) -> None:
        if self.inside and self.inside[-1] == name:
            self.inside.pop()
        if name == "Focus" and not self.focus:
            self.focus = "".join(self.texts["Focus"]).strip()
        elif name == "Synonym":
            self.synonyms.append(" ".join("".join(self.texts["Synonym"]).split()))
        elif name == "QAPair":
            texts = self.texts
            self.pairs.append(("".join(texts["Question"]), "".join(texts["Answer"])))

    def characters(self, data: str) -> None:
        if self.inside:
            self.texts[self.inside[-1]].append(data)


def _parse(content: bytes, found: _Found) -> None:
    """Fill `found`. Entities of the document's own are refused and nothing outside is fetched."""
    parser = expat.ParserCreate()

    def entity(*_: object) -> None:
        raise _EntityDeclared(parser.CurrentLineNumber)

    parser.EntityDeclHandler = entity
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.characters
    parser.Parse(content, True)  # noqa: FBT003 - the parser takes it by position


def _document(found: _Found, name: str, where: str) -> SourceDocument | BrokenDocument:
    if found.root != "Document":
        return BrokenDocument(where, "not a MedQuAD document: its root is not <Document>")
    collection = found.attributes.get("source", "").strip()
    url = found.attributes.get("url", "").strip()
    if not collection:
        return BrokenDocument(where, "<Document> has no source")
    if not _WEB_ADDRESS.fullmatch(url):
        return BrokenDocument(where, "<Document> has no http or https url")
    if not found.focus:
        return BrokenDocument(where, "<Focus> is missing or empty")
    sections = [
        f"## {question_heading(question)}\n\n{answer_markdown(answer)}"
        for question, answer in found.pairs
        if question.strip() and answer.strip()
    ]
    if not sections:
        # Collections whose answers are under copyright were published without them.
        return BrokenDocument(where, "no question has an answer")
    return SourceDocument(
        key=f"medquad:{collection}:{name}",
        title=" ".join(found.focus.split()),
        publisher=_PUBLISHERS.get(collection, collection),
        url=url,
        licence=LICENCE,
        markdown="\n\n".join(sections),
        where=where,
        version=VERSION,
        other_names=tuple(filter(None, found.synonyms)),
    )
