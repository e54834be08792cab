"""Keeping responses by what they answer: the document, its variables, and the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from strawberry.types.execution import ExecutionResult

from navis_api.graphql.by_key.allowed import is_allowed
from navis_api.graphql.by_key.metering import meter_kept
from navis_api.graphql.context import RequestContext
from navis_api.graphql.cost.plan import Price
from navis_api.graphql.request import OperationRequest
from navis_api.graphql.response_cache.cache import KeptResponse, Moment, ResponseCache
from navis_api.graphql.response_cache.eligibility import Eligibility, EligibleOperations
from navis_api.graphql.response_cache.validators import entity_tag, is_known, public_headers
from navis_api.graphql.responses import bytes_response, data_body
from navis_api.graphql.throttle.charging import Throttled
from navis_api.identity.viewer import ANONYMOUS

SLOT = "navis_api.kept_response"
"""Where a request's scope has a `Slot`, if whole requests are remembered."""

_TOLD = frozenset({"cost"})
"""The extensions that can be made anew for a response that is kept."""


@dataclass(slots=True)
class Slot:
    """What a request was answered with, where that was kept."""

    kept: KeptResponse | None = None
    etag: str | None = None


class KeptOperations:
    """The kept responses, as the endpoint asks for them."""

    def __init__(
        self, cache: ResponseCache, eligible: EligibleOperations, *, shared_cache_s: int
    ) -> None:
        self._cache = cache
        self._eligible = eligible
        self._shared_cache_s = shared_cache_s

    def asked(
        self,
        request: Request,
        operation: OperationRequest | ExecutionResult,
        context: RequestContext,
        *,
        media: str,
    ) -> "AskedOperation | None":
        """Return a query on published content by nobody in particular; None for anything else.

        Also None where its response is not kept, and, by POST, says nothing of being public.
        To be called before anything is read for it.
        """
        if isinstance(operation, ExecutionResult) or context.document is None:
            return None
        began = self._cache.begin()
        if began is None and request.method != "GET":
            return None
        by_key = context.viewer.by_key
        if by_key is None and context.viewer != ANONYMOUS:
            return None
        # What is published is the same for whoever comes with a key that may read it.
        if by_key is not None and not is_allowed(
            by_key, context.document, operation.operation_name
        ):
            return None
        eligibility = self._eligible.of(context.document, operation.operation_name)
        if eligibility is None:
            return None
        key = (
            self._cache.keys.of_operation(
                operation.query,
                operation.operation_name,
                operation.variables,
                context.language.value,
            )
            if began is not None
            else None
        )
        return AskedOperation(
            cache=self._cache,
            request=request,
            operation=operation,
            context=context,
            media=media,
            eligibility=eligibility,
            key=key,
            began=began,
            shared_cache_s=self._shared_cache_s,
        )


@dataclass(frozen=True, slots=True)
class AskedOperation:
    """One query on published content. `key` is None where its response can't be kept."""

    cache: ResponseCache
    request: Request
    operation: OperationRequest
    context: RequestContext
    media: str
    eligibility: Eligibility
    key: bytes | None
    began: Moment | None
    shared_cache_s: int

    def found(self) -> Response | None:
        """Return the response that is kept, if there is one that may be served now."""
        kept = self.cache.find(self.key) if self.key is not None else None
        if kept is None:
            return None
        context = self.context
        try:
            charge = context.services.throttle.charge(context.payer, kept.requested)
        except Throttled:
            # Whoever would execute it says so.
            return None
        charge.settle(kept.actual)
        meter_kept(context, self.operation.operation_name, points=kept.actual)
        extensions = {"cost": charge.extension()} if context.shows_cost else None
        return self._respond(kept.body, kept.tags, kept, extensions)

    def answered(self, result: ExecutionResult) -> Response | None:
        """Keep what execution gave, and return the response; None where it must not be kept."""
        reads = self.context.reads
        if result.errors or result.data is None or reads.private:
            return None
        if not _TOLD.issuperset(result.extensions or ()):
            return None
        if not self.eligibility.is_noted(reads.tags):
            return None
        body, tags = data_body(result), tuple(reads.tags)
        kept = None
        if self.key is not None and self.began is not None:
            price = self._price()
            kept = self.cache.keep(
                self.key,
                body,
                tags,
                requested=price.requested,
                actual=price.actual(result.data),
                began=self.began,
            )
        return self._respond(body, tags, kept, result.extensions)

    def _price(self) -> Price:
        document, operation = self.context.document, self.operation
        assert document is not None, "an operation is asked for with its document"
        return document.price(operation.operation_name, operation.variables)

    def _respond(
        self,
        body: bytes,
        tags: tuple[str, ...],
        kept: KeptResponse | None,
        extensions: Mapping[str, Any] | None,
    ) -> Response:
        slot: Slot | None = self.request.scope.get(SLOT)
        if slot is not None:
            slot.kept = kept
        if self.context.shows_cost:
            return bytes_response(with_extensions(body, extensions), media=self.media)
        if not self.eligibility.shared:
            return bytes_response(body, media=self.media)
        etag = entity_tag(body, self.media)
        if slot is not None:
            slot.etag = etag
        headers = public_headers(etag, tags, shared_cache_s=self.shared_cache_s)
        if is_known(etag, self.request.headers.get("if-none-match")):
            return bytes_response(None, media=self.media, headers=headers)
        return bytes_response(body, media=self.media, headers=headers)


def with_extensions(body: bytes, extensions: Mapping[str, Any] | None) -> bytes:
    """Return `{"data":…}` with extensions beside the data."""
    if not extensions:
        return body
    return b'%b,"extensions":%b}' % (body[:-1], orjson.dumps(extensions))
