"""A C-CDA document as a light tree, parsed with expat and nothing that a document can order.

A document type, an entity and a processing instruction for a style sheet are all ways to make a
parser fetch or unfold things: the first is refused, and without it there are no entities.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.parsers import expat

from navis_api.records.extraction.failures import ExtractionFailed, FailureCode

_NAMESPACE: Final = "urn:hl7-org:v3"
_SEPARATOR: Final = "|"
_DEEPEST: Final = 200
_MOST_NODES: Final = 1_000_000


@dataclass(slots=True)
class Node:
    """An element of HL7's namespace by its local name; attributes by theirs."""

    name: str
    attributes: dict[str, str]
    path: str
    children: "list[Node]" = field(default_factory=list["Node"])
    words: list[str] = field(default_factory=list[str])

    def get(self, name: str) -> str:
        """Return an attribute, or an empty text."""
        return self.attributes.get(name, "")

    def all(self, *names: str) -> "Iterator[Node]":
        """Give the children of these names, in order."""
        return (child for child in self.children if child.name in names)

    def first(self, *path: str) -> "Node | None":
        """Return the first node at the end of a path of names, or None."""
        node: Node | None = self
        for name in path:
            node = next(node.all(name), None) if node is not None else None
        return node

    def walk(self: "Node") -> "Iterator[Node]":
        """Give the node and all below it, in the document's order."""
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    @property
    def text(self) -> str:
        """The words of the node and of all below it, joined by single spaces."""
        return " ".join(" ".join(word for node in self.walk() for word in node.words).split())


def parse(content: bytes) -> Node:
    """Return a document's root.

    Raises ExtractionFailed: UNSAFE for a document type or too deep a tree, else DAMAGED.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    builder = _Builder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.buffer_text = True
    try:
        parser.Parse(content, True)  # noqa: FBT003  (expat takes no keywords)
    except (expat.ExpatError, ValueError, LookupError):
        raise ExtractionFailed(FailureCode.DAMAGED) from None
    if builder.root is None:
        raise ExtractionFailed(FailureCode.DAMAGED)
    return builder.root


def _refuse_document_type(*_: object) -> NoReturn:
    raise ExtractionFailed(FailureCode.UNSAFE)


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._counts: list[dict[str, int]] = [{}]
        self._nodes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1
        if len(self._open) >= _DEEPEST or self._nodes > _MOST_NODES:
            raise ExtractionFailed(FailureCode.UNSAFE)
        local = name.rsplit(_SEPARATOR, 1)[-1]
        seen = self._counts[-1]
        seen[local] = seen.get(local, 0) + 1
        above = self._open[-1].path if self._open else ""
        plain = {key.rsplit(_SEPARATOR, 1)[-1]: value for key, value in attributes.items()}
        node = Node(local, plain, f"{above}/{local}[{seen[local]}]")
        if self._open:
            self._open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self._open.append(node)
        self._counts.append({})

    def end(self, _: str) -> None:
        self._open.pop()
        self._counts.pop()

    def characters(self, words: str) -> None:
        if self._open and words.strip():
            self._open[-1].words.append(words.strip())
