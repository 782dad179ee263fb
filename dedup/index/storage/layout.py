"""The files of an index: their names, columns, and how they are stored.

```
INDEX/
  manifest.json             version, settings, segments; see dedup.index.storage.manifest
  lock                      locked by the writer, and names it
  readers                   locked by readers: old segments are removed only while it is free
  segments/000001/          written once and never changed; the name is the version that made it
    documents.parquet       the kept documents as units, with signatures
    document_keys.parquet   their band keys and hashes of token sequences, ascending
    paragraphs.parquet      the kept paragraphs, and their keys; missing where paragraphs are not stored
    paragraph_keys.parquet
    texts.parquet           id, path, row and text of the kept documents
    ids.parquet             hashes of the ids of all documents, ascending
    inputs.parquet          hashes of the inputs, ascending
```
"""

from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa

from dedup.duplicates.sketches.units import UNIT

MANIFEST_FILE, MANIFEST_PART = "manifest.json", "manifest.json.part"
LOCK_FILE, READERS_FILE, SEGMENTS = "lock", "readers", "segments"
TEXTS_FILE = "texts.parquet"

UnitKind: TypeAlias = Literal["documents", "paragraphs"]
KeyKind: TypeAlias = Literal["documents", "paragraphs", "ids", "inputs"]

UNIT_FILES: dict[UnitKind, str] = {"documents": "documents.parquet", "paragraphs": "paragraphs.parquet"}
KEY_FILES: dict[KeyKind, str] = {
    "documents": "document_keys.parquet",
    "paragraphs": "paragraph_keys.parquet",
    "ids": "ids.parquet",
    "inputs": "inputs.parquet",
}

# Rows and bytes of text of a row group: what a lookup of one key, unit or text reads.
KEY_GROUP_ROWS = 1 << 13
UNIT_GROUP_ROWS = 1 << 11
TEXT_GROUP_BYTES = 1 << 19

_METADATA = {b"dedup.index": b"1"}
_DELTA = "DELTA_BINARY_PACKED"

KEYS = pa.schema([("key", pa.uint64()), ("unit", pa.int64())], metadata=_METADATA)
"""A hash and what has it: the number of a unit or input in the index, or the rank of a document. Sorted by both."""

TEXTS = pa.schema(
    [
        ("doc", pa.int64()),
        ("id", pa.string()),
        ("path", pa.string()),
        ("row", pa.int64()),
        ("per", pa.string()),
        ("text", pa.large_string()),
    ],
    metadata=_METADATA,
)
"""A kept document, by ascending rank; ``per`` is its value of the column of ``--per``."""

# Random bits cannot be compressed.
KEY_OPTIONS: dict[str, Any] = {
    "compression": "none",
    "compression_level": None,
    "use_dictionary": False,
    "column_encoding": {"key": _DELTA, "unit": _DELTA},
    "write_statistics": ["key"],
    "write_page_checksum": True,
}
TEXT_OPTIONS: dict[str, Any] = {
    "use_dictionary": ["path", "per"],
    "column_encoding": {"doc": _DELTA, "row": _DELTA},
    "write_statistics": ["doc"],
    "write_page_checksum": True,
}
# The row group of a unit follows from its number, so that no statistics are needed.
UNIT_OPTIONS: dict[str, Any] = {
    "use_dictionary": False,
    "column_encoding": {name: _DELTA for name in UNIT.names or () if UNIT[name] == np.int64},
    "write_statistics": False,
    "write_page_checksum": True,
}


def unit_schema(words: int) -> pa.Schema:
    """Return the columns of a file of units: the fields of `UNIT`, and the signature as bytes.

    Args:
        words: Number of uint64 values of a signature.

    >>> unit_schema(27).field("signature").type
    FixedSizeBinaryType(fixed_size_binary[216])
    """
    fields = [(name, pa.from_numpy_dtype(UNIT[name])) for name in UNIT.names or ()]
    return pa.schema([*fields, ("signature", pa.binary(8 * words))], metadata=_METADATA)
