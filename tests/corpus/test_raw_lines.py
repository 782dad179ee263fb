"""Lines of streams that break off, and of UTF-16 without a byte order mark."""

import bz2
import gzip
import json
import lzma
import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest
from encoding_samples import SAMPLES, ReadFiles, make_reader, texts_of
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus import open_corpus
from dedup.corpus.encodings.lines import open_lines
from dedup.corpus.packed.pieces import DamagedData, PieceReader, TrailingGarbage
from dedup.corpus.report import Unreadable

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: bytes(pa.compress(data, "zstd", asbytes=True)),
    "lz4": lambda data: bytes(pa.compress(data, "lz4", asbytes=True)),
}


@pytest.fixture
def read(tmp_path: Path) -> ReadFiles:
    """Write files, and open them as a corpus."""
    return make_reader(tmp_path)


@given(
    st.text(st.sampled_from("aé\n✓"), max_size=60),
    st.integers(0, 200),
    st.sampled_from(["utf-8", "utf-16-le", "utf-32-be"]),
    st.sampled_from([DamagedData("cut"), EOFError("cut"), OSError(5, "cut"), TrailingGarbage("more")]),
)
def test_a_cut_line_is_not_read(text: str, size: int, encoding: str, error: Exception) -> None:
    is_complete = isinstance(error, TrailingGarbage)
    data = f"\ufeff{text}".encode(encoding)
    cut = data if is_complete else data[: max(size, 4)]

    def pieces() -> Iterator[bytes]:
        yield cut
        raise error

    decoder, raw_lines = open_lines(PieceReader(pieces()))
    found: list[str] = []
    with pytest.raises(type(error)):
        found.extend(map(decoder, raw_lines))
    lines = text.splitlines(keepends=True)
    if is_complete:
        assert found == lines
    else:
        assert found == lines[: len(found)]
        assert all(line.endswith("\n") for line in found)
        assert len(found) == cut.decode(encoding, "ignore").count("\n")


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_rows_of_a_cut_file_are_rows_of_the_file(packing: str, form: str, tmp_path: Path) -> None:
    generator = random.Random(1)  # noqa: S311 - not for cryptography
    texts = [f"{number} {SAMPLES[generator.choice(list(SAMPLES))][1]} {generator.random()}" for number in range(2000)]
    rows = [json.dumps({"text": text}, ensure_ascii=False) if form == "jsonl" else f'1,"{text}"' for text in texts]
    whole = {"jsonl": '{"text": "whole"}', "csv": 'n,text\n1,"whole"\n'}
    packed = PACK[packing]((("" if form == "jsonl" else "n,text\n") + "\n".join(rows)).encode())
    for number in range(4):
        cut = packed[: generator.randrange(len(packed) // 3, len(packed))]
        folder = tmp_path / str(number)
        for name in ("in", "temp"):
            (folder / name).mkdir(parents=True)
        (folder / "in" / f"a.{form}.{packing}").write_bytes(cut)
        (folder / "in" / f"0.{form}").write_text(whole[form])
        corpus = open_corpus([folder / "in"], folder / "temp")
        found = texts_of(corpus)[1:]
        assert found == texts[: len(found)]
        assert len(found) < len(texts)
        assert corpus.report.skipped


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("form", ["jsonl", "csv", "json"])
def test_rows_in_utf16_without_a_mark(
    encoding: str,
    form: str,
    read: ReadFiles,
) -> None:
    texts = [SAMPLES["French"][1], SAMPLES["Russian"][1]] * 2
    rows = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    data = {
        "jsonl": "\n".join(rows),
        "json": f"[{', '.join(rows)}]",
        "csv": "\n".join(["n,text", *(f'1,"{text}"' for text in texts)]),
    }[form]
    corpus = read({f"a.{form}": data.encode(encoding)})
    assert texts_of(corpus) == texts
    assert corpus.report.guessed == ((f"a.{form}", encoding),)


LINES = st.lists(
    st.sampled_from(
        [b"plain text\n", b"\n", "déjà vu, été\n".encode(), "déjà vu, été\n".encode("cp1252"), b"bad \xff\xfe\n"]
    ),
    max_size=12,
)


@given(LINES, st.sampled_from([b"", b"the end", b"caf\xe9"]), st.lists(st.integers(0, 60)), st.booleans())
def test_lines_decoded_together_are_those_decoded_one_by_one(
    lines: list[bytes], last: bytes, sizes: list[int], breaks_off: bool
) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"".join(lines) + last
        if breaks_off:
            raise DamagedData("cut")

    def read_all(sizes: list[int]) -> tuple[list[str], list[object]]:
        decoder, raw_lines = open_lines(PieceReader(pieces()))
        found: list[str] = []
        try:
            for size in sizes:
                together = decoder.decode_next(size)
                found.extend(together[0] if together else [decoder(raw) for raw in islice(raw_lines, 1)])
            found.extend(map(decoder, raw_lines))
        except DamagedData:
            found.append("broken off")
        except Unreadable as error:
            found.append(str(error))
        return found, [decoder.guessed, decoder.mixed, decoder.replaced, decoder.replaced_line]

    assert read_all(sizes) == read_all([])
