"""The operations of this repository, as one app would have them.

They are every string in tests/ that is a valid document with operations, the blocks in
docs/, and the manifests of registered clients. Each is given names of its own, by the
rules that Relay's compiler has for them, since no app has two operations of one name.
"""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    NameNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    build_schema,
    parse,
    print_ast,
    validate,
)
from graphql.language import Visitor, visit

from tests.npm.packages import ROOT, SCHEMA

_BLOCK = re.compile(r"^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LOOKS_LIKE_ONE = re.compile(r"\s*(query|mutation|subscription|fragment|\{)")
_MAX_CHARS = 20_000
"""Longer ones are there to be refused."""


def written() -> Iterator[str]:
    """Yield what stands in tests/ and docs/ and may be a document."""
    for path in sorted((ROOT / "docs").rglob("*.md")):
        yield from _BLOCK.findall(path.read_text())
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def registered() -> Iterator[str]:
    """Yield what the manifests of registered clients hold."""
    for path in sorted((ROOT / "tests" / "clients").glob("*.json")):
        yield from _in_manifest(json.loads(path.read_text()))


def _in_manifest(manifest: Any) -> Iterator[str]:
    """Yield what Apollo's or Relay's manifest holds: a list with bodies, or texts by their ids."""
    operations = manifest.get("operations") if isinstance(manifest, dict) else None
    if isinstance(operations, list):
        yield from (each["body"] for each in operations)
    elif isinstance(manifest, dict):
        yield from (each for each in manifest.values() if isinstance(each, str))


def documents(texts: Iterable[str]) -> list[DocumentNode]:
    """Return the valid documents, each once, that hold operations an app could have."""
    schema = build_schema(SCHEMA.read_text())
    found: dict[str, DocumentNode] = {}
    for text in texts:
        document = _document(schema, text)
        if document is not None:
            found.setdefault(print_ast(document), document)
    return list(found.values())


def _document(schema: GraphQLSchema, text: str) -> DocumentNode | None:
    if len(text) > _MAX_CHARS or not _LOOKS_LIKE_ONE.match(text):
        return None
    try:
        document = parse(text, max_tokens=2_000, allow_empty_selection_sets=False)
    except GraphQLError:
        return None
    types = TypeInfo(schema)
    asked = _Asked(types)
    visit(document, TypeInfoVisitor(types, asked))
    if asked.operations == 0 or asked.of_the_schema or validate(schema, document):
        return None
    return document


class _Asked(Visitor):
    """Counts operations, and sees whether they ask about the schema: as tools do, and no app.

    The name of a root type is such a question too, which Relay refuses.
    """

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types
        self.operations = 0
        self.of_the_schema = False

    def enter_operation_definition(self, *_args: object) -> None:
        self.operations += 1

    def enter_field(self, node: FieldNode, *_args: object) -> None:
        on = self._types.get_parent_type()
        on_root = on is not None and on.name in {"Query", "Mutation", "Subscription"}
        if on_root and node.name.value.startswith("__"):
            self.of_the_schema = True


class _Renamed(Visitor):
    """Gives operations and fragments names that begin with that of their module."""

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module
        self._operations = 0

    def leave_operation_definition(
        self, node: OperationDefinitionNode, *_args: object
    ) -> OperationDefinitionNode:
        self._operations += 1
        name = f"{self._module}N{self._operations}{node.operation.value.capitalize()}"
        return OperationDefinitionNode(
            operation=node.operation,
            name=NameNode(value=name),
            variable_definitions=node.variable_definitions,
            directives=node.directives,
            selection_set=node.selection_set,
        )

    def leave_fragment_definition(
        self, node: FragmentDefinitionNode, *_args: object
    ) -> FragmentDefinitionNode:
        return FragmentDefinitionNode(
            name=self._fragment(node.name),
            type_condition=node.type_condition,
            directives=node.directives,
            selection_set=node.selection_set,
        )

    def leave_fragment_spread(self, node: FragmentSpreadNode, *_args: object) -> FragmentSpreadNode:
        return FragmentSpreadNode(name=self._fragment(node.name), directives=node.directives)

    def _fragment(self, name: NameNode) -> NameNode:
        return NameNode(value=f"{self._module}_{name.value}")


def modules(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return the definitions of each document, by the name of its module."""
    named: dict[str, list[str]] = {}
    for number, document in enumerate(documents(texts), start=1):
        module = f"Module{number}"
        renamed: DocumentNode = visit(document, _Renamed(module))
        named[module] = [print_ast(definition) for definition in renamed.definitions]
    return named
