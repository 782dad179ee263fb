"""Score a text in each language by the model of py3langid, which is naive Bayes over n-grams of bytes.

Source: Lui and Baldwin, "langid.py: An Off-the-shelf Language Identification Tool", 2012. py3langid reads one byte
after the other in Python, which takes a third of the analysis of a news article. Here NumPy reads all bytes at once;
the scores are the same.
"""

import lzma
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from itertools import combinations
from math import prod
from pathlib import Path
from struct import unpack_from
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_NGRAM = 6
"""Bytes of the longest n-gram of the model."""
_PIECE_BYTES = 1 << 22
_MAX_HEADER_BYTES = 1 << 10


@dataclass(frozen=True, eq=False)
class _Model:
    """The automaton that finds the n-grams of a text, and the weights of each n-gram."""

    labels: tuple[str, ...]
    """The language of each column of the weights."""
    same: tuple[tuple[int, int], ...]
    """Pairs of columns with the same language, which differ in their script."""
    transitions: NDArray[np.uint32]
    """The state after each byte, in distinct rows of 256; shape (rows * 256,)."""
    rows: NDArray[np.uint32]
    """Start in `transitions` of the row of each state, shape (states,)."""
    ngrams: NDArray[np.int32]
    """The n-gram that ends in each state, or -1, shape (states,)."""
    stored: NDArray[np.float16]
    """Logarithm of the probability of each n-gram in each language, shape (ngrams, languages)."""
    converted: NDArray[np.float32]
    """The same; only the rows of the n-grams that were in a text are filled in."""
    is_converted: NDArray[np.bool_]
    """Whether the row of each n-gram is filled in, shape (ngrams,)."""
    prior: NDArray[np.float32]
    """Logarithm of the probability of each language, shape (languages,)."""

    def weights(self, ngrams: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the weights of n-grams, shape (ngrams, languages). Each row is converted from 16 bits only once."""
        missing = ngrams[~self.is_converted[ngrams]]
        if missing.size:
            self.converted[missing] = self.stored[missing]
            self.is_converted[missing] = True
        return self.converted.take(ngrams, axis=0)


_lock = Lock()


def load_model() -> _Model:
    """Load the model, which takes a third of a second and 70 MB of memory; other threads that need it wait."""
    with _lock:
        return _load()


@cache
def _load() -> _Model:
    package = find_spec("py3langid")  # its code is not needed
    assert package is not None  # noqa: S101 - it is a requirement
    assert package.origin is not None  # noqa: S101 - it is a folder with code
    arrays = _arrays(_decompress(Path(package.origin).with_name("data") / "model.npz.xz"))
    labels, weights = tuple(arrays["classes"].tolist()), arrays["ptc"]
    return _Model(
        labels=labels,
        same=tuple(pair for pair in combinations(range(len(labels)), 2) if labels[pair[0]] == labels[pair[1]]),
        transitions=arrays["nextmove"].astype(np.uint32, copy=False),
        rows=arrays["nextmove_row"].astype(np.uint32) * 256,
        ngrams=arrays["out_feat"].astype(np.int32, copy=False),
        stored=weights,
        converted=np.empty(weights.shape, np.float32),
        is_converted=np.zeros(len(weights), np.bool_),
        prior=arrays["pc"],
    )


def _decompress(path: Path) -> bytearray:
    """Return the content of an .xz file."""
    compressed, content, decompressor = path.read_bytes(), bytearray(), lzma.LZMADecompressor()
    while not decompressor.eof:
        # After each piece, the thread waits for the interpreter; one large piece would be copied several times.
        content += decompressor.decompress(compressed, _PIECE_BYTES)
        compressed = b""
    return content


def _arrays(archive: bytearray) -> dict[str, NDArray[Any]]:
    """Return the arrays that `numpy.savez` wrote, without a copy of them; NumPy makes one and takes 0.1 s.

    Source of the layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.7.
    """
    arrays: dict[str, NDArray[Any]] = {}
    at = 0
    while archive.startswith(b"PK\3\4", at):
        name_size, extra_size = unpack_from("<HH", archive, at + 26)
        name, start = archive[at + 30 : at + 30 + name_size].decode(), at + 30 + name_size + extra_size
        header = BytesIO(archive[start : start + _MAX_HEADER_BYTES])
        np.lib.format.read_magic(header)
        shape, _, dtype = np.lib.format.read_array_header_1_0(header)
        array = np.frombuffer(archive, dtype, prod(shape), start + header.tell()).reshape(shape)
        arrays[name.removesuffix(".npy")] = array
        at = start + header.tell() + array.nbytes
    return arrays


def log_likelihoods(text: str) -> dict[str, float]:
    """Return the log-likelihood of each language for a text, as `py3langid.rank` does.

    Args:
        text: Any text.

    Returns:
        Natural logarithms by ISO 639 code; empty if the text has no n-gram of the model.

    >>> scores = log_likelihoods("La Corée du Nord envoie des soldats.")
    >>> max(scores, key=lambda language: scores[language])
    'fr'
    """
    model = load_model()
    normal = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
    ngrams = _ngrams(model, np.frombuffer(normal.encode("utf-8", "surrogatepass"), np.uint8))
    # The weights are added in the order in which the n-grams first occur: the sum of floats depends on the order.
    counts = Counter(ngrams.tolist())
    if not counts:
        return {}
    distinct = np.fromiter(counts, np.intp, len(counts))
    occurrences = np.fromiter(counts.values(), np.intp, len(counts))
    logs = np.log1p(np.arange(occurrences.max() + 1, dtype=np.float32))  # few numbers differ
    scores = logs[occurrences] @ model.weights(distinct) + model.prior
    for first, second in model.same:
        scores[first] = scores[second] = max(scores[first], scores[second])
    return dict(zip(model.labels, scores.tolist(), strict=True))


def _ngrams(model: _Model, text: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the n-gram that ends at each byte of a text, without the bytes where none ends.

    The state after a byte depends on this byte and the `MAX_NGRAM - 1` bytes before it alone, so it is found by reading
    these from the initial state, for all bytes at once.
    """
    size = len(text)
    states = np.zeros(size, np.uint32)
    for back in range(min(MAX_NGRAM, size) - 1, -1, -1):
        states[back:] = model.transitions.take(model.rows.take(states[back:]) + text[: size - back])
    found = model.ngrams.take(states)
    return found[found >= 0]
