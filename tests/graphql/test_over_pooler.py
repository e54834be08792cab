"""The endpoint over PgBouncer: from asking to a reviewed answer, and until it is taken back.

With NAVIS_TEST_POOLER=1 all other tests run over it too.
"""

from collections.abc import Iterator

import pytest

from tests.conftest import over_pooler
from tests.graphql.test_asking import (
    test_a_new_question_begins_a_generation,
    test_a_signed_in_asker_sees_what_they_asked_and_others_do_not,
)
from tests.graphql.test_review import (
    test_an_answer_goes_from_draft_to_readers,
    test_what_is_retracted_is_served_nowhere,
)
from tests.pooler import Pooler

__all__ = [
    "test_a_new_question_begins_a_generation",
    "test_a_signed_in_asker_sees_what_they_asked_and_others_do_not",
    "test_an_answer_goes_from_draft_to_readers",
    "test_what_is_retracted_is_served_nowhere",
]


@pytest.fixture(autouse=True, scope="module")
def _over_the_pooler(pooler: Pooler) -> Iterator[None]:
    before = pooler.transactions()
    with over_pooler(pooler):
        yield
    # Whatever was tested, it wasn't tested without it.
    assert pooler.transactions() > before
