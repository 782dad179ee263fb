"""Files that are one document each: plain text at full speed, web pages, whatever was packed."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from dedup.corpus.columns import Asked
from dedup.corpus.files import Meter, Place, is_packed, opened, read_all, read_whole, reason
from dedup.corpus.formats.arrow import Unusable
from dedup.corpus.formats.encoding import NotText, decode
from dedup.corpus.formats.html import decode_html, extract
from dedup.corpus.report import Tally
from dedup.outputs.schema import PAGE_HEAD, PAGE_MARK

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK_BYTES = 8 << 20
CHUNK_FILES = 16_384
_READERS = 4
_AHEAD = 64  # files read at once by a thread
_BOM = b"\xef\xbb\xbf"


def text_batches(places: Iterable[Place], asked: Asked, tally: Tally, meter: Meter) -> Iterator[pa.RecordBatch]:
    """Yield text files as batches; what is not text or cannot be read is named in `tally`."""
    held: list[Place] = []
    texts: list[bytes] = []
    size = 0
    for place, data in read_ahead(places):
        if isinstance(data, Exception):
            tally.skip(place.shown, reason(data))
            continue
        held.append(place)
        texts.append(data)
        size += len(data)
        if size >= CHUNK_BYTES or len(held) >= CHUNK_FILES:
            yield from _checked(held, texts, asked, tally)
            meter(size)
            held, texts, size = [], [], 0
    yield from _checked(held, texts, asked, tally)
    meter(size)


def read_ahead(places: Iterable[Place]) -> Iterator[tuple[Place, bytes | Exception]]:
    """Yield files in order with their bytes, or why there are none.

    A few threads read ahead: from a cold disk that halves the time, from the cache it costs nothing. Large
    files are read only when it is their turn, so that what is held stays bounded.
    """
    waiting: deque[tuple[list[Place], Future[list[bytes | Exception | None]]]] = deque()
    source = iter(places)
    with ThreadPoolExecutor(_READERS, "read") as pool:
        while group := list(islice(source, _AHEAD)):
            waiting.append((group, pool.submit(_read_some, group)))
            if len(waiting) > _READERS:
                yield from _in_turn(*waiting.popleft())
        for group, future in waiting:
            yield from _in_turn(group, future)


def _read_some(places: list[Place]) -> list[bytes | Exception | None]:
    """Read files up to a bounded size in all: None stands for those that would pass it."""
    left, result = CHUNK_BYTES, list[bytes | Exception | None]()
    for place in places:
        data = _read(place, left)
        left -= len(data) if isinstance(data, bytes) else 0
        result.append(data)
    return result


def _read(place: Place, most: int | None) -> bytes | Exception | None:
    try:
        return read_whole(place.path, most)
    except (OSError, MemoryError) as error:
        return error


def _in_turn(
    group: list[Place], future: Future[list[bytes | Exception | None]]
) -> Iterator[tuple[Place, bytes | Exception]]:
    for place, data in zip(group, future.result(), strict=True):
        now = _read(place, None) if data is None else data
        yield place, b"" if now is None else now


def _checked(held: list[Place], texts: list[bytes], asked: Asked, tally: Tally) -> Iterator[pa.RecordBatch]:
    """Turn files into a batch; only if something is odd about it does each file get a look of its own."""
    import pyarrow as pa

    array, joined = _array(texts)
    try:
        array.validate(full=True)
        odd = _odd(joined) or any(data.startswith(_BOM) for data in texts)
    except pa.ArrowInvalid:
        odd = True
    if odd:
        good = [
            (place, clean)
            for place, data in zip(held, texts, strict=True)
            if (clean := _clean(place, data, tally)) is not None
        ]
        held = [place for place, _ in good]
        array, _ = _array([clean for _, clean in good])
    tally.files += len(held)
    if held:
        yield batch([place.shown for place in held], array, [outlet(place, asked) for place in held], asked)


def _array(texts: Sequence[bytes]) -> tuple[pa.Array, bytes]:
    import numpy as np
    import pyarrow as pa

    joined = b"".join(texts)
    ends = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=ends[1:])
    return pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(joined)), joined


def _odd(joined: bytes) -> bool:
    """Tell whether bytes hold what makes a closer look worth while: NUL or a control near it, or ISO-2022."""
    import numpy as np

    # binary that happens to be UTF-8 has such low bytes; looking for all controls costs as much as reading
    return (b"\x1b" in joined and b"\x1b$" in joined) or bool(np.frombuffer(joined, np.uint8).min(initial=9) < 8)


def _clean(place: Place, data: bytes, tally: Tally) -> bytes | None:
    try:
        if is_packed(data):
            with opened(place.path, _silent) as stream:
                data = read_all(stream)
        found = decode(data)
    except NotText as error:
        tally.skip(place.shown, str(error))
    except (OSError, EOFError, ValueError, MemoryError) as error:
        told = reason(error)
        is_long = isinstance(error, OSError) and error.errno == errno.EFBIG
        tally.skip(place.shown, told if is_long else f"broken archive ({told})")
    else:
        note(found.guessed, found.replaced, place.shown, tally)
        return found.text.encode()
    return None


def _silent(count: int) -> None:
    """Count nothing: these bytes were counted when they were read the first time."""


def note(guessed: str | None, replaced: int, shown: str, tally: Tally) -> None:
    """Remember what decoding a file took."""
    tally.replaced += replaced
    if guessed is not None:
        tally.guessed.append((shown, guessed))


def outlet(place: Place, asked: Asked) -> str | None:
    """Return the folder of a file that names its outlet, at the level asked for, None if there is none.

    >>> outlet(Place(b"/corpus/", b"NHK/2024/a.txt"), Asked(outlet_level=1))
    'NHK'
    """
    if asked.outlet_level is None:
        return None
    folders = place.relative.split(b"/")[:-1]
    if asked.outlet_level > len(folders):
        return None
    return folders[asked.outlet_level - 1].decode("utf-8", "backslashreplace")


def batch(shown: Sequence[str], texts: pa.Array, outlets: Sequence[str | None], asked: Asked) -> pa.RecordBatch:
    """Return whole files as a batch: their path is their id, and they have no row."""
    import pyarrow as pa

    paths = pa.array(shown, pa.string())
    arrays: dict[str, Any] = {
        "id": paths,
        "path": paths,
        "row": pa.nulls(len(paths), pa.int64()),
        "text": texts,
    }
    if asked.outlet_level is not None:
        arrays["outlet"] = pa.array(outlets, pa.string())
    return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))


def document(data: bytes, place: Place, asked: Asked, tally: Tally) -> pa.RecordBatch:
    """Return one text, unpacked already, as a batch; raises NotText."""
    found = decode(data)
    note(found.guessed, found.replaced, place.shown, tally)
    return batch([place.shown], _array([found.text.encode()])[0], [outlet(place, asked)], asked)


def page(data: bytes, place: Place, mode: Literal["all", "main"], asked: Asked, tally: Tally) -> pa.RecordBatch:
    """Return the text of an HTML page as a batch; raises NotText, and Unusable if `dedup` drew it."""
    if PAGE_MARK.encode() in data[:PAGE_HEAD]:
        raise Unusable("a page that dedup drew")
    found = decode_html(data)
    text = extract(found.text, mode)
    note(found.guessed, found.replaced, place.shown, tally)
    return batch([place.shown], _array([text.encode()])[0], [outlet(place, asked)], asked)
