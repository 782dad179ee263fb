"""Files that accompany tables are left out; all other files are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus.companions import leave_out_companions
from dedup.corpus.report import ReportBuilder


def listed(*paths: str) -> tuple[list[str], list[str]]:
    report = ReportBuilder()
    kept = leave_out_companions([path.encode() for path in paths], "", report)
    return [path.decode() for path in kept], report.notes


@pytest.mark.parametrize(
    "path",
    [
        *(
            "_SUCCESS",
            "a/_SUCCESS",
            "_started_123",
            "_committed_4",
            "_committed_vacuum5",
            "_metadata",
            "_common_metadata",
        ),
        *("part-0.parquet.crc", "_delta_log/0000.json", "t/_delta_log/0000.checkpoint.parquet", "_temporary/0/a.csv"),
        "_common_metadata",
        *("_spark_metadata/0", "t/metadata/00001-ab12.metadata.json", "t/metadata/snap-1-1-ab.avro"),
        *("metadata/version-hint.text", "metadata/v3.metadata.json", "deletion_vector_ab.bin"),
    ],
)
def test_logs_are_left_out(path: str) -> None:
    kept, notes = listed("a.parquet", path)
    assert kept == ["a.parquet"]
    assert path in notes[0]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "_posts/a.md",
            "_notes.txt",
            "SUCCESS",
            "a_SUCCESS",
            "my_delta_log/a.txt",
            "metadata/a.json",
            "crc",
            "a.crc.txt",
        ),
        *("state.json", "README", "docs/README.md", "LICENSE", "license/a.txt", "metadata", "a/_metadata/b.txt"),
    ],
)
def test_other_files_are_kept(path: str) -> None:
    assert listed("a.txt", path) == (["a.txt", path], [])


@pytest.mark.parametrize(
    ("paths", "left_out"),
    [
        (["README.md", "data/train.parquet"], ["README.md"]),
        (["README.md", "LICENSE", "a.csv.gz", "a.png"], ["README.md", "LICENSE"]),
        (["README.md", "a.jsonl", "notes.txt"], []),
        (["README.md", "a.md", "sub/b.csv"], []),
        (["README.md", "README.de.md", "a.csv"], ["README.md", "README.de.md"]),
        (["README.md", "SHA256SUMS", "load.py", "data/part-00000"], ["README.md"]),
        (["README.md", "x/README.md", "x/a.csv", "y/b.txt"], ["x/README.md"]),
        (["README.md"], []),
        (["x/README.md", "a.csv"], []),
        (["dataset_info.json", "state.json", "data-0.arrow"], ["dataset_info.json", "state.json"]),
        (["dataset_infos.json", "README.md", "a/b.parquet"], ["dataset_infos.json", "README.md"]),
        (["dataset_info.json"], []),
        (["README.md", "_SUCCESS", "a.parquet"], ["README.md", "_SUCCESS"]),
    ],
)
def test_cards_and_descriptions_beside_tables_are_left_out(paths: list[str], left_out: list[str]) -> None:
    kept, notes = listed(*paths)
    assert kept == [path for path in paths if path not in left_out]
    assert all(any(path in note for note in notes) for path in left_out)


def test_a_delta_table_is_noted() -> None:
    _, notes = listed("sales/_delta_log/00.json", "sales/a.parquet")
    assert "sales/ is a Delta table" in notes[-1]


names = st.sampled_from(["README.md", "a.csv", "b.txt", "_SUCCESS", "license", "state.json", "x.png", "c.parquet", "d"])
paths = st.builds(lambda folders, name: "/".join([*folders, name]), st.lists(st.sampled_from("xy"), max_size=3), names)


@given(st.sets(paths))
def test_a_card_is_left_out_only_beside_tables_without_other_text(drawn: set[str]) -> None:
    found = sorted(drawn)
    kept, _ = listed(*found)
    for path in found:
        folder = path[: path.rfind("/") + 1]
        below = [other for other in found if other.startswith(folder)]
        is_card = path.endswith(("README.md", "license"))
        has_tables = any(other.endswith((".csv", ".parquet", ".json")) for other in below)
        has_text = any(other.endswith((".txt", "/d")) or other == "d" for other in below)
        assert (path not in kept) == (path.endswith("_SUCCESS") or (is_card and has_tables and not has_text))


def test_time_is_linear_in_the_number_of_files() -> None:
    found = [f"{number}/{name}" for number in range(20_000) for name in ("README.md", "a.csv", "b.txt")]
    kept, notes = listed(*found)  # quadratic time would be minutes
    assert kept == found
    assert notes == []
