"""DuckDB as the engine: it spills instead of failing, and downloads nothing."""

from pathlib import Path

import numpy as np

from dedup.engine.duckdb import DuckDB


def test_rows_are_inserted_and_returned(tmp_path: Path) -> None:
    database = DuckDB(tmp_path, 64 << 20, 1)
    database.execute("CREATE TABLE pairs (former BIGINT, latter BIGINT)")
    database.insert("pairs", former=np.array([3, 1]), latter=np.array([4, 2]))
    database.insert("pairs", former=np.empty(0, np.int64), latter=np.empty(0, np.int64))
    former, latter = database.fetch("SELECT former, latter FROM pairs ORDER BY former", columns=2)
    assert (former.tolist(), latter.tolist()) == ([1, 3], [2, 4])
    assert [column.tolist() for column in database.fetch("SELECT former, latter FROM pairs WHERE former > 9", 2)] == [
        [],
        [],
    ]
    database.close()


def test_another_query_may_run_while_a_result_is_read(tmp_path: Path) -> None:
    database = DuckDB(tmp_path, 64 << 20, 1)
    database.execute("CREATE TABLE numbers AS SELECT range AS number FROM range(500000)")
    database.execute("CREATE TABLE sums (total BIGINT)")
    for (numbers,) in database.stream("SELECT number FROM numbers"):
        database.insert("sums", total=np.array([numbers.sum()]))
    assert database.fetch("SELECT CAST(sum(total) AS BIGINT) FROM sums")[0].tolist() == [500000 * 499999 // 2]
    database.close()


def test_tables_spill_to_the_directory(tmp_path: Path) -> None:
    database = DuckDB(tmp_path, 40 << 20, 1)
    database.execute("CREATE TABLE keys AS SELECT hash(range) AS key, range AS unit FROM range(4000000)")
    assert [path for path in (tmp_path / "spill").rglob("*") if path.is_file()]  # 64 MB do not fit into 40
    count, total = database.fetch("SELECT count(*), CAST(sum(unit) AS BIGINT) FROM keys", columns=2)
    assert (count.tolist(), total.tolist()) == ([4000000], [4000000 * 3999999 // 2])
    database.close()


def test_extensions_are_not_downloaded(tmp_path: Path) -> None:
    database = DuckDB(tmp_path, 64 << 20, 1)
    for name in ("autoinstall_known_extensions", "autoload_known_extensions"):
        (setting,) = database.fetch(f"SELECT CAST(current_setting('{name}') AS BIGINT)")
        assert setting.tolist() == [0]
    database.close()
