"""Text that Postgres, JSON and UTF-8 can all hold: no NUL, no half of a surrogate pair.

Both pass GraphQL's own checks (a NUL in a literal, a surrogate in a variable) and
fail far below, where the error would carry the statement (FACTS, Strawberry 0.341).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from graphql import (
    ArgumentNode,
    DocumentNode,
    Node,
    ObjectFieldNode,
    StringValueNode,
    VariableDefinitionNode,
)
from graphql.language import Visitor, visit

from navis_api.graphql.refusals import (
    BAD_USER_INPUT,
    OperationRefused,
    limit_exceeded,
    refusal,
)

MAX_VALUES = 5_000
"""Values in all variables of an operation. No argument of ours takes more than some hundred."""

_MAX_PLACE = 5
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,59}", re.ASCII)
_WHY = "holds a NUL character or half of a surrogate pair. Send text that is valid Unicode."


def is_usable(text: str) -> bool:
    """Return whether the text can be stored and sent on."""
    if "\0" in text:
        return False
    try:
        # Far faster than looking for halves of a surrogate pair.
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_variables(variables: Mapping[str, Any]) -> None:
    """Raise OperationRefused, naming the variable, when a text or a key in one is unusable.

    Also when they hold too many values together.
    """
    if _are_plain(variables):
        return
    for text, place in _texts(variables):
        if not is_usable(text):
            name, *inside = place or ("…",)
            where = f", at `{'.'.join(inside)}`," if inside else ""
            message = f"The variable `${name}`{where} {_WHY}"
            raise OperationRefused(refusal(message, code=BAD_USER_INPUT))


def _are_plain(variables: Mapping[str, Any]) -> bool:
    """Return whether variables are usable texts and numbers alone, as most are: soon seen."""
    if len(variables) > MAX_VALUES:
        return False
    for name, value in variables.items():
        if isinstance(value, list | dict) or not is_usable(name):
            return False
        if isinstance(value, str) and not is_usable(value):
            return False
    return True


def _texts(variables: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every text in JSON values with the path to it. Not recursive: they may be deep.

    Raises OperationRefused when there are too many values.
    """
    waiting: list[tuple[object, tuple[str, ...]]] = [(variables, ())]
    values = 0
    while waiting:
        found, place = waiting.pop()
        if isinstance(found, str):
            yield found, place
        elif isinstance(found, list | dict):
            held = cast("list[object] | dict[str, object]", found)
            values += len(held)
            if values > MAX_VALUES:
                message = f"The variables hold more than {MAX_VALUES} values."
                raise limit_exceeded("variables", MAX_VALUES, message)
            if isinstance(held, list):
                waiting.extend((item, place) for item in held)
            else:
                yield from ((key, place) for key in held)
                waiting.extend((item, _below(place, key)) for key, item in held.items())


def _below(place: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return the path to a key. Only what could be a name of ours is ever shown."""
    shown = key if _NAME.fullmatch(key) else "…"
    return place if len(place) >= _MAX_PLACE else (*place, shown)


class _Literals(Visitor):
    """Finds literals that can't be used, and which argument or variable each is for."""

    def __init__(self) -> None:
        super().__init__()
        self.unusable: list[tuple[str, Node]] = []

    def enter_string_value(
        self, node: StringValueNode, _key: object, parent: object, _path: object, above: list[Any]
    ) -> None:
        if not is_usable(node.value):
            self.unusable.append((_owner([*above, parent]), node))


def _owner(above: list[Any]) -> str:
    names: list[str] = []
    for node in above:
        if isinstance(node, VariableDefinitionNode):
            names = [f"${node.variable.name.value}"]
        elif isinstance(node, ArgumentNode):
            names = [node.name.value]
        elif isinstance(node, ObjectFieldNode):
            names.append(node.name.value)
    return ".".join(names)


def check_literals(document: DocumentNode, text: str) -> None:
    """Raise OperationRefused, naming the argument, when a literal in the document is unusable."""
    # Such a character comes by an escape, or as it is: the lexer takes a NUL within quotes.
    if "\\u" not in text and is_usable(text):
        return
    found = _Literals()
    visit(document, found)
    if found.unusable:
        owner, node = found.unusable[0]
        raise OperationRefused(
            refusal(f"The argument `{owner}` {_WHY}", code=BAD_USER_INPUT, node=node)
        )
