"""Headings that are statements: "Penile cancer is a disease in which ..." stands above a text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.generation.extractive.blocks import Block
from navis_api.sources.retrieval import Candidate
from navis_api.sources.retrieval_repository import text_of_versions

_STATEMENT = re.compile(r"[A-Z“\"](?:\S+ ){4,60}\S+\.")


async def with_stated_headings(session: AsyncSession, blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, those whose heading is a sentence beginning with it.

    It is quoted from where it stands in its source like any other sentence.
    """
    stated = {
        block.first.version_id for block in blocks if _STATEMENT.fullmatch(block.first.headings[-1])
    }
    texts = await text_of_versions(session, stated)
    found: list[Block] = []
    for block in blocks:
        text = texts.get(block.first.version_id)
        heading = _heading_of(block.first, text) if text is not None else None
        found.append(Block((heading, *block.passages)) if heading else block)
    return found


def _heading_of(passage: Candidate, text: str) -> Candidate | None:
    """Return the heading as a passage, where nothing stands between it and the passage."""
    heading = passage.headings[-1]
    if not _STATEMENT.fullmatch(heading):
        return None
    start = text.rfind(heading, 0, passage.start)
    end = start + len(heading)
    if start < 0 or text[end : passage.start].strip(" \n*_#"):
        return None
    return replace(passage, text=heading, start=start, end=end)
