"""Judging documents before they are registered: by the schema, the limits and the dearest pages."""

from graphql import (
    GraphQLError,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeNode,
    get_operation_ast,
    parse,
)

from navis_api.db.paging import MAX_PAGE
from navis_api.graphql.documents import Document, DocumentReader
from navis_api.graphql.refusals import OperationRefused
from navis_api.persisted.manifests import ManifestOperation
from navis_api.persisted.models import DocumentKind
from navis_api.persisted.service import Checked


class DocumentCheck:
    """Says of a manifest's operation what would keep it from being served.

    What passes is never refused for its cost later, whatever its variables hold.
    """

    def __init__(self, documents: DocumentReader) -> None:
        self._documents = documents

    def __call__(self, operation: ManifestOperation) -> Checked:
        """Return the operation's name and kind, and every complaint."""
        try:
            document = self._documents.read(operation.text)
        except OperationRefused as refused:
            return self._refused(operation, *(_worded(error) for error in refused.errors))
        definition = document.operation(None)
        if definition is None:
            return self._refused(operation, "A document has exactly one operation.")
        name = definition.name.value if definition.name else ""
        kind = DocumentKind[definition.operation.name]
        return Checked(name, kind, tuple(self._complaints(operation, document, definition)))

    def _complaints(
        self, operation: ManifestOperation, document: Document, definition: OperationDefinitionNode
    ) -> list[str]:
        complaints: list[str] = []
        name = definition.name.value if definition.name else ""
        if operation.name is not None and operation.name != name:
            complaints.append(f"The manifest names another operation than the document: {name}.")
        if operation.kind is not None and operation.kind != DocumentKind[definition.operation.name]:
            complaints.append(f"The document's operation is no {operation.kind.lower()}.")
        try:
            self._documents.require_price(document, name or None, _dearest(definition))
        except OperationRefused as refused:
            complaints.extend(
                f"With the largest pages that its variables allow: {error.message}"
                for error in refused.errors
            )
        return complaints

    def _refused(self, operation: ManifestOperation, *complaints: str) -> Checked:
        """Return the complaints, under the name that a text has even though it is invalid."""
        try:
            parsed = parse(operation.text, max_tokens=self._documents.limits.tokens)
        except GraphQLError:
            definition = None
        else:
            definition = get_operation_ast(parsed)
        found = definition.name.value if definition and definition.name else ""
        return Checked(found or operation.name or "", DocumentKind.QUERY, complaints)


def _worded(error: GraphQLError) -> str:
    """Return an error with its place in the document, as people count lines."""
    places = ", ".join(f"line {each.line}" for each in error.locations or ())
    return f"{error.message} ({places})" if places else error.message


def _dearest(operation: OperationDefinitionNode) -> dict[str, object]:
    """Return variables with which no other ones cost more: pages of the greatest size.

    A condition that is None leaves nothing out.
    """
    return {
        each.variable.name.value: _largest(each.type)
        for each in operation.variable_definitions or ()
    }


def _largest(type_: TypeNode) -> object:
    if isinstance(type_, NonNullTypeNode):
        type_ = type_.type
    if isinstance(type_, ListTypeNode):
        return [None] * MAX_PAGE
    return MAX_PAGE if isinstance(type_, NamedTypeNode) and type_.name.value == "Int" else None
