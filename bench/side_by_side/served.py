"""`python -m bench.side_by_side.served [PAIRS.jsonl ...]`: who gets a reviewed answer among many.

Evaluating pairs asks each question of one that is known. Here thousands are known at once: the
first wording of every group, and `a` of each pair. What is asked are the other wordings of the
groups that nothing was learned from, and their neighbours, and `b` of each pair. Printed is how
often the right one was among those that were considered, was served, and what else was served
(`--show` prints each: another may well ask the same).
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bench.servers import navis
from bench.side_by_side.pairs import groups
from navis_api.asking.nearness import look_near
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db import embedded
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import SYSTEM_ROWS, Database
from navis_api.evaluation.cases import ReusePair
from navis_api.kit.ids import new_id
from navis_api.questions import service as questions
from navis_api.questions.matching import match_key
from navis_api.questions.models import Question, QuestionStatus
from navis_api.questions.subject import cancers_meant

_ASKED_AT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, the known one that it comes from, and whether it asks the same."""

    of: str
    text: str
    known: str
    same: bool


@dataclass(slots=True)
class _Figures:
    asked: int = 0
    found: int = 0
    right: int = 0
    others: int = 0


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*", type=Path, help="pairs as `eval reuse` reads them")
    parser.add_argument("--show", action="store_true", help="print each other one that was served")
    given = parser.parse_args()
    asked = [*_of_groups(), *(each for path in given.pairs for each in _of_pairs(path))]
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        with embedded.start(data_dir) as server:
            navis(data_dir, "content", "import", "--sample")
            asyncio.run(_measure(server.url, asked, show=given.show))


def _of_groups() -> Iterator[_Asked]:
    for group in groups(held_out=True):
        first, *ways = group.same
        yield from (_Asked("groups", text, first, same=True) for text in ways)
        yield from (_Asked("groups", text, first, same=False) for text in group.near)


def _of_pairs(path: Path) -> Iterator[_Asked]:
    for line in path.read_text("utf-8").splitlines():
        pair = ReusePair.model_validate_json(line)
        yield _Asked(path.stem, pair.b, pair.a, same=pair.same)


async def _measure(address: str, asked: Sequence[_Asked], *, show: bool) -> None:
    engine = create_app_engine(address, pool_size=1, pool_wait_s=5, command_timeout_s=60)
    database = Database(engine)
    catalogue = await CatalogueKeeper(database).current()
    first = {group.same[0] for held_out in (False, True) for group in groups(held_out=held_out)}
    known = sorted(first | {each.known for each in asked})
    figures: dict[tuple[str, bool], _Figures] = {}
    async with database.writing(SYSTEM_ROWS) as session:
        for number, text in enumerate(known):
            await _publish(session, catalogue, text, number)
        for each in asked:
            near = await look_near(
                session,
                catalogue,
                each.text,
                cancer=_cancer(each.text, catalogue),
                locale="en",
                embedder=None,
            )
            told = figures.setdefault((each.of, each.same), _Figures())
            served = near.same.text if near.same else None
            told.asked += 1
            told.found += any(one.question.text == each.known for one in near.considered)
            told.right += served == each.known
            told.others += served not in {None, each.known}
            if show and (served not in {None, each.known} or (served and not each.same)):
                print(f"{each.of}: {each.text} -> {served}")
        # An answered question without an answer is no content.
        await session.rollback()
    await database.close()
    print(f"{len(known)} questions with a reviewed answer")
    for (of, same), told in figures.items():
        what = "ask the same" if same else "ask something else"
        print(
            f"{of}: {told.asked} {what}; {told.found} find it, {told.right} get its answer,"
            f" {told.others} another one's"
        )


async def _publish(session: AsyncSession, catalogue: Catalogue, text: str, number: int) -> None:
    cancer = _cancer(text, catalogue)
    question = Question(
        id=new_id(),
        text=text,
        # The samples have some of these questions.
        match_key=f"{match_key(text)} {number}",
        cancer_id=cancer.id if cancer else None,
        locale="en",
        status=QuestionStatus.AWAITING_REVIEW,
        asked_at=_ASKED_AT,
        search="",
    )
    session.add(question)
    await session.flush()
    await questions.mark_answered(
        session,
        question,
        slug=f"question-{number}",
        catalogue=catalogue,
        answer_text="",
        now=_ASKED_AT,
    )


def _cancer(text: str, catalogue: Catalogue) -> CatalogueEntry | None:
    meant = cancers_meant(text, catalogue)
    return meant[0] if len(meant) == 1 else None


if __name__ == "__main__":
    main()
