"""Mask text that is not to be compared: time stamps, nicknames, page numbers."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.errors import SettingsError
from dedup.kernels.text.masking import blank_marked
from dedup.runtime.arrow import buffers, text_array

# Noncharacters, which no text should contain: U+FDD0 to U+FDEF.
_FIRST_MARK, _LAST_MARK = 0xFDD0, 0xFDEF


def check_patterns(patterns: Sequence[str]) -> None:
    """Check patterns in the syntax of RE2.

    Raises:
        SettingsError: A pattern is invalid.
    """
    for pattern in patterns:
        try:
            pc.match_substring_regex(pa.array([""]), pattern)
        except pa.ArrowInvalid as error:
            reason = str(error).removeprefix("Invalid regular expression: ")
            raise SettingsError(f"--ignore {pattern!r} is not a pattern of RE2: {reason}.") from None


def mask(texts: pa.LargeStringArray, patterns: Sequence[str]) -> NDArray[np.uint8]:
    """Replace the matches of patterns by blanks; line breaks remain.

    Args:
        texts: UTF-8 texts.
        patterns: In the syntax of RE2; the first one is applied first.

    Returns:
        Bytes to use with the offsets of the texts, shape (bytes,), as `buffers` returns them.

    >>> text = pa.array(["[12:30] hello"], pa.large_string())
    >>> mask(text, [r"\\[[0-9:]+\\]"]).tobytes()
    b'        hello'
    """
    data, offsets = buffers(texts)
    for pattern in patterns:
        opening, closing = _free_marks(data[offsets[0] : offsets[-1]])
        marks = f"{chr(opening)}\\1{chr(closing)}"
        marked, marked_offsets = buffers(pc.replace_substring_regex(text_array(data, offsets), f"({pattern})", marks))
        data = np.empty_like(data)
        start, stop = marked_offsets[0], marked_offsets[-1]
        blank_marked(marked, start, stop, _last_byte(opening), _last_byte(closing), data[offsets[0] :])
    return data


def _free_marks(data: NDArray[np.uint8]) -> tuple[int, int]:
    """Return two noncharacters that a text does not contain."""
    text = data.tobytes()
    free = [code for code in range(_FIRST_MARK, _LAST_MARK + 1) if chr(code).encode() not in text]
    if len(free) < 2:
        raise SettingsError("--ignore cannot be used: the texts contain all noncharacters from U+FDD0 to U+FDEF.")
    return free[0], free[1]


def _last_byte(code: int) -> int:
    return chr(code).encode()[-1]
