"""Processes over PgBouncer: asking and following, and a patient's records and answers.

With NAVIS_TEST_POOLER=1 all other tests run over it too.
"""

from collections.abc import Iterator

import pytest

from tests.conftest import over_pooler
from tests.flows.test_asking import (
    test_a_stream_ends_when_the_server_stops_and_goes_on_at_another as test_asked_and_followed,
)
from tests.flows.test_personal import patients
from tests.flows.test_personal import (
    test_the_same_question_gets_each_patient_their_own_answer as test_each_has_their_own_answer,
)
from tests.pooler import Pooler

__all__ = ["patients", "test_asked_and_followed", "test_each_has_their_own_answer"]


@pytest.fixture(autouse=True, scope="module")
def _over_the_pooler(pooler: Pooler) -> Iterator[None]:
    before = pooler.transactions()
    with over_pooler(pooler):
        yield
    # Whatever was tested, it wasn't tested without it.
    assert pooler.transactions() > before
