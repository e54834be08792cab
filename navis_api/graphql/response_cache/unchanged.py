"""Responses that are said again as long as the database says again what they were made of.

Where whole responses can't be kept, because no lease is held or they are switched off, each
request asks Postgres. Most are then answered as the time before: the very same request had the
very same statements executed, with the very same rows. So a response to a query on published
content is kept with the statements that it was made of. The next time they are executed again
and, where they bring equal rows, that response is sent: nothing has to be read, compiled or
written, and what was retracted is seen at once, by the rows.

Found by a hash of the request, as in `keys`. A search notes a statement without what somebody
typed (`answers.still_found`), for which it has to read a little more: so only when it is asked
for again. It all takes room in the memory of content.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from graphql import OperationType
from graphql.error import located_error
from starlette.responses import Response
from strawberry.types.execution import ExecutionResult

from navis_api.cancers.catalogue import Catalogue
from navis_api.db.hearing import Heard, Hearing
from navis_api.db.published import Statement
from navis_api.db.sessions import DatabaseBusy
from navis_api.graphql.context import RequestContext, Services
from navis_api.graphql.documents import Document
from navis_api.graphql.errors import public_errors
from navis_api.graphql.incremental.multipart import MultipartResponse
from navis_api.graphql.negotiation import JSON
from navis_api.graphql.refusals import OperationRefused
from navis_api.graphql.request import OperationRequest, SentOperation
from navis_api.graphql.response_cache.cache import ResponseCache
from navis_api.graphql.response_cache.eligibility import EligibleOperations
from navis_api.graphql.response_cache.keys import Keys
from navis_api.graphql.response_cache.operations import with_extensions
from navis_api.graphql.responses import bytes_response, data_body, result_response
from navis_api.graphql.throttle.payer import payer_of
from navis_api.graphql.usual import UsualHead
from navis_api.identity.viewer import ANONYMOUS

_LONGEST_BODY = 16_384
_ENTRY_BYTES = 1_500
_VALUE_BYTES = 64
_KEY_BYTES = 250
_ASKED_BEFORE = object()
_TOLD = frozenset({"cost"})
_QUERY = OperationType.QUERY.value

UNCHANGED = "unchanged"
"""What such a request counts as among the compiled queries."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A response's `{"data":…}`, what it was made of, what it was asked by, and what it cost.

    `named` is how its document was named, without variables, and `text` what that stood for;
    None where the text came with the request, and anybody may send any text.
    """

    body: bytes
    heard: Sequence[Heard[Statement]]
    catalogue: Catalogue | None
    name: str | None
    named: SentOperation | None
    text: str | None
    requested: int
    actual: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stood before an operation was executed: the key of its request, and the catalogue.

    Without one it has to be read, which isn't asked again: then nothing is made of it.
    `known` is what it was answered with before; `again`: it was asked before.
    """

    key: bytes
    catalogue: Catalogue | None
    known: Unchanged | None
    again: bool


class UnchangedResponses:
    """The responses that one process can say again, while `is_on` and `cache` can keep none."""

    def __init__(
        self,
        services: Services,
        eligible: EligibleOperations,
        cache: ResponseCache,
        *,
        is_on: bool,
    ) -> None:
        self.is_on = is_on
        self._services = services
        self._cache = cache
        self._published = services.database.published
        self._memory = services.database.published.memory
        self._eligible = eligible
        self._keys = Keys()

    def begin(self, head: UsualHead, body: bytes) -> Beginning | None:
        """Return what a request is found by; None where its response couldn't be kept."""
        if not self.is_on or self._cache.begin() is not None:
            return None
        if head.accepted.parts is not None or len(body) > _LONGEST_BODY:
            return None
        key = self._keys.of_request(head.language.value.encode(), body)
        found: Unchanged | object | None = self._memory.find(key)
        catalogue = self._services.catalogue.kept
        known = found if isinstance(found, Unchanged) and found.catalogue is catalogue else None
        return Beginning(key, catalogue, known, again=found is not None)

    async def response(self, beginning: Beginning, head: UsualHead) -> Response | None:
        """Return the response to the same request, if it still holds; None: execute it."""
        found = beginning.known
        if found is None:
            return None
        services, payer = self._services, payer_of(ANONYMOUS, head.origin)
        try:
            if not await self._still_means(found):
                return None
            charge = services.throttle.charge(payer, found.requested)
        except OperationRefused:
            # Whoever would execute it says so.
            return None
        media = head.accepted.json or JSON
        try:
            is_still = await self._is_still(found)
        except (DatabaseBusy, TimeoutError) as busy:
            charge.refuse()
            errors = public_errors([located_error(busy)], head.language)
            busy_result = ExecutionResult(data=None, errors=errors)
            return result_response(busy_result, media=media, is_query=True)
        if not is_still:
            charge.settle(0)
            return None
        charge.settle(found.actual)
        operation = services.clients.operation(found.name)
        services.metrics.operation(head.client, operation, _QUERY, refused=False)
        services.metrics.compiled[UNCHANGED] += 1
        body = with_extensions(found.body, {"cost": charge.extension()})
        response = bytes_response(body, media=media)
        response.raw_headers += services.throttle.fields(payer)
        return response

    async def _still_means(self, found: Unchanged) -> bool:
        """Return whether what was sent names the same text. Raises OperationRefused."""
        if found.named is None:
            return True
        return (await self._services.operations.resolve(found.named)).query == found.text

    async def _is_still(self, found: Unchanged) -> bool:
        """Return whether the database says the same again. Raises DatabaseBusy."""
        for each in found.heard:
            if await self._published.ask(each.statement, each.given) != each.rows:
                return False
        return True

    def keep(
        self,
        beginning: Beginning,
        sent: SentOperation,
        operation: OperationRequest,
        result: ExecutionResult | MultipartResponse,
        heard: Hearing[Statement],
        context: RequestContext,
    ) -> None:
        """Keep a result, if it is of published content and was made of what was heard alone."""
        kept = self._kept(beginning, sent, operation, result, heard, context)
        if kept is not None:
            size = _ENTRY_BYTES + len(kept.body) + _size(heard.heard)
            self._memory.keep(beginning.key, kept, size)
        elif context.document is not None and self._takes_text(context.document, sent):
            self._memory.keep(beginning.key, _ASKED_BEFORE, _KEY_BYTES)
        else:
            self._memory.drop(beginning.key)

    def _kept(
        self,
        beginning: Beginning,
        sent: SentOperation,
        operation: OperationRequest,
        result: ExecutionResult | MultipartResponse,
        heard: Hearing[Statement],
        context: RequestContext,
    ) -> Unchanged | None:
        """Return what is to be kept of a result; None where it must not be."""
        document, price = context.document, context.price
        if heard.missed or document is None or price is None or not _is_whole(result):
            return None
        # What was asked for by a name that nobody has published could be anything.
        if not all(each.rows for each in heard.heard):
            return None
        eligibility, reads = self._eligible.of(document, sent.operation_name), context.reads
        if eligibility is None or reads.private or not eligibility.is_noted(reads.tags):
            return None
        if self._services.catalogue.kept is not beginning.catalogue:
            return None
        is_settled = self._services.operations.is_settled(sent)
        return Unchanged(
            body=data_body(result),
            heard=tuple(heard.heard),
            catalogue=beginning.catalogue,
            name=document.written_name(sent.operation_name),
            named=None if is_settled else replace(sent, query=None, variables={}),
            text=None if is_settled else operation.query,
            requested=price.requested,
            actual=price.actual(result.data),
        )

    def _takes_text(self, document: Document, sent: SentOperation) -> bool:
        """Return whether an operation on published content takes a text that somebody types."""
        eligibility = self._eligible.of(document, sent.operation_name)
        return eligibility is not None and not eligibility.shared


def _is_whole(result: ExecutionResult | MultipartResponse) -> TypeGuard[ExecutionResult]:
    return (
        isinstance(result, ExecutionResult)
        and result.data is not None
        and not result.errors
        and _TOLD.issuperset(result.extensions or ())
    )


def _size(heard: Sequence[Heard[Statement]]) -> int:
    """Return about how many bytes rows and parameters take."""
    values = [value for each in heard for row in [*each.rows, each.given] for value in row]
    return sum(_VALUE_BYTES + (len(each) if isinstance(each, str) else 0) for each in values)
