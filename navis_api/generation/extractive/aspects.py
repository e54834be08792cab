"""Aspects: the kinds of section that an answer can have, and which a topic calls for."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

from navis_api.answers.models import SectionKind

TREATMENTS = "@treatments"
"""In a plan's list: one section for each kind of treatment that the sources describe."""


class Aspect(NamedTuple):
    """One kind of section, as `aspects.json` describes it.

    `needs` are concepts, or what the question names ("@state"), that a block has to be about;
    `leaf` are phrases of headings that say so too. How they have to be met, `without` and
    `focus` are explained at `fitting.Wish`. `limit` counts claims, `blocks` blocks; `scope` is
    "cancer", "general" or "both". With `each`, every statement has to meet the needs by itself;
    statements, lists and bullets with a phrase of `skip` are left out. Of one block no statement
    is begun after `per_block` claims. What is headed by one kind of treatment comes last in a
    section that keeps those `apart`. Where a page tells of each stage or test under a heading of
    its own, `per_part` claims are begun of each.
    """

    key: str
    kind: SectionKind
    heading: str
    needs: tuple[str, ...]
    leaf: tuple[str, ...]
    without: tuple[str, ...] = ()
    without_title: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    limit: int = 8
    blocks: int = 3
    per_block: int = 99
    per_part: int = 0
    scope: str = "cancer"
    heading_only: bool = False
    leaf_only: bool = False
    below_title: bool = False
    mentions: bool = False
    each: bool = False
    focus: float = 0.0
    apart: bool = False


class TopicPlan(NamedTuple):
    """The aspects of a topic: those that answer it, and those that go well with it.

    Those `if_thin` are added where there is little on the others.
    """

    core: tuple[str, ...]
    context: tuple[str, ...]
    if_thin: tuple[str, ...] = ()


@cache
def topic_plans() -> dict[str, TopicPlan]:
    """Return the plans of topics, by concept key."""
    return {
        key: TopicPlan(tuple(plan["core"]), tuple(plan["context"]), tuple(plan.get("if_thin", ())))
        for key, plan in _data()["plans"].items()
    }


@cache
def aspects() -> dict[str, Aspect]:
    """Return all aspects by key."""
    return {
        key: Aspect(key=key, **{name: _value(name, value) for name, value in entry.items()})
        for key, entry in _data()["aspects"].items()
    }


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON is of any type
    if name == "kind":
        return SectionKind(value)
    return tuple(cast("list[str]", value)) if isinstance(value, list) else value


@cache
def _data() -> dict[str, Any]:
    text = files("navis_api.generation.extractive").joinpath("aspects.json").read_text("utf-8")
    return json.loads(text)
