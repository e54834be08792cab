"""Arguments that fields which lead to answers share."""

from typing import Annotated, TypeAlias

import strawberry

InLanguage: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="The language to have it in, such as `es`: that of Accept-Language unless"
        " given."
    ),
]
