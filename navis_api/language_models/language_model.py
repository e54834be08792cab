"""Asking a language model: text as it is written, and a failure unless it says that it is done.

Exceptions of the providers' libraries quote requests and responses, which are a patient's words.
So none leaves this module: each becomes a ModelFault, and nothing of it is chained or logged.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, aclosing

import httpx
import httpx2
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelConnectionError,
    ModelHTTPError,
    ModelRateLimitError,
    ModelTimeoutError,
    ModelUnavailableError,
)
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponseStreamEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolCallPartDelta,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings

from navis_api.language_models.errors import ModelFailed, ModelFault
from navis_api.language_models.prompt import Prompt

# The libraries print requests on their DEBUG level, which a variable of their own switches on
# (OPENAI_LOG, ANTHROPIC_LOG).
_LIBRARIES = ("anthropic", "httpcore", "httpcore2", "httpx", "httpx2", "openai", "pydantic_ai")
_BUSY = frozenset({429, 503, 529})
_DENIED = frozenset({401, 402, 403, 404})
_CLIENT_ERRORS = range(400, 500)
_TIMEOUTS = (TimeoutError, ModelTimeoutError, httpx.TimeoutException, httpx2.TimeoutException)
_TRANSPORT = (ConnectionError, ModelConnectionError, httpx.TransportError, httpx2.TransportError)
_ENDS: Mapping[str, ModelFault] = {
    "length": ModelFault.TOO_LONG,
    "content_filter": ModelFault.WITHHELD,
    "tool_call": ModelFault.UNREADABLE,
    "error": ModelFault.BROKEN,
}


class LanguageModel:
    """One model, with the limits under which it is asked.

    `silence_s` is how long it may say nothing, `total_s` how long all of it may take, both in
    seconds. Servers that don't take the schema of a prompt are asked in its words alone.
    """

    def __init__(
        self,
        name: str,
        model: Model,
        *,
        silence_s: float,
        total_s: float,
        max_output_tokens: int,
    ) -> None:
        self.name = name
        self._model = model
        self._silence_s = silence_s
        self._total_s = total_s
        self._settings = ModelSettings(
            max_tokens=max_output_tokens,
            temperature=0.0,
            timeout=silence_s,
            # The next model, or the next attempt of the job, is the retry.
            max_retries=0,
        )
        self._plainly = ModelRequestParameters()
        self._takes_schema = bool(model.profile.get("supports_json_schema_output"))
        for library in _LIBRARIES:
            logging.getLogger(library).setLevel(logging.WARNING)

    async def write(self, prompt: Prompt) -> AsyncGenerator[str]:
        """Yield what the model writes, piece by piece; it ends only at the end of a whole answer.

        Closing this ends the request. Raises ModelFailed.
        """
        if self._takes_schema:
            try:
                async with aclosing(self._ask(prompt, _by_schema(prompt))) as pieces:
                    async for piece in pieces:
                        yield piece
            except ModelFailed as failed:
                if failed.fault is not ModelFault.REJECTED:
                    raise
            else:
                return
        async with aclosing(self._ask(prompt, self._plainly)) as pieces:
            async for piece in pieces:
                yield piece
        # Only now it is known that the schema was what it didn't take.
        self._takes_schema = False

    async def _ask(self, prompt: Prompt, form: ModelRequestParameters) -> AsyncGenerator[str]:
        fault: ModelFault | None = None
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._total_s
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(min(self._silence_s, self._total_s)):
                    await stack.enter_async_context(self._model)
                    response = await stack.enter_async_context(
                        model_request_stream(
                            self._model,
                            [
                                ModelRequest(
                                    parts=[UserPromptPart(prompt.data)],
                                    instructions=prompt.instructions,
                                )
                            ],
                            model_settings=self._settings,
                            model_request_parameters=form,
                            # Traces would hold the question and the answer.
                            instrument=False,
                        )
                    )
                events = aiter(response)
                while fault is None:
                    async with asyncio.timeout(min(self._silence_s, deadline - clock())):
                        event = await anext(events, None)
                    if event is None:
                        fault = _fault_at_end(response)
                        break
                    if _is_tool_call(event):
                        fault = ModelFault.UNREADABLE
                    elif text := _text_in(event):
                        yield text
        except Exception as raised:  # noqa: BLE001  (see above: nothing of it may get out)
            fault = _fault_of(raised)
        # Outside of the handler, so that the library's exception isn't the context of ours.
        if fault is not None:
            raise ModelFailed(self.name, fault)


def _text_in(event: ModelResponseStreamEvent) -> str:
    """Return the text that an event adds; thinking and the ends of parts add none."""
    if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
        return event.part.content
    if isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
        return event.delta.content_delta
    return ""


def _is_tool_call(event: ModelResponseStreamEvent) -> bool:
    """Whether the model calls a tool: it was given none."""
    if isinstance(event, PartStartEvent):
        return isinstance(event.part, ToolCallPart)
    return isinstance(event, PartDeltaEvent) and isinstance(event.delta, ToolCallPartDelta)


def _fault_at_end(response: StreamedResponse) -> ModelFault | None:
    """Return what is wrong with an answer whose stream is over; None for nothing.

    pydantic-ai 2.68 takes a stream that ends without a reason as finished. The reason as the
    provider gave it tells: without one the stream was cut.
    """
    reason = response.finish_reason
    if reason is not None and reason in _ENDS:
        return _ENDS[reason]
    said = (response.provider_details or {}).get("finish_reason")
    return None if reason == "stop" and said else ModelFault.CUT_SHORT


def _fault_of(raised: Exception) -> ModelFault:
    causes = (raised, raised.__cause__)
    if any(isinstance(cause, _TIMEOUTS) for cause in causes):
        return ModelFault.SILENT
    if isinstance(raised, ModelHTTPError):
        return _fault_of_status(raised.status_code)
    if isinstance(raised, (ModelRateLimitError, ModelUnavailableError)):
        return ModelFault.OVERLOADED
    if any(isinstance(cause, _TRANSPORT) for cause in causes):
        return ModelFault.UNREACHABLE
    return ModelFault.BROKEN if isinstance(raised, ModelAPIError) else ModelFault.UNREADABLE


def _fault_of_status(status: int) -> ModelFault:
    if status in _BUSY:
        return ModelFault.OVERLOADED
    if status in _DENIED:
        return ModelFault.DENIED
    return ModelFault.REJECTED if status in _CLIENT_ERRORS else ModelFault.BROKEN


def _by_schema(prompt: Prompt) -> ModelRequestParameters:
    schema = OutputObjectDefinition(json_schema=dict(prompt.output_schema), name="answer")
    return ModelRequestParameters(output_mode="native", output_object=schema)
