"""What people see: harmless, in their words, at their width."""

import io
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from dedup.alignment.word_diff import words
from dedup.cli.progress import Lines, make_progress
from dedup.duplicates.explain import Explanation, Passage
from dedup.render.format import excerpt, flowing, plain, plain_json, share
from dedup.render.terminal.duplicates import show_scan
from dedup.render.terminal.explanation import show_explanations
from dedup.results import RemovalCounts, Run, Scan, ScanGroup, UnitLocation

HOSTILE = "\x1b[2J\x1b]0;title\x07 \u202eabc\u2066 [bold]x[/bold] :smile: \x9b31m \udc80\ud800 \r\n next"
OBEYED = set(map(chr, [*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


def console(width: int) -> tuple[Console, io.StringIO]:
    """Make a console that writes to memory."""
    written = io.StringIO()
    return Console(file=written, width=width, markup=False, highlight=False, emoji=False), written


@given(st.text(st.characters(exclude_categories=[])))
def test_nothing_a_terminal_obeys_passes(text: str) -> None:
    shown = plain(text)
    assert not OBEYED & set(shown)
    shown.encode()  # so no half of a surrogate pair either
    assert plain(shown) == shown


@given(st.dictionaries(st.text(), st.text(st.characters(exclude_categories=["Cs"]))))
def test_json_means_the_same_and_is_harmless(content: dict[str, str]) -> None:
    shown = plain_json(json.dumps(content, ensure_ascii=False, indent=1))
    assert json.loads(shown) == content
    assert not (OBEYED - {"\n"}) & set(shown)


def test_json_keeps_half_pairs_as_escapes() -> None:
    assert plain_json('"\ud800"') == '"\\ud800"'


@pytest.mark.parametrize("text", ["", "   ", "word", "a" * 500, "word " * 100, "汉字" * 100])
def test_excerpts_fit(text: str) -> None:
    assert len(excerpt(text, 50)) <= 50


def test_white_space_flows() -> None:
    assert flowing("a\r\n\tb\u2028c") == "a b c"


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_shares_are_none_or_all_only_if_so(part: int, more: int) -> None:
    assert share(part, part + more) != "100%"
    assert (share(part, part + more) == "0%") == (part == 0)


def hostile_scan() -> Scan:
    """Make a scan whose every text is hostile."""
    place = UnitLocation(HOSTILE, 0, 0, 9)
    tally = RemovalCounts(exact=1, characters=9)
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
            "documents": tally,
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
    group = ScanGroup("document", place, (), 12, HOSTILE)
    return Scan(run, tally, tally, (group,), 3)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_hostile_texts_are_inert_in_a_scan(width: int) -> None:
    to, written = console(width)
    show_scan(hostile_scan(), to)
    shown = written.getvalue()
    assert not (OBEYED - {"\n"}) & set(shown)
    assert "[bold]x[/bold]" in shown.replace("\n", "") or width == 40
    assert max(map(cell_len, shown.splitlines())) <= width


def test_what_is_left_out_of_a_scan_is_counted() -> None:
    to, written = console(120)
    show_scan(hostile_scan(), to)
    shown = written.getvalue()
    assert "7 inputs or rows" in shown
    assert "and 2 more, all of them in --json and run.json" in shown
    assert "and 12 more" in shown
    assert "3 groups of duplicates, the largest" in shown
    assert "at least 99.29% of the pairs" in shown


def near(left: str, right: str) -> Explanation:
    """Make the explanation of a document removed for another."""
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
        UnitLocation("kept", 0, 0, len(right)),
        "kept.txt",
        right,
        tuple(words(left, right)),
    )
    return Explanation(1, "gone", "gone.txt", None, False, len(left), (passage,), ())


@pytest.mark.parametrize("width", [60, 99, 100, 140])
def test_differences_can_be_read_without_colour(width: int) -> None:
    to, written = console(width)
    show_explanations([near("The old house burned down.", "The new house burned down twice.")], to)
    shown = " ".join(written.getvalue().split())
    assert "[-old-]" in shown
    assert "{+new+}" in shown
    assert "{+twice+}." in shown
    assert "kept stays: 0.876 alike" in shown


def test_two_columns_where_there_is_room() -> None:
    for width, beside in ((99, False), (100, True)):
        to, written = console(width)
        show_explanations([near("The old house.", "The new house.")], to)
        lines = written.getvalue().splitlines()
        assert any("[-old-]" in line and "{+new+}" in line for line in lines) is beside


@pytest.mark.parametrize("width", [60, 120])
def test_wide_characters_keep_the_columns(width: int) -> None:
    to, written = console(width)
    show_explanations([near("汉字测试文本" * 30 + "甲", "汉字测试文本" * 30 + "乙")], to)
    assert max(map(cell_len, written.getvalue().splitlines())) <= width
    assert "[-甲-]" in written.getvalue()


def test_hostile_texts_are_inert_in_an_explanation() -> None:
    to, written = console(100)
    text = HOSTILE.encode("utf-8", "replace").decode()  # as it comes from Parquet
    show_explanations([near(f"one {text} two", f"one {text[::-1]} two")], to)
    assert not (OBEYED - {"\n"}) & set(written.getvalue())


def test_progress_is_plain_lines_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.step("read", 10, "bytes")
    lines.advance(5)
    lines.note("compiling\x1b[2J")
    lines.step("sketch", 1234, "documents")
    lines.close()
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.partition(" done in ")[0] for line in told.err.splitlines()] == [
        "read … ",
        "note: compiling␛[2J",
        "done in 0.0 s",
        "sketch 1,234 documents …",
    ]


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    silent = make_progress(quiet=True)
    silent.step("read", 1, "bytes")
    silent.note("x")
    silent.close()
    assert capsys.readouterr() == ("", "")


def test_bars_on_a_terminal_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert terminal.getvalue().endswith("\x1b[2K")  # the last bar is wiped
