"""Tables in files have the rows that were written, as a whole and by groups."""

from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.table_files import GroupedTable, read_table, write_table

SCHEMA = pa.schema([("group", pa.int64()), ("number", pa.int64())])
rows = st.lists(st.tuples(st.integers(0, 12), st.integers()), max_size=40).map(
    lambda found: [(group, number % 1000) for group, number in found]
)


def batches(found: list[tuple[int, int]], size: int) -> list[pa.RecordBatch]:
    parts = [found[first : first + size] for first in range(0, len(found), size)]
    return [pa.RecordBatch.from_arrays([pa.array(column, pa.int64()) for column in zip(*part, strict=True)], schema=SCHEMA) for part in parts]


@given(rows, st.integers(1, 9))
def test_a_file_has_the_batches_that_were_written(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[int, int]], size: int
) -> None:
    folder, parts = SharedFolder(tmp_path_factory.mktemp("table")), batches(found, size)
    assert write_table(folder, "a/table", parts, SCHEMA) == len(found)
    assert list(read_table(folder, "a/table")) == parts


@given(rows, st.integers(1, 9), st.integers(1, 20), st.booleans())
def test_groups_equal_those_of_a_dictionary(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[int, int]], size: int, files: int, by_tasks: bool
) -> None:
    table = GroupedTable(SharedFolder(tmp_path_factory.mktemp("table")), "numbers", files)
    expected: dict[int, list[int]] = defaultdict(list)
    for group, number in found:
        expected[group].append(number)
    if not by_tasks:
        table.write_all([empty(), *batches(found, size)])
    else:
        for task in range(3):  # each has the rows of some files
            part = [row for row in found if row[0] % files % 3 == task]
            if part:
                numbered = [with_files(batch, files) for batch in batches(part, size)]
                assert table.write_partition(numbered) == len(part)
    for group in range(14):
        read = table.read(group)
        assert (None if read is None else read.to_pydict()) == (
            {"number": expected[group]} if group in expected else None
        )


def empty() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], SCHEMA)


def with_files(batch: pa.RecordBatch, files: int) -> pa.RecordBatch:
    numbers = pa.array([group % files for group in batch["group"].to_pylist()])
    return batch.append_column("file", numbers)
