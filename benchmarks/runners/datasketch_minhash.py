"""`MinHash.generator` of 128 permutations with farmhash, `MinHashLSH(threshold=0.8)`; a text that finds one goes."""

from pathlib import Path

import farmhash
from common import PERMUTATIONS, THRESHOLD, filter_texts, main, word_shingles
from datasketch import MinHash, MinHashLSH


def clean(corpus: Path, out: Path, _workers: int) -> None:
    """Write the texts that stay."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)

    def stays(ids: list[str], texts: list[str]) -> list[bool]:
        sets = ([shingle.encode() for shingle in word_shingles(text)] for text in texts)
        sketches = MinHash.generator(sets, num_perm=PERMUTATIONS, hashfunc=farmhash.hash32)
        answers = []
        for identity, sketch in zip(ids, sketches, strict=True):
            answers.append(not index.query(sketch))
            if answers[-1]:
                index.insert(identity, sketch)
        return answers

    filter_texts(corpus, out, stays)


if __name__ == "__main__":
    main(clean, word_shingles)
