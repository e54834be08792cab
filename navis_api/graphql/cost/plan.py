"""The plan by which an operation costs what it costs, before it is executed and afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from navis_api.graphql.cost.prices import TENTHS
from navis_api.graphql.unchanging import WrittenList


@dataclass(frozen=True, slots=True)
class Plan:
    """What an object costs, of one type: `own` tenths, and what stands in its fields.

    `type_key` is the key under which a result has the type's name, if it was asked for.
    """

    own: int
    below: tuple["Below", ...]
    keys: frozenset[str]
    type_key: str | None


@dataclass(frozen=True, slots=True)
class Below:
    """A field that gives objects: at most `length` of them, each of one of these types.

    `flat` is what each costs, where that is the same for all; None: look into each.
    `only` is the plan, where there is one type, and `weight` what that weighs.
    """

    key: str
    length: int
    plans: Mapping[str, Plan]
    weights: Mapping[str, int]
    flat: int | None
    only: Plan | None
    weight: int


@dataclass(frozen=True, slots=True)
class Price:
    """An operation's plan, and what it costs at most: whole points, rounded up."""

    requested: int
    plan: Plan
    is_subscription: bool = False

    def actual(self, data: Mapping[str, Any] | None) -> int:
        """Return what was really returned, by the same prices."""
        return points(_of(self.plan, data)) if data else 0


NOTHING = Price(0, Plan(0, (), frozenset(), None))
"""The price of an operation that isn't there."""


def points(tenths: int) -> int:
    """Return whole points, rounded up."""
    return -(-tenths // TENTHS)


def requested(plan: Plan) -> int:
    """Return what a plan costs at most, in tenths."""
    return plan.own + sum(
        below.length * max(below.weights[name] + requested(of) for name, of in below.plans.items())
        for below in plan.below
    )


def _of(plan: Plan, data: Mapping[str, Any]) -> int:
    tenths = plan.own
    for below in plan.below:
        found = data.get(below.key)
        if found is None:
            continue
        if below.flat is not None:
            tenths += below.flat * len(found) if isinstance(found, list) else below.flat  # pyright: ignore[reportUnknownArgumentType] - what JSON holds
        elif isinstance(found, list):
            tenths += _of_all(below, cast("list[Mapping[str, Any] | None]", found))
        else:
            tenths += _of_one(below, found)
    return tenths


def _of_all(below: Below, items: list[Mapping[str, Any] | None]) -> int:
    """Return what a list's objects cost. What several responses share is looked through once.

    It is the same selection of the same type wherever it is shown, and so the same plan.
    """
    if type(items) is WrittenList and items.tenths is not None:
        return items.tenths
    tenths = sum([_of_one(below, item) for item in items if item is not None])
    if type(items) is WrittenList:
        items.tenths = tenths
    return tenths


def _of_one(below: Below, item: Mapping[str, Any]) -> int:
    """Return what an object costs, by the plan of the type that it must be of."""
    if below.only is not None:
        return below.weight + _of(below.only, item)
    plans = below.plans
    named = (item.get(plan.type_key or "") for plan in plans.values())
    name = next((name for name in named if name in plans), None)
    if name is not None:
        return below.weights[name] + _of(plans[name], item)
    fits = [name for name, plan in plans.items() if plan.keys == frozenset(item)]
    return max(below.weights[name] + _of(plans[name], item) for name in fits or plans)
