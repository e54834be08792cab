"""What a model is sent: our instructions, and everything that isn't ours beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request in words: `instructions` are ours alone, `data` is what they speak of.

    `output_schema` is the JSON Schema of what it is to write.
    """

    instructions: str
    data: str
    output_schema: Mapping[str, Any]
