"""Arguments that lists of questions share."""

from typing import Annotated, TypeAlias

import strawberry

from navis_api.graphql.enums import QuestionOrder

OfCancer: TypeAlias = Annotated[
    str | None,
    strawberry.argument(description="The slug of a cancer: only questions on it and its subtypes."),
]
Answered: TypeAlias = Annotated[
    bool | None,
    strawberry.argument(
        description="True: those with a reviewed answer. False: your own without one."
    ),
]
OrderBy: TypeAlias = Annotated[
    QuestionOrder | None, strawberry.argument(description="Newest first unless given.")
]
