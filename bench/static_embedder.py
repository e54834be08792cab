"""`python -m bench.static_embedder CORPUS.jsonl[.gz] FOLDER`: an embedding model from a corpus.

No model comes with this project, and none is fetched: this one is made of the corpus
itself, in minutes, so that anybody can repeat a figure that needs an embedder. It is no
recommendation: a model trained on more text knows more.

Texts are cut into pieces of words (byte pair encoding), so that an unknown word still has
known parts. One part of a piece's vector says what stands around it: truncated singular
vectors of positive pointwise mutual information (Levy and Goldberg 2014), smoothed as Levy,
Goldberg and Dagan (2015) advise. The other part is random and says which piece it is, so
that equal words count as well as related ones. A text is the mean of its pieces, weighted against
frequent ones and without what all texts have in common (Arora, Liang and Ma 2017); both are
linear, and so stand in the stored vectors.

It is written as a folder that sentence-transformers reads; that library is needed here too,
in its version 6 (`pip install navis-api[local-embedder]`).
"""

import importlib
import sys
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from navis_api.sources.cleaning.markdown import clean_markdown, clean_title
from navis_api.sources.documents import BrokenDocument
from navis_api.sources.embedding.embedder import embedded_text
from navis_api.sources.formats.readers import read_jsonl
from navis_api.sources.passages import split_passages
from navis_api.sources.retrieval import HEADING_JOINT

AROUND = 384
ITSELF = 256
ITSELF_WEIGHT = 2.0
PIECES = 24_000
CONTEXTS = 8_000
WINDOW = 5
SMOOTHING = 0.75
POWER = 0.5
FREQUENT = 1e-3
SEED = 20261121
UNKNOWN = "[UNK]"

Floats = NDArray[np.float32]


def main() -> None:
    """Train on the corpus and write the folder."""
    if len(sys.argv) != 3:
        sys.exit("Usage: python -m bench.static_embedder CORPUS.jsonl[.gz] FOLDER")
    corpus, folder = Path(sys.argv[1]), Path(sys.argv[2])
    began = time.perf_counter()
    texts = passages(corpus)
    tokenizer = trained_tokenizer(texts)
    count: int = tokenizer.get_vocab_size()
    # A question mark says nothing of what is asked for, and every question has one.
    spoken = np.array([_says_something(tokenizer.id_to_token(id_)) for id_ in range(count)])
    ids = (np.array(each.ids, dtype=np.int64) for each in tokenizer.encode_batch(texts))
    pieces = [each[spoken[each]] for each in ids]
    around = at_unit_length(vectors_of_surroundings(pieces, count))
    random = np.random.default_rng(SEED)
    itself = at_unit_length(random.standard_normal((count, ITSELF)).astype(np.float32))
    vectors = weighted(np.hstack([around, ITSELF_WEIGHT * itself]), pieces)
    save(folder, tokenizer, np.where(spoken[:, None], vectors, np.float32(0)))
    print(f"{len(texts):,} passages, {count:,} pieces, {time.perf_counter() - began:.0f} s")
    print(folder)


def _says_something(piece: str) -> bool:
    return piece != UNKNOWN and any(letter.isalnum() for letter in piece)


def passages(corpus: Path) -> list[str]:
    """Return what is embedded of each passage of a JSONL corpus."""
    found: list[str] = []
    for document in read_jsonl(corpus):
        if isinstance(document, BrokenDocument):
            continue
        text, title = clean_markdown(document.markdown), clean_title(document.title)
        for passage in split_passages(text):
            heading = HEADING_JOINT.join([title, *passage.heading_path])
            found.append(embedded_text(heading, text[passage.start : passage.end]))
    return found


def trained_tokenizer(texts: list[str]) -> Any:  # noqa: ANN401 - tokenizers ships no types
    """Return a tokenizer whose pieces are those that the texts are best written in."""
    tokenizers = cast("Any", importlib.import_module("tokenizers"))
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=PIECES, min_frequency=2, special_tokens=[UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def vectors_of_surroundings(texts: list[NDArray[np.int64]], count: int) -> Floats:
    """Return a vector for each piece, from the pieces that stand within the window around it."""
    frequencies = np.bincount(np.concatenate(texts), minlength=count)
    # The most frequent ones say enough of what stands around.
    place = np.full(count, -1, dtype=np.int64)
    contexts = np.argsort(-frequencies)[:CONTEXTS]
    place[contexts] = np.arange(len(contexts))
    together = np.zeros(count * len(contexts), dtype=np.float32)
    for apart in range(1, WINDOW + 1):
        longer = [text for text in texts if len(text) > apart]
        left = np.concatenate([text[:-apart] for text in longer])
        right = np.concatenate([text[apart:] for text in longer])
        # A neighbour counts the more the nearer it stands.
        near = np.float32((WINDOW + 1 - apart) / WINDOW)
        for piece, context in ((left, place[right]), (right, place[left])):
            known = context >= 0
            np.add.at(together, piece[known] * len(contexts) + context[known], near)
    return singular_vectors(informative(together.reshape(count, len(contexts))))


def informative(together: Floats) -> Floats:
    """Return the positive pointwise mutual information of each piece and context, in place."""
    of_piece = together.sum(axis=1, keepdims=True)
    of_context = together.sum(axis=0, keepdims=True) ** SMOOTHING
    of_context /= of_context.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        together /= of_piece
        together /= of_context
        np.log(together, out=together)
    np.nan_to_num(together, copy=False, nan=0.0, neginf=0.0)
    return np.maximum(together, 0, out=together)


def singular_vectors(matrix: Floats) -> Floats:
    """Return the rows in the directions that matter most (Halko, Martinsson and Tropp 2011)."""
    random = np.random.default_rng(SEED)
    sample = matrix @ random.standard_normal((matrix.shape[1], AROUND + 20)).astype(np.float32)
    for _ in range(3):
        sample = matrix @ (matrix.T @ np.linalg.qr(sample)[0])
    basis = np.linalg.qr(sample)[0]
    left, values, _ = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    kept = (basis @ left)[:, :AROUND] * values[:AROUND] ** POWER
    return kept.astype(np.float32)


def weighted(vectors: Floats, texts: list[NDArray[np.int64]]) -> Floats:
    """Weigh pieces against their frequency, and take out the direction that all texts share."""
    frequencies = np.bincount(np.concatenate(texts), minlength=len(vectors))
    share = frequencies / frequencies.sum()
    heavy = vectors * (FREQUENT / (FREQUENT + share))[:, None].astype(np.float32)
    means = at_unit_length(np.stack([heavy[text].mean(axis=0) for text in texts if len(text)]))
    shared = np.linalg.svd(means.T @ means)[0][:, :1]
    return (heavy - (heavy @ shared) @ shared.T).astype(np.float32)


def at_unit_length(rows: Floats) -> Floats:
    """Return the rows at unit length; rows of zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def save(folder: Path, tokenizer: Any, vectors: Floats) -> None:  # noqa: ANN401 - tokenizers ships no types
    """Write a model folder: the tokenizer, and the vectors of its pieces."""
    library = cast("Any", importlib.import_module("sentence_transformers"))
    parts = cast("Any", importlib.import_module(f"{library.__name__}.sentence_transformer.modules"))
    model = library.SentenceTransformer(
        modules=[parts.StaticEmbedding(tokenizer, embedding_weights=vectors)]
    )
    model.save(str(folder))


if __name__ == "__main__":
    main()
