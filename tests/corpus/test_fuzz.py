"""Fuzz the readers, the analysis of texts and the kernels: cases found by coverage-guided fuzzing, and properties.

Any text in any language is analysed without an exception, in time linear in its length, and what is found is in the
text and in order. Any bytes are read or reported as unreadable. Kernels read each byte that is not UTF-8 as U+FFFD, and
write only within the arrays that they are given.
"""
# ruff: noqa: RUF001 - the tests need characters that look alike

import io
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import reference
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.alignment.word_diff import diff_words
from dedup.corpus.columns import make_unique
from dedup.corpus.formats.csv import read_csv
from dedup.corpus.formats.json import read_json, read_jsonl
from dedup.corpus.markup.html import decode_html, extract_text
from dedup.corpus.records import Record, RowSource, record_batches
from dedup.corpus.report import ReportBuilder, Unreadable
from dedup.errors import ColumnNotFound
from dedup.kernels.text import paragraphs as paragraph_kernel
from dedup.kernels.text.folding import fold_table
from dedup.kernels.text.lines import LINE
from dedup.kernels.text.tokens import tokenise
from dedup.settings import Reading
from dedup.text.facts.extract import facts, label, same_fact
from dedup.text.language import SUPPORTED_LANGUAGES
from dedup.text.sentences.split import MAX_SENTENCE_LENGTH, split
from dedup.text.sources import attribution

FEW = strategies.FEW
LANGUAGES = st.sampled_from([*SUPPORTED_LANGUAGES, "ja", "und"])
TEXT_PIECES = [
    *["25 000", "1.500", "17-1/2", "½", "3rd", "٢٥", "18:30", "vingt-et-un", "dreiundzwanzig", "двадцать", "million"],
    *["%", "€", "entre", "jusqu’à", "about", "soldats", "d’", "\n", "\u202f", "-", "–", "/", ",", "13 octobre", "XIX"],
    *["2025-04-03", "03/04/2025", "lundi", "Jan.", "¥5", "999999999999999999999", "1e9", "selon", "rapportée par"],
    *["a affirmé que", "said", "according to", "NHK", "RBC-Ukraine", "laut", "según", "по данным", "за даними"],
    *["(AFP) -", "«", "»", '"', "“", "”", "„", "(", ")", ".", "…", "!", "?", "。", "M.", "z. B.", "•", "|", "\t"],
    *["[1]", "\u200b", "\u200d", "\u0301", "\u00ad", "\ud800", "\0", "\x85", "²", "İ", "ŉ", "O’Neill", "Kim Jong-un"],
]
text_pieces = st.one_of(st.sampled_from(TEXT_PIECES), strategies.words)
mixed_texts = st.lists(st.tuples(text_pieces, st.sampled_from(["", " ", " "])), max_size=30).map(
    lambda drawn: "".join(piece + gap for piece, gap in drawn)
)
any_text = st.one_of(mixed_texts, mixed_texts, strategies.texts, strategies.layouts())
# Repeated pieces between other pieces reveal algorithms that scan the same characters repeatedly.
heads_and_tails = st.lists(text_pieces, max_size=2).map("".join)
repetitions = st.tuples(heads_and_tails, st.lists(text_pieces, min_size=1, max_size=4).map("".join), heads_and_tails)


def repeat(head: str, piece: str, tail: str, size: int) -> str:
    """Repeat a piece to about `size` characters, between a head and a tail."""
    return head + piece * (size // len(piece)) + tail


# Texts.


def check_facts(text: str, language: str) -> None:
    """Check that sentences, facts and credits are in the text and in order."""
    sentences, previous_end = split(text, language), 0
    for start, end in sentences:
        assert previous_end <= start < end <= min(len(text), start + MAX_SENTENCE_LENGTH)
        assert not text[previous_end:start].strip()
        previous_end = end
    assert not text[previous_end:].strip()
    found = facts(text, sentences, language)
    assert found == sorted(found, key=lambda fact: (fact.start, fact.end))
    assert all(0 <= fact.start < fact.end <= len(text) and fact.value and label(fact) for fact in found)
    disjoint = [fact for fact in found if fact.kind != "quotation"]
    assert all(left.end <= right.start for left, right in pairwise(disjoint))
    for left, right in pairwise(found[:30]):
        assert same_fact(left, right, language) == same_fact(right, left, language)
    credits_ = attribution.find_credits(text, sentences, language)
    assert all(any(start <= credit.start < credit.end <= end for start, end in sentences) for credit in credits_)
    assert all(credit.source == " ".join(text[credit.start : credit.end].split()) != "" for credit in credits_)


@given(any_text, LANGUAGES)
def test_sentences_facts_and_credits_of_any_text(text: str, language: str) -> None:
    check_facts(text, language)


@FEW
@given(repetitions, LANGUAGES)
def test_repetitions_take_linear_time(parts: tuple[str, str, str], language: str) -> None:
    check_facts(repeat(*parts, 5_000), language)


@given(any_text, any_text)
@example("a\u0301", "á")
def test_word_diff_covers_any_two_texts(left: str, right: str) -> None:
    left_done = right_done = 0
    for tag, left_start, left_end, right_start, right_end in diff_words(left, right):
        assert left_done <= left_start <= left_end <= len(left)
        assert right_done <= right_start <= right_end <= len(right)
        assert not left[left_done:left_start].strip()
        assert not right[right_done:right_start].strip()
        if tag == "same":
            left_words = "".join(left[left_start:left_end].split())
            right_words = "".join(right[right_start:right_end].split())
            assert unicodedata.normalize("NFC", left_words) == unicodedata.normalize("NFC", right_words)
        left_done, right_done = left_end, right_end
    assert not left[left_done:].strip()
    assert not right[right_done:].strip()


def check_diff(left: str, right: str, language: str | None) -> None:
    """Check that aligned sentences and words are in the texts, and that the order of the texts does not matter."""
    found = dedup.diff(left, right, language)
    assert all(0 <= value <= 1 for value in (found.similarity, *found.coverage))
    for pair in found.pairs:
        assert 0 <= pair.left.start < pair.left.end <= len(left)
        assert 0 <= pair.right.start < pair.right.end <= len(right)
        for word in pair.words:
            assert pair.left.start <= word.left_start <= word.left_end <= pair.left.end
            assert pair.right.start <= word.right_start <= word.right_end <= pair.right.end
    assert len(dedup.diff(right, left, language).pairs) == len(found.pairs)


@FEW
@given(any_text, any_text, st.sampled_from([*SUPPORTED_LANGUAGES, None]))
def test_diff_of_any_two_texts(left: str, right: str, language: str | None) -> None:
    check_diff(left, right, language)
    check_diff(f"{left} {right}", f"{right} {left}", language)


@pytest.mark.parametrize(
    ("left", "right"),
    [("?\n" * 2100, "!\n" * 2100), ("Yes.\n" * 2100, "Нет.\n" * 2100), ("\n?" * 2100, "\n?" * 2100)],
)
def test_diff_of_long_texts_without_common_words(left: str, right: str) -> None:
    check_diff(left, right, "en")


# Pages.

HTML_PIECES = [
    *["<p>", "</p>", "<div", "<!--", "-->", "<![CDATA[", "]]>", "<![if", "<!", "<?", "?>", "<pre>", "</pre>", "<head>"],
    *["<title>", "</title>", "<script>", "</script", "<td>", "<br/>", "&amp;", "&#x110000;", "&#0;", "&#55296;", "&#"],
    *["&", "<a href='", "'>", '<a b=">" ', '"', ">", "<", "text", "</", "=", "\n", " ", "é", "<!DOCTYPE [", "<svg>"],
    *["&#" + "9" * 5000, "&#" + "0" * 5000 + "65;"],
]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("x&#" + "9" * 5000 + ";y", "x\ufffdy"),
        ("x&#" + "0" * 5000 + "65;y", "xAy"),
        ("x&#0000000000065y", "xAy"),
        ("x&#999999999z", "x\ufffdz"),
        ("<p>1 < 2 &amp; 3", "1 < 2 & 3"),
        ("a<script>b<c", "a"),
    ],
    ids=range(6),
)
def test_html_found_by_fuzzing(page: str, text: str) -> None:
    assert extract_text(page, "all") == text


@pytest.mark.parametrize(
    "page",
    [b"<p>x&#" + b"9" * 5000 + b";", b"<meta charset=undefined>\xe9", b"<meta charset=idna>xn--\xe9"],
    ids=range(3),
)
def test_odd_page_does_not_stop_a_run(tmp_path: Path, page: bytes) -> None:
    (tmp_path / "a.html").write_bytes(page)
    (tmp_path / "b.txt").write_text("x", "utf-8")
    assert dedup.scan(tmp_path).run.counts["documents"] == 2


@pytest.mark.parametrize(
    ("head", "piece", "tail"),
    [
        *[("<tr><?", "<!--<tr>", ""), ("", "\t<?", "<a href='"), ("", "<![CDATA[>", ""), ("", '<a b=">" ', "=")],
        *[("", "<!--", ""), ("", "<a ", ""), ("", "</", ""), ("", "&#", ""), ("", "<![if>", ""), ("", "<", "&")],
    ],
)
def test_unclosed_markup_takes_linear_time(head: str, piece: str, tail: str) -> None:
    page = repeat(head, piece, tail, 1_000_000)
    assert extract_text(page, "all") is not None  # quadratic time would be minutes


@given(
    st.lists(st.one_of(st.sampled_from(HTML_PIECES), strategies.words), max_size=25).map("".join), st.integers(1, 40)
)
def test_any_page_has_a_text_or_is_unreadable(page: str, times: int) -> None:
    try:
        text = extract_text(page * times, "all")
    except Unreadable:
        return
    assert text == "" or not text.isspace() or "<pre" in page or "&#" in page
    assert "\ud800" not in text


DECLARED_CHARSETS = [
    *["utf-16", "latin-1", "rot13", "hex", "undefined", "idna", "punycode", "unicode_escape", "utf-7", "gbk", "big5"],
    *["iso2022_jp", "cp037", "mbcs", "\xff", "no such", "x" * 99],
]


@given(
    st.binary(max_size=60), st.sampled_from(["<meta charset=", "<?xml encoding="]), st.sampled_from(DECLARED_CHARSETS)
)
@example(b"\x80", "<meta charset=", "undefined")
def test_any_bytes_are_a_page_or_unreadable(data: bytes, declares: str, charset: str) -> None:
    try:
        text = extract_text(decode_html(f"{declares}{charset}>".encode("latin-1") + data).text, "all")
    except Unreadable:
        return
    text.encode()


# Rows.

JSON_PIECES = [
    *["{", "}", "[", "]", ":", ",", '"text"', '"a"', "1", "1e999", "-", "null", "true", "NaN", "Infinity", '"\\ud800"'],
    *["\n", " ", '"text": "x"', '{"text": "y"}\n', "\r\n", "\0", "9" * 5000, '"', "\\", "\ufeff", "é", "[" * 200, "}}"],
    *['"id": 1', "\x0b", "\u2028"],
]
CSV_PIECES = [
    *["id,text\n", '"', '""', ",", ";", "\t", "\n", "\r\n", "\r", "a", "é", "text", "\0", "\ufeff", " ", '"a\nb"'],
]
row_files = st.one_of(
    st.binary(max_size=60),
    st.tuples(
        st.lists(st.one_of(st.sampled_from(JSON_PIECES), st.sampled_from(CSV_PIECES)), max_size=40).map("".join),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
    ).map(lambda drawn: drawn[0].encode(drawn[1], "replace")),
)


@given(row_files)
@example(b'{"text": "a", "b": ' + b"9" * 5000 + b"}")
@example(b"text\n\xff\n\xe9\n")
def test_rows_of_any_bytes_are_read_or_reported(data: bytes) -> None:
    for read in (read_jsonl, read_json, read_csv):
        report = ReportBuilder()
        try:
            found: list[Record] = list(read(io.BufferedReader(io.BytesIO(data)), "f", report))  # type: ignore[operator]
        except (Unreadable, OSError, UnicodeDecodeError):
            continue  # the loader reports these as skipped
        assert all(left.row < right.row for left, right in pairwise(found))
        try:
            for batch, _ in record_batches(found, RowSource("f", {}, Reading(), report)):
                batch.validate(full=True)
        except ColumnNotFound:
            continue


@given(st.lists(st.sampled_from(["", "a", "a_2", "a_3", "b", "column_1", "column_2", "a_2_2"]), max_size=9))
def test_column_names_become_unique(names: list[str]) -> None:
    unique = make_unique(names)
    assert len({*unique}) == len(unique) == len(names)
    assert "" not in unique
    assert all(new == name for name, new in zip(names, unique, strict=True) if name and names.count(name) == 1)


def test_header_of_equal_names_takes_linear_time() -> None:
    header = b",".join([b"a"] * 200_000)
    stream = io.BufferedReader(io.BytesIO(header + b"\n" + header))
    [record] = read_csv(stream, "f", ReportBuilder())  # quadratic time would be an hour
    assert len(record.values) == 200_000


# Kernels.


def decode_like_kernels(data: bytes) -> Iterator[str]:
    """Decode bytes as the kernels do: invalid bytes as U+FFFD, lone surrogates unchanged."""
    at = 0
    while at < len(data):
        for size in (1, 2, 3, 4):
            try:
                char = data[at : at + size].decode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                continue
            yield char
            at += size
            break
        else:
            yield "\ufffd"
            at += 1


def first_occurrence_ids(values: Sequence[object]) -> list[int]:
    """Number values by their first occurrence."""
    seen: dict[object, int] = {}
    return [seen.setdefault(value, len(seen)) for value in values]


byte_strings = st.one_of(
    st.binary(max_size=4),
    strategies.words.map(str.encode),
    st.sampled_from([b"\xc2E", b"\xe2(\x28", b"\xe0\x80\x8a", b"\xf0\x80\x80\x8d", b"\xed\xa0\x80", b"\xe3ab"]),
)


@given(st.lists(byte_strings, max_size=15).map(b"".join))
@example(b"\n\xe4VV")
@example(b"a\xc2Eb\xc2Ec")
@example(b"a\xe0\x80\x8ab\xf0\x80\x80\x8dc")
@example(b"\xe3\x81\x8b\xe3a\xf4\xbf\xbf\xbf \xc1\xbf")
def test_kernels_agree_with_reference_on_any_bytes(data: bytes) -> None:
    text = "".join(decode_like_kernels(data))
    buffer = np.frombuffer(b"\n\xe3" + data + b"\x81\x8b\n", np.uint8)
    max_tokens = len(data) // 2 + 1
    out = np.full(max_tokens + 8, 7, np.uint64)
    stop = tokenise(buffer, 2, 2 + len(data), fold_table(), out, 0)
    assert stop <= max_tokens
    assert (out[max_tokens:] == 7).all()
    assert first_occurrence_ids(out[:stop].tolist()) == first_occurrence_ids(reference.tokens(text))
    lines = paragraph_kernel.count_lines(buffer, 2, 2 + len(data))
    for by, name in enumerate(("line", "blank-line", "auto")):
        spans = np.recarray(lines + 8, paragraph_kernel.SPAN)
        spans.view(np.int64)[:] = -7
        scratch = np.recarray(lines + 8, LINE)
        scratch.view(np.int32)[:] = -7
        count = paragraph_kernel.paragraphs(buffer, 2, 2 + len(data), by, fold_table(), spans, scratch, 0)
        assert count <= lines
        assert (spans[lines:].view(np.int64) == -7).all()
        assert (scratch[lines:].view(np.int32) == -7).all()
        offsets = spans[:count][["start", "end", "cut_start", "cut_end"]].tolist()
        assert offsets == [tuple(span) for span in reference.paragraphs(text, name)]
