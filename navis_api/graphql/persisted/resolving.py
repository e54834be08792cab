"""From what a client sent to an operation with its text, or a refusal. Every transport asks here.

Automatic persisted queries are Apollo's protocol: a hash alone is looked up, one that isn't
known is answered with PersistedQueryNotFound, and the client then sends the text with it.
Source: apollo-server 5, `requestPipeline`; GraphQL over HTTP, "Persisted Documents".
"""

from navis_api.db.sessions import Database, DatabaseBusy
from navis_api.graphql.documents import DocumentReader
from navis_api.graphql.errors import SERVICE_UNAVAILABLE
from navis_api.graphql.persisted.automatic import AutomaticDocuments
from navis_api.graphql.persisted.registered import RegisteredDocuments
from navis_api.graphql.refusals import (
    OPERATION_NOT_REGISTERED,
    PERSISTED_QUERY_MISMATCH,
    PERSISTED_QUERY_NOT_FOUND,
    PERSISTED_QUERY_NOT_SUPPORTED,
    OperationRefused,
    refusal,
)
from navis_api.graphql.request import OperationRequest, SentOperation
from navis_api.persisted.manifests import sha256_of
from navis_api.settings import Settings

_SHA256_PREFIX = "sha256:"


class PersistedOperations:
    """Finds the text of an operation, and refuses those that may not be executed here.

    `only_registered`: nothing is executed but documents that clients have registered,
    named by an id or a hash or sent to the letter. It holds for everybody alike: a stolen
    token of somebody on the staff would otherwise open what it is there to close.
    """

    def __init__(
        self,
        registered: RegisteredDocuments,
        automatic: AutomaticDocuments,
        documents: DocumentReader,
        *,
        only_registered: bool,
    ) -> None:
        self._registered = registered
        self._automatic = automatic
        self._documents = documents
        self._only_registered = only_registered

    @classmethod
    def of(
        cls, settings: Settings, database: Database, documents: DocumentReader
    ) -> "PersistedOperations":
        """Return the ones of a process, with nothing read yet."""
        return cls(
            RegisteredDocuments(database),
            AutomaticDocuments.of(settings),
            documents,
            only_registered=settings.only_registered_operations,
        )

    def is_settled(self, sent: SentOperation) -> bool:
        """Return whether what was sent stands for the same text at any time, for whoever sends it.

        What is named may be registered anew, and what has to be registered may be so no more.
        """
        return sent.query is not None and sent.persisted_hash is None and not self._only_registered

    async def resolve(self, sent: SentOperation) -> OperationRequest:
        """Return the operation with its text. Nothing is executed yet.

        Raises OperationRefused: the document isn't known or not allowed, its text hasn't the
        hash that came with it, or it can't be looked up now.
        """
        try:
            text = await self._text(sent)
        except DatabaseBusy as busy:
            raise OperationRefused(refusal(str(busy), code=SERVICE_UNAVAILABLE)) from None
        return OperationRequest(text, sent.variables, sent.operation_name)

    async def _text(self, sent: SentOperation) -> str:
        if sent.query is not None:
            return await self._admitted(sent.query, sent.persisted_hash)
        if sent.persisted_hash is not None:
            return await self._persisted(sent.persisted_hash)
        return await self._named(sent.document_id or "")

    async def _admitted(self, text: str, hash_: str | None) -> str:
        """Return a text that came with the request, with or without its hash."""
        if hash_ is not None and not _matches(text, hash_):
            message = "`sha256Hash` is not the SHA-256 of `query`. Hash the very text that is sent."
            raise OperationRefused(refusal(message, code=PERSISTED_QUERY_MISMATCH))
        if self._only_registered:
            hash_ = hash_ or _hash_of(text)
            found = await self._registered.by_hash(hash_) if hash_ else None
            if found is None:
                raise _not_registered()
            return found
        if hash_ is not None and self._automatic.is_on and self._automatic.get(hash_) is None:
            # Nothing is kept that would be refused.
            document = self._documents.read(text)
            self._automatic.keep(hash_, text, document.executable)
        return text

    async def _persisted(self, hash_: str) -> str:
        """Return the text for a hash alone, as Apollo's clients send it: or an id of a manifest."""
        found = None if self._only_registered else self._automatic.get(hash_)
        found = found or await self._registered.by_id(hash_)
        if found is not None:
            return found
        if self._only_registered:
            # Not "not found": the client would send the text in vain.
            raise _not_registered()
        if self._automatic.is_on:
            raise OperationRefused(
                refusal("PersistedQueryNotFound", code=PERSISTED_QUERY_NOT_FOUND)
            )
        raise OperationRefused(
            refusal("PersistedQueryNotSupported", code=PERSISTED_QUERY_NOT_SUPPORTED)
        )

    async def _named(self, document_id: str) -> str:
        """Return the text for a `documentId`."""
        hash_ = document_id.removeprefix(_SHA256_PREFIX)
        if hash_ == document_id:
            found = await self._registered.by_id(document_id)
        else:
            found = None if self._only_registered else self._automatic.get(hash_)
            found = found or await self._registered.by_hash(hash_)
        if found is None:
            raise _not_registered()
        return found


def _hash_of(text: str) -> str | None:
    """Return a text's hash; None for one with half of a surrogate pair, which has no bytes."""
    try:
        return sha256_of(text)
    except UnicodeEncodeError:
        return None


def _matches(text: str, hash_: str) -> bool:
    return _hash_of(text) == hash_


def _not_registered() -> OperationRefused:
    return OperationRefused(
        refusal(
            "This operation isn't registered here. Register the client's manifest with"
            " `navis-api documents register`, and send the operation's id in it as `documentId`.",
            code=OPERATION_NOT_REGISTERED,
        )
    )
