"""JSON as Postgres prints a jsonb value: the form in which details are hashed."""

import json
from decimal import Decimal
from typing import cast


def json_form(value: object) -> str:
    """Return what `jsonb::text` gives for a value that `json.loads(…, parse_float=Decimal)` read.

    Keys go by their length in bytes and then by their bytes, numbers keep their digits, and
    nothing is escaped but quotes, backslashes and control characters. Raises ValueError for
    what no jsonb holds.
    """
    match value:
        case dict():
            entries = sorted(cast("dict[str, object]", value).items(), key=_key_order)
            return "{" + ", ".join(f"{json_form(k)}: {json_form(v)}" for k, v in entries) + "}"
        case list():
            return "[" + ", ".join(json_form(one) for one in cast("list[object]", value)) + "]"
        case Decimal():
            return format(value, "f")
        case str() | bool() | int() | None:
            return json.dumps(value, ensure_ascii=False)
        case _:
            message = "no value of a jsonb"
            raise ValueError(message)


def _key_order(entry: tuple[str, object]) -> tuple[int, bytes]:
    key = entry[0].encode()
    return len(key), key
