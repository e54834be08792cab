"""The data files that come with the package say everything once."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "navis_api"
DATA_FILES = sorted(path for ending in ("json", "json.gz") for path in PACKAGE.rglob(f"*.{ending}"))


class SaidTwice(Exception):
    """A key stands twice in one object, and the second would silently win."""


def said_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) < len(pairs):
        times = Counter(key for key, _ in pairs)
        raise SaidTwice([key for key, count in times.items() if count > 1])
    return told


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda path: path.name)
def test_no_key_stands_twice(path: Path) -> None:
    packed = path.read_bytes()
    written = gzip.decompress(packed) if path.suffix == ".gz" else packed
    json.loads(written, object_pairs_hook=said_once)


def test_a_key_that_stands_twice_is_seen() -> None:
    with pytest.raises(SaidTwice, match="may_be_cancer"):
        json.loads('{"may_be_cancer": "a", "may_be_cancer": "a"}', object_pairs_hook=said_once)
