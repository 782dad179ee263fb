"""Formatting, and the terminal output of `scan`, `explain` and the progress display."""

import io
import json
import sys

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import SEEDS
from rich.cells import cell_len
from screens import HOSTILE, UNPRINTABLE, screen

import dedup
from dedup.alignment.word_diff import diff_words
from dedup.cli.progress import make_progress
from dedup.duplicates.explain import Explanation, Passage
from dedup.render.format import excerpt, flowing, plain, plain_json, share
from dedup.render.run import describe_method
from dedup.render.terminal.duplicates import show_scan
from dedup.render.terminal.explanation import show_explanations
from dedup.results import RemovalCounts, Run, Scan, ScanGroup, UnitLocation


@given(st.text(st.characters(exclude_categories=[])))
def test_plain_escapes_control_characters(text: str) -> None:
    shown = plain(text)
    assert not UNPRINTABLE & set(shown)
    shown.encode()  # fails on lone surrogates
    assert plain(shown) == shown


@given(st.dictionaries(st.text(), st.text(st.characters(exclude_categories=["Cs"]))))
def test_plain_json_escapes_without_changing_the_value(content: dict[str, str]) -> None:
    shown = plain_json(json.dumps(content, ensure_ascii=False, indent=1))
    assert json.loads(shown) == content
    assert not (UNPRINTABLE - {"\n"}) & set(shown)


def test_plain_json_escapes_lone_surrogates() -> None:
    assert plain_json('"\ud800"') == '"\\ud800"'


@pytest.mark.parametrize("text", ["", "   ", "word", "a" * 500, "word " * 100, "汉字" * 100])
def test_excerpt_fits_its_length(text: str) -> None:
    assert len(excerpt(text, 50)) <= 50


def test_flowing_joins_white_space() -> None:
    assert flowing("a\r\n\tb\u2028c") == "a b c"


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_share_is_0_or_100_only_if_exact(part: int, more: int) -> None:
    assert share(part, part + more) != "100%"
    assert (share(part, part + more) == "0%") == (part == 0)


def hostile_scan() -> Scan:
    """Make a scan in which every text has control characters."""
    location = UnitLocation(HOSTILE, 0, 0, 9)
    counts = RemovalCounts(exact=1, characters=9)
    run = Run(
        command="scan",
        settings={
            "threshold": 0.8,
            "shingle_documents": 5,
            "shingle_paragraphs": 3,
            "unit": "both",
            "paragraphs": "all",
            "min_tokens": 20,
        },
        fingerprint="",
        versions={"dedup-text": "0"},
        counts=dict.fromkeys(
            (
                "documents",
                "characters",
                "paragraphs",
                "short_paragraphs",
                "without_tokens",
                "pairs",
                "files",
                "hidden",
                "replaced",
                "null_ids",
                "repeated_ids",
                "null_texts",
            ),
            1000,
        ),
        removed={
            "documents": counts,
            "paragraphs within": RemovalCounts(emptied=2),
            "paragraphs across": RemovalCounts(),
        },
        seconds={},
        expected_recall=0.99294,
        columns={"text": HOSTILE, "id": None, "date": None, "outlet": None},
        encodings={HOSTILE: 2},
        notes=(HOSTILE,),
        skipped=tuple({"path": HOSTILE, "row": 3, "line": None, "reason": HOSTILE} for _ in range(7)),
    )
    group = ScanGroup("document", location, (), 12, HOSTILE)
    return Scan(run, counts, counts, (group,), 3)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_scan_escapes_control_characters(width: int) -> None:
    console, output = screen(width)
    show_scan(hostile_scan(), console)
    shown = output.getvalue()
    assert not (UNPRINTABLE - {"\n"}) & set(shown)
    assert "[bold]x[/bold]" in shown.replace("\n", "") or width == 40
    assert max(map(cell_len, shown.splitlines())) <= width


def test_scan_counts_what_is_not_listed() -> None:
    console, output = screen(120)
    show_scan(hostile_scan(), console)
    shown = output.getvalue()
    assert "7 inputs or rows" in shown
    assert "and 2 more; --json and run.json list all" in shown
    assert "and 12 more" in shown
    assert "3 groups of duplicates, the largest shown" in shown
    assert "at least 99.29% for pairs at the threshold" in " ".join(shown.split())


def explain_near(left: str, right: str) -> Explanation:
    """Make the explanation of a document removed as a near-duplicate."""
    passage = Passage(
        "document",
        0,
        len(left),
        0,
        len(left),
        left,
        "near",
        "across",
        0.87654,
        1.0,
        UnitLocation("original", 0, 0, len(right)),
        "kept.txt",
        right,
        tuple(diff_words(left, right)),
    )
    return Explanation(1, "gone", "gone.txt", None, False, len(left), (passage,), ())


@pytest.mark.parametrize("width", [60, 99, 100, 140])
def test_explain_marks_differences_with_signs(width: int) -> None:
    console, output = screen(width)
    show_explanations([explain_near("The old house burned down.", "The new house burned down twice.")], console)
    shown = " ".join(output.getvalue().split())
    assert "[-old-]" in shown
    assert "{+new+}" in shown
    assert "{+twice+}." in shown
    assert "document removed, original kept: Jaccard 0.876" in shown


def test_explain_uses_two_columns_from_100_columns_on() -> None:
    for width, beside in ((99, False), (100, True)):
        console, output = screen(width)
        show_explanations([explain_near("The old house.", "The new house.")], console)
        lines = output.getvalue().splitlines()
        assert any("[-old-]" in line and "{+new+}" in line for line in lines) is beside


@pytest.mark.parametrize("width", [60, 120])
def test_explain_fits_the_width_with_wide_characters(width: int) -> None:
    console, output = screen(width)
    show_explanations([explain_near("汉字测试文本" * 30 + "甲", "汉字测试文本" * 30 + "乙")], console)
    assert max(map(cell_len, output.getvalue().splitlines())) <= width
    assert "[-甲-]" in output.getvalue()


def test_explain_escapes_control_characters() -> None:
    console, output = screen(100)
    text = HOSTILE.encode("utf-8", "replace").decode()  # as it comes from Parquet
    show_explanations([explain_near(f"one {text} two", f"one {text[::-1]} two")], console)
    assert not (UNPRINTABLE - {"\n"}) & set(output.getvalue())


def test_progress_is_one_line_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line = make_progress(quiet=False)
    line.step("read", 10, "bytes")
    line.advance(5)
    for name in ("sketch", "find candidates, documents", "verify, documents", "find candidates, paragraphs"):
        line.step(name, 1234, "documents")
    line.close()
    line.close()
    captured = capsys.readouterr()
    assert captured == ("", "read, sketch, find candidates, verify … done in 0.0 s\n")


def test_notes_have_lines_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    line = make_progress(quiet=False)
    line.note("before")
    line.step("read")
    line.note("compiling\x1b[2J")
    line.step("sketch")
    line.close()
    assert capsys.readouterr().err == "note: before\nread\nnote: compiling␛[2J\nsketch … done in 0.0 s\n"


def test_a_failed_run_is_not_done(capsys: pytest.CaptureFixture[str]) -> None:
    progress = make_progress(quiet=False)
    with pytest.raises(dedup.DedupError):
        dedup.clean(SEEDS, keep="no such column", progress=progress)
    assert capsys.readouterr().err == "read … failed\n"


def test_quiet_progress_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silent = make_progress(quiet=True)
    silent.step("read", 1, "bytes")
    silent.note("x")
    silent.close()
    assert capsys.readouterr() == ("", "")


def test_progress_bars_are_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    bars = make_progress(quiet=False)
    for name, total, unit in (("read", 100, "bytes"), ("sketch", 10, "documents"), ("judge", None, "")):
        bars.step(name, total, unit)
        bars.advance(5)
        bars.note(f"[bold]{name}\x1b[2J")
    bars.close()
    assert "note: [bold]read␛[2J" in terminal.getvalue()
    assert "\x1b[2J" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")  # erases the last bar


def test_the_method_of_exact_comparison_has_no_threshold() -> None:
    method = " ".join(describe_method(dedup.scan(texts=["one text", "another"], exact=True).run))
    assert method.startswith("Duplicates have the same characters, apart from white space around them.")
    assert "Jaccard" not in method
    assert "recall" not in method


def test_a_kept_unit_of_a_reference_is_marked() -> None:
    text = "The council voted on Monday to build a new bridge over the river before the end of next year."
    found = dedup.scan(texts=[text], against=[pa.table({"id": ["old"], "text": [text]})])
    console, output = screen(80)
    show_scan(found, console)
    assert "old, in the reference" in output.getvalue()


def test_emptied_documents_are_counted_apart() -> None:
    one, other, third = (" ".join(f"{letter}{number}" for number in range(25)) for letter in "abc")
    found = dedup.scan(texts=[f"{one}\n\n{third}", other, f"{one}\n\n{other}"])
    console, output = screen(80)
    show_scan(found, console)
    assert found.run.removed["documents"].emptied == 1
    assert "emptied  1 more document, since all its paragraphs with words were removed" in output.getvalue()
