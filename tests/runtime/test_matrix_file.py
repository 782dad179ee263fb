"""Arrays in files: they return what was appended."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.runtime import matrix_file
from dedup.runtime.matrix_file import MatrixFile


@given(
    st.lists(st.integers(0, 9), max_size=6),
    st.integers(0, 5),
    st.sampled_from([np.uint8, np.int64, np.uint64]),
    st.integers(1, 300),
)
def test_rows_are_returned_in_order(counts: list[int], width: int, dtype: type, chunk: int) -> None:
    random = np.random.default_rng(1)
    parts = [random.integers(0, 200, (count, width)).astype(dtype) for count in counts]
    whole = np.concatenate([np.empty((0, width), dtype), *parts])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix_file, "CHUNK_BYTES", chunk)
        matrix = MatrixFile(Path(folder) / "matrix", dtype, width)
        for part in parts:
            matrix.append(part)
            assert len(matrix.map()) == len(matrix)
        chunks = list(matrix.chunks())
        assert [first for first, _ in chunks] == np.cumsum([0, *(len(rows) for _, rows in chunks)])[:-1].tolist()
        assert np.array_equal(np.concatenate([whole[:0], *(rows for _, rows in chunks)]), whole)
        assert np.array_equal(matrix.map(), whole)
        matrix.release()
        assert np.array_equal(matrix.map(), whole)
        assert matrix.map().dtype == dtype


@given(st.lists(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 1))), max_size=5), st.integers(1, 60))
def test_records_are_returned_in_order(parts: list[list[tuple[int, float]]], chunk: int) -> None:
    dtype = np.dtype([("doc", np.int64), ("share", np.float64)])
    arrays = [np.array(part, dtype) for part in parts]
    whole = np.concatenate([np.empty(0, dtype), *arrays])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix_file, "CHUNK_BYTES", chunk)
        table = MatrixFile(Path(folder) / "table", dtype)
        for array in arrays:
            table.append(array)
        assert np.array_equal(table.map(), whole)
        assert np.array_equal(np.concatenate([whole[:0], *(rows for _, rows in table.chunks())]), whole)


def test_rows_of_any_memory_layout_are_stored(tmp_path: Path) -> None:
    rows = np.arange(24, dtype=np.int64).reshape(4, 6)
    matrix = MatrixFile(tmp_path / "matrix", np.int64, 3)
    matrix.append(rows[:, ::2])
    matrix.append(np.asfortranarray(rows[:, 1::2]))
    assert matrix.map().tolist() == [*rows[:, ::2].tolist(), *rows[:, 1::2].tolist()]
    flat = MatrixFile(tmp_path / "flat", np.uint64, 1)
    flat.append(np.array([3, 1], np.uint64))
    assert flat.map().tolist() == [[3], [1]]
