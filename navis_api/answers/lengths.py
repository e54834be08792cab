"""How long the parts of an answer may be, in characters, whoever writes them."""

MAX_TITLE_CHARS = 300
MAX_SUMMARY_CHARS = 4_000
MAX_HEADING_CHARS = 200
MAX_CLAIM_CHARS = 2_000
MAX_ENTRY_CHARS = 1_000
"""An entry of a list: a question for the doctor, a next step, a gap."""

MAX_ENTRIES = 30
"""Entries of one list."""
