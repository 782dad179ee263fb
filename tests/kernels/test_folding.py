"""Folding and signs: which texts are equal, and which are not, by the tokens of documents."""
# ruff: noqa: RUF001 - characters that look alike are the point

import hashlib

import numpy as np
import pytest

from dedup.kernels.text.folding import TOKEN_RULES, token_tables
from dedup.kernels.text.tokens import tokenise_document

TABLES = {TOKEN_RULES: "9b0d9d9c698111a6"}


def hashes(text: str, by_signs: bool = False) -> list[int]:
    data = np.frombuffer(text.encode(), np.uint8)
    out = np.empty(data.size + 1, np.uint64)
    return out[: tokenise_document(data, 0, data.size, token_tables(by_signs), out)].tolist()  # type: ignore[no-any-return]


def test_other_tables_are_other_rules() -> None:
    arrays = [array.tobytes() for table in token_tables()[1:] for array in table[:-1]]
    found = hashlib.sha256(b"".join(arrays)).hexdigest()[:16]
    assert found == TABLES[TOKEN_RULES], "the tables changed: raise TOKEN_RULES, and enter the hash here"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("الولد", "الـــولد"),
        ("کتاب یکی", "كتاب يكي"),
        ("سال ٢٠٢٤", "سال 2024"),
        ("سال ۲۰۲۴", "سال 2024"),
        ("ปี ๒๐๒๔", "ปี 2024"),
        ("ឆ្នាំ ២០២៤", "ឆ្នាំ 2024"),
        ("ISTANBUL İZMİR ılık", "istanbul izmir ilik"),
        ("น้ำ", "น้ํา"),
        ("น้ำ", "นํ้า"),
        ("น้ำ", "นำ้"),
        ("ນ້ຳ", "ນໍ້າ"),
        ("inter-\nnational", "international"),
        ("inter\u2010 \r\n> > national", "international"),
        ("Éte\u0301-\n  été", "étéété"),
        ("inter\xad\nnational", "international"),
        ("INTER\xad\nNATIONAL", "international"),
        ("in\xadter", "inter"),
        ("пере-\nвод", "перевод"),
    ],
)
def test_same_words(left: str, right: str) -> None:
    assert hashes(left) == hashes(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("على", "علي"),
        ("ข่าว", "ข้าว"),
        ("ข่าว", "ขาว"),
        ("น้ำ", "นำ"),
        ("inter-\n\nnational", "international"),
        ("inter-\n>\n>national", "international"),
        ("pages 4-\n5", "pages 45"),
        ("covid19-\nfree", "covid19free"),
        ("Jean-\nPaul", "JeanPaul"),
        ("list\n- item", "listitem"),
        ("dash--\nthen", "dashthen"),
        ("dash -\nthen", "dashthen"),
        ("well-known", "wellknown"),
        ("1\xad\na", "1a"),
    ],
)
def test_different_words(left: str, right: str) -> None:
    assert hashes(left) != hashes(right)


SIGNS = [
    *["🇫🇷🇩🇪", "🇩🇪🇫🇷", "👩\u200d👧", "👩👧", "👍", "👍🏽", "👍🏿", "❤", "❤\ufe0f", "❤\ufe0e", "🏳\u200d🌈", "🏳"],
    *["🏴\U000e0067\U000e0062\U000e0065\U000e007f", "🏴\U000e0067\U000e0062\U000e0073\U000e007f", "🏴"],
    *["⠓⠑", "⠑⠓", "█▀", "▀█", "䷀䷁", "䷁䷀", "--- ***", "*** ---", "...", "…", "=", "≠", "+", "-", "\ue000", "\ue001"],
]


@pytest.mark.parametrize("by_signs", [False, True])
def test_documents_of_other_signs_are_different(by_signs: bool) -> None:
    found = {tuple(hashes(text, by_signs)) for text in SIGNS}
    assert () not in found
    assert len(found) == len(SIGNS)


@pytest.mark.parametrize("text", ["", " \n\t\u3000", "\u0301", "\u200d", "\ufeff\u200b", "\x00\x1b", "\xad", "ـ"])
@pytest.mark.parametrize("by_signs", [False, True])
def test_documents_without_signs_have_no_tokens(text: str, by_signs: bool) -> None:
    assert hashes(text, by_signs) == []


CODE = [
    "a + b",
    "a - b",
    "a ** b",
    "a * b",
    "a == b",
    "a != b",
    "A + b",
    "á + b",
    "a+_b",
    "a_b",
    "ab",
    "x²",
    "x2",
    "𝐱 + b",
]


def test_code_that_differs_in_signs_case_or_accents_is_different() -> None:
    found = {tuple(hashes(text, by_signs=True)) for text in CODE}
    assert len(found) == len(CODE)


def test_spacing_and_normal_form_of_code_are_ignored() -> None:
    assert hashes("a+b", True) == hashes("a  +\n\tb", True)
    assert len(hashes("a**=b_c", True)) == 7
    assert hashes("é ≠ Å", True) == hashes("e\u0301 =\u0338 A\u030a", True)


def test_words_of_prose_ignore_signs() -> None:
    assert hashes("It's “fine” — yes…") == hashes("it s fine, yes")
