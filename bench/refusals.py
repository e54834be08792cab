"""What it costs to refuse: CPU time of each kind of refusal, and its ratio to a small query.

Each is read as the endpoint reads it: JSON, document, limits, validation, variables, price.
Nothing is executed, and nothing is remembered from one time to the next. The ratio is to
reading `{ viewer { kind } }` the same way.
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bench.hostile_operations import operations
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.limits import DocumentLimits
from navis_api.graphql.plain_text import check_variables
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.request import RequestRefused, operation_of, parse_json
from navis_api.graphql.schema import schema
from navis_api.settings import Settings

ROUNDS = 7
_SMALL = json.dumps({"query": "{ viewer { kind } }"}).encode()


def main(_options: Sequence[str] = ()) -> None:
    """Print the cost of each."""
    limits = DocumentLimits.of(Settings(suggestions=True))

    def read(body: bytes) -> str:
        # A reader of its own: a document that was read before would cost nothing.
        reader = DocumentReader(schema().core, limits)
        try:
            sent = operation_of(parse_json(body, what="The body"))
            document = reader.read(sent.query or "")
            document.require_operation(sent.operation_name)
            check_variables(sent.variables)
            reader.require_price(document, sent.operation_name, sent.variables)
        except RequestRefused as refused:
            return refused.code
        except OperationRefused as refused:
            facts: Mapping[str, Any] = refused.errors[0].extensions or {}
            return str(facts.get("limit") or facts["code"])
        return "accepted"

    read(_SMALL)
    small, _ = _measured(lambda: read(_SMALL))
    print(f"{'kind':34} {'bytes':>9}  {'ms':>22}  {'ratio':>6}  refused for")
    worst = 0.0
    for name, body in operations().items():
        took, spread = _measured(lambda body=body: read(body))
        worst = max(worst, took)
        reason = read(body)
        print(f"{name:34} {len(body):9,}  {spread:>22}  {took / small:6.1f}  {reason}")
    print(f"\nThe dearest took {worst:.2f} ms of CPU time; a small query takes {small:.2f} ms.")


def _measured(work: Callable[[], object]) -> tuple[float, str]:
    """Return the median of the CPU time in ms, and it with the lowest and the highest."""
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        took.append((time.process_time() - began) * 1_000)
    median = statistics.median(took)
    return median, f"{median:.2f} ({min(took):.2f} to {max(took):.2f})"
