"""`MinHash.generator`, 128 permutations, farmhash, `MinHashLSH(threshold=0.8)`; a text with a match is removed."""

from pathlib import Path

import farmhash
from common import PERMUTATIONS, THRESHOLD, filter_texts, main, word_shingles
from datasketch import MinHash, MinHashLSH


def clean(corpus: Path, out: Path, _workers: int) -> None:
    """Write the kept texts."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)

    def is_kept(ids: list[str], texts: list[str]) -> list[bool]:
        sets = ([shingle.encode() for shingle in word_shingles(text)] for text in texts)
        signatures = MinHash.generator(sets, num_perm=PERMUTATIONS, hashfunc=farmhash.hash32)
        kept = []
        for identity, signature in zip(ids, signatures, strict=True):
            kept.append(not index.query(signature))
            if kept[-1]:
                index.insert(identity, signature)
        return kept

    filter_texts(corpus, out, is_kept)


if __name__ == "__main__":
    main(clean, word_shingles)
