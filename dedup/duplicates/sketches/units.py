"""Store the span, hashes, signature and band keys of each document and paragraph in files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.minhash import band_keys_of
from dedup.kernels.sketch import UnitRows
from dedup.kernels.text.paragraphs import SPAN
from dedup.runtime.matrix_file import MatrixFile

UNIT = np.dtype(
    [
        ("doc", np.int64),
        *((name, np.int64) for name in SPAN.names or ()),
        ("tokens", np.int64),
        ("paragraph_tokens", np.int64),
        ("sequence", np.uint64),
        ("content", np.uint64),
        ("block", np.bool_),
    ]
)
"""A unit: rank of its document, its span (see `dedup.kernels.text.paragraphs.SPAN`), number of tokens, number of tokens
of the paragraphs of a document that have a letter or digit, hash of the token sequence, hash of the trimmed text, and
whether it is a block of several paragraphs."""

# No text has more code points than 2 ** _OFFSET_BITS.
_OFFSET_BITS = 34
# Rows looked up before the mapped pages they touched are released.
LOOKUP_ROWS = 1 << 16


def signature_words(permutations: int) -> int:
    """Return the number of uint64 words of a stored signature, which has the low 8 bits of each permutation.

    >>> signature_words(216)
    27
    """
    return (permutations + 7) // 8


def corpus_offsets(docs: NDArray[np.int64], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return numbers in the order of documents and of offsets in them, shape (n,).

    >>> corpus_offsets(np.array([0, 1]), np.array([9, 2])).tolist()
    [9, 17179869186]
    """
    return np.asarray((docs << _OFFSET_BITS) + offsets)


@dataclass(frozen=True)
class Units:
    """All documents or all compared paragraphs of a corpus, one row per unit, by (document, start)."""

    info: MatrixFile
    """Records of dtype `UNIT`."""
    signature: MatrixFile
    """uint64, shape (units, words): low 8 bits of the signature, eight permutations per word."""
    keys: MatrixFile
    """Band keys, uint64 of shape (units, bands); or the signatures, uint32 of shape (units, permutations), from which
    `with_bands` makes band keys."""

    @classmethod
    def create(
        cls, temp: Path, name: str, permutations: int, bands: int, key_type: type[np.unsignedinteger[Any]] = np.uint64
    ) -> "Units":
        """Create empty files for units.

        Args:
            temp: Directory of the files.
            name: Prefix of their names.
            permutations: Length of a signature.
            bands: Number of bands.
            key_type: Type of a key.
        """
        return cls(
            MatrixFile(temp / f"{name}.info", UNIT),
            MatrixFile(temp / f"{name}.signature", np.uint64, signature_words(permutations)),
            MatrixFile(temp / f"{name}.keys", key_type, bands),
        )

    def with_bands(self, bands: int, rows: int, path: Path) -> "Units":
        """Return the units with band keys in the place of their signatures.

        Args:
            bands: Number of bands.
            rows: Rows of a band.
            path: File for the keys, which is replaced.
        """
        keys = MatrixFile(path, np.uint64, bands)
        for _, signatures in self.keys.chunks():
            chunk = np.empty((len(signatures), bands), np.uint64)
            band_keys_of(signatures, rows, chunk)
            keys.append(chunk)
        return Units(self.info, self.signature, keys)

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.info)

    def column(self, name: str) -> NDArray[Any]:
        """Read one column of ``info``, shape (units,), without mapping the others.

        Args:
            name: A field of `UNIT`.
        """
        values = np.empty(len(self), UNIT[name])
        for first, chunk in self.info.chunks():
            values[first : first + len(chunk)] = chunk[name]
        return values

    def look_up(self, rows: NDArray[np.int64], names: Sequence[str]) -> NDArray[Any]:
        """Read some columns of ``info`` for some rows.

        Args:
            rows: Row numbers, shape (n,).
            names: Fields of `UNIT`.

        Returns:
            Records with these fields, shape (n,).
        """
        found = np.empty(rows.size, [(name, UNIT[name]) for name in names])
        info = self.info.map()
        for first in range(0, rows.size, LOOKUP_ROWS):
            part = slice(first, first + LOOKUP_ROWS)
            records = info[rows[part]]
            for name in names:
                found[name][part] = records[name]
            self.info.release()
        return found

    def append(self, first_doc: int, rows: UnitRows, chosen: slice | NDArray[np.int64]) -> None:
        """Append rows of a batch.

        Args:
            first_doc: Rank of the first document of the batch.
            rows: Output of the sketch kernel.
            chosen: The rows to append, shape (n,).
        """
        info = np.empty(rows.doc[chosen].size, UNIT)
        info["doc"] = rows.doc[chosen] + first_doc
        for name in SPAN.names or ():
            info[name] = rows.spans[name][chosen]
        for name in ("tokens", "paragraph_tokens", "sequence", "content", "block"):
            info[name] = getattr(rows, name)[chosen]
        self.append_records(info, rows.signature[chosen].view(np.uint64), rows.keys[chosen])

    def append_records(self, info: NDArray[Any], signature: NDArray[np.uint64], keys: NDArray[np.uint64]) -> None:
        """Append units.

        Args:
            info: Records of dtype `UNIT`, shape (n,).
            signature: Signatures as in ``signature``, shape (n, words).
            keys: Band keys, shape (n, bands).
        """
        self.info.append(info)
        self.signature.append(signature)
        self.keys.append(keys)

    def empty_copy(self, folder: Path, name: str) -> "Units":
        """Create empty files for units with signatures and keys of the same length.

        Args:
            folder: Directory of the files.
            name: Prefix of their names.
        """
        return Units.create(folder, name, 8 * (self.signature.width or 0), self.keys.width or 0)

    def extend(self, others: "Units", first_doc: int) -> None:
        """Append all units of others.

        Args:
            others: Units with signatures and keys of the same length.
            first_doc: What is added to the numbers of their documents.
        """
        for _, info in others.info.chunks():
            info["doc"] += first_doc
            self.info.append(info)
        for target, source in ((self.signature, others.signature), (self.keys, others.keys)):
            for _, chunk in source.chunks():
                target.append(chunk)
