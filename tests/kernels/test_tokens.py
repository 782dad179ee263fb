"""Tokens: what the kernel hashes is what the design calls a token, in every script, wherever the bytes stand."""
# ruff: noqa: RUF001 - characters that look alike are the point

import os
import subprocess
import sys
import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest
import reference
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels.text.folding import fold_table
from dedup.kernels.text.lines import LINE
from dedup.kernels.text.paragraphs import SPAN, paragraphs, trim
from dedup.kernels.text.tokens import tokenise

ROOM = 64
FOLLOWING = b"a" * 128  # letters, which would lengthen the last token if the end of the text were missed


def hashes_of_bytes(data: bytes, before: bytes = b"", after: bytes = b"", by_signs: bool = False) -> list[int]:
    """Tokenise bytes that stand between others, and see that only their own room was written to."""
    buffer = np.frombuffer(before + data + after, np.uint8)
    room = len(data) if by_signs else len(data) // 2 + 1
    out = np.full(1 + room + ROOM, 7, np.uint64)
    stop = tokenise(buffer, len(before), len(before) + len(data), fold_table(by_signs), out, 1)
    assert out[0] == 7
    assert (out[1 + room :] == 7).all()
    return out[1:stop].tolist()


def hashes(text: str, by_signs: bool = False) -> list[int]:
    """Tokenise a text at the end of an array, and one with room behind it, where many bytes are read at a time."""
    data = text.encode("utf-8", "surrogatepass")
    found = hashes_of_bytes(data, by_signs=by_signs)
    assert hashes_of_bytes(data, after=FOLLOWING, by_signs=by_signs) == found
    return found


def pattern(values: Sequence[object]) -> list[int]:
    """Number values by first appearance: equal patterns, equal equalities."""
    seen: dict[object, int] = {}
    return [seen.setdefault(value, len(seen)) for value in values]


@pytest.mark.parametrize("by_signs", [False, True])
@given(text=strategies.texts)
@example(text="が か ガ ｶﾞ カ か\u3099")
@example(text="ﬁ fi FI ß SS ẞ ss İ i I ı")
@example(text="日本a1語 กำ ก\u0e4dา a\u0301日\u0301b")
@example(text="a\u00adb ab a\u200d\u0301b \u200ba \u0301a")
@example(text="⑴ (1) ½ 1 ⁄ 2")
@example(text="a-\nb a\u0301- \r\n> b a\xad\n\nb a-\nB a\xad\nB 1-\na a-\n1 か-\na a-")
@example(text="ก\u0e4d\u0e49า ก\u0e49\u0e4dา ก\u0e49ำ กำ\u0e49 กา\u0e49 ำ\u0e49 aำ \u0e4d\u0e33")
def test_tokens_equal_the_reference(text: str, by_signs: bool) -> None:
    words = reference.tokens(text, by_signs)
    assert len(hashes(text, by_signs)) == len(words)
    assert pattern(hashes(text, by_signs)) == pattern(words)


@given(strategies.texts, strategies.texts, st.booleans())
def test_equal_tokens_have_equal_hashes(left: str, right: str, by_signs: bool) -> None:
    ours = dict(zip(reference.tokens(left, by_signs), hashes(left, by_signs), strict=True))
    theirs = dict(zip(reference.tokens(right, by_signs), hashes(right, by_signs), strict=True))
    assert {word: ours[word] for word in ours.keys() & theirs} == {word: theirs[word] for word in ours.keys() & theirs}
    assert len(set(ours.values()) | set(theirs.values())) == len(ours.keys() | theirs.keys())


def snippet(char: str) -> str:
    """Show whether a character splits, joins, stands alone or is lost, and how it folds."""
    return f"q{char}q {char}{char} か{char}q {reference.fold(char)}. q-\n{char} {char}-\nq "


@pytest.mark.parametrize("by_signs", [False, True])
def test_every_assigned_character_is_classified_and_folded(by_signs: bool) -> None:
    large = ("CJK UNIFIED", "HANGUL SYLLABLE", "TANGUT", "CUNEIFORM", "EGYPTIAN")
    few = [
        c for at, c in enumerate(strategies.ASSIGNED) if at % 40 == 0 or not unicodedata.name(c, "").startswith(large)
    ]
    few.remove("ʕ")  # not a lower-case letter any more since Unicode 16
    wrong = []
    for first in range(0, len(few), 200):
        chars = few[first : first + 200]
        text = "".join(map(snippet, chars))
        if pattern(hashes(text, by_signs)) != pattern(reference.tokens(text, by_signs)):
            wrong += [
                f"U+{ord(c):04X}"
                for c in chars
                if pattern(hashes(snippet(c), by_signs)) != pattern(reference.tokens(snippet(c), by_signs))
            ]
    assert len(few) > 30_000
    assert wrong == []


@given(strategies.texts, st.booleans())
def test_composed_and_decomposed_text_have_equal_tokens(text: str, by_signs: bool) -> None:
    composed, decomposed = (hashes(unicodedata.normalize(form, text), by_signs) for form in ("NFC", "NFD"))
    assert hashes(text, by_signs) == composed == decomposed


@given(strategies.texts)
def test_case_is_ignored(text: str) -> None:
    assert hashes(text.lower()) == hashes(text)


def sprinkles(char: str) -> bool:
    """Return whether an accent may follow a character; tone marks must follow the vowels AA and AM at once."""
    return reference.is_letter(char) and char not in reference.AA + reference.AM


@given(st.lists(strategies.words, max_size=20).map(" ".join), st.randoms(use_true_random=False))
def test_accents_and_soft_hyphens_are_ignored(text: str, random: object) -> None:
    accents = ["\u0301", "\u0308", "\u0327", "\u00ad", "\u200d", "\u0301\u00ad\u0323"]
    sprinkled = "".join(char + (random.choice(accents) if sprinkles(char) else "") for char in text)  # type: ignore[attr-defined]
    assert hashes(sprinkled) == hashes(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("か", "が"),
        ("ハ", "パ"),
        ("ｶ", "ｶﾞ"),
        ("क", "क़"),
        ("कि", "की"),
        ("น้ำ", "นำ"),
        ("и", "н"),
        ("ı", "i"),
        ("ł", "l"),
        ("مُ", "م"),
        ("葛", "葛\U000e0100"),
    ],
)
def test_different_words_have_different_tokens(left: str, right: str) -> None:
    assert (hashes(left) == hashes(right)) is (reference.tokens(left) == reference.tokens(right))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("かが", 2),
        ("ｶﾞｷ", 2),
        ("ประเทศ", 6),
        ("中国2024年", 4),
        ("मैंने कहा", 2),
        ("대통령은 오늘", 2),
        ("l’État", 2),
        ("co\u00adop", 1),
        ("👩\u200d👧", 0),
        ("25 000", 2),
        ("25.000", 2),
        ("a_b", 2),
        ("", 0),
        ("\u0301", 0),
    ],
)
def test_number_of_tokens(text: str, count: int) -> None:
    assert len(hashes(text)) == count


@given(strategies.texts, st.binary(max_size=9), st.binary(max_size=9))
def test_bytes_around_a_text_are_ignored(text: str, before: bytes, after: bytes) -> None:
    data = text.encode()
    assert hashes_of_bytes(data, before, after) == hashes_of_bytes(data)
    assert hashes_of_bytes(data, b"abcdefgh", b"abcdefgh") == hashes_of_bytes(data)


broken = st.lists(st.one_of(st.binary(max_size=6), strategies.words.map(str.encode)), max_size=12).map(b"".join)


@given(broken)
@example(b"\xe3ab\xe3cd\xe3")
@example(b"\xf4\xbf\xbf\xbf")
@example(b"\xff" * 9 + b"\xe3\x81")
@example(b"a\x90\x85b \xc1\x81 \xc3 \xc3\x28 \xed\xa0\x80 \xe0\x81\x81 \xc3")
def test_invalid_utf8_stays_within_the_arrays(data: bytes) -> None:
    assert hashes_of_bytes(data, b"\xe3", b"\x81\x8b") == hashes_of_bytes(data)
    assert hashes_of_bytes(data, after=b"\x81\x8b" * 64) == hashes_of_bytes(data)
    buffer = np.frombuffer(data, np.uint8)
    spans, room = np.recarray(len(data) + 1, SPAN), np.recarray(len(data) + 1, LINE)
    trim(buffer, 0, len(data), fold_table(), spans[0])
    assert 0 <= spans[0].byte_start <= spans[0].byte_end <= len(data)
    for by in range(3):
        count = paragraphs(buffer, 0, len(data), by, fold_table(), spans, room, 0)
        borders = [at for span in spans[:count] for at in (span.byte_cut_start, span.byte_start, span.byte_end)] + [
            len(data)
        ]
        assert borders == sorted(borders)
        next_cuts = [*spans.byte_cut_start[1:count].tolist(), *[len(data)] * (count > 0)]
        assert (spans.byte_cut_end[:count].tolist() if count else []) == next_cuts


@pytest.mark.parametrize(
    "text",
    [
        *("x" * size for size in (7, 8, 9, 15, 16, 17, 23, 24, 62, 63, 64, 65, 127, 240, 241, 256, 257, 300)),
        *("é" * size + "Z" for size in (7, 8, 31, 32, 33, 239, 240, 241, 300)),
        *("Ж" * size for size in (3, 4, 31, 32, 33, 59, 60, 61, 62, 70)),
        "Ё ё Й й Ї ґ Ґ ў ß ŉ ﬁ Œ œ Å e\u0301te\u0301 E\u0323\u0301\u0323 и\u0306 ά Ω \u0345a क्\u200dष",
        "aujourd'hui l’été «où» — ça… déjà-vu co\u00adop a\u200bb ab\u00a0cd 25\u202f000 Tiếng Việt",
        "a-\nb é-\né Ж-\nж a - b a-- b a-\n\nb a-",
        "日本é日 éか กำé abc日",
    ],
)
@pytest.mark.parametrize("by_signs", [False, True])
def test_tokens_equal_the_reference_wherever_they_stand(text: str, by_signs: bool) -> None:
    words = pattern(reference.tokens(text, by_signs))
    assert pattern(hashes(text, by_signs)) == words
    ends = {end: reference.tokens(text[:end], by_signs) for end in range(min(len(text), 20))}
    for shift in range(70):
        assert pattern(hashes_of_bytes(b" " * shift + text.encode(), after=FOLLOWING, by_signs=by_signs)) == words
        assert hashes_of_bytes(b" " * shift + text.encode(), by_signs=by_signs) == hashes(text, by_signs)
    assert {end: pattern(hashes(text[:end], by_signs)) for end in ends} == {k: pattern(v) for k, v in ends.items()}


PLAIN_PYTHON = """
import warnings; warnings.simplefilter("ignore", RuntimeWarning)  # 64-bit products overflow as they should
import sys, numpy as np
from dedup.kernels.text.folding import fold_table
from dedup.kernels.text.lines import LINE
from dedup.kernels.text.paragraphs import SPAN, paragraphs, trim
from dedup.kernels.text.tokens import tokenise
for line in sys.stdin.read().split():
    data = np.frombuffer(bytes.fromhex(line[1:]), np.uint8)
    out, spans = np.empty(data.size // 2 + 1, np.uint64), np.recarray(data.size + 1, SPAN)
    room = np.recarray(data.size + 1, LINE)
    stop = tokenise(data, 0, data.size, fold_table(), out, 0)
    count = paragraphs(data, 0, data.size, 2, fold_table(), spans, room, 0)
    print(out[:stop].tolist(), spans[:count].tolist(), sep="|")
"""


def test_kernels_agree_with_plain_python() -> None:
    samples = [" ".join(group).encode() for group in strategies.WORDS.values()]
    samples += [
        b"",
        b"a",
        b"abcdefgh",
        b"abcdefghi j",
        b"\xe3",
        b"\xe3ab\xe3",
        b"> a\r\n> b\r\n\r\nc ",
        b"\xf4\xbf\xbf\xbf",
        bytes(range(256)),
    ]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PLAIN_PYTHON],
        input="\n".join("x" + sample.hex() for sample in samples),
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = [line.split("|")[0] for line in done.stdout.splitlines()]
    assert found == [str(hashes_of_bytes(sample)) for sample in samples]
