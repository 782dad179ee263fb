"""Store what is known of each document and paragraph without its text."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.kernels import sketch
from dedup.runtime.matrix_file import Spool

# Columns of `Units.info`, beside the span's.
DOC, SPAN, TOKENS, SEQUENCE, CONTENT = 0, 1, 9, 10, 11


START, END, CUT_START, CUT_END, BYTE_START, BYTE_END, BYTE_CUT_START, BYTE_CUT_END = range(1, 9)


# Rows that are looked up before the pages that they touched are given back.
LOOKED_UP = 1 << 16


@dataclass(frozen=True)
class Units:
    """The sketches of all documents, or of all paragraphs, a row each, by (document, start)."""

    info: Spool
    """int64, 12 columns: document, span (see `dedup.kernels.paragraphs`), tokens, hash of tokens, hash of text."""
    signature: Spool
    """uint64, eight permutations to a column: low 8 bits of the signature."""
    keys: Spool
    """uint64, a column for each band."""

    @classmethod
    def create(cls, temp: Path, name: str, permutations: int, bands: int) -> "Units":
        """Begin with none, in files of a folder."""
        return cls(
            Spool(temp / f"{name}.info", np.int64, 12),
            Spool(temp / f"{name}.signature", np.uint64, (permutations + 7) // 8),
            Spool(temp / f"{name}.keys", np.uint64, bands),
        )

    def __len__(self) -> int:
        """How many units there are."""
        return len(self.info)

    def column(self, index: int) -> NDArray[np.int64]:
        """Read one column of ``info``, without mapping the others."""
        values = np.empty(len(self), np.int64)
        for first, chunk in self.info.chunks():
            values[first : first + len(chunk)] = chunk[:, index]
        return values

    def look_up(self, rows: NDArray[np.int64], columns: list[int]) -> NDArray[np.int64]:
        """Read some columns of ``info`` for some rows, shape (rows, columns), a few at a time."""
        found = np.empty((rows.size, len(columns)), np.int64)
        info = self.info.map()
        for first in range(0, rows.size, LOOKED_UP):
            part = slice(first, first + LOOKED_UP)
            found[part] = info[rows[part]][:, columns]
            self.info.release()
        return found

    def append(self, first_doc: int, rows: sketch.Rows, count: int) -> None:
        """Add the first rows of a batch's sketches."""
        info = np.empty((count, 12), np.int64)
        info[:, DOC] = rows.doc[:count] + first_doc
        info[:, SPAN:TOKENS] = rows.spans[:count]
        info[:, TOKENS] = rows.tokens[:count]
        info[:, SEQUENCE] = rows.sequence[:count].view(np.int64)
        info[:, CONTENT] = rows.content[:count].view(np.int64)
        self.info.append(info)
        self.signature.append(rows.signature[:count].view(np.uint64))
        self.keys.append(rows.keys[:count])
