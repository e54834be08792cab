"""Which revision a mutation of the review is meant for."""

import strawberry

from navis_api.graphql.relay import parse_id_of
from navis_api.review.acting import RevisionTarget


@strawberry.input
class OnRevision:
    """What names a revision, and the version of it that was read."""

    answer_id: strawberry.ID = strawberry.field(description="The answer's `id`.")
    revision: int = strawberry.field(description="The number of the revision that is meant.")
    expected_version: int = strawberry.field(
        description="Its `version` as it was read: where that is old by now, nothing is done."
    )

    def target(self) -> RevisionTarget:
        """Return it as the services take it. Raises IdInvalid."""
        return RevisionTarget(
            answer_id=parse_id_of("Answer", self.answer_id, argument="answerId"),
            revision=self.revision,
            expected_version=self.expected_version,
        )
