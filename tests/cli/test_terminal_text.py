"""Texts of others in a terminal."""

import pytest

from navis_api.cli.terminal_text import harmless


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07gone", "\\u001b[2J\\u001b]0;owned\\u0007gone"),
        ("\x9b31mred", "\\u009b31mred"),
        ("fine\rnot fine", "fine not fine"),
        ("a\u202eb", "a\\u202eb"),
        ("caf\udce9", "caf\\udce9"),
        ("\x7f\x08", "\\u007f\\u0008"),
        ("one\n\ntwo\tthree", "one two three"),
        ("naïve “quoted” ≥ 5 µg 👩\u200d⚕️", "naïve “quoted” ≥ 5 µg 👩\u200d⚕️"),
    ],
)
def test_nothing_in_a_text_is_obeyed_and_all_of_it_can_be_read(given: str, shown: str) -> None:
    assert harmless(given) == shown
