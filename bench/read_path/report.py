"""What is printed: ratios within a round, their medians, and what is asked of them."""

import statistics
from collections.abc import Sequence

from bench.read_path.contenders import (
    CEILING,
    MERCURIUS,
    OURS,
    OURS_CACHED,
    PASS_THROUGH,
    POSTGRAPHILE,
)
from bench.read_path.measuring import Rates, ratios

_WIDTH = 24

GOALS = (
    (OURS, POSTGRAPHILE, {"Q1": 2.0, "Q2": 2.0, "Q3": 2.0, "Q4": 1.3}),
    (OURS, MERCURIUS, {"Q1": 1.0, "Q2": 1.0, "Q3": 1.0, "Q4": 1.0}),
    (OURS, PASS_THROUGH, {"Q1": 0.9, "Q2": 0.9, "Q3": 0.9, "Q4": 0.9}),
    (OURS_CACHED, CEILING, {"Q1": 0.9, "Q2": 0.9, "Q3": 0.9, "Q4": 0.9}),
)
"""Who, to whom, and the least ratio by query (READ_PATH)."""


def shown(values: Sequence[float]) -> str:
    """Return the median with the lowest and the highest."""
    middle = statistics.median(values)
    form = ".2f" if middle >= 0.1 else ".4f"
    return f"{middle:{form}} ({min(values):{form}}-{max(values):{form}})"


def print_table(rates: dict[str, Rates], names: Sequence[str], *, to: str) -> None:
    """Print everybody's rates as parts of one's."""
    print(f"\nrequests a second, as a ratio to: {to}")
    print(" " * 32 + "".join(f"{query:<{_WIDTH}}" for query in rates))
    for name in names:
        cells = (shown(ratios(each, name, to)) for each in rates.values())
        print(f"{name:<32}" + "".join(f"{cell:<{_WIDTH}}" for cell in cells))


def print_goals(rates: dict[str, Rates], names: Sequence[str]) -> None:
    """Print, for each goal whose two took part, by which of the queries it is met."""
    print("\ngoals (medians)")
    for name, to, least in GOALS:
        if name not in names or to not in names:
            continue
        cells: list[str] = []
        for query, each in rates.items():
            median = statistics.median(ratios(each, name, to))
            met = "met" if median >= least[query] else "MISSED"
            cells.append(f"{query} {median:.2f} of {least[query]:g} {met}")
        print(f"{name} / {to}: " + ", ".join(cells))


def print_costs(rates: dict[str, Rates], small: str, large: str, *, most: float) -> None:
    """Print what each query costs with more questions, as a ratio to its cost with fewer."""
    print(f"\ncost of a request at {large}, as a ratio to {small} (at most {most:g})")
    for query, each in rates.items():
        costs = ratios(each, small, large)
        met = "met" if statistics.median(costs) <= most else "MISSED"
        print(f"{query:<28}{shown(costs):<{_WIDTH}}{met}")
