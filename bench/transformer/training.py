"""A reader of two texts, learned from pairs. Needs PyTorch and transformers."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUntypedBaseClass=false, reportUnknownParameterType=false
# pyright: reportMissingParameterType=false, reportUnknownLambdaType=false

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from transformers import AutoModel

from bench.transformer.pairs import TextPair
from navis_api.side_by_side.tokens import Pieces

BATCH = 32
RATE = 1e-4
"""How fast it learns; what is new learns ten times as fast."""
WARM_UP = 0.06
"""The share of the steps in which the rate rises; then it falls to nothing."""
DECAY = 0.01
DROPPED = 0.1
LARGEST_STEP = 1.0
SORTED_AT_ONCE = 20
"""So many batches are sorted by length together, so that little is read of nothing."""


class Reader(torch.nn.Module):
    """The pre-trained encoder, and one figure made of its first piece and of its mean."""

    def __init__(self, base: Path, kept: Sequence[int]) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        pieces = self.encoder.get_input_embeddings().weight.data[list(kept)]
        self.encoder.set_input_embeddings(
            torch.nn.Embedding.from_pretrained(pieces, freeze=False, padding_idx=0)
        )
        self.dropout = torch.nn.Dropout(DROPPED)
        self.out = torch.nn.Linear(2 * self.encoder.config.hidden_size, 1)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        token_type_ids: torch.Tensor,
    ) -> torch.Tensor:
        """Return how surely each pair asks for the same, in logits."""
        read = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(read.dtype)
        mean = (read * mask).sum(1) / mask.sum(1)
        return self.out(self.dropout(torch.cat([read[:, 0], mean], -1))).squeeze(-1)


def learn(
    reader: Reader, rounds: Sequence[Sequence[TextPair]], pieces: Pieces, most_tokens: int
) -> Reader:
    """Have a reader learn what is so of two texts, from the pairs of each round in turn.

    Sums over threads come in no fixed order: another run is as good, but not the same bytes.
    """
    steps = sum(-(-len(pairs) // BATCH) for pairs in rounds)
    optimiser = torch.optim.AdamW(
        [
            {"params": reader.encoder.parameters(), "lr": RATE},
            {"params": reader.out.parameters(), "lr": 10 * RATE},
        ],
        weight_decay=DECAY,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * (1 - step / steps)
    )
    reader.train()
    done = 0
    for round_, pairs in enumerate(rounds, start=1):
        read_once = [pieces.pair(each.one, each.other, most_tokens) for each in pairs]
        for batch in _batches([len(ids) for ids, _ in read_once], random.Random(round_)):
            wanted = torch.tensor([float(pairs[at].is_so) for at in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                read = reader(**_arrays([read_once[at] for at in batch]))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(read.float(), wanted)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), LARGEST_STEP)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            done += 1
            if done % 100 == 0:
                print(f"step {done} of {steps}, loss {loss.item():.3f}", flush=True)
    return reader.eval()


def _batches(lengths: Sequence[int], chance: random.Random) -> Iterator[Sequence[int]]:
    at_once = BATCH * SORTED_AT_ONCE
    places = list(range(len(lengths)))
    chance.shuffle(places)
    batches: list[Sequence[int]] = []
    for start in range(0, len(places), at_once):
        part = sorted(places[start : start + at_once], key=lengths.__getitem__)
        batches += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
    chance.shuffle(batches)
    yield from batches


def _arrays(read: Sequence[tuple[list[int], list[int]]]) -> dict[str, torch.Tensor]:
    longest = max(len(ids) for ids, _ in read)
    return {
        "input_ids": torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in read]),
        "attention_mask": torch.tensor(
            [[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in read]
        ),
        "token_type_ids": torch.tensor([of + [0] * (longest - len(of)) for _, of in read]),
    }
