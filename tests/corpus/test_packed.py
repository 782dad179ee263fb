"""Decompression: several members, padding, bytes after the end, damage and truncation."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import itertools
import lzma
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from hypothesis import assume, given
from hypothesis import strategies as st

from dedup.corpus.compression import (
    HEAD_BYTES,
    MAX_NESTING,
    decompressed,
    is_compressed,
    read_sound,
    strip_compression,
)
from dedup.corpus.packed.pieces import HELD_BYTES, CutOff, DamagedData, PieceReader, TrailingGarbage


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True, write_content_size=bool(len(data) % 2)).compress(data)


def lz4_frame(data: bytes) -> bytes:
    target = pa.BufferOutputStream()
    with pa.CompressedOutputStream(target, "lz4") as stream:
        stream.write(data)
    return target.getvalue().to_pybytes()


def skippable(data: bytes, number: int = 0) -> bytes:
    return bytes([0x50 + number]) + b"\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


CODECS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32, preset=0),
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE, preset=0),
    "zstd": zstd,
    "lz4": lz4_frame,
}
TEXTS = st.binary(max_size=200) | st.builds(
    lambda text, times: text * times, st.binary(max_size=9), st.integers(0, 9999)
)


def join(texts: list[bytes]) -> bytes:
    """Join texts; their start must not look like compressed data, which would be decompressed again."""
    joined = b"".join(texts)
    assume(not any(is_compressed(joined[: cut + 1]) for cut in range(HEAD_BYTES)))
    return joined


def sound(data: bytes) -> tuple[bytes, OSError | None]:
    with decompressed(io.BufferedReader(io.BytesIO(data))) as stream:
        return read_sound(stream)


@pytest.mark.parametrize("codec", CODECS)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from([b"", b"\0" * 4, b"\0" * 512]))
def test_reads_all_members(codec: str, texts: list[bytes], padding: bytes) -> None:
    packed = padding.join(map(CODECS[codec], texts)) + padding
    assert is_compressed(packed[:HEAD_BYTES])
    assert sound(packed) == (join(texts), None)


@pytest.mark.parametrize("codec", CODECS)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.binary(min_size=1, max_size=40))
def test_names_bytes_after_the_end(codec: str, texts: list[bytes], garbage: bytes) -> None:
    garbage = b"!" + garbage
    found, damage = sound(b"".join(map(CODECS[codec], texts)) + garbage)
    assert found == join(texts)
    assert isinstance(damage, TrailingGarbage)
    assert str(damage) == f"{len(garbage)} bytes after the end of the compressed data were not read"


@pytest.mark.parametrize("codec", CODECS)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_delivers_complete_members_before_a_cut(codec: str, texts: list[bytes], data: st.DataObject) -> None:
    members = [CODECS[codec](text) for text in texts]
    packed = b"".join(members)
    cut = data.draw(st.integers(min(15, len(members[0])), len(packed)))
    found, damage = sound(packed[:cut])
    ends = list(itertools.accumulate(map(len, members)))
    complete = b"".join(text for text, end in zip(texts, ends, strict=True) if end <= cut)
    assert join(texts).startswith(found)
    assert found.startswith(complete)
    assert (damage is None) == (cut in ends)


@pytest.mark.parametrize("codec", CODECS)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_delivers_no_damaged_member(codec: str, texts: list[bytes], data: st.DataObject) -> None:
    members = [CODECS[codec](text) for text in texts]
    damaged = data.draw(st.integers(0, len(members) - 1))
    position = data.draw(st.integers(0, len(members[damaged]) - 1))
    member = bytearray(members[damaged])
    member[position] ^= data.draw(st.integers(1, 255))
    packed = b"".join(members[:damaged]) + bytes(member) + b"".join(members[damaged + 1 :])
    if not is_compressed(packed[:HEAD_BYTES]):
        return
    found, damage = sound(packed)
    assert found.startswith(join(texts[:damaged]))
    # These have no checksum; and damaged lengths look like a missing end.
    if codec not in ("lzma", "lz4") and not isinstance(damage, CutOff):
        assert found in (b"".join(texts[:damaged]), b"".join(texts), b"".join(texts[: damaged + 1]))


def rows(count: int) -> bytes:
    words = random.Random(1)  # noqa: S311 - not for cryptography
    return b"".join(b"%d %d\n" % (row, words.getrandbits(60)) for row in range(count))


@pytest.mark.parametrize("codec", ["gzip", "zstd", "bzip2", "xz", "lz4"])
def test_loses_little_before_a_cut_in_a_member(codec: str) -> None:
    text = rows(200_000)
    packed = CODECS[codec](text)
    found, damage = sound(packed[: len(packed) // 2])
    assert isinstance(damage, DamagedData)
    assert "cut off" in str(damage)
    assert text.startswith(found)
    block = 1 << 20  # bytes that the codec decodes only as a whole
    assert len(found) > len(text) * 0.45 - block


@pytest.mark.parametrize("command", ["gzip", "zstd", "bzip2", "xz"])
def test_delivers_what_the_command_delivers_of_cut_files(command: str, tmp_path: Path) -> None:
    """The programs write what they have decoded before they report the missing end; they are the reference."""
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed")
    packed = CODECS[command](rows(60_000))
    file = tmp_path / "cut"
    file.write_bytes(packed[: len(packed) * 2 // 3])
    run = subprocess.run([command, "-dc"], input=file.read_bytes(), capture_output=True, check=False)  # noqa: S603
    with file.open("rb") as raw, decompressed(raw) as stream:
        found, damage = read_sound(stream)
    assert isinstance(damage, CutOff)
    assert found.startswith(run.stdout)


@pytest.mark.parametrize("codec", ["gzip", "zstd", "bzip2", "xz"])
def test_leaves_out_what_was_decoded_before_damage(codec: str) -> None:
    text = rows(300_000)
    packed = bytearray(CODECS[codec](text))
    packed[len(packed) * 3 // 4] ^= 0x55
    found, damage = sound(bytes(packed))
    assert isinstance(damage, DamagedData)
    assert "left out" in str(damage)
    assert len(found) <= len(text) - HELD_BYTES
    if codec in ("bzip2", "xz"):  # damage is noticed at once, or at the end of the block
        assert text.startswith(found)
        assert len(found) > len(text) // 4


@pytest.mark.parametrize("codec", ["gzip", "zstd", "bzip2", "xz"])
def test_leaves_out_a_member_whose_checksum_is_wrong(codec: str) -> None:
    first, second = rows(100), rows(20_000)
    packed = bytearray(CODECS[codec](second))
    packed[{"gzip": -5, "zstd": -1, "bzip2": 11, "xz": -30}[codec]] ^= 1
    found, damage = sound(CODECS[codec](first) + bytes(packed) + CODECS[codec](b"later"))
    assert found == first
    assert isinstance(damage, DamagedData)
    assert not isinstance(damage, CutOff)


@given(st.lists(TEXTS, max_size=3), st.integers(0, 15), st.binary(max_size=99))
def test_skips_skippable_frames(texts: list[bytes], number: int, data: bytes) -> None:
    skipped = skippable(data, number)
    for codec in ("zstd", "lz4"):
        packed = skipped + skipped.join(map(CODECS[codec], texts)) + skipped
        assert sound(packed) == (join(texts), None)


def test_names_a_cut_skippable_frame() -> None:
    assert "cut off" in str(sound(zstd(b"text") + skippable(b"abc")[:-1])[1])


def test_reads_windows_of_two_gibibytes() -> None:
    command = shutil.which("zstd")
    if command is None:
        pytest.skip("zstd is not installed")
    text = rows(1000)
    run = subprocess.run([command, "--ultra", "--long=31", "-c"], input=text, capture_output=True, check=True)  # noqa: S603
    assert sound(run.stdout) == (text, None)


@pytest.mark.parametrize("is_packed", [False, True])
def test_reads_the_dictionary_of_warc_files(is_packed: bool) -> None:
    samples = [b"WARC/1.0 200 text/html %d " % number * 5 for number in range(200)]
    dictionary = zstandard.train_dictionary(2000, samples)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    stored = dictionary.as_bytes()
    frame = skippable(zstd(stored) if is_packed else stored, 13)
    records = b"".join(map(compressor.compress, samples))
    assert sound(frame + records) == (b"".join(samples), None)
    found, damage = sound(records)
    assert found == b""
    assert "dictionary" in str(damage)


def test_reads_members_of_different_compression() -> None:
    assert sound(gzip.compress(b"a") + bz2.compress(b"b") + zstd(b"c"))[0] == b"abc"


def test_decompresses_a_few_times() -> None:
    packed = b"text"
    for _ in range(MAX_NESTING):
        packed = gzip.compress(packed)
    assert sound(packed) == (b"text", None)
    with pytest.raises(OSError, match="compressed more than 3 times"):
        sound(gzip.compress(packed))


def test_names_damage_of_the_inner_file() -> None:
    inner = zstd(b"text") + b"garbage"
    assert sound(gzip.compress(inner)) == sound(inner) or sound(gzip.compress(inner))[0] == b"text"
    outer = gzip.compress(gzip.compress(rows(9999)))[:-9]
    found, damage = sound(outer)
    assert rows(9999).startswith(found)
    assert isinstance(damage, DamagedData)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"BZh9 is a name",
        b"BZh9",
        "]abcdefgh".encode("utf-32-le"),
        b"]\0\0\x10\0" + b"]" * 40,
        b"(\xb5",
        b"\xfd7zX",
    ],
)
def test_other_bytes_are_not_compressed(text: bytes) -> None:
    assert not is_compressed(text)
    assert sound(text) == (text, None)


@given(st.binary(max_size=HEAD_BYTES))
def test_text_is_not_compressed(data: bytes) -> None:
    assert not is_compressed(data.translate(None, bytes(range(32))).decode("utf-8", "ignore").encode())


READS: list[Callable[[io.BufferedReader], bytes]] = [
    lambda stream: stream.read(3),
    lambda stream: stream.read1(),
    lambda stream: stream.readline(),
    lambda stream: next(iter(stream), b""),
    lambda stream: bytes(buffer[: stream.readinto(buffer)]) if (buffer := bytearray(4)) else b"",
    lambda stream: bytes(buffer[: stream.readinto1(buffer)]) if (buffer := bytearray(4)) else b"",
]


@given(st.lists(st.binary(max_size=9), max_size=9), st.lists(st.sampled_from(READS), min_size=300, max_size=300))
def test_raises_an_error_only_after_the_last_byte(pieces: list[bytes], reads: list[Callable[..., bytes]]) -> None:
    def failing() -> object:
        yield from pieces
        raise DamagedData("broken")

    stream, found = PieceReader(failing(), 4), b""  # type: ignore[arg-type]
    assert stream.read(0) == b""
    with contextlib.suppress(DamagedData):
        for read in reads:
            found += read(stream)
        pytest.fail("no error")
    assert found == b"".join(pieces)
    with pytest.raises(DamagedData):
        stream.read()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.csv.gz", "a.csv"),
        ("a.JSONL.ZST", "a.JSONL"),
        ("a.txt.bz2", "a.txt"),
        ("a.txt.lz4", "a.txt"),
        ("a.html.xz", "a.html"),
        ("a.csv.gzip", "a.csv"),
        ("a.csv.zstd", "a.csv"),
        ("a.tgz", "a.tar"),
        ("a.tbz2", "a.tar"),
        ("a.TXZ", "a.tar"),
        ("a.tzst", "a.tar"),
        ("a.svgz", "a.svg"),
        ("a.csv.gz.gz", "a.csv"),
        ("a", "a"),
        (".gz", ".gz"),
        ("b.gz/a.csv", "b.gz/a.csv"),
        ("b.gz/.gz", "b.gz/.gz"),
        ("log.1.gz", "log.1"),
    ],
)
def test_strips_endings_of_compression(name: str, expected: str) -> None:
    assert strip_compression(name.encode()) == expected.encode()
