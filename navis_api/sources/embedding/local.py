"""Embeddings of a model on this machine, from a folder in the format of sentence-transformers."""

import asyncio
import hashlib
import importlib
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from navis_api.errors import OperatorFault
from navis_api.sources.embedding.embedder import (
    EmbedderFailed,
    EmbedderOutOfReach,
    EmbeddingsInvalid,
    TextKind,
)
from navis_api.sources.embedding.vectors import Vectors, unit

_LIBRARY = "sentence_transformers"
_MODULES_FILE = "modules.json"
_CONFIG_FILE = "config.json"
# A larger file is told from another by its size and by this much of its beginning, middle, end.
_READ_WHOLE_BYTES = 1024 * 1024
_SAMPLE_BYTES = 64 * 1024
_FINGERPRINT_LETTERS = 12
# What PyTorch and the readers of model folders raise over what they can't take: out of memory
# is a RuntimeError there.
_FAILURES = (
    OSError,
    ImportError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


class _Model(Protocol):
    """What we use of sentence_transformers.SentenceTransformer."""

    def encode_query(self, sentences: list[str], **options: object) -> Any: ...  # noqa: ANN401 - a numpy array

    def encode_document(self, sentences: list[str], **options: object) -> Any: ...  # noqa: ANN401 - a numpy array


class LocalEmbedderMissing(OperatorFault):
    """The library isn't there, or the folder holds no model."""


class LocalModelFailed(EmbedderFailed):
    """The model can't be read, or broke off."""

    def __init__(self, doing: str, failure: BaseException) -> None:
        super().__init__(
            f"sentence-transformers failed at {doing} the model in the folder that"
            f" NAVIS_EMBEDDER_MODEL names ({type(failure).__name__})."
        )


class LocalEmbedder:
    """Runs the model in a thread of its own, so that the event loop stays free.

    The folder is read when the first text comes; nothing is ever fetched. Where the model's
    configuration has prompts for queries and documents, as those of the E5 family have, they
    are put before the texts.
    """

    def __init__(self, folder: Path, *, batch_size: int, timeout_s: float) -> None:
        if importlib.util.find_spec(_LIBRARY) is None:
            raise LocalEmbedderMissing(
                "NAVIS_EMBEDDER=local needs sentence-transformers, which isn't installed. Install"
                " `navis-api[local-embedder]`."
            )
        if not any((folder / name).is_file() for name in (_MODULES_FILE, _CONFIG_FILE)):
            raise LocalEmbedderMissing(
                "NAVIS_EMBEDDER_MODEL has to name a folder that holds a model in the format of"
                f" sentence-transformers (with {_MODULES_FILE}); this one doesn't."
            )
        self._folder = folder
        self._batch_size = batch_size
        self._timeout_s = timeout_s
        self._model: _Model | None = None
        self._name = f"local:{folder.resolve().name}@{fingerprint(folder)}"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")

    @property
    def model(self) -> str:
        """The folder's name, and what tells its content from another's."""
        return self._name

    async def close(self) -> None:
        """Take no further text; the batch at work is left to its end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def embed(self, texts: Sequence[str], *, kind: TextKind) -> Vectors:
        """Return one row a text (see `Embedder`).

        Raises EmbedderOutOfReach when a batch takes too long, EmbeddingsInvalid when the model
        gives something else than finite numbers, LocalModelFailed when it can't be read or run.
        """
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        loop = asyncio.get_running_loop()
        # Reading the folder takes its time, and isn't what the limit is for.
        await loop.run_in_executor(self._thread, self._loaded)
        parts: list[Vectors] = []
        for at in range(0, len(texts), self._batch_size):
            batch = list(texts[at : at + self._batch_size])
            try:
                async with asyncio.timeout(self._timeout_s):
                    parts.append(
                        await loop.run_in_executor(self._thread, self._encode, batch, kind)
                    )
            except TimeoutError:
                raise EmbedderOutOfReach("The embedding model took too long.") from None
        return np.concatenate(parts)

    def _loaded(self) -> _Model:
        if self._model is None:
            # The library's own switches, read when it is imported: no file is looked for
            # elsewhere, and what a command prints is the command's.
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
            try:
                library = cast("Any", importlib.import_module(_LIBRARY))
                self._model = library.SentenceTransformer(
                    str(self._folder), local_files_only=True, trust_remote_code=False
                )
            except _FAILURES as unreadable:
                raise LocalModelFailed("reading", unreadable) from None
        return cast("_Model", self._model)

    def _encode(self, texts: list[str], kind: TextKind) -> Vectors:
        model = self._loaded()
        encode = model.encode_query if kind is TextKind.QUERY else model.encode_document
        try:
            encoded = encode(
                texts, batch_size=self._batch_size, convert_to_numpy=True, show_progress_bar=False
            )
        except _FAILURES as failure:
            raise LocalModelFailed("using", failure) from None
        rows: NDArray[Any] = np.asarray(encoded)
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():  # noqa: PLR2004 - texts by dimensions
            raise EmbeddingsInvalid("the model doesn't give one vector of finite numbers a text")
        return unit(rows)


def fingerprint(folder: Path) -> str:
    """Return what tells the content of a model's folder from another's, wherever it lies."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _READ_WHOLE_BYTES:
                digest.update(file.read())
                continue
            for start in (0, size // 2, size - _SAMPLE_BYTES):
                file.seek(start)
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:_FINGERPRINT_LETTERS]
