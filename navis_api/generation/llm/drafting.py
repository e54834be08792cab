"""Drafting: what a model writes as sections, each as soon as it is complete."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from navis_api.generation.llm.output import OutputReader, WrittenAnswer, WrittenSection
from navis_api.language_models.errors import ModelFailed, ModelFault, OutputUnreadable
from navis_api.language_models.language_model import LanguageModel
from navis_api.language_models.prompt import Prompt


async def drafted(
    model: LanguageModel, prompt: Prompt, *, max_output_tokens: int
) -> AsyncGenerator[WrittenSection | WrittenAnswer]:
    """Yield a model's sections as they are completed, then its whole answer.

    Raises ModelFailed, also behind sections, when the answer doesn't come to its proper end.
    """
    reader = OutputReader(max_output_tokens=max_output_tokens)
    readable = True
    try:
        async with aclosing(model.write(prompt)) as pieces:
            async for piece in pieces:
                for section in reader.read(piece):
                    yield section
                if reader.is_too_long:
                    raise ModelFailed(model.name, ModelFault.TOO_LONG)
        rest, answer = reader.end()
        for section in rest:
            yield section
        yield answer
    except OutputUnreadable:
        readable = False
    if not readable:
        raise ModelFailed(model.name, ModelFault.UNREADABLE)
