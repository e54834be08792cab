"""Translating answers. For the staff."""

from typing import Annotated

import strawberry

from navis_api.errors import UserFault
from navis_api.graphql.context import Info
from navis_api.graphql.relay import parse_id_of
from navis_api.graphql.review.acting import at_desk
from navis_api.graphql.translations.inputs import (
    ApproveTranslationInput,
    TranslateAnswerInput,
    WithdrawTranslationInput,
)
from navis_api.graphql.translations.types import (
    ApproveTranslationPayload,
    TranslateAnswerPayload,
    WithdrawTranslationPayload,
)
from navis_api.review import translating


@strawberry.type
class TranslationMutations:
    """The fields that Mutation has from this feature."""

    @strawberry.mutation(
        description="Hands in a revision in another language. Readers get it once somebody else"
        " has approved it. For reviewers of its cancer and editors."
    )
    async def translate_answer(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            TranslateAnswerInput, strawberry.argument(description="The answer, translated.")
        ],
    ) -> TranslateAnswerPayload:
        """Hand it in."""
        try:
            answer_id = parse_id_of("Answer", input.answer_id, argument="answerId")
            async with at_desk(info) as desk:
                translation = await translating.hand_in(
                    desk.session,
                    answer_id,
                    input.revision,
                    input.draft(),
                    acting=desk.acting,
                    catalogue=desk.catalogue,
                )
        except UserFault as fault:
            return TranslateAnswerPayload.refused(fault)
        return TranslateAnswerPayload.of(translation)

    @strawberry.mutation(
        description="Approves a translation that somebody else has handed in. For reviewers of its"
        " cancer."
    )
    async def approve_translation(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            ApproveTranslationInput, strawberry.argument(description="Which translation.")
        ],
    ) -> ApproveTranslationPayload:
        """Approve it."""
        try:
            id_ = parse_id_of("AnswerTranslation", input.translation_id, argument="translationId")
            async with at_desk(info) as desk:
                translation = await translating.approve(
                    desk.session, id_, acting=desk.acting, catalogue=desk.catalogue
                )
        except UserFault as fault:
            return ApproveTranslationPayload.refused(fault)
        return ApproveTranslationPayload.of(translation)

    @strawberry.mutation(
        description="Takes a translation back: readers get the original again. For reviewers of"
        " its cancer and editors."
    )
    async def withdraw_translation(
        self,
        info: Info,
        input: Annotated[  # noqa: A002 - the contract's name
            WithdrawTranslationInput, strawberry.argument(description="Which, and why.")
        ],
    ) -> WithdrawTranslationPayload:
        """Withdraw it."""
        try:
            id_ = parse_id_of("AnswerTranslation", input.translation_id, argument="translationId")
            async with at_desk(info) as desk:
                translation = await translating.withdraw(
                    desk.session, id_, input.reason, acting=desk.acting, catalogue=desk.catalogue
                )
        except UserFault as fault:
            return WithdrawTranslationPayload.refused(fault)
        return WithdrawTranslationPayload.of(translation)
