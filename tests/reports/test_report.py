"""What a report gathers of what runs left: the same as one reads in the tables by hand, and nothing that runs."""

import json
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import reference
from browser_texts import ATTACKS
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import SEEDS

import dedup
from dedup.alignment.word_diff import words
from dedup.cli.commands import cli
from dedup.outputs.schema import PAGE_MARK
from dedup.render.html.page import embed, render, write_page
from dedup.reports.duplicates import BARS, find_duplicates, similarity_bars
from dedup.reports.stories import read_boards

TEXTS = st.lists(
    st.sampled_from(["a b c d e f g", "a b c d e f g h", "one two three", "four five", ""]), min_size=1, max_size=12
)


@given(TEXTS, st.integers(0, 12))
@settings(max_examples=25)
def test_groups_are_those_of_the_table(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], passages: int
) -> None:
    out = tmp_path_factory.mktemp("groups") / "out"
    dedup.clean(pa.table({"text": texts}), out, shingle=2, threshold=0.6)
    found = find_duplicates(out, 0.6, passages)
    groups = reference.duplicate_groups(pl.read_parquet(out / "removed.parquet").to_dicts())
    assert found.count == len(groups)
    assert found.passages == sum(map(len, groups.values())) == sum(found.bars)
    assert [group.size for group in found.groups] == sorted((group.size for group in found.groups), reverse=True)
    listed = [(group.unit, group.kept.doc, group.kept.start) for group in found.groups]
    assert sum(len(group.members) for group in found.groups) == min(passages, found.passages)
    for key, group in zip(listed, found.groups, strict=True):
        rows = groups[key]
        assert group.size == len(rows)
        assert group.characters == sum(row["cut_end"] - row["cut_start"] for row in rows)
        assert group.jaccard == min(row["jaccard"] for row in rows)
        assert [gone.place.doc for gone in group.members] == [row["doc"] for row in rows][: len(group.members)]
        assert group.kept_text == texts[group.kept.doc][group.kept.start : group.kept.end]
        for gone in group.members:
            assert gone.passage.text == texts[gone.place.doc][gone.place.start : gone.place.end]
            assert list(gone.passage.words) == words(gone.passage.text, group.kept_text)


@given(st.lists(st.floats(0.5, 1)), st.floats(0.01, 1))
def test_every_similarity_is_in_one_bar(jaccard: list[float], threshold: float) -> None:
    bars = similarity_bars(np.array(jaccard), threshold)
    assert len(bars) == BARS + 1
    assert sum(bars) == len(jaccard)
    assert bars[-1] == sum(one == 1 for one in jaccard)


def test_stories_are_those_of_the_tables(tmp_path: Path) -> None:
    dedup.align(SEEDS, tmp_path / "out")
    reports = read_boards(tmp_path / "out")
    stories = pl.read_parquet(tmp_path / "out/stories.parquet")
    links = pl.read_parquet(tmp_path / "out/links.parquet").filter(pl.col("story").is_not_null())
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.iterdir())]
    assert [report.number for report in reports] == stories["story"].unique(maintain_order=True).to_list()
    for report in reports:
        rows = stories.filter(pl.col("story") == report.number).to_dicts()
        assert [document.doc for document in report.documents] == [row["doc"] for row in rows]
        assert [set(document.cites) for document in report.documents] == [set(row["cites"]) for row in rows]
        for name, cells in report.facts:
            assert [gives for gives, _ in cells] == [name in row["facts"] for row in rows]
        mine = links.filter(pl.col("story") == report.number).to_dicts()
        covered: dict[tuple[int, int], set[int]] = defaultdict(set)
        for link in mine:
            for one, other in (("left", "right"), ("right", "left")):
                places = range(link[f"{one}_start"], link[f"{one}_end"])
                covered[link[f"{one}_doc"], link[f"{other}_doc"]].update(places)
        docs = [document.doc for document in report.documents]
        assert sum(pair.links for pair in report.pairs) == report.links == len(mine)
        for pair in report.pairs:
            one, other = docs[pair.left], docs[pair.right]
            assert pair.left < pair.right
            assert pair.coverage == (
                len(covered[one, other]) / len(texts[one]),
                len(covered[other, one]) / len(texts[other]),
            )


def test_numbers_that_change_stand_beside_each_other(tmp_path: Path) -> None:
    reports = [
        "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic, for 25 million dollars.",
        "A 25-million-dollar bridge will span the Miskatonic, the Kingsport council has decided: 25 million dollars.",
        "Kingsport gets its bridge: the council voted for the span over the Miskatonic, for 40 million dollars.",
    ]
    others = ["Dogs sleep for half of the day. Their owners seldom mind.", "A storm is expected on the coast tomorrow."]
    dedup.align(pa.table({"text": [*reports, *others]}), tmp_path / "out")
    [report] = read_boards(tmp_path / "out")
    changed = {name: cells for name, cells in report.facts if any(instead for _, instead in cells)}
    [(name, cells)] = changed.items()
    assert "25000000" in name
    assert cells == ((True, ""), (True, ""), (False, "40000000"))


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_embedded_values_come_back_and_end_no_script(value: object) -> None:
    text = embed(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("attack", ATTACKS)
def test_templates_escape(attack: str) -> None:
    page = render("diff.html", ("dom.js",), ("page.css",), view={"names": [attack, attack]})
    outside = re.sub(r"<script[^>]*>.*?</script>|<style>.*?</style>", "", page, flags=re.DOTALL)
    assert attack not in outside or not set(attack) & set("<>\"'")
    assert page.count("<script") == 2
    assert page.count("</script>") == 2


def test_a_page_is_small_beside_its_data_and_asks_for_nothing(tmp_path: Path) -> None:
    dedup.clean(SEEDS, tmp_path / "out")
    dedup.align(SEEDS, tmp_path / "stories")
    page = dedup.report([tmp_path / "out", tmp_path / "stories"], tmp_path / "page.html").read_text("utf-8")
    data = sum(map(len, re.findall(r'<script type="application/json".*?</script>', page, re.DOTALL)))
    assert len(page) - data < 300_000
    assert "http:" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"\son[a-z]+=|\sstyle=", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


def test_the_same_folders_make_the_same_page(tmp_path: Path) -> None:
    dedup.align(SEEDS, tmp_path / "stories")
    pages = [dedup.report(tmp_path / "stories", tmp_path / name).read_bytes() for name in ("one.html", "two.html")]
    assert pages[0] == pages[1]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def outs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    run("clean", SEEDS, "-o", "out", "-q")
    run("align", SEEDS, "-o", "stories", "-q")
    return tmp_path


def test_report_writes_where_it_is_told(outs: Path) -> None:
    code, said, _ = run("report", "out", "stories")
    assert code == 0
    assert re.fullmatch(r"report\.html: 0\.\d\d MB, open it in a browser\.\n", said)
    assert PAGE_MARK in (outs / "report.html").read_text("utf-8")
    assert run("report", "out", "-o", "report.html", "--quiet")[:2] == (0, "")  # our own page is replaced
    assert sorted(path.name for path in outs.iterdir()) == ["out", "report.html", "stories"]


def test_a_page_is_no_article(outs: Path) -> None:
    run("report", "out")
    (outs / "article.txt").write_text("A text of some words.", "utf-8")
    said = json.loads(run("scan", outs, "--json")[1])["run"]
    assert said["counts"]["documents"] == 1
    assert [(item["path"], item["reason"]) for item in said["skipped"]] == [("report.html", "a page that dedup drew")]
    assert len(said["notes"]) == 2  # both folders are earlier output


def test_diff_writes_a_page(outs: Path) -> None:
    code, said, _ = run("diff", "--in", "stories", "000", "001", "--html", "diff.html")
    assert code == 0
    assert "diff.html: 0." in said
    page = (outs / "diff.html").read_text("utf-8")
    assert "<title>000_f4b1acb4378a188a.txt and 001_56b9f2641f4315ea.txt" in page
    assert json.loads(run("diff", "--in", "stories", "000", "001", "--html", "diff.html", "--json")[1])["links"]


@pytest.mark.usefixtures("outs")
def test_no_file_of_others_is_replaced() -> None:
    Path("mine.html").write_text("<p>mine", "utf-8")
    for command in (["report", "out"], ["diff", "--in", "out", "000", "001"]):
        option = "--html" if command[0] == "diff" else "-o"
        code, _, wrong = run(*command, option, "mine.html")
        assert code == 2
        assert "mine.html exists and is no page of dedup" in wrong
        code, _, wrong = run(*command, option, "out")
        assert code == 2
        assert "out is a folder. Name a file" in wrong
        code, _, wrong = run(*command, option, "mine.html/page.html")
        assert code == 2
        assert "mine.html/page.html cannot be written: Not a directory" in wrong
        assert run(*command, option, "new/folder/page.html")[0] == 0
    assert Path("mine.html").read_text("utf-8") == "<p>mine"
    assert run("report", "out", "-o", "mine.html", "--overwrite")[0] == 0
    assert PAGE_MARK in Path("mine.html").read_text("utf-8")


def test_what_no_run_left_is_refused(outs: Path) -> None:
    (outs / "empty").mkdir()
    for folder, message in {
        "empty": "empty is not a folder that dedup scan, clean or align wrote: its run.json cannot be read",
        "missing": "missing is not a folder that dedup scan, clean or align wrote",
    }.items():
        code, _, wrong = run("report", folder)
        assert code == 2
        assert message in wrong
    (outs / "stories" / "texts.parquet").unlink()
    code, _, wrong = run("report", "stories")
    assert code == 2
    assert "stories is not complete: texts.parquet is missing. Run dedup align again." in wrong
    assert not (outs / "report.html").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {"documents": "<b>"}},
        {"counts": None},
        {"counts": {}},
        {"removed": {"documents": {"exact": "x", "near": 0, "emptied": 0, "characters": 0}}},
        {"removed": {}},
        {"settings": {"threshold": "0.8"}},
        {"settings": []},
        {"notes": [7]},
        {"skipped": [{"path": 1}]},
        {"skipped": ["a"]},
        {"columns": {"text": 5}},
        {"encodings": {"latin-1": "many"}},
        {"expected_recall": "high"},
        {"command": ["clean"]},
        {"command": "index"},
    ],
)
def test_a_run_that_someone_made_up_is_refused(outs: Path, change: dict[str, object]) -> None:
    told = json.loads((outs / "out" / "run.json").read_text("utf-8"))
    (outs / "out" / "run.json").write_text(json.dumps({**told, **change}), "utf-8")
    code, _, wrong = run("report", "out")
    assert code == 2
    assert "out" in wrong
    assert "mistake in dedup" not in wrong


def test_tables_that_do_not_belong_together_are_refused(outs: Path) -> None:
    links = pq.read_table(outs / "stories" / "links.parquet")
    other = links.set_column(1, "left_doc", pa.array([77] * links.num_rows, pa.int64()))
    pq.write_table(other.replace_schema_metadata(links.schema.metadata), outs / "stories" / "links.parquet")
    code, _, wrong = run("report", "stories")
    assert code == 2
    assert "stories.parquet and links.parquet do not belong together" in wrong


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fails)
    with pytest.raises(dedup.OutputError, match=r"page.html cannot be written: No space left on device"):
        write_page("page", tmp_path / "page.html", overwrite=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["stories", "links", "texts"])
def test_tables_of_other_columns_are_refused(outs: Path, name: str) -> None:
    path = outs / "stories" / f"{name}.parquet"
    table = pq.read_table(path)
    for other in (table.drop_columns(table.schema.names[-1]), table.set_column(0, "doc", pa.array(["x"] * len(table)))):
        pq.write_table(other.replace_schema_metadata(table.schema.metadata), path)
        code, _, wrong = run("report", "stories")
        assert code == 2
        assert f"{name}.parquet was not written by this version of dedup" in wrong


def test_open_shows_the_page(outs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def shows(address: str) -> bool:
        shown.append(address)
        return len(shown) == 1

    monkeypatch.setattr("webbrowser.open", shows)
    assert "No browser" not in run("report", "out", "--open")[2]
    assert shown == [(outs / "report.html").as_uri()]
    assert "No browser was found; open the page yourself." in run("report", "out", "--open")[2]
