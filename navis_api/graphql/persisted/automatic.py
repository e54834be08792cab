"""Automatic persisted queries: texts that clients have sent once, kept by their hash.

They are kept in this process alone. A client whose text another process has is asked for
it once more, as the protocol has it; a table would be one that any stranger can fill.
"""

import re

from graphql import DocumentNode, StringValueNode
from graphql.language import Visitor, visit

from navis_api.graphql.persisted.texts import BoundedTexts
from navis_api.settings import Settings

# A slug, an id, a cursor: nothing of these has a space, and of what people write nearly
# everything has, or isn't in ASCII.
_TOKEN = re.compile(r"[!-~]{0,200}")


class AutomaticDocuments:
    """The texts of one process, bounded in number and in memory."""

    def __init__(self, *, max_documents: int, max_bytes: int) -> None:
        self.is_on = max_documents > 0
        self._texts = BoundedTexts(max_texts=max_documents, max_bytes=max_bytes)

    @classmethod
    def of(cls, settings: Settings) -> "AutomaticDocuments":
        """Return an empty store of the size that is set."""
        return cls(
            max_documents=settings.automatic_documents,
            max_bytes=settings.automatic_documents_bytes,
        )

    def get(self, hash_: str) -> str | None:
        """Return the text with this hash, if it was sent before."""
        return self._texts.get(hash_)

    def keep(self, hash_: str, text: str, document: DocumentNode) -> None:
        """Keep a text that is valid, by its hash, for whoever sends the hash alone.

        One that may hold somebody's own words is not kept: they belong into variables,
        and no memory of ours should have them longer than the request takes.
        """
        if not _holds_words(document):
            self._texts.keep(hash_, text)


class _Literals(Visitor):
    """Finds out whether any string is more than a token."""

    def __init__(self) -> None:
        super().__init__()
        self.words = False

    def enter_string_value(self, node: StringValueNode, *_args: object) -> None:
        if not _TOKEN.fullmatch(node.value):
            self.words = True


def _holds_words(document: DocumentNode) -> bool:
    found = _Literals()
    visit(document, found)
    return found.words
