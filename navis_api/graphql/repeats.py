"""How often one field may be asked for in one place: validation compares every two of them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from navis_api.graphql.refusals import limit_exceeded

MAX_REPEATS = 2_000
"""Pairs of fields with one name in one place; comparing a pair took 3 to 9 µs."""


def check_repeats(
    selection_set: SelectionSetNode, fragments: Mapping[str, SelectionSetNode]
) -> None:
    """Raise OperationRefused when one field is asked for too often in one place.

    Validation has to compare every two such fields, and all below them, to see
    whether they can be merged (GraphQL, 5.3.2): that grows with the square. What
    is walked here is bounded, since the fields were counted before.
    """
    pairs = 0
    waiting = [[selection_set]]
    while waiting:
        named: dict[str, list[SelectionSetNode]] = {}
        counts: Counter[str] = Counter()
        for node in _fields(waiting.pop(), fragments):
            name = (node.alias or node.name).value
            pairs += counts[name]
            counts[name] += 1
            if node.selection_set is not None:
                named.setdefault(name, []).append(node.selection_set)
        if pairs > MAX_REPEATS:
            message = "The operation asks for the same fields too often in one place."
            raise limit_exceeded("repeats", MAX_REPEATS, message)
        waiting.extend(named.values())


def _fields(
    merged: Iterable[SelectionSetNode], fragments: Mapping[str, SelectionSetNode]
) -> Iterable[FieldNode]:
    """Yield the fields of selection sets that are executed as one, fragments spread out."""
    waiting = list(merged)
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                waiting.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                spread = fragments.get(selection.name.value)
                if spread is not None:
                    waiting.append(spread)
