"""Encodings: damaged UTF-8, other encodings by the letters of languages, declarations; by lines and blocks."""
# ruff: noqa: RUF001
# letters of many scripts look alike; one line for each sample

import codecs
import io
import json
import random
from collections import deque
from pathlib import Path

import pytest
from encoding_samples import CASES, PLAIN, SAMPLES, ReadFiles, blocks_of, languages, lines_of, make_reader, texts_of
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus.encodings import blocks
from dedup.corpus.encodings.declared import declared_encoding
from dedup.corpus.encodings.decode import Decoded, decode, decode_declared
from dedup.corpus.encodings.detect import choose_encoding, count_utf8
from dedup.corpus.encodings.guess import rank_encodings
from dedup.corpus.encodings.lines import open_lines
from dedup.corpus.report import Unreadable


@st.composite
def damaged_texts(draw: st.DrawFn) -> bytes:
    """Return UTF-8 of which few bytes are wrong: at most one for each ten that are not ASCII."""
    chosen = draw(st.lists(languages, min_size=1, max_size=6))
    data = bytearray("\n".join(SAMPLES[language][1] for language in chosen).encode())
    high = sum(byte > 127 for byte in data)
    for _ in range(draw(st.integers(1, max(1, high // 40)))):
        at = draw(st.integers(0, len(data) - 1))
        kind = draw(st.sampled_from(["insert", "replace", "delete", "cut"]))
        if kind == "insert":
            data.insert(at, draw(st.integers(128, 255)))
        elif kind == "replace":
            data[at] = draw(st.integers(128, 255))
        elif kind == "delete":
            del data[at]
        elif data[-1] > 127:
            del data[-1]
    return bytes(data)


# UTF-8 with damage.


@given(damaged_texts())
def test_damaged_utf8_is_utf8(data: bytes) -> None:
    expected = data.decode("utf-8", "replace")
    decoded = decode(data)
    assert decoded.text == expected
    assert decoded.encoding == "utf-8"
    assert decoded.guessed is None
    assert decoded.replaced == expected.count("\ufffd")
    first = expected[: expected.index("\ufffd")].count("\n") + 1 if decoded.replaced else None
    assert decoded.replaced_line == first


@given(damaged_texts(), st.integers(1, 50))
def test_lines_and_blocks_equal_the_whole(data: bytes, size: int) -> None:
    decoded = decode(data)
    where = [decoded.replaced, decoded.replaced_line or 0]
    lines, replaced = lines_of(data)
    assert "".join(lines) == decoded.text
    assert replaced == where
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "DECODED_BLOCK_BYTES", size)
        assert blocks_of(data) == (decoded.text, where)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n")), st.integers(1, 50))
def test_valid_utf8_is_unchanged(text: str, size: int) -> None:
    data = text.encode()
    if data.startswith(codecs.BOM_UTF8) or b"\0" in data:
        return
    assert decode(data) == Decoded(text)
    assert "".join(lines_of(data)[0]) == text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "DECODED_BLOCK_BYTES", size)
        assert blocks_of(data) == (text, [0, 0])


@pytest.mark.parametrize("language", ["French", "Russian", "Chinese", "Arabic", "German", "Hungarian"])
def test_a_bad_byte_in_a_long_text(language: str) -> None:
    text = f"{SAMPLES[language][1]}\n" * 3000
    data = text.encode()
    for at in (len(data) // 3, len(data) - 40):
        bad = data[:at] + b"\xff" + data[at:]
        decoded = decode(bad)
        assert decoded.text == bad.decode("utf-8", "replace")
        assert decoded.replaced_line == data.count(b"\n", 0, at) + 1
        assert "".join(lines_of(bad)[0]) == decoded.text
        assert blocks_of(bad)[0] == decoded.text


def test_a_text_cut_in_its_last_character() -> None:
    for text in ("Les élèves de l’été", "Der Bürgermeister eröffnete das Caf€", "x — y €"):
        data = text.encode()[:-1]
        assert decode(data).text == data.decode("utf-8", "replace")
        assert "".join(lines_of(data)[0]) == data.decode("utf-8", "replace")
    assert decode(b"caf\xe9").text == "café"


def test_a_page_that_starts_in_ascii_and_is_damaged_late() -> None:
    data = (PLAIN * 40_000).encode() + "Die Brücke über den Fluß.\n".encode() * 9 + b"K\xfchle Nacht\n"
    assert decode(data).replaced_line == 40_010
    assert lines_of(data)[1] == [1, 40_010]
    assert blocks_of(data)[1] == [1, 40_010]


def test_lines_in_another_encoding_than_the_file() -> None:
    good = f"{SAMPLES['German'][1]}\n"
    other = f"{SAMPLES['French'][1] * 20}\n"
    data = good.encode() * 1400 + other.encode("cp1252") * 2000
    assert "".join(lines_of(data)[0]) == good * 1400 + other * 2000
    generator = random.Random(1)  # noqa: S311 - not for cryptography
    noise = bytes(generator.choices(range(128, 256), k=100_000))
    decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(good.encode() * 1400 + noise)))
    with pytest.raises(Unreadable, match="not UTF-8"):  # named, not turned into many characters U+FFFD
        deque(map(decoder, raw_lines), maxlen=0)


@given(st.sampled_from(CASES))
def test_other_encodings_have_few_valid_sequences(case: tuple[str, str]) -> None:
    language, encoding = case
    count = count_utf8(SAMPLES[language][1].encode(encoding))
    assert not count.may_be_utf8


# Other encodings.


@pytest.mark.parametrize(("language", "encoding"), CASES)
def test_language_in_its_encodings(language: str, encoding: str) -> None:
    text = SAMPLES[language][1]
    for long in (text, f"{text}\n" * 3, f"{PLAIN * 3}{text}\r\n" * 40):
        data = long.encode(encoding)
        decoded = decode(data)
        assert decoded.text == long, decoded.encoding
        assert decoded.guessed == decoded.encoding
        assert decoded.text.encode(decoded.encoding) == data
        assert "".join(lines_of(data)[0]) == long
        assert blocks_of(data)[0] == long


@given(st.sampled_from(CASES), st.integers(1, 60), st.integers(0, 5))
def test_other_encodings_by_lines_and_blocks(case: tuple[str, str], size: int, before: int) -> None:
    language, encoding = case
    data = (PLAIN * before).encode() + f"{SAMPLES[language][1]}\n".encode(encoding) * 2
    text = decode(data).text
    assert "".join(lines_of(data)[0]) == text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "DECODED_BLOCK_BYTES", size)
        assert blocks_of(data)[0] == text


@pytest.mark.parametrize(
    "words", ["Voilà célèbres", "naïve café", "Brontë", "façade — “quoted”", "don’t", "£5 and ½ lb", "señor"]
)
def test_english_with_few_accents_is_western(words: str) -> None:
    for encoding in ("cp1252", "iso8859_15") if all(letter not in "—“”’½" for letter in words) else ("cp1252",):
        for before in (3, 700):
            text = f"{PLAIN * before}He said {words} and left.\n{PLAIN * 3}"
            assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["gb18030", "cp932", "cp949", "cp1251", "cp1252"])
def test_other_encodings_with_damage(encoding: str) -> None:
    language = {"gb18030": "Chinese", "cp932": "Japanese", "cp949": "Korean", "cp1251": "Russian"}.get(
        encoding, "French"
    )
    text = f"{SAMPLES[language][1]}\n" * 4
    undefined = {"cp1251": b"\x98", "cp1252": b"\x81", "cp932": b"\x82 "}.get(encoding, b"\xff")
    data = text.encode(encoding) + undefined + b"\n" + text.encode(encoding)
    decoded = decode(data)
    assert (decoded.replaced, decoded.replaced_line) == (1, 5)
    assert decoded.text.startswith(text)
    assert decoded.text.endswith(text)
    cut = decode(text.rstrip(".。\n").encode(encoding)[:-1]) if encoding in ("gb18030", "cp932", "cp949") else None
    assert cut is None or (cut.replaced == 1 and cut.text[:40] == text[:40])


@pytest.mark.parametrize("size", [300, 3000, 100_000])
def test_noise_is_refused(size: int) -> None:
    generator = random.Random(size)  # noqa: S311 - not for cryptography
    printable = [byte for byte in range(256) if byte >= 32 or byte in b"\t\n\r"]
    with pytest.raises(Unreadable, match="binary"):
        decode(bytes(generator.choices(printable, k=size)))
    with pytest.raises(Unreadable, match="binary"):
        choose_encoding(bytes(generator.choices(range(128, 256), k=size)))


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data)
    except Unreadable:
        return
    if not decoded.replaced:
        mark = "\ufeff" if decoded.has_bom else ""
        assert (mark + decoded.text).encode(decoded.encoding, "surrogatepass") == data or decoded.guessed is not None


def test_scores_are_finite_and_sorted() -> None:
    ranked = rank_encodings(SAMPLES["French"][1].encode("cp1252"))
    scores = [guess.score for guess in ranked]
    assert scores == sorted(scores, reverse=True)
    assert ranked[0].encoding == "cp1252"
    assert rank_encodings(b"ASCII") == []


# Byte order marks.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_marks_are_reported(encoding: str) -> None:
    data = f"\ufeff{SAMPLES['French'][1]}".encode(encoding)
    decoded = decode(data)
    assert decoded == Decoded(SAMPLES["French"][1], encoding=encoding, has_bom=True)
    assert f"\ufeff{decoded.text}".encode(decoded.encoding) == data
    if encoding != "utf-8":
        cut = decode(data[:-1])
        assert (cut.text, cut.replaced) == (f"{decoded.text[:-1]}\ufffd", 1)


def test_mark_of_utf8_speaks_for_utf8() -> None:
    assert decode(codecs.BOM_UTF8 + b"A line with one bad \xff byte.").replaced == 1
    french = decode(codecs.BOM_UTF8 + SAMPLES["French"][1].encode("cp1252"))
    assert french.guessed == "cp1252"


# Declared encodings.

DECLARATIONS = {
    b"<?xml version='1.0' encoding='windows-1251'?>": "cp1251",
    b'<html><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">': "iso8859-2",
    b"<META CHARSET=Shift_JIS>": "cp932",
    b"Title: Candide\r\n\r\nCharacter set encoding: ISO-8859-1\r\n": "cp1252",
    b"Character set encoding: ISO Latin-1\n": "cp1252",
    b"Character set encoding: ASCII\n": "cp1252",
    b"Character set encoding: Unicode UTF-8\n": "utf-8",
    b"Character set encoding: MP3\n": None,
    b'Subject: x\nContent-Type: text/plain; charset="koi8-r"\n': "koi8-r",
    b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-15\\n"\n': "iso8859-15",
    b"\\documentclass{article}\n\\usepackage[latin1]{inputenc}\n": "cp1252",
    b"#!/usr/bin/python\n# -*- coding: latin-2 -*-\n": "iso8859-2",
    b'@charset "windows-1252";\n': "cp1252",
    b"<meta charset=x-user-defined>": None,
    b"<meta charset=unicode-escape><meta charset=rot13>": None,
    b'<a href="x?charset=koi8-r">': None,
    b"plain text": None,
}


@pytest.mark.parametrize("head", DECLARATIONS)
def test_declared_encoding(head: bytes) -> None:
    assert declared_encoding(head) == DECLARATIONS[head]


def test_declarations_are_used_unless_they_make_nonsense() -> None:
    text = "Ðe þorn æt hám"  # Old English, which could be Turkish
    assert decode_declared(text.encode("cp1252"), "cp1252").text == text
    assert decode_declared(text.encode(), "cp1252").text == text
    russian = SAMPLES["Russian"][1]
    assert decode_declared(russian.encode("koi8_r"), "cp1252").text == russian
    assert decode_declared(russian.encode("cp1251"), "utf-8").text == russian
    assert decode_declared(b"x\x9d\x81y", "cp1252").text != "x\x9d\x81y"
    esperanto = "Eĥoŝanĝo ĉiuĵaŭde, ĉar ŝi aŭdis ĝin."
    assert decode_declared(esperanto.encode("iso8859_3"), "iso8859_3").text == esperanto
    assert decode_declared(b"\x1b$B$3$l\x1b(B", "iso2022_jp") == Decoded("これ", encoding="iso2022_jp")
    assert decode_declared("日本".encode("hz"), "hz").text == "日本"


def test_declaration_in_a_text_file() -> None:
    head = "The Project Gutenberg EBook\n\nCharacter set encoding: ISO-8859-1\n\n"
    text = f"{head}{PLAIN * 900}{PLAIN} He met Ægir, Þór and a naïve coöperator.\n"
    assert decode(text.encode("cp1252")).text == text
    assert decode(f"{head}{SAMPLES['French'][1]}".encode()).text == f"{head}{SAMPLES['French'][1]}"


# Reports.


@pytest.fixture
def read(tmp_path: Path) -> ReadFiles:
    """Write files, and open them as a corpus."""
    return make_reader(tmp_path)


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "txt", "html"])
def test_damage_is_reported_with_its_line(form: str, read: ReadFiles) -> None:
    values = [f"{SAMPLES['French'][1]} {number}" for number in range(6)]
    rows = [json.dumps({"text": value}, ensure_ascii=False) for value in values]
    content = {
        "jsonl": "\n".join(rows),
        "json": "[" + ",\n".join(rows) + "]",
        "csv": "\n".join(["text,n", *(f'"{value}",1' for value in values)]),
        "txt": "\n".join(values),
        "html": "<p>" + "<p>\n".join(values),
    }[form].encode()
    at = content.index("élèves qui".encode(), len(content) // 2)
    line = content.count(b"\n", 0, at) + 1
    corpus = read({f"a.{form}": content[: at + 1] + content[at + 2 :]})  # half of a character
    joined = "\n".join(texts_of(corpus))
    assert joined.count("\ufffdlèves") == 1
    assert joined.count("élèves") == 5
    assert corpus.report.replaced == 1
    assert corpus.report.skipped == ()
    assert corpus.report.notes[-1] == f"a.{form}: 1 invalid character in line {line} was replaced by U+FFFD"


def test_first_line_that_is_not_ascii_may_be_the_damaged_one(read: ReadFiles) -> None:
    rows = [b'{"text": "ASCII"}', b'{"text": "caf\xff"}', '{"text": "Après l’été, ça va être là."}'.encode()]
    corpus = read({"a.jsonl": b"\n".join(rows)})
    assert texts_of(corpus) == ["ASCII", "caf\ufffd", "Après l’été, ça va être là."]
    assert corpus.report.guessed == ()


def test_many_damaged_files_get_a_bounded_number_of_notes(read: ReadFiles) -> None:
    corpus = read({f"{number:03}.txt": f"Après l’été {number}.".encode() + b"\xff\xfe" for number in range(50)})
    notes = [note for note in corpus.report.notes if "U+FFFD" in note]
    assert len(notes) == 21
    assert notes[0] == "000.txt: 2 invalid characters, the first in line 1, were replaced by U+FFFD"
    assert notes[-1] == "30 more files: 60 invalid characters were replaced by U+FFFD"
    assert corpus.report.replaced == 100
