"""Copy spans out of texts, and texts without some of their spans, as bytes."""

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.rows import copy_bytes


@kernel
def gather(
    data: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Copy spans of bytes one after the other.

    Args:
        data: Bytes, shape (bytes,).
        starts: First byte of each span, shape (n,).
        stops: One past its last byte, shape (n,).

    Returns:
        The bytes, and the offset of each span and the end of the last, shape (n + 1,).
    """
    offsets = np.zeros(starts.size + 1, np.int64)
    for index in range(starts.size):
        offsets[index + 1] = offsets[index] + stops[index] - starts[index]
    out = np.empty(offsets[-1], np.uint8)
    for index in range(starts.size):
        copy_bytes(data, starts[index], stops[index], out, offsets[index])
    return out, offsets


@kernel
def cut_out(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    texts: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Copy texts without some spans of them.

    Args:
        data: Bytes of all texts, shape (bytes,).
        offsets: Offset of each text and the end of the last, shape (n + 1,).
        texts: Number of the text of each cut, ascending, shape (cuts,).
        starts: First byte of each cut, from the start of its text, shape (cuts,). Within a text the cuts are ascending
            and do not overlap.
        stops: One past its last byte, shape (cuts,).

    Returns:
        The remaining bytes, and the offset of each text and the end of the last, shape (n + 1,).
    """
    out = np.empty(offsets[-1] - offsets[0], np.uint8)
    ends = np.zeros(offsets.size, np.int64)
    at = cut = 0
    for text in range(offsets.size - 1):
        begin = offsets[text]
        while cut < texts.size and texts[cut] == text:
            at = copy_bytes(data, begin, offsets[text] + starts[cut], out, at)
            begin = offsets[text] + stops[cut]
            cut += 1
        at = copy_bytes(data, begin, offsets[text + 1], out, at)
        ends[text + 1] = at
    return out[:at].copy(), ends
