"""What fuzzing with coverage found, kept as cases; and for each reader a property that would find more of its kind.

Promised of any text in any language: no exception, what is found is in the text and in order, and time in proportion to
the length (a square of it would not end here). Promised of any bytes: they are read, or named as not readable; kernels
read what is not UTF-8 as U+FFFD, a byte at a time, and stay within the room that they are given.
"""
# ruff: noqa: RUF001 - characters that look alike are the point

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
from dedup.corpus.columns import Asked, distinct
from dedup.corpus.formats import records as rows
from dedup.corpus.formats.csv import csv_file
from dedup.corpus.formats.encoding import NotText
from dedup.corpus.formats.html import decode_html, extract
from dedup.corpus.formats.json import json_file, jsonl
from dedup.corpus.report import Record, Tally
from dedup.errors import ColumnNotFound
from dedup.kernels import paragraphs as segment
from dedup.kernels.folding import fold_table
from dedup.kernels.tokens import tokenise
from dedup.text.facts.extract import facts, label, same_fact
from dedup.text.language import SUPPORTED_LANGUAGES
from dedup.text.sentences.split import MAX_SENTENCE_LENGTH, split
from dedup.text.sources import attribution

FEW = strategies.FEW
LANGUAGES = st.sampled_from([*SUPPORTED_LANGUAGES, "ja", "und"])
PIECES = [
    *["25 000", "1.500", "17-1/2", "½", "3rd", "٢٥", "18:30", "vingt-et-un", "dreiundzwanzig", "двадцать", "million"],
    *["%", "€", "entre", "jusqu’à", "about", "soldats", "d’", "\n", "\u202f", "-", "–", "/", ",", "13 octobre", "XIX"],
    *["2025-04-03", "03/04/2025", "lundi", "Jan.", "¥5", "999999999999999999999", "1e9", "selon", "rapportée par"],
    *["a affirmé que", "said", "according to", "NHK", "RBC-Ukraine", "laut", "según", "по данным", "за даними"],
    *["(AFP) -", "«", "»", '"', "“", "”", "„", "(", ")", ".", "…", "!", "?", "。", "M.", "z. B.", "•", "|", "\t"],
    *["[1]", "\u200b", "\u200d", "\u0301", "\u00ad", "\ud800", "\0", "\x85", "²", "İ", "ŉ", "O’Neill", "Kim Jong-un"],
]
pieces = st.one_of(st.sampled_from(PIECES), strategies.words)
mixtures = st.lists(st.tuples(pieces, st.sampled_from(["", " ", " "])), max_size=30).map(
    lambda drawn: "".join(piece + gap for piece, gap in drawn)
)
some = st.one_of(mixtures, mixtures, strategies.texts, strategies.layouts())
# A piece again and again, between others: what makes a reader look at the same signs more than once.
ends = st.lists(pieces, max_size=2).map("".join)
repeated = st.tuples(ends, st.lists(pieces, min_size=1, max_size=4).map("".join), ends)


def long(head: str, piece: str, tail: str, size: int) -> str:
    return head + piece * (size // len(piece)) + tail


# Texts.


def check_facts(text: str, language: str) -> None:
    """See that sentences, facts and credits are in the text and in order."""
    sentences, at = split(text, language), 0
    for start, end in sentences:
        assert at <= start < end <= min(len(text), start + MAX_SENTENCE_LENGTH)
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()
    found = facts(text, sentences, language)
    assert found == sorted(found, key=lambda fact: (fact.start, fact.end))
    assert all(0 <= fact.start < fact.end <= len(text) and fact.value and label(fact) for fact in found)
    apart = [fact for fact in found if fact.kind != "quotation"]
    assert all(one.end <= other.start for one, other in pairwise(apart))
    for one, other in pairwise(found[:30]):
        assert same_fact(one, other, language) == same_fact(other, one, language)
    credits_ = attribution.find_credits(text, sentences, language)
    assert all(any(a <= credit.start < credit.end <= b for a, b in sentences) for credit in credits_)
    assert all(credit.source == " ".join(text[credit.start : credit.end].split()) != "" for credit in credits_)


@given(some, LANGUAGES)
def test_sentences_facts_and_credits_of_any_text(text: str, language: str) -> None:
    check_facts(text, language)


@FEW
@given(repeated, LANGUAGES)
def test_what_repeats_takes_time_in_proportion(parts: tuple[str, str, str], language: str) -> None:
    check_facts(long(*parts, 5_000), language)


@given(some, some)
@example("a\u0301", "á")
def test_words_of_any_two_texts(left: str, right: str) -> None:
    left_at = right_at = 0
    for tag, left_start, left_end, right_start, right_end in diff_words(left, right):
        assert left_at <= left_start <= left_end <= len(left)
        assert right_at <= right_start <= right_end <= len(right)
        assert not left[left_at:left_start].strip()
        assert not right[right_at:right_start].strip()
        if tag == "same":
            same = ["".join(text.split()) for text in (left[left_start:left_end], right[right_start:right_end])]
            assert unicodedata.normalize("NFC", same[0]) == unicodedata.normalize("NFC", same[1])
        left_at, right_at = left_end, right_end
    assert not left[left_at:].strip()
    assert not right[right_at:].strip()


def check_diff(left: str, right: str, language: str | None) -> None:
    """See that what was aligned is in the texts."""
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
@given(some, some, st.sampled_from([*SUPPORTED_LANGUAGES, None]))
def test_any_two_texts_are_aligned(left: str, right: str, language: str | None) -> None:
    check_diff(left, right, language)
    check_diff(f"{left} {right}", f"{right} {left}", language)


@pytest.mark.parametrize(
    ("left", "right"),
    [("?\n" * 2100, "!\n" * 2100), ("Yes.\n" * 2100, "Нет.\n" * 2100), ("\n?" * 2100, "\n?" * 2100)],
)
def test_long_texts_without_a_common_word_are_aligned(left: str, right: str) -> None:
    check_diff(left, right, "en")


# Pages.

TAGS = [
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
def test_pages_that_fuzzing_found(page: str, text: str) -> None:
    assert extract(page, "all") == text


@pytest.mark.parametrize(
    "page",
    [b"<p>x&#" + b"9" * 5000 + b";", b"<meta charset=undefined>\xe9", b"<meta charset=idna>xn--\xe9"],
    ids=range(3),
)
def test_an_odd_page_does_not_end_a_run(tmp_path: Path, page: bytes) -> None:
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
def test_a_page_of_what_never_ends_takes_time_in_proportion(head: str, piece: str, tail: str) -> None:
    assert extract(long(head, piece, tail, 1_000_000), "all") is not None  # a square of it takes minutes


@given(st.lists(st.one_of(st.sampled_from(TAGS), strategies.words), max_size=25).map("".join), st.integers(1, 40))
def test_any_page_has_a_text_or_is_named(page: str, times: int) -> None:
    try:
        text = extract(page * times, "all")
    except NotText:
        return
    assert text == "" or not text.isspace() or "<pre" in page or "&#" in page
    assert "\ud800" not in text


CHARSETS = [
    *["utf-16", "latin-1", "rot13", "hex", "undefined", "idna", "punycode", "unicode_escape", "utf-7", "gbk", "big5"],
    *["iso2022_jp", "cp037", "mbcs", "\xff", "no such", "x" * 99],
]


@given(st.binary(max_size=60), st.sampled_from(["<meta charset=", "<?xml encoding="]), st.sampled_from(CHARSETS))
@example(b"\x80", "<meta charset=", "undefined")
def test_any_bytes_are_a_page_or_are_named(data: bytes, declares: str, charset: str) -> None:
    try:
        text = extract(decode_html(f"{declares}{charset}>".encode("latin-1") + data).text, "all")
    except NotText:
        return
    text.encode()


# Rows.

JSON = [
    *["{", "}", "[", "]", ":", ",", '"text"', '"a"', "1", "1e999", "-", "null", "true", "NaN", "Infinity", '"\\ud800"'],
    *["\n", " ", '"text": "x"', '{"text": "y"}\n', "\r\n", "\0", "9" * 5000, '"', "\\", "\ufeff", "é", "[" * 200, "}}"],
    *['"id": 1', "\x0b", "\u2028"],
]
CSV = ["id,text\n", '"', '""', ",", ";", "\t", "\n", "\r\n", "\r", "a", "é", "text", "\0", "\ufeff", " ", '"a\nb"']
drawn_rows = st.one_of(
    st.binary(max_size=60),
    st.tuples(
        st.lists(st.one_of(st.sampled_from(JSON), st.sampled_from(CSV)), max_size=40).map("".join),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]),
    ).map(lambda made: made[0].encode(made[1], "replace")),
)


@given(drawn_rows)
@example(b'{"text": "a", "b": ' + b"9" * 5000 + b"}")
@example(b"text\n\xff\n\xe9\n")
def test_rows_of_any_bytes_are_read_or_named(data: bytes) -> None:
    for read in (jsonl, json_file, csv_file):
        tally = Tally()
        try:
            found: list[Record] = list(read(io.BufferedReader(io.BytesIO(data)), "f", tally))  # type: ignore[operator]
        except (NotText, OSError, UnicodeDecodeError):
            continue  # what the loader turns into the reason of a skip
        assert all(one[0] < other[0] for one, other in pairwise(found))
        try:
            for batch in rows.batches(found, "f", None, Asked(), tally):
                batch.validate(full=True)
        except ColumnNotFound:
            continue


@given(st.lists(st.sampled_from(["", "a", "a_2", "a_3", "b", "column_1", "column_2", "a_2_2"]), max_size=9))
def test_names_of_columns_are_made_distinct(names: list[str]) -> None:
    made = distinct(names)
    assert len({*made}) == len(made) == len(names)
    assert "" not in made
    assert all(new == name for name, new in zip(names, made, strict=True) if name and names.count(name) == 1)


def test_a_header_of_many_equal_names_takes_time_in_proportion() -> None:
    header = b",".join([b"a"] * 200_000)
    [record] = csv_file(io.BufferedReader(io.BytesIO(header + b"\n" + header)), "f", Tally())  # squared: an hour
    assert len(record[3]) == 200_000


# Kernels.


def characters(data: bytes) -> Iterator[str]:
    """Decode bytes as the kernels promise; they take lone surrogates as they are."""
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


def pattern(values: Sequence[object]) -> list[int]:
    """Number values by first appearance."""
    seen: dict[object, int] = {}
    return [seen.setdefault(value, len(seen)) for value in values]


scraps = st.one_of(
    st.binary(max_size=4),
    strategies.words.map(str.encode),
    st.sampled_from([b"\xc2E", b"\xe2(\x28", b"\xe0\x80\x8a", b"\xf0\x80\x80\x8d", b"\xed\xa0\x80", b"\xe3ab"]),
)


@given(st.lists(scraps, max_size=15).map(b"".join))
@example(b"\n\xe4VV")
@example(b"a\xc2Eb\xc2Ec")
@example(b"a\xe0\x80\x8ab\xf0\x80\x80\x8dc")
@example(b"\xe3\x81\x8b\xe3a\xf4\xbf\xbf\xbf \xc1\xbf")
def test_kernels_read_any_bytes_as_the_naive_twin_does(data: bytes) -> None:
    text = "".join(characters(data))
    buffer = np.frombuffer(b"\n\xe3" + data + b"\x81\x8b\n", np.uint8)
    room = len(data) // 2 + 1
    out = np.full(room + 8, 7, np.uint64)
    stop = tokenise(buffer, 2, 2 + len(data), fold_table(), out, 0)
    assert stop <= room
    assert (out[room:] == 7).all()
    assert pattern(out[:stop].tolist()) == pattern(reference.tokens(text))
    lines = segment.count_lines(buffer, 2, 2 + len(data))
    for by, name in enumerate(("line", "blank-line", "auto")):
        spans = np.recarray(lines + 8, segment.SPAN)
        spans.view(np.int64)[:] = -7
        work = np.full((2, lines + 8), -7, np.int64)
        count = segment.paragraphs(buffer, 2, 2 + len(data), by, fold_table(), spans, work[0], work[1])
        assert count <= lines
        assert (spans[lines:].view(np.int64) == -7).all()
        assert (work[:, lines:] == -7).all()
        places = spans[:count][["start", "end", "cut_start", "cut_end"]].tolist()
        assert places == [tuple(span) for span in reference.paragraphs(text, name)]
