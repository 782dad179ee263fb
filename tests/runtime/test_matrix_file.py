"""Stores: a spool gives back what was put in, and the database spills instead of failing."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.engine.duckdb import connect
from dedup.runtime import matrix_file as store
from dedup.runtime.matrix_file import Spool


@given(
    st.lists(st.integers(0, 9), max_size=6),
    st.integers(0, 5),
    st.sampled_from([np.uint8, np.int64, np.uint64]),
    st.integers(1, 300),
)
def test_a_spool_gives_its_rows_back_in_order(counts: list[int], width: int, dtype: type, chunk: int) -> None:
    random = np.random.default_rng(1)
    parts = [random.integers(0, 200, (count, width)).astype(dtype) for count in counts]
    whole = np.concatenate([np.empty((0, width), dtype), *parts])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "CHUNK_BYTES", chunk)
        spool = Spool(Path(folder) / "spool", dtype, width)
        for part in parts:
            spool.append(part)
            assert len(spool.map()) == len(spool)
        chunks = list(spool.chunks())
        assert [first for first, _ in chunks] == np.cumsum([0, *(len(rows) for _, rows in chunks)])[:-1].tolist()
        assert np.array_equal(np.concatenate([whole[:0], *(rows for _, rows in chunks)]), whole)
        assert np.array_equal(spool.map(), whole)
        spool.release()
        assert np.array_equal(spool.map(), whole)
        assert spool.map().dtype == dtype


def test_rows_of_any_layout_are_stored_as_they_read(tmp_path: Path) -> None:
    rows = np.arange(24, dtype=np.int64).reshape(4, 6)
    spool = Spool(tmp_path / "spool", np.int64, 3)
    spool.append(rows[:, ::2])
    spool.append(np.asfortranarray(rows[:, 1::2]))
    assert spool.map().tolist() == [*rows[:, ::2].tolist(), *rows[:, 1::2].tolist()]
    flat = Spool(tmp_path / "flat", np.uint64, 1)
    flat.append(np.array([3, 1], np.uint64))
    assert flat.map().tolist() == [[3], [1]]


def test_the_database_spills_to_its_folder_and_gives_the_same_answer(tmp_path: Path) -> None:
    database = connect(tmp_path, 40 << 20, 1)
    database.execute("CREATE TABLE keys AS SELECT hash(range) AS key, range AS unit FROM range(4000000)")
    spilled = [path for path in (tmp_path / "spill").rglob("*") if path.is_file()]
    assert spilled  # 64 MB do not go into 40
    assert database.execute("SELECT count(*), sum(unit) FROM keys").fetchone() == (4000000, 4000000 * 3999999 // 2)
    database.close()


def test_the_database_downloads_nothing(tmp_path: Path) -> None:
    database = connect(tmp_path, 64 << 20, 1)
    names = ("autoinstall_known_extensions", "autoload_known_extensions")
    found = [database.execute(f"SELECT current_setting('{name}')").fetchone() for name in names]
    assert found == [(False,), (False,)]
    database.close()
