"""`RMinHashDeduplicator`: full R-MinHash of 128 permutations, 32 bands, threshold 0.8, candidates checked by sketch."""

from pathlib import Path

from common import PERMUTATIONS, THRESHOLD, filter_texts, main, word_shingles
from rensa import RMinHashDeduplicator

# Its default of 8 bands finds 20 in 100 pairs at the threshold; candidates are checked, so that more bands do no harm.
BANDS = 32


def clean(corpus: Path, out: Path, _workers: int) -> None:
    """Write the texts that stay."""
    seen = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=PERMUTATIONS, use_lsh=True, num_bands=BANDS)

    def stays(ids: list[str], texts: list[str]) -> list[bool]:
        pairs = ((identity, list(word_shingles(text))) for identity, text in zip(ids, texts, strict=True))
        return list(seen.add_pairs(pairs))

    filter_texts(corpus, out, stays)


if __name__ == "__main__":
    main(clean, word_shingles)
