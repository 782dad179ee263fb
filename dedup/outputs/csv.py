"""Write tables of an output as CSV too, for spreadsheets."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dedup.outputs.reader import read_tables

# What a spreadsheet would run as a formula if a cell begins with it: OWASP, "CSV Injection"; the full-width forms are
# read in the same way in some languages. White space before it is ignored.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet shows a cell that begins with this sign as text.
TEXT_SIGN = "'"
# Rows that are converted at a time.
BATCH_ROWS = 1000


def write_csv_tables(folder: Path, names: Iterable[str]) -> None:
    """Write tables of a folder as CSV beside them: in UTF-8 with a byte order mark, with commas and CRLF.

    Args:
        folder: An output folder.
        names: Names of Parquet files in it.
    """
    for name in names:
        path = folder / name
        with path.with_suffix(".csv").open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
            writer = csv.writer(file)
            for index, table in enumerate(read_tables(path)):
                if not index:
                    writer.writerow(table.column_names)
                for batch in table.to_batches(BATCH_ROWS):
                    columns = [batch.column(position).to_pylist() for position in range(batch.num_columns)]
                    writer.writerows([cell(value) for value in row] for row in zip(*columns, strict=True))


def cell(value: Any) -> Any:
    """Return a value as a cell: lists and structs as JSON, and text that looks like a formula after an apostrophe.

    Args:
        value: A value of a table.

    >>> cell(["NHK"]), cell("=1+1"), cell(" -5"), cell(-5), cell(None), cell(True)
    ('["NHK"]', "'=1+1", "' -5", -5, None, 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and (value.startswith(FORMULA_SIGNS) or value.lstrip().startswith(FORMULA_SIGNS)):
        return TEXT_SIGN + value
    return value
