"""Small samples of real corpora: stories of an agency, versions of laws, source code.

The first two are not part of the project: name their folder in the environment variable DEDUP_DATA.
"""

import gzip
import json
import os
import sysconfig
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest

DATA = Path(os.environ.get("DEDUP_DATA") or "/nonexistent")


def read_sample(name: str, first: int, rows: int) -> pa.Table:
    """Return some rows of a corpus in JSON lines, without its columns of lists; skip the test if it is not there."""
    path = DATA / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"there is no {path.name} in the folder that DEDUP_DATA names ({DATA})")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in islice(lines, first, first + rows)]
    plain = [{key: value for key, value in row.items() if not isinstance(value, list)} for row in found]
    return pa.Table.from_pylist([row | {"place": number % 3, "size": len(row["text"])} for number, row in enumerate(plain)])


def code_files(most: int) -> pa.Table:
    """Return some source files of the running Python, with copies of every seventh one under another name."""
    folder = Path(sysconfig.get_path("stdlib"))
    paths = sorted(folder.glob("*.py"))[:most]
    texts = [path.read_text("utf-8") for path in paths]
    rows = [{"id": path.name, "text": text, "size": len(text)} for path, text in zip(paths, texts, strict=True)]
    copies = [row | {"id": f"copy of {row['id']}", "text": f"# a copy\n{row['text']}"} for row in rows[::7]]
    return pa.Table.from_pylist(rows + copies)
