"""On real Spark the outputs equal those of the local engine, for options and corpora of several kinds."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from paths import SEEDS
from same_engines import check_same_clean, check_same_output, check_same_scan
from sample_corpora import code_files, read_sample

import dedup
from dedup.duplicates.distributed.storage import pieces

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.session import SparkSession as ConnectSession


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide corpora into pieces of a few hundred documents."""
    monkeypatch.setattr(pieces, "piece_size", lambda *_: 100_000)


@pytest.fixture
def stories(tmp_path: Path) -> list[Path]:
    """Write two Parquet files of stories of an agency, of which some are sent several times."""
    files = []
    for number, first in enumerate((0, 250)):
        files.append(tmp_path / f"stories-{number}.parquet")
        pq.write_table(read_sample("reuters21578", first, 250), files[-1], row_group_size=90)
    return files


def test_seeds(spark: "SparkSession", tmp_path: Path) -> None:
    assert check_same_clean(SEEDS, tmp_path, spark) is not None
    check_same_scan(SEEDS, spark)


@pytest.mark.parametrize(
    "chosen",
    [
        {"paragraphs": "all", "keep": "-size", "per": "place"},
        {"exact": True, "keep": "title", "paragraphs": "all"},
        {"paragraphs": "none", "keep": "longest", "tokens": "signs"},
    ],
    ids=str,
)
def test_stories(spark: "SparkSession", tmp_path: Path, stories: list[Path], chosen: dict[str, Any]) -> None:
    check_same_clean(stories, tmp_path, spark, **chosen)


def test_stories_against_references(spark: "SparkSession", tmp_path: Path, stories: list[Path]) -> None:
    dedup.clean(stories[0], tmp_path / "earlier", paragraphs="all")
    index = dedup.Index(tmp_path / "index")
    index.add(read_sample("reuters21578", 800, 300), paragraphs="all")
    other = tmp_path / "other.jsonl"
    other.write_text('{"text": "Shr 34 cts vs 1.19 dlrs\\n"}\n', "utf-8")
    against = [tmp_path / "earlier", tmp_path / "index", other]
    local = check_same_clean(stories[1], tmp_path, spark, against=against, paragraphs="all")
    assert local is not None
    assert "reference" in local.removed["scope"].to_pylist()


@pytest.mark.parametrize("paragraphs", ["within", "all"])
def test_stories_that_contain_items(
    spark: "SparkSession", tmp_path: Path, stories: list[Path], paragraphs: str
) -> None:
    """The items are pieces of stories, among them of some that are sent several times."""
    words = [text.split() for text in pq.read_table(stories[0])["text"].to_pylist()[::7]]
    items = pa.table({"text": [" ".join(story[10:50]) for story in words]})
    earlier = dedup.clean(items.slice(20), tmp_path / "earlier")
    against = [items.slice(0, 20), earlier.out]
    options = {"against": against, "contained": 13, "paragraphs": paragraphs}
    local = check_same_clean(stories, tmp_path, spark, **options)
    assert local is not None
    assert local.removed["reason"].to_pylist().count("contained") >= 20
    check_same_scan(stories, spark, **options)


def test_laws(spark: "SparkSession", tmp_path: Path) -> None:
    laws = read_sample("legi_fr_articles", 0, 1500)
    local = check_same_clean(laws, tmp_path, spark, paragraphs="all", min_tokens=5, keep="-date")
    assert local is not None
    assert local.removed.num_rows > 500
    check_same_scan(laws, spark, groups=5, unit="documents")


def test_code(spark: "SparkSession", tmp_path: Path) -> None:
    local = check_same_clean(code_files(90), tmp_path, spark, unit="paragraphs", paragraphs="all", ignore=["#.*"])
    assert local is not None
    assert local.removed.num_rows > 100  # how many depends on the version of Python


def test_a_session_of_spark_connect(connect: "ConnectSession", tmp_path: Path) -> None:
    rows = [{"text": f"{row % 7} is the number of these many words, and of no others", "n": row} for row in range(30)]
    local = check_same_clean(pa.Table.from_pylist(rows), tmp_path, connect, keep="-n")
    assert local is not None
    assert local.clean["n"].to_pylist() == [*range(23, 30)]
    check_same_scan(pa.Table.from_pylist(rows), connect, groups=2)


def test_sail(sail: "ConnectSession", tmp_path: Path) -> None:
    corpus = strategies.varied_corpus(5, 60).drop_columns(["tags"])
    assert check_same_clean(corpus, tmp_path, sail, paragraphs="all", keep="-size", per="outlet") is not None
    check_same_scan(SEEDS, sail)


@pytest.fixture
def mixed(tmp_path: Path) -> Iterator[Path]:
    """Write a folder of files of many formats."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    sentences = [f"The council voted on Tuesday to build bridge number {at} over the river" for at in range(6)]
    (folder / "a.csv").write_text("id,text,n\n" + "".join(f"{at},{text},{at}\n" for at, text in enumerate(sentences)))
    (folder / "b.jsonl").write_text(
        "".join(f'{{"text": "{text}", "n": {at}.5}}\n' for at, text in enumerate(sentences))
    )
    (folder / "c.html").write_text(f"<html><body><h1>Bridge</h1><p>{sentences[2]}</p></body></html>")
    (folder / "d.txt").write_text("\n\n".join(sentences[:2]), "utf-16")
    (folder / "e.bin").write_bytes(bytes(range(256)) * 9)
    with zipfile.ZipFile(folder / "f.zip", "w") as archive:
        archive.writestr("inside/g.txt", sentences[4])
        archive.writestr("inside/h.md", f"# Bridge\n\n{sentences[5]}\n")
    pq.write_table(pa.table({"body": sentences[::-1], "tags": [["x"]] * 6}), folder / "i.parquet", row_group_size=2)
    return folder


def test_files_of_many_formats_are_converted_and_given_back(
    spark: "SparkSession", tmp_path: Path, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedup.duplicates.distributed.loading._CHUNK_FILES", 2)
    monkeypatch.setattr(pieces, "piece_size", lambda *_: 300)
    local = check_same_clean(mixed, tmp_path, spark, paragraphs="all")
    assert local is not None
    folders = [tmp_path / name for name in ("local", "spark")]
    for folder in folders:
        dedup.restore_to(folder, folder / "back")
    assert {path.name: path.read_bytes() for path in (folders[1] / "back").rglob("*.*") if path.is_file()} == {
        path.name: path.read_bytes() for path in (folders[0] / "back").rglob("*.*") if path.is_file()
    }
    for row in [*local.clean.to_pylist(), *local.removed.to_pylist()]:
        name = f"#{row['doc']}"
        assert dedup.explain(folders[1], name) == dedup.explain(folders[0], name)
    pages = [dedup.report(folder, folder / "report.html").read_text("utf-8") for folder in folders]
    assert pages[1].count("bridge number") == pages[0].count("bridge number") > 0


def test_the_user_runs_it_on_a_session(spark: "SparkSession", tmp_path: Path, mixed: Path) -> None:
    cleaned = dedup.clean(mixed, tmp_path / "spark", engine=spark)
    dedup.clean(mixed, tmp_path / "local")
    check_same_output(tmp_path / "spark", tmp_path / "local")
    assert (tmp_path / "spark" / "clean.parquet").is_dir()
    assert spark.read.parquet(str(tmp_path / "spark" / "clean.parquet")).count() == cleaned.clean.num_rows
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    in_memory = dedup.clean(mixed, engine=spark)
    assert sorted(in_memory.clean["doc"].to_pylist()) == sorted(cleaned.clean["doc"].to_pylist())
