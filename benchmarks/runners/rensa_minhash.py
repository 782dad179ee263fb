"""`RMinHashDeduplicator`: full R-MinHash, 128 permutations, 32 bands, threshold 0.8; signatures verify candidates."""

from pathlib import Path

from common import PERMUTATIONS, THRESHOLD, filter_texts, main, word_shingles
from rensa import RMinHashDeduplicator

# The default of 8 bands finds 20% of the pairs at the threshold. Candidates are verified, so more bands add no errors.
BANDS = 32


def clean(corpus: Path, out: Path, _workers: int) -> None:
    """Write the kept texts."""
    seen = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=PERMUTATIONS, use_lsh=True, num_bands=BANDS)

    def is_kept(ids: list[str], texts: list[str]) -> list[bool]:
        pairs = ((identity, list(word_shingles(text))) for identity, text in zip(ids, texts, strict=True))
        return list(seen.add_pairs(pairs))

    filter_texts(corpus, out, is_kept)


if __name__ == "__main__":
    main(clean, word_shingles)
