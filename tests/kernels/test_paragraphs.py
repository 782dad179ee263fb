"""Paragraphs: the spans of the kernel equal those of the reference, in code points and in bytes."""

from itertools import pairwise

import numpy as np
import pytest
import reference
import strategies
from hypothesis import example, given
from hypothesis import strategies as st
from paragraph_spans import BY, spans, texts_of

from dedup.kernels.text import paragraphs as segment
from dedup.kernels.text.folding import fold_table

NAMES = list(segment.SPAN.names)
CODE_POINTS, BYTES = NAMES[:4], NAMES[4:]


def in_bytes(text: str, at: int) -> int:
    return len(text[:at].encode())


@given(
    st.one_of(strategies.books(), strategies.layouts(), strategies.texts, strategies.wrapped()),
    st.sampled_from(["auto", *BY]),
    st.sampled_from([segment.NO_BLOCKS, segment.PARTIAL_BLOCKS, segment.ALL_BLOCKS]),
)
@example("a b\nc d\n\ne", "auto", 2)
@example("> one two\n> three fo\n>\n> five\n>\n", "auto", 2)
@example("\r\n\na\r\n\nb\n\rc\rd\u2028e\x85f\vg\fh", "auto", 2)
@example("漢字かな\n漢字かな\n漢字", "auto", 2)
@example("a漢字かな\na漢字かな\na漢字", "auto", 2)
@example("ที่นี่\nที่นี่\nที่", "auto", 2)
@example("\u200b\n\u0301a\n\x1f\nb", "auto", 2)
@example("", "auto", 2)
def test_paragraphs_equal_the_reference(text: str, by: str, nested: int) -> None:
    found = spans(text, by, nested)
    expected = reference.paragraphs(text, by, nested)
    assert found[CODE_POINTS].tolist() == [tuple(span) for span in expected]
    assert found[BYTES].tolist() == [tuple(in_bytes(text, at) for at in span) for span in expected]


@given(st.one_of(strategies.layouts(), strategies.texts))
@example("")
@example(" \n\u3000")
@example(" é ")
def test_document_is_trimmed_and_cut_whole(text: str) -> None:
    data = text.encode()
    found = np.recarray(1, segment.SPAN)
    segment.trim(np.frombuffer(b" " + data + b" ", np.uint8), 1, 1 + len(data), fold_table(), found[0])
    expected = reference.trim(text)
    assert found[CODE_POINTS].tolist() == [tuple(expected)]
    assert found[BYTES].tolist() == [tuple(in_bytes(text, at) for at in expected)]


@given(st.one_of(strategies.layouts(), strategies.wrapped()))
def test_cuts_do_not_overlap_and_contain_all_tokens(text: str) -> None:
    cuts = [(int(start), int(end)) for start, end in spans(text, "auto")[["cut_start", "cut_end"]]]
    assert all(end == start for (_, end), (start, _) in pairwise(cuts))
    words = [word for start, end in cuts for word in reference.tokens(text[start:end])]
    assert "".join(words) == "".join(reference.tokens(text))  # a hyphen may break a word at the end of a paragraph
    assert not cuts or cuts[-1][1] == len(text)


@pytest.mark.parametrize(
    ("text", "by", "expected"),
    [
        ("one\ntwo\n\nthree", "line", ["one", "two", "three"]),
        ("one\ntwo\n\nthree", "blank-line", ["one\ntwo", "three"]),
        ("A title\nA long line of prose that goes on and on.\nShort.", "auto", None),
        (
            "> quoted mail goes\n> on for some lines\n> and ends.\n\nIndeed.",
            "auto",
            ["quoted mail goes\n> on for some lines\n> and ends.", "Indeed."],
        ),
        ("aaaaaaaa aaaaaaaa\nbbbbb ccccc", "auto", ["aaaaaaaa aaaaaaaa\nbbbbb ccccc"]),
        ("aaaaaaaa aaaaaaaa\nbbbb ccccccccccccccccc", "auto", ["aaaaaaaa aaaaaaaa", "bbbb ccccccccccccccccc"]),
        ("a\r\n\r\nb", "blank-line", ["a", "b"]),
        ("a\r\nb", "blank-line", ["a\r\nb"]),
        ("a\n>\n> >\nb", "blank-line", ["a", "b"]),
        ("a\x85\x85b", "blank-line", ["a", "b"]),
        ("a\u2028\u2029b", "blank-line", ["a", "b"]),
        ("\n\n  a  \n\n", "auto", ["a"]),
        ("w " * 250 + "w\n" + "w " * 250 + "w", "auto", ["w " * 250 + "w\n" + "w " * 250 + "w"]),
        ("w " * 60 + "w\n" + "w " * 60 + "w", "auto", ["w " * 60 + "w\n" + "w " * 60 + "w"]),
    ],
)
def test_splits_texts_into_paragraphs(text: str, by: str, expected: list[str] | None) -> None:
    assert texts_of(text, by) == (text.splitlines() if expected is None else expected)
