"""Blocks of lines: which are prose, verse or lists, and where a paragraph begins in them."""
# ruff: noqa: RUF001 - characters that look alike are intended

import random
import textwrap
from itertools import pairwise

import pytest
import reference
import strategies
from hypothesis import given
from hypothesis import strategies as st
from paragraph_spans import spans, texts_of

from dedup.kernels.text.paragraphs import ALL_BLOCKS, PARTIAL_BLOCKS

WORDS = [
    *["the", "ferry", "left", "before", "noon", "and", "nobody", "on", "the", "quay", "had", "seen", "who", "carried"],
    *["the", "long", "box", "up", "to", "the", "gate"],
]
TERMS = """The last payment falls due when the whole of the work has been handed over, that is to say: (i) the two
pumps run for thirty days without a stop; (ii) the yard has been cleared of all that the builder brought; (iii) the
Owner has received the drawings, the keys and the final accounts of the Builder, and has signed for each of them."""
REFRAIN = "Row me over the water tonight\nRow me over to the northern shore\nRow me over where the lamps are bright"
SONG = "The mill stands idle, the race runs dry\nAnd all the millers have gone from the town"


def prose(seed: int, sentences: int) -> str:
    random_ = random.Random(seed)  # noqa: S311 - no secret
    picked = [random_.choices(WORDS, k=random_.randint(4, 30)) for _ in range(sentences)]
    return " ".join(" ".join(words).capitalize() + "." for words in picked)


def wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, width, initial_indent=indent, break_on_hyphens=False, break_long_words=False)


@pytest.mark.parametrize("width", [60, 72, 100, 130, 200])
@pytest.mark.parametrize("pause", ["\n", "\n\n"])
def test_wrapped_prose_is_cut_where_it_was_written(width: int, pause: str) -> None:
    written = [wrapped(prose(seed, 1 + seed % 9), width) for seed in range(60)]
    found = {text.replace("\n", " ") for text in texts_of(pause.join(written))}
    whole = [text for text in written if text.replace("\n", " ") in found]
    assert len(whole) >= (60 if pause == "\n\n" else 48)


@pytest.mark.parametrize("width", [60, 100, 200])
def test_indented_first_lines_begin_paragraphs(width: int) -> None:
    written = [wrapped(prose(seed, 3 + seed % 5), width, "    ") for seed in range(40)]
    found = texts_of("\n".join(written))
    assert sum(text.strip() in found for text in written) >= 38


@pytest.mark.parametrize("line", [3, 11])
def test_a_long_line_does_not_cut_prose_into_lines(line: int) -> None:
    lines = wrapped(prose(1, 20), 72).split("\n")
    lines[line] += " " + lines.pop(line + 1)
    assert texts_of("\n".join(lines)) == ["\n".join(lines)]


@pytest.mark.parametrize("more", ["", " and of all the years that I have lost"])
def test_a_stanza_is_whole_with_a_line_of_any_length(more: str) -> None:
    refrain = REFRAIN.replace("shore", "shore" + more)
    assert texts_of(f"{SONG}\n\n{refrain}\n\n{SONG}\n\n{refrain}") == [SONG, refrain, SONG, refrain]


def test_a_long_poem_is_cut_at_the_ends_of_sentences() -> None:
    lines = ["And so the river carried us along,"] * 3 + ["Until the evening took the light away."]
    assert texts_of("\n".join(lines * 15)) == ["\n".join(lines)] * 15


@pytest.mark.parametrize("width", [90, 130, 200, 320])
def test_wide_clauses_are_not_cut_within_sentences(width: int) -> None:
    clause = wrapped(" ".join(TERMS.split()), width)
    assert texts_of(f"Section 7\n\n{clause}\n\nSection 8\n\nNone.")[1] == clause


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovell\n3 Mill Lane\nBarton BN2 6TT\nEngland",
        "[10:02] ada: are you there by any chance\n[10:03] bo: yes i am here for an hour\n[10:04] ada: good",
        "ada: are you there by any chance\nbo: yes i am here for an hour\nada: good",
        "Item            Count   Price\nApples          12      3.20\nPears           3       12.00",
        "2031-01-01 12:00:01 INFO opening the port 80\n2031-01-01 12:00:02 INFO two workers are running now",
        "- the first thing to do\n- another thing\n- the last thing of them all, which is long",
        "".join(f"float32,0x{at}f12870a,0x42fe63db42fe63db42fe63db,3\n" for at in range(9)).strip(),
        "Eggs\nTwo loaves\nFlour and salt\nButter",
        "def total(self, rows):\n    count = self.start(rows)\n    if count is None:\n        return nothing\n"
        "    for row in rows:\n        yield row",
        "This is a paragraph of one line, and it ends here.\nAnother follows it.\n"
        "The third is the longest of all of them, because it says the same in many more words than they do.\nOne more.",
        "他说他不会再来了。\n她没有回答，只是看着窗外。\n外面下着雨，街上没有人。",
    ],
)
def test_other_lines_are_paragraphs(text: str) -> None:
    assert texts_of(text) == [line.strip() for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。", 1),
        (
            "春天来了，花园里的花都开了，孩子们在草地上奔跑，老\n人们坐在长椅上晒太阳，一切都那么安静，山上的雪还没\n有化。",
            1,
        ),
        ("THE PARTIES NAMED BELOW AGREE THAT THE LAW OF THE STATE IN WHICH\nTHE PROPERTY LIES SHALL GOVERN.", 1),
        ("The firm said that it\nwould close the two yards in the north before the end of the summer of next year.", 1),
        ("The old harbour had been closed since spring, and the boats were mov-\ned to the river.", 1),
        ("> I think that the plan is good but that we should\n> wait for the others.\nYes, I think so too.", 2),
        ("We need the following things before the first of May:\n- the keys of the yard\n- the plan", 3),
    ],
)
def test_counts_paragraphs(text: str, expected: int) -> None:
    assert len(texts_of(text)) == expected


@given(strategies.books(), st.sampled_from([PARTIAL_BLOCKS, ALL_BLOCKS]))
def test_blocks_contain_their_paragraphs(text: str, nested: int) -> None:
    found = [tuple(int(value) for value in span) for span in spans(text, "auto", nested)[["cut_start", "cut_end"]]]
    plain = [tuple(int(value) for value in span) for span in spans(text, "auto")[["cut_start", "cut_end"]]]
    assert found == sorted(found, key=lambda span: (span[0], -span[1]))
    blocks = [span for span in found if span not in plain]
    assert [span for span in found if span not in blocks] == plain
    for start, end in blocks:
        inner = [span for span in plain if start <= span[0] and span[1] <= end]
        assert len(inner) > 1
        assert inner[0][0] == start
        assert inner[-1][1] == end
        assert all(left[1] == right[0] for left, right in pairwise(inner))


def test_a_block_of_several_paragraphs_is_a_unit_but_for_the_whole_document() -> None:
    lists = "Eggs\nFlour\n\nSugar"
    assert [lists[a:b] for a, b in spans(lists, "auto", PARTIAL_BLOCKS)[["start", "end"]]] == [
        *["Eggs\nFlour", "Eggs", "Flour", "Sugar"]
    ]
    assert len(spans("Eggs\nFlour", "auto", PARTIAL_BLOCKS)) == 2
    assert len(spans("Eggs\nFlour", "auto", ALL_BLOCKS)) == 3
    assert len(spans(lists, "line", ALL_BLOCKS)) == 3
    assert len(spans(lists, "blank-line", ALL_BLOCKS)) == 2


@given(strategies.books())
def test_no_sentence_is_cut_at_a_full_line_before_lower_case(text: str) -> None:
    document = wrapped(prose(3, 12), 72) + "\n\n" + text
    first = texts_of(document)[0]
    assert reference.tokens(first) == reference.tokens(prose(3, 12))
