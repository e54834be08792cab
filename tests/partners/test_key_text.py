"""Keys: what they look like, and that a typo is told from a key without asking anybody."""

import re
import string
from collections.abc import Callable

import pytest

from navis_api.partners.errors import KeyMistyped
from navis_api.partners.key_text import (
    PATTERN,
    KeyEnvironment,
    KeyKind,
    KeyText,
    new_key_text,
    read_key_text,
)


@pytest.mark.parametrize("kind", KeyKind)
@pytest.mark.parametrize("environment", KeyEnvironment)
def test_a_new_key_is_read_again_and_found_by_a_scanner(
    kind: KeyKind, environment: KeyEnvironment
) -> None:
    made = new_key_text(kind, environment)
    assert read_key_text(made.secret) == made
    assert made.secret.startswith(f"nvk_{kind.value[:3].lower()}_{environment.value.lower()}_")
    found = re.findall(PATTERN, f'{{"apiKey":"{made.secret}", "other": 1}}')
    assert found == [made.secret]


def test_no_two_keys_are_the_same() -> None:
    made = {new_key_text(KeyKind.SECRET, KeyEnvironment.LIVE).secret for _ in range(1_000)}
    assert len(made) == 1_000


def test_a_key_of_another_kind_or_purpose_is_another_key() -> None:
    made = new_key_text(KeyKind.PUBLIC, KeyEnvironment.TEST).secret
    for other in (made.replace("pub", "sec"), made.replace("test", "live")):
        with pytest.raises(KeyMistyped):
            read_key_text(other)


def test_every_typo_of_one_letter_and_every_swap_of_neighbours_is_seen() -> None:
    made = new_key_text(KeyKind.SECRET, KeyEnvironment.LIVE).secret
    letters = string.ascii_letters + string.digits + "_-"
    wrong = {
        made[:place] + letter + made[place + 1 :]
        for place in range(len(made))
        for letter in letters
    } | {
        made[:place] + made[place + 1] + made[place] + made[place + 2 :]
        for place in range(len(made) - 1)
    }
    for text in wrong - {made}:
        with pytest.raises(KeyMistyped):
            read_key_text(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made[:-1],
        lambda made: made + "0",
        lambda made: made + "\n",
        lambda made: " " + made,
        lambda made: made.upper(),
        lambda made: made.replace("nvk", "ｎvk"),
        lambda _: "",
        lambda _: "nvk_",
        lambda _: "nvk_sec_live_" + "0" * 49,
        lambda _: "nvk_sec_live_" + "٣" * 49,
        lambda _: "nvk_\0" * 9,
    ],
)
def test_what_is_no_key_is_refused(change: Callable[[str], str]) -> None:
    made = new_key_text(KeyKind.SECRET, KeyEnvironment.LIVE).secret
    with pytest.raises(KeyMistyped):
        read_key_text(change(made))


def test_a_key_shows_in_no_representation_and_not_in_what_is_stored() -> None:
    made = new_key_text(KeyKind.SECRET, KeyEnvironment.LIVE)
    assert made.secret not in repr(made)
    assert len(made.digest) == 32
    assert made.secret.encode() not in made.digest
    assert made.secret.endswith(made.last_four)
    assert KeyText(made.kind, made.environment, made.secret).digest == made.digest
