"""The two addresses of GraphQL over HTTP, and which operation each takes by which method.

`/graphql` is the main path: every operation by POST and, by GET, queries on published
content. `/graphql/public` is the read path for the public: queries alone, by POST or
GET, and nobody is signed in there, whatever is sent along. See docs/decisions/0026.
"""

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
)
from starlette.requests import Request

from navis_api.graphql.documents import Document
from navis_api.graphql.refusals import BAD_REQUEST
from navis_api.graphql.request import RequestRefused, SentOperation

MAIN_PATH = "/graphql"
PUBLIC_PATH = "/graphql/public"
_METHODS = frozenset({"GET", "POST"})


def is_public(request: Request) -> bool:
    """Return whether a request came to the read path for the public."""
    path: str = request.scope["path"]
    return path.endswith(PUBLIC_PATH)


def is_anonymous(request: Request) -> bool:
    """Return whether nobody is signed in, whatever credentials are sent along.

    So no page that a user visits can make their browser read what is theirs.
    """
    return request.method == "GET" or is_public(request)


def check_method(request: Request) -> None:
    """Raise RequestRefused with 405 for a method that carries no operation."""
    if request.method not in _METHODS:
        raise method_refused("GET, POST", "Use POST, or GET for queries.")


def check_operation(request: Request, document: Document, sent: SentOperation) -> None:
    """Raise RequestRefused when the operation that is meant may not come in this way."""
    operation = document.operation(sent.operation_name)
    # Which operation is meant is not clear: that is refused later, with the reason.
    if operation is None:
        return
    is_query = operation.operation is OperationType.QUERY
    if request.method == "GET" and not is_query:
        raise method_refused("POST", "Use POST: GET is for queries.")
    if is_public(request) and not is_query:
        message = f"Queries are answered here. Send other operations to {MAIN_PATH}."
        raise RequestRefused(400, message, code=BAD_REQUEST)
    if request.method == "POST" or is_public(request):
        return
    # What is named by a hash or an id was agreed on before, so it may be anything.
    is_named = sent.document_id is not None or sent.persisted_hash is not None
    if not is_named and not _reads(document, operation):
        message = f"GET is for queries on content. Use POST, or {PUBLIC_PATH}."
        raise method_refused("POST", message)


def method_refused(allowed: str, message: str) -> RequestRefused:
    """Return the refusal of a method, with those that are allowed instead."""
    return RequestRefused(405, message, code="METHOD_NOT_ALLOWED", headers={"Allow": allowed})


def _reads(document: Document, operation: OperationDefinitionNode) -> bool:
    """Return whether an operation reads anything but the schema's own names."""
    fragments = {
        definition.name.value: definition
        for definition in document.executable.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    waiting: list[SelectionNode] = list(operation.selection_set.selections)
    while waiting:
        match waiting.pop():
            case FieldNode(name=name):
                if not name.value.startswith("__"):
                    return True
            case InlineFragmentNode(selection_set=inner):
                waiting.extend(inner.selections)
            case FragmentSpreadNode(name=name):
                # Once: however often a fragment is spread, it says the same.
                fragment = fragments.pop(name.value, None)
                if fragment is not None:
                    waiting.extend(fragment.selection_set.selections)
            case _:
                pass
    return False
