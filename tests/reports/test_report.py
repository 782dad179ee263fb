"""Tests of the data of the report page, and of its HTML without a browser."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

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
from dedup.alignment.word_diff import diff_words
from dedup.cli.commands import cli
from dedup.outputs.files import PAGE_MARK
from dedup.render.comparison import percent
from dedup.render.html.page import embed, render, write_page
from dedup.reports.duplicates import BARS, find_duplicates, similarity_bars
from dedup.reports.stories import read_stories

TEXTS = st.lists(
    st.sampled_from(["a b c d e f g", "a b c d e f g h", "one two three", "four five", ""]), min_size=1, max_size=12
)


@pytest.fixture(scope="module")
def seed_outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the outputs of `clean` (out) and `align` (stories) for the seeds."""
    folder = tmp_path_factory.mktemp("seeds")
    dedup.clean(SEEDS, folder / "out")
    dedup.align(SEEDS, folder / "stories")
    return folder


@given(TEXTS, st.integers(0, 12))
@settings(max_examples=25)
def test_groups_match_removed_parquet(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], passages: int
) -> None:
    out = tmp_path_factory.mktemp("groups") / "out"
    dedup.clean(pa.table({"text": texts}), out, shingle=2, threshold=0.6)
    found = find_duplicates(out, 0.6, passages)
    groups = reference.duplicate_groups(pl.read_parquet(out / "removed.parquet").to_dicts())
    assert found.count == len(groups)
    assert found.passages == sum(map(len, groups.values())) == sum(found.bars)
    assert [group.size for group in found.groups] == sorted((group.size for group in found.groups), reverse=True)
    listed = [(group.unit, group.kept.doc, group.kept.start, group.kept.end) for group in found.groups]
    assert sum(len(group.members) for group in found.groups) == min(passages, found.passages)
    for key, group in zip(listed, found.groups, strict=True):
        rows = groups[key]
        assert group.size == len(rows)
        assert group.characters == sum(row["cut_end"] - row["cut_start"] for row in rows)
        assert group.similarity == min(row["jaccard"] for row in rows)
        assert [removed.place.doc for removed in group.members] == [row["doc"] for row in rows][: len(group.members)]
        assert group.kept_text == texts[group.kept.doc][group.kept.start : group.kept.end]
        for removed in group.members:
            assert removed.passage.text == texts[removed.place.doc][removed.place.start : removed.place.end]
            assert list(removed.passage.words) == diff_words(removed.passage.text, group.kept_text)


@given(st.lists(st.floats(0.5, 1)), st.floats(0.01, 1))
def test_similarity_bars_count_each_value_once(jaccard: list[float], threshold: float) -> None:
    bars = similarity_bars(np.array(jaccard), threshold)
    assert len(bars) == BARS + 1
    assert sum(bars) == len(jaccard)
    assert bars[-1] == sum(value == 1 for value in jaccard)


@pytest.mark.parametrize("exact", [False, True])
def test_similarity_is_shown_unless_only_identical_texts_are_compared(tmp_path: Path, exact: bool) -> None:
    texts = pa.table({"text": ["one two three", "one two three"]})
    dedup.clean(texts, tmp_path / "out", exact=exact)
    page = dedup.report(tmp_path / "out", tmp_path / "report.html").read_text("utf-8")
    assert ("Histogram of the similarity" in page) == (not exact)


def test_stories_match_tables(seed_outputs: Path) -> None:
    reports = read_stories(seed_outputs / "stories")
    stories = pl.read_parquet(seed_outputs / "stories/stories.parquet")
    links = pl.read_parquet(seed_outputs / "stories/links.parquet").filter(pl.col("story").is_not_null())
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.iterdir())]
    assert [report.number for report in reports] == stories["story"].unique(maintain_order=True).to_list()
    for report in reports:
        rows = stories.filter(pl.col("story") == report.number).to_dicts()
        assert [document.doc for document in report.documents] == [row["doc"] for row in rows]
        assert [set(document.cites) for document in report.documents] == [set(row["sources"]) for row in rows]
        for name, stating in report.facts:
            assert list(stating) == [index for index, row in enumerate(rows) if name in row["facts"]]
        for name, crediting in report.sources:
            assert list(crediting) == [index for index, row in enumerate(rows) if name in row["sources"]]
        story_links = links.filter(pl.col("story") == report.number).to_dicts()
        for document, row in zip(report.documents, rows, strict=True):
            spans = [(span["start"], span["end"]) for span in row["stretches"]]
            assert document.story_share == reference.letter_share(texts[document.doc], spans)
        docs = [document.doc for document in report.documents]
        assert sum(pair.links for pair in report.pairs) == report.links == len(story_links)
        for pair in report.pairs:
            linked = {docs[pair.left], docs[pair.right]}
            assert pair.left < pair.right
            assert pair.links == sum({link["left_doc"], link["right_doc"]} == linked for link in story_links)


def embedded_values(page: str) -> dict[str, Any]:
    """Return the JSON values that are embedded in a page, unpacked, by element id."""

    def unpacked(item: Any, keys: list[list[str]]) -> Any:
        if not isinstance(item, list):
            return item
        values = [unpacked(value, keys) for value in item[1:]]
        return dict(zip(keys[item[0] - 1], values, strict=True)) if item[0] else values

    found = re.findall(r'<script type="application/json" id="([^"]+)">(.*?)</script>', page, re.DOTALL)
    contents = {name: json.loads(value) for name, value in found}
    return {name: unpacked(content["value"], content["keys"]) for name, content in contents.items()}


@pytest.mark.parametrize("diffs", [2, 250])
def test_all_displays_show_the_same_coverage(seed_outputs: Path, tmp_path: Path, diffs: int) -> None:
    stories = seed_outputs / "stories"
    page = dedup.report(stories, tmp_path / "report.html", diffs=diffs)
    values = embedded_values(Path(page).read_text("utf-8"))
    shown = 0
    assert len(values["stories-1"]["rows"]) == len(values["contents-1-0"])
    for row, story in zip(values["stories-1"]["rows"], values["contents-1-0"], strict=True):
        for pair in story["pairs"]:
            names = [story["documents"][pair[side]]["id"] for side in ("left", "right")]
            options = ["diff", *names, "--in", str(stories)]
            found = json.loads(CliRunner().invoke(cli, [*options, "--json"]).stdout)["coverage"]
            assert pair["coverage"] == [round(found["left"], 3), round(found["right"], 3)]
            assert pair["percent"] == [percent(found["left"]), percent(found["right"])]
            line = f"{pair['percent'][0]} of A is also in B, {pair['percent'][1]} of B is also in A"
            terminal = CliRunner().invoke(cli, options).stdout
            assert f"coverage {line}" in re.sub(r"\s+", " ", terminal)
            if pair["embedded"]:
                view = values[f"diff-1-{row['number']}-{pair['left']}-{pair['right']}"]
                assert ", ".join(view["coverage"]) == line
                shown += 1
    assert shown == min(diffs, sum(len(story["pairs"]) for story in values["contents-1-0"])) > 1


def test_pairs_beyond_the_limit_have_no_figures(seed_outputs: Path, tmp_path: Path) -> None:
    page = dedup.report(seed_outputs / "stories", tmp_path / "report.html", diffs=0)
    pairs = [
        pair for story in embedded_values(Path(page).read_text("utf-8"))["contents-1-0"] for pair in story["pairs"]
    ]
    assert pairs
    assert all(pair["coverage"] is None and not pair["embedded"] and pair["links"] for pair in pairs)


def test_changed_numbers_are_one_fact(tmp_path: Path) -> None:
    reports = [
        "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic, for 25 million dollars.",
        "A 25-million-dollar bridge will span the Miskatonic, the Kingsport council has decided: 25 million dollars.",
        "Kingsport gets its bridge: the council voted for the span over the Miskatonic, for 40 million dollars.",
    ]
    others = ["Dogs sleep for half of the day. Their owners seldom mind.", "A storm is expected on the coast tomorrow."]
    dedup.align(pa.table({"text": [*reports, *others]}), tmp_path / "out")
    [report] = read_stories(tmp_path / "out")
    [number] = report.differing
    assert [(value.name, value.documents) for value in number.values] == [("25000000", (0, 1)), ("40000000", (2,))]
    assert number.difference == pytest.approx(0.375)
    assert not any("25000000" in fact.name or "40000000" in fact.name for fact in report.facts)


def test_spellings_of_an_outlet_are_one(tmp_path: Path) -> None:
    text = "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic, for 25 million dollars."
    table = pa.table({"text": [text] * 3, "outlet": ["Reuters", "REUTERS", " Herald\n"]})
    dedup.align(table, tmp_path / "out")
    page = dedup.report(tmp_path / "out", tmp_path / "report.html")
    stories = embedded_values(page.read_text("utf-8"))["stories-1"]
    assert sorted(stories["outlets"]) == ["Herald", "Reuters"]
    assert len(stories["rows"][0]["outlets"]) == 2


def test_languages_are_those_that_are_certain(seed_outputs: Path) -> None:
    [report] = read_stories(seed_outputs / "stories")
    assert [document.language for document in report.documents] == ["fr", "fr", "fr"]
    [report] = read_stories(seed_outputs / "stories", "de")
    assert {document.language for document in report.documents} == {"de"}


@pytest.mark.parametrize(
    ("date", "start", "seconds", "last_day"),
    [
        ("2024-05-03T14:20:05Z", "2024-05-03T14:20:05Z", 0, "2024-05-03"),
        ("2024-05-03T23:30+02:00", "2024-05-03T21:30:00Z", 60, "2024-05-03"),
        ("2024-05-03", "2024-05-03", 86_400, "2024-05-03"),
        ("2024-02", "2024-02-01", 29 * 86_400, "2024-02-29"),
        ("soon", "", 0, ""),
    ],
)
def test_times_of_documents(tmp_path: Path, date: str, start: str, seconds: int, last_day: str) -> None:
    text = "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic, for 25 million dollars."
    table = pa.table({"text": [text, f"{text} It opens in May."], "date": [date, "2020-01-01"]})
    dedup.align(table, tmp_path / "out")
    [report] = read_stories(tmp_path / "out")
    [found] = [document for document in report.documents if document.date == date]
    assert (found.start, found.seconds, found.last_day) == (start, seconds, last_day)


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_embedded_values_are_safe_json(value: object) -> None:
    text = embed(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.mark.parametrize("attack", ATTACKS)
def test_templates_escape_text(attack: str) -> None:
    page = render("diff.html", ("dom.js",), ("page.css",), view={"names": [attack, attack]})
    outside = re.sub(r"<script[^>]*>.*?</script>|<style>.*?</style>", "", page, flags=re.DOTALL)
    assert attack not in outside or not set(attack) & set("<>\"'")
    assert page.count("<script") == 2
    assert page.count("</script>") == 2


def test_page_is_small_and_loads_nothing(seed_outputs: Path, tmp_path: Path) -> None:
    outputs = [seed_outputs / "out", seed_outputs / "stories"]
    page = dedup.report(outputs, tmp_path / "page.html").read_text("utf-8")
    data = sum(map(len, re.findall(r'<script type="application/json".*?</script>', page, re.DOTALL)))
    assert len(page) - data < 300_000
    assert "http:" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https:" not in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"\son[a-z]+=|\sstyle=", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


def test_page_is_reproducible(seed_outputs: Path, tmp_path: Path) -> None:
    pages = [dedup.report(seed_outputs / "stories", tmp_path / name).read_bytes() for name in ("one.html", "two.html")]
    assert pages[0] == pages[1]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def outs(seed_outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the outputs to a new folder, and make it the working directory."""
    shutil.copytree(seed_outputs, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_report_writes_to_output_option(outs: Path) -> None:
    code, output, _ = run("report", "out", "stories")
    assert code == 0
    assert re.fullmatch(r"Wrote report\.html \(0\.\d\d MB\)\. Open it in a browser\.\n", output)
    assert PAGE_MARK in (outs / "report.html").read_text("utf-8")
    assert run("report", "out", "-o", "report.html", "--quiet")[:2] == (0, "")  # a page of dedup is replaced
    assert sorted(path.name for path in outs.iterdir()) == ["out", "report.html", "stories"]


def test_links_to_parts_of_one_kind_name_their_folders(outs: Path) -> None:
    def links(*names: str) -> list[str]:
        run("report", *names, "--overwrite")
        [nav] = re.findall(r"<nav.*?</nav>", (outs / "report.html").read_text("utf-8"), re.DOTALL)
        return re.findall(r">([^<]+)</a>", nav)

    shutil.copytree(outs / "stories", outs / "today")
    assert links("out", "stories") == ["Overview", "Stories", "Duplicates"]
    assert links("out", "stories", "today") == ["Overview", "Stories · stories", "Stories · today", "Duplicates"]


def test_outputs_that_are_read_are_named_as_folders(outs: Path) -> None:
    shutil.copytree(outs / "out", outs / "today")
    notes = json.loads(run("scan", "out", "today", "--json")[1])["run"]["notes"]
    assert "out/ and 1 other: an earlier output of dedup; only its clean.parquet is read" in notes


def test_pages_are_not_read_as_input(outs: Path) -> None:
    run("report", "out")
    (outs / "article.txt").write_text("A text of some words.", "utf-8")
    scanned = json.loads(run("scan", outs, "--json")[1])["run"]
    assert scanned["counts"]["documents"] == 1
    assert [(item["path"], item["reason"]) for item in scanned["skipped"]] == [
        ("report.html", "a page written by dedup")
    ]
    assert scanned["notes"] == [
        "out/ and 1 other: an earlier output of dedup, which is not read; to read it, name it as a PATH"
    ]


def test_diff_writes_page(outs: Path) -> None:
    code, output, _ = run("diff", "--in", "stories", "000", "001", "--html", "diff.html")
    assert code == 0
    assert "Wrote diff.html (0." in output
    page = (outs / "diff.html").read_text("utf-8")
    assert "<title>000_f4b1acb4378a188a.txt and 001_56b9f2641f4315ea.txt" in page
    assert json.loads(run("diff", "--in", "stories", "000", "001", "--html", "diff.html", "--json")[1])["links"]


@pytest.mark.usefixtures("outs")
def test_other_files_are_not_replaced() -> None:
    Path("other.html").write_text("<p>text", "utf-8")
    for command in (["report", "out"], ["diff", "--in", "out", "000", "001"]):
        option = "--html" if command[0] == "diff" else "-o"
        code, _, error = run(*command, option, "other.html")
        assert code == 2
        assert "other.html exists and is not a page of dedup" in error
        code, _, error = run(*command, option, "out")
        assert code == 2
        assert "out is a folder. Name a file" in error
        code, _, error = run(*command, option, "other.html/page.html")
        assert code == 2
        assert "other.html/page.html cannot be written: Not a directory" in error
        assert run(*command, option, "new/folder/page.html")[0] == 0
    assert Path("other.html").read_text("utf-8") == "<p>text"
    assert run("report", "out", "-o", "other.html", "--overwrite")[0] == 0
    assert PAGE_MARK in Path("other.html").read_text("utf-8")


def test_folders_without_output_are_refused(outs: Path) -> None:
    (outs / "empty").mkdir()
    for folder, message in {
        "empty": "empty is not a folder that dedup scan, clean or align wrote: its run.json cannot be read",
        "missing": "missing is not a folder that dedup scan, clean or align wrote",
    }.items():
        code, _, error = run("report", folder)
        assert code == 2
        assert message in error
    (outs / "stories" / "texts.parquet").unlink()
    code, _, error = run("report", "stories")
    assert code == 2
    assert "stories is not complete: texts.parquet is missing. Run dedup align again." in error
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
def test_invalid_run_json_is_refused(outs: Path, change: dict[str, object]) -> None:
    written = json.loads((outs / "out" / "run.json").read_text("utf-8"))
    (outs / "out" / "run.json").write_text(json.dumps({**written, **change}), "utf-8")
    code, _, error = run("report", "out")
    assert code == 2
    assert "out" in error
    assert "bug in dedup" not in error


def test_mismatched_tables_are_refused(outs: Path) -> None:
    links = pq.read_table(outs / "stories" / "links.parquet")
    other = links.set_column(1, "left_doc", pa.array([77] * links.num_rows, pa.int64()))
    pq.write_table(other.replace_schema_metadata(links.schema.metadata), outs / "stories" / "links.parquet")
    code, _, error = run("report", "stories")
    assert code == 2
    assert "stories.parquet and links.parquet do not belong together" in error


def test_page_is_written_completely_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(dedup.OutputError, match=r"page.html cannot be written: No space left on device"):
        write_page("page", tmp_path / "page.html", overwrite=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["stories", "links", "texts"])
def test_tables_with_other_columns_are_refused(outs: Path, name: str) -> None:
    path = outs / "stories" / f"{name}.parquet"
    table = pq.read_table(path)
    for other in (table.drop_columns(table.schema.names[-1]), table.set_column(0, "doc", pa.array(["x"] * len(table)))):
        pq.write_table(other.replace_schema_metadata(table.schema.metadata), path)
        code, _, error = run("report", "stories")
        assert code == 2
        assert f"{name}.parquet was not written by this version of dedup" in error


def test_open_shows_page(outs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def open_url(address: str) -> bool:
        shown.append(address)
        return len(shown) == 1

    monkeypatch.setattr("webbrowser.open", open_url)
    assert "No browser" not in run("report", "out", "--open")[2]
    assert shown == [(outs / "report.html").as_uri()]
    assert "No browser was found. Open the page by hand." in run("report", "out", "--open")[2]
