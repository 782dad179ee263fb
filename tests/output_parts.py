"""Split the tables of an output into folders of parts, as a cluster writes them."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dedup.outputs.files import CLEAN_FILE, OUTPUT_NAMES, PAIRS_FILE, REFERENCE_FILE, REMOVED_FILE, RUN_FILE
from dedup.outputs.origins import ORIGINS_KEY
from dedup.outputs.parts import PARTS, find_table, part_name

END = 1 << 60


def split_output(out: Path, target: Path, cuts: Sequence[int], group_rows: int = 1000, *, counted: bool = True) -> Path:
    """Write an output as folders of parts.

    Args:
        out: An output with files.
        target: The folder to write.
        cuts: Ranks at which a part begins, besides the first; any number, in any order, also repeated.
        group_rows: Rows of a row group.
        counted: Whether run.json has the numbers of parts.
    """
    target.mkdir(parents=True)
    bounds = list(pairwise([0, *sorted(cuts), END]))
    for name in (CLEAN_FILE, REMOVED_FILE):
        if (out / name).exists():
            table = pq.read_table(out / name)
            write_parts(target / name, [part_of(table, *bound) for bound in bounds], group_rows)
    for name in (PAIRS_FILE, REFERENCE_FILE):  # their rows are in no order
        if (out / name).exists():
            table = pq.read_table(out / name)
            rows = [list(range(first, table.num_rows, len(bounds)))[::-1] for first in range(len(bounds))]
            write_parts(target / name, [table.take(pa.array(taken, pa.int64())) for taken in rows], group_rows)
    run = json.loads((out / RUN_FILE).read_text("utf-8"))
    (target / RUN_FILE).write_text(json.dumps(run | ({PARTS: count_parts(target)} if counted else {})), "utf-8")
    return target


def count_parts(out: Path) -> dict[str, int]:
    """Return the number of parts of each table of a folder that has parts, for ``run.json`` under the key `PARTS`.

    Args:
        out: An output folder whose tables are written.
    """
    tables = [out / name for name in sorted(OUTPUT_NAMES) if (out / name).is_dir()]
    return {table.name: len(find_table(table).names) for table in tables}


def part_of(table: pa.Table, start: int, stop: int) -> pa.Table:
    """Return the rows of documents in [start, stop), with the origins of these documents."""
    rows = table.filter(pc.and_(pc.greater_equal(table["doc"], start), pc.less(table["doc"], stop)))
    metadata = dict(table.schema.metadata)
    if ORIGINS_KEY in metadata:
        metadata[ORIGINS_KEY] = json.dumps(origins_of(json.loads(metadata[ORIGINS_KEY]), start, stop)).encode()
    return rows.replace_schema_metadata(metadata)


def origins_of(content: dict[str, Any], start: int, stop: int) -> dict[str, Any]:
    """Return the origins of the documents in [start, stop)."""
    ends = [first for first, _ in content["runs"][1:]] + [END]
    runs = [
        [max(first, start), origin]
        for (first, origin), end in zip(content["runs"], ends, strict=True)
        if max(first, start) < min(end, stop)
    ]
    used = sorted({origin for _, origin in runs})
    runs = [[first, used.index(origin)] for first, origin in runs]
    return content | {"runs": runs, "origins": [content["origins"][origin] for origin in used]}


def write_parts(folder: Path, tables: Sequence[pa.Table], group_rows: int) -> None:
    folder.mkdir()
    for number, table in enumerate(tables):
        with pq.ParquetWriter(folder / part_name(number), table.schema) as writer:
            if table.num_rows or number % 2:  # a part without rows has no row group, or an empty one
                writer.write_table(table, row_group_size=group_rows)
