"""Encodings: lines in UTF-8 and in another encoding in a file, and few bytes in text that is otherwise ASCII."""
# ruff: noqa: RUF001
# letters of many scripts look alike

import io
import json
from pathlib import Path

import pytest
from encoding_samples import CASES, PLAIN, SAMPLES, ReadFiles, blocks_of, languages, lines_of, make_reader, texts_of
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus.encodings.decode import decode
from dedup.corpus.encodings.lines import open_lines
from dedup.corpus.report import Unreadable


@pytest.fixture
def read(tmp_path: Path) -> ReadFiles:
    """Write files, and open them as a corpus."""
    return make_reader(tmp_path)


# A few bytes in ASCII.


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"ro\xffads", None),
        (b"ro\xbfads", None),
        (b"ro\x80ads", None),
        (b"ro\x81ads", None),
        (b"it\x92s", "it’s"),
        (b"caf\xe9", "café"),
        (b"\x93Yes\x94", "“Yes”"),
        (b"\xa35", "£5"),
        (b"20 \xb0C", "20 °C"),
        (b"na\xefve", "naïve"),
        (b"a \x96 b\x85", "a – b…"),
    ],
)
def test_few_stray_bytes_are_cp1252_or_damage(raw: bytes, text: str | None) -> None:
    before, after = PLAIN * 2, f" was there.\n{PLAIN}"
    data = before.encode() + raw + after.encode()
    decoded = decode(data)
    assert decoded.text == before + (raw.decode("utf-8", "replace") if text is None else text) + after
    assert decoded.guessed == (None if text is None else "cp1252")
    assert decoded.replaced_line == (3 if text is None else None)
    assert "".join(lines_of(data)[0]) == decoded.text
    assert blocks_of(data)[0] == decoded.text


def test_stray_bytes_beside_a_quotation_mark_in_utf8() -> None:
    data = PLAIN.encode() + "The “".encode() + b"r\xffoads of the t\xe9own"
    assert decode(data).text == "".join(lines_of(data)[0]) == data.decode("utf-8", "replace")


@given(st.integers(128, 255), st.integers(0, len(PLAIN) - 1))
def test_a_stray_byte_never_becomes_an_exotic_letter(byte: int, at: int) -> None:
    data = PLAIN[:at].encode() + bytes([byte]) + PLAIN[at:].encode()
    decoded = decode(data)
    assert decoded.encoding in ("cp1252", "utf-8")
    assert decoded.text == data.decode(decoded.encoding, "replace")


# Several encodings in a file.


@st.composite
def mixed_rows(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Return rows with their encodings: UTF-8, and another one."""
    language, other = draw(st.sampled_from(CASES))
    rows = [(SAMPLES[draw(languages)][1], "utf-8")] * draw(st.integers(1, 20))
    rows += [(SAMPLES[language][1], other)] * draw(st.integers(1, 20))
    rows += [(PLAIN.strip(), "ascii")] * draw(st.integers(0, 3))
    return draw(st.permutations(rows))


@given(mixed_rows())
def test_rows_in_two_encodings(rows: list[tuple[str, str]]) -> None:
    data = b"".join(f"{text}\n".encode(encoding) for text, encoding in rows)
    text = "".join(f"{text}\n" for text, _ in rows)
    decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(data)))
    assert "".join(map(decoder, raw_lines)) == text
    decoded = decode(data)
    assert decoded.text == text
    assert decoded.mixed
    assert decoder.mixed
    assert decoder.guessed == decoded.guessed == decoded.encoding != "utf-8"


@given(st.sampled_from(CASES), languages, st.booleans())
def test_lines_in_another_encoding_after_the_detected_part(
    case: tuple[str, str], other: str, starts_in_utf8: bool
) -> None:
    language, encoding = case
    parts = [(f"{SAMPLES[other][1]}\n" * 800, "utf-8"), (f"{SAMPLES[language][1]}\n" * 1200, encoding)]
    parts = parts if starts_in_utf8 else parts[::-1]
    data = b"".join(text.encode(name) for text, name in parts)
    assert "".join(lines_of(data)[0]) == "".join(text for text, _ in parts)


@pytest.mark.parametrize(
    ("language", "encoding"), [case for case in CASES if case[1] in ("cp1252", "cp1251", "cp1250", "koi8_r", "cp1253")]
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_joined_files(language: str, encoding: str, end: str) -> None:
    first, second = SAMPLES["German"][1], SAMPLES[language][1]
    for data in ((first + end).encode() + second.encode(encoding), (first + end).encode("cp1252") + second.encode()):
        decoded = decode(data)
        assert decoded.text == first + end + second
        assert decoded.mixed
        assert decoded.replaced == 0


@pytest.mark.parametrize("form", ["jsonl", "csv", "txt", "md"])
def test_mixed_encodings_are_reported(form: str, read: ReadFiles) -> None:
    texts = [SAMPLES["Russian"][1], SAMPLES["Ukrainian"][1]]
    rows = {
        "jsonl": [json.dumps({"text": text}, ensure_ascii=False) for text in texts],
        "csv": [f'"{text}",1' for text in texts],
    }
    first, second = rows.get(form, texts)
    start = "text,n\n" if form == "csv" else ""
    corpus = read({f"a.{form}": f"{start}{first}\n".encode() + f"{second}\n".encode("cp1251")})
    assert "\n".join(texts_of(corpus)).split("\n")[:2] == texts
    assert corpus.report.guessed == ((f"a.{form}", "cp1251"),)
    assert f"a.{form}: lines in UTF-8 and in cp1251 are mixed" in corpus.report.notes


def test_an_ambiguous_mixture_is_refused() -> None:
    valid = f"{SAMPLES['French'][1]}\n".encode()
    both = "le café et ".encode("cp1252") + "la forêt et ".encode() + "la forêt\n".encode("cp1252")
    with pytest.raises(Unreadable, match="mixes UTF-8 with another encoding; convert it to UTF-8 first"):
        decode(valid + both * 20)


# Lines whose bytes happen to be valid UTF-8 as well.
CHANCE = {
    "cp866": ("Russian", "с людьми и\nтелями.\nна новый мост"),
    "gb18030": ("Chinese", "市长说了\n什么\n今天"),
    "cp932": ("Japanese", "新しい橋\nﾄば。\n川の"),
}


@pytest.mark.parametrize("encoding", CHANCE)
def test_lines_that_are_valid_utf8_by_chance_are_not_taken_for_it(encoding: str) -> None:
    language, lines = CHANCE[encoding]
    text = f"{SAMPLES[language][1]}\n" * 3 + f"{lines}\n"
    assert any(line.decode("utf-8", "ignore").encode() == line for line in lines.encode(encoding).split(b"\n"))
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.mixed) == (text, False)
    decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(text.encode(encoding))))
    assert "".join(map(decoder, raw_lines)) == text
    assert not decoder.mixed
