"""How the whole check does on authors from whom its score has learned nothing."""

from collections.abc import Sequence

from bench.grounding.pairs import Pair, catalogue
from bench.grounding.training import Row, learn
from navis_api.generation.grounding.claims import check_claim
from navis_api.generation.grounding.closeness.model import ClosenessModel


def print_held_out(given: Sequence[Pair], rows: Sequence[Row]) -> None:
    """Print the share of unsupported claims refused and of supported ones kept, by author."""
    for author in sorted({pair.author for pair in given}):
        model = learn([row for row in rows if row.author != author])
        own = [pair for pair in given if pair.author == author]
        kept = [(pair.supported, is_kept(pair, model)) for pair in own]
        supported = [stays for wanted, stays in kept if wanted]
        others = [stays for wanted, stays in kept if not wanted]
        print(
            f"{author:12} {len(own):4} claims"
            f"  refused of unsupported {1 - sum(others) / len(others):.3f}"
            f"  kept of supported {sum(supported) / len(supported):.3f}"
        )


def is_kept(pair: Pair, model: ClosenessModel) -> bool:
    """Whether the check lets a pair's claim stand."""
    verdict = check_claim(
        pair.claim, pair.evidence, cancer=pair.cancer, catalogue=catalogue(), model=model
    )
    return verdict.supported
