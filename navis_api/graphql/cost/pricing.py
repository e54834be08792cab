"""Pricing an operation: which objects it asks for, and how many of each at most.

Fields are collected as execution collects them (GraphQL, 6.3.2): what two fragments
ask for together counts once, what `@skip` leaves out counts nothing, and of the types
that an object may have the dearest one counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
    is_leaf_type,
)

from navis_api.graphql.cost import prices
from navis_api.graphql.cost.lengths import (
    given_type,
    has_nulls,
    is_always_one,
    length_of,
    value_of,
)
from navis_api.graphql.cost.plan import NOTHING, Below, Plan, Price, points, requested


class Pricing:
    """Prices the operations of a document, with the fragments that they spread."""

    def __init__(self, schema: GraphQLSchema, fragments: Sequence[FragmentDefinitionNode]) -> None:
        self._schema = schema
        self._fragments = {fragment.name.value: fragment for fragment in fragments}

    def price(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Price:
        """Return the price with variables as `relevant_variables` gives them."""
        root = self._schema.get_root_type(operation.operation)
        if not isinstance(root, GraphQLObjectType):
            return NOTHING
        plan = self._plan([operation.selection_set], root, variables, items=1)
        is_subscription = operation.operation is OperationType.SUBSCRIPTION
        return Price(points(requested(plan)), plan, is_subscription)

    def _plan(
        self,
        merged: Sequence[SelectionSetNode],
        type_: GraphQLObjectType,
        variables: Mapping[str, Any],
        *,
        items: int,
    ) -> Plan:
        """Return the plan of what is asked for of one type. A page of it has so many `items`."""
        own, below = 0, list[Below]()
        type_key: str | None = None
        collected: dict[str, list[FieldNode]] = {}
        for node in self._collected(merged, type_, variables):
            collected.setdefault((node.alias or node.name).value, []).append(node)
        for key, nodes in collected.items():
            name = nodes[0].name.value
            field = type_.fields.get(name)
            if name == "__typename":
                type_key = key
            if field is None:
                # Introspection, which costs nothing.
                continue
            own += self._work(type_, name)
            given = given_type(field)
            if not is_leaf_type(given):
                length = length_of(nodes[0], type_, field, variables, items=items)
                there = self._below(key, nodes, field, variables, length=length)
                if there.flat is not None and is_always_one(field):
                    # It is always there, and always costs the same.
                    own += there.flat
                else:
                    below.append(there)
        return Plan(own, tuple(below), frozenset(collected), type_key)

    def _work(self, type_: GraphQLObjectType, field: str) -> int:
        points = prices.WORK.get((type_.name, field), 0)
        if type_ is self._schema.mutation_type:
            points += prices.MUTATION_WORK
        elif type_ is self._schema.subscription_type:
            points += prices.SUBSCRIPTION_WORK
        return points * prices.TENTHS

    def _below(
        self,
        key: str,
        nodes: Sequence[FieldNode],
        field: GraphQLField,
        variables: Mapping[str, Any],
        *,
        length: int,
    ) -> Below:
        given = given_type(field)
        below = [node.selection_set for node in nodes if node.selection_set is not None]
        is_page = prices.is_page(given.name)
        plans = {
            type_.name: self._plan(below, type_, variables, items=length if is_page else 1)
            for type_ in self._possible(given)
        }
        weights = {type_.name: prices.weight(type_) for type_ in self._possible(given)}
        flat = {weights[name] + plan.own for name, plan in plans.items() if not plan.below}
        is_flat = len(flat) == 1 and not any(plan.below for plan in plans.values())
        return Below(
            key=key,
            length=1 if is_page else length,
            plans=plans,
            weights=weights,
            # A list with nulls in it is looked through.
            flat=flat.pop() if is_flat and not has_nulls(field) else None,
            only=next(iter(plans.values())) if len(plans) == 1 else None,
            weight=max(weights.values(), default=0),
        )

    def _possible(self, type_: GraphQLNamedType) -> Sequence[GraphQLObjectType]:
        if is_abstract_type(type_):
            return self._schema.get_possible_types(type_)
        return [type_] if isinstance(type_, GraphQLObjectType) else []

    def _collected(
        self,
        merged: Sequence[SelectionSetNode],
        type_: GraphQLObjectType,
        variables: Mapping[str, Any],
    ) -> Iterator[FieldNode]:
        """Yield the fields that are asked for of an object of this type, each spread once."""
        spread: set[str] = set()
        waiting = list(reversed(merged))
        while waiting:
            for selection in waiting.pop().selections:
                if _is_left_out(selection, variables):
                    continue
                if isinstance(selection, FieldNode):
                    yield selection
                elif isinstance(selection, InlineFragmentNode):
                    condition = selection.type_condition
                    if condition is None or self._applies(condition.name.value, type_):
                        waiting.append(selection.selection_set)
                elif isinstance(selection, FragmentSpreadNode):
                    name = selection.name.value
                    fragment = self._fragments.get(name)
                    if name in spread or fragment is None:
                        continue
                    spread.add(name)
                    if self._applies(fragment.type_condition.name.value, type_):
                        waiting.append(fragment.selection_set)

    def _applies(self, condition: str, type_: GraphQLObjectType) -> bool:
        if condition == type_.name:
            return True
        named = self._schema.get_type(condition)
        if named is None or not is_abstract_type(named):
            return False
        return self._schema.is_sub_type(named, type_)


def _is_left_out(selection: SelectionNode, variables: Mapping[str, Any]) -> bool:
    for directive in selection.directives or ():
        if directive.name.value in {"skip", "include"}:
            for argument in directive.arguments or ():
                if argument.name.value == "if" and value_of(argument.value, variables) is (
                    directive.name.value == "skip"
                ):
                    return True
    return False
