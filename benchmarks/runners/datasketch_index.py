"""`MinHashLSH(threshold=0.8)`, 128 permutations, farmhash, dict storage, pickled; texts with a match are not added."""

import pickle
import time
from pathlib import Path

import farmhash
from common import PERMUTATIONS, THRESHOLD, word_shingles
from datasketch import MinHash, MinHashLSH
from lookups import Query, main, read, time_lookups


def sign(text: str) -> MinHash:
    """Return the signature of a text."""
    (signature,) = MinHash.generator(
        [[shingle.encode() for shingle in word_shingles(text)]], num_perm=PERMUTATIONS, hashfunc=farmhash.hash32
    )
    return signature


def build(corpus: Path, index: Path, _workers: int) -> None:
    """Index the texts of a corpus that have no match among the earlier ones."""
    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, storage_config={"type": "dict"})
    for identity, text in read(corpus):
        signature = sign(text)
        if not lsh.query(signature):
            lsh.insert(identity, signature)
    with index.open("wb") as file:
        pickle.dump(lsh, file, pickle.HIGHEST_PROTOCOL)


def query(wanted: Query) -> dict[str, float]:
    """Load the index and look up texts."""
    texts, start = wanted.read_texts(), time.perf_counter()
    with wanted.index.open("rb") as file:
        lsh = pickle.load(file)  # noqa: S301 - written by `build`
    seconds = time.perf_counter() - start
    return {"load": seconds, **time_lookups(lambda text: bool(lsh.query(sign(text))), texts, wanted.warm_up)}


if __name__ == "__main__":
    main(build, query)
