"""What a key may be used for: a list of fields for each scope, and nothing that isn't on one.

A field that is added to the schema is for no key until somebody puts it here. Keys never reach
records, personal findings or what is the staff's.
"""

from collections.abc import Mapping
from functools import cache
from weakref import WeakKeyDictionary

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationType,
    SelectionNode,
)

from navis_api.graphql.documents import Document
from navis_api.graphql.refusals import OperationRefused, refusal
from navis_api.identity.viewer import ByKey, KeyScope

_CONTENT = (
    "node nodes viewer cancer cancers question questions searchQuestions answer changes retraction"
)
ALLOWED: Mapping[KeyScope, Mapping[OperationType, frozenset[str]]] = {
    KeyScope.READ_CONTENT: {OperationType.QUERY: frozenset(_CONTENT.split())},
    KeyScope.ASK: {
        # Whoever asks can poll what becomes of it.
        OperationType.QUERY: frozenset({"node", "nodes", "viewer"}),
        OperationType.MUTATION: frozenset({"askQuestion", "cancelGeneration", "giveFeedback"}),
        OperationType.SUBSCRIPTION: frozenset({"generationEvents"}),
    },
    # What is sent to a partner, and not asked for: no operation of its own.
    KeyScope.WEBHOOKS: {OperationType.QUERY: frozenset({"viewer"})},
}
"""The fields of Query, Mutation and Subscription that a key with a scope may use."""

_asked: WeakKeyDictionary[Document, dict[str | None, frozenset[str]]] = WeakKeyDictionary()


def is_allowed(key: ByKey, document: Document, name: str | None) -> bool:
    """Return whether a key may be used for the operation with this name."""
    operation = document.operation(name)
    # Which one is meant isn't clear: that is refused as it is for everybody.
    if operation is None:
        return True
    return root_fields(document, name) <= _of_scopes(key.scopes, operation.operation)


def require_allowed(key: ByKey, document: Document, name: str | None) -> None:
    """Raise OperationRefused for an operation that a key may not be used for."""
    if is_allowed(key, document, name):
        return
    operation = document.operation(name)
    assert operation is not None, "what isn't there is allowed"
    lacking = root_fields(document, name) - _of_scopes(key.scopes, operation.operation)
    every = frozenset(KeyScope)
    if lacking <= _of_scopes(every, operation.operation):
        scopes = sorted(
            scope
            for scope in every - key.scopes
            if lacking & _of_scopes(frozenset({scope}), operation.operation)
        )
        message = f"This key lacks the scope {' or '.join(scopes)}. Ask for a key that has it."
    else:
        message = "No key may be used for this: it is for people who are signed in."
    raise OperationRefused(refusal(message, code="FORBIDDEN"))


@cache
def _of_scopes(scopes: frozenset[KeyScope], kind: OperationType) -> frozenset[str]:
    return frozenset(name for scope in scopes for name in ALLOWED[scope].get(kind, ()))


def root_fields(document: Document, name: str | None) -> frozenset[str]:
    """Return the names of the root's fields in an operation, the schema's own left out."""
    known = _asked.setdefault(document, {})
    if name not in known:
        known[name] = _selected(document, name)
    return known[name]


def _selected(document: Document, name: str | None) -> frozenset[str]:
    operation = document.operation(name)
    if operation is None:
        return frozenset()
    fragments = {
        each.name.value: each
        for each in document.executable.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    found: set[str] = set()
    waiting: list[SelectionNode] = list(operation.selection_set.selections)
    while waiting:
        match waiting.pop():
            case FieldNode(name=field):
                found.add(field.value)
            case InlineFragmentNode(selection_set=inner):
                waiting.extend(inner.selections)
            case FragmentSpreadNode(name=spread):
                # Once: however often a fragment is spread, it says the same.
                fragment = fragments.pop(spread.value, None)
                if fragment is not None:
                    waiting.extend(fragment.selection_set.selections)
            case _:
                pass
    return frozenset(each for each in found if not each.startswith("__"))
