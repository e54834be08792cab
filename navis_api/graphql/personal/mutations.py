"""Deleting a personal question."""

from typing import Annotated, Self

import strawberry

from navis_api.asking.personal.errors import PersonalQuestionUnknown
from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.records.acting import acting_in
from navis_api.graphql.records.errors import PatientsOnly
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.user_errors import InvalidInput, UserError
from navis_api.records.errors import PatientsOnly as PatientsOnlyFault


@strawberry.type(description="There is no such personal question of the viewer's.")
class UnknownPersonalQuestion(UserError):
    """See `navis_api.asking.personal.errors.PersonalQuestionUnknown`."""


DeletePersonalQuestionError = Annotated[
    InvalidInput | PatientsOnly | UnknownPersonalQuestion,
    strawberry.union(
        "DeletePersonalQuestionError", description="What the patient or their app can put right."
    ),
]

_KINDS: dict[type[UserFault], type[InvalidInput | PatientsOnly | UnknownPersonalQuestion]] = {
    PatientsOnlyFault: PatientsOnly,
    PersonalQuestionUnknown: UnknownPersonalQuestion,
}


@strawberry.input(description="Which personal question to delete.")
class DeletePersonalQuestionInput:
    """What deletePersonalQuestion takes."""

    question_id: strawberry.ID = strawberry.field(description="The question's `id`.")


@strawberry.type(description="What came of deleting a personal question.")
class DeletePersonalQuestionPayload:
    """The result of deletePersonalQuestion."""

    deleted_question_id: strawberry.ID | None = strawberry.field(
        description="The id of the question that is gone. Null when there are errors."
    )
    errors: list[DeletePersonalQuestionError] = strawberry.field(
        description="What the patient or their app can put right. Empty on success."
    )

    @classmethod
    def refused(cls, fault: UserFault) -> Self:
        """Return a refusal: nothing was changed."""
        kind = _KINDS.get(type(fault), InvalidInput)
        return cls(deleted_question_id=None, errors=[kind.of(fault)])


@strawberry.type
class PersonalMutations:
    """The fields that Mutation has from this feature."""

    @strawberry.mutation(
        description="Deletes a personal question of the patient's own, with its answer and all"
        " that was written of it. What is being written of it ends."
    )
    async def delete_personal_question(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            DeletePersonalQuestionInput, strawberry.argument(description="Which one.")
        ],
    ) -> DeletePersonalQuestionPayload:
        """Delete it."""
        context = info.context
        try:
            acting = acting_in(context)
            id_ = parse_id_of("Question", input.question_id, argument="questionId")
            async with context.database.writing(context.viewer.rows) as session:
                await context.services.personal_asking.delete(session, id_, acting)
        except UserFault as fault:
            return DeletePersonalQuestionPayload.refused(fault)
        context.forget_loaded()
        return DeletePersonalQuestionPayload(deleted_question_id=input.question_id, errors=[])
