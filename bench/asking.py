"""How soon a new question's answer begins, and how soon it is whole, as a part of the limits.

The limits are 300 ms to the first event, and 2 s to the whole answer; the first
words, which stand between the two, are held against the second. With the corpus
beside the checkout, over that; otherwise over the samples.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.load import spread
from bench.servers import documents_in, navis, shared_corpus
from navis_api.cancers.service import CatalogueKeeper
from navis_api.db import embedded
from navis_api.db.engine import create_app_engine
from navis_api.db.sessions import Database
from navis_api.generation.contract import Abstention, Closing, DraftSection, GenerationRequest
from navis_api.generation.extractive.engine import ExtractiveEngine

FIRST_EVENT_LIMIT_S = 0.3
WHOLE_ANSWER_LIMIT_S = 2.0
ROUNDS = 3

QUESTIONS = {
    "liver-cancer": [
        "My liver cancer came back - what are my options now",
        "What is oligometastatic liver cancer and can it be cured",
    ],
    "breast-cancer": ["What treatments are there for breast cancer that has spread?"],
    "non-small-cell-lung-cancer": ["How is non-small cell lung cancer diagnosed?"],
    "prostate-cancer": ["What is active surveillance for prostate cancer?"],
    "colon-cancer": ["What are the stages of colon cancer?"],
    "pancreatic-cancer": ["What are the symptoms of pancreatic cancer?"],
    "melanoma": ["How does immunotherapy work for melanoma?"],
    "ovarian-cancer": ["Who is at risk of ovarian cancer?"],
}


def main(_arguments: Sequence[str] = ()) -> None:
    """Print both times as parts of their limits."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        with embedded.start(data_dir) as server:
            navis(data_dir, "content", "import", "--sample")
            corpus = shared_corpus()
            if corpus is not None:
                navis(data_dir, "sources", "import", str(corpus), "--format", "jsonl")
            documents = documents_in(navis(data_dir, "sources", "status", "--json"))
            asyncio.run(_measure(server.url, documents))


async def _measure(address: str, documents: int) -> None:
    engine = create_app_engine(address, pool_size=4, pool_wait_s=5, command_timeout_s=30)
    database = Database(engine)
    keeper = CatalogueKeeper(database)
    # As in a worker, which hears of changes: the catalogue is read once.
    keeper.trust(True)  # noqa: FBT003 - a switch is what this is
    writer = ExtractiveEngine(database, keeper)
    catalogue = await keeper.current()
    event: list[float] = []
    first: list[float] = []
    whole: list[float] = []
    for _ in range(ROUNDS):
        for slug, texts in QUESTIONS.items():
            for text in texts:
                request = GenerationRequest(text=text, cancer_id=catalogue.by_slug[slug].id)
                began, heard, told = time.perf_counter(), None, None
                async for piece in writer.write(request):
                    told = told or time.perf_counter() - began
                    if heard is None and isinstance(piece, DraftSection | Abstention):
                        heard = time.perf_counter() - began
                    if isinstance(piece, Closing | Abstention):
                        break
                event.append((told or 0.0) / FIRST_EVENT_LIMIT_S)
                first.append((heard or 0.0) / WHOLE_ANSWER_LIMIT_S)
                whole.append((time.perf_counter() - began) / WHOLE_ANSWER_LIMIT_S)
    await database.close()
    print(f"{len(first)} answers over {documents:,} documents; 1 is the limit")
    print(f"first event   of {FIRST_EVENT_LIMIT_S * 1000:g} ms   {spread(event)}")
    print(f"first words   of {WHOLE_ANSWER_LIMIT_S:g} s      {spread(first)}")
    print(f"whole answer  of {WHOLE_ANSWER_LIMIT_S:g} s      {spread(whole)}")
