"""Run the kernel of paragraphs on a text."""

import numpy as np

from dedup.kernels.text import paragraphs as segment
from dedup.kernels.text.folding import fold_table
from dedup.kernels.text.lines import LINE

BY = {"line": segment.LINE, "blank-line": segment.BLANK_LINE, "auto": segment.AUTO}
PADDING = b"\r"  # a kernel that reads outside its range would take it for a line break


def spans(text: str, by: str, nested: int = 0) -> np.ndarray:
    data = text.encode()
    buffer = np.frombuffer(PADDING + data + b"\n" + PADDING, np.uint8)
    count = segment.count_lines(buffer, 1, 1 + len(data))
    found, room = np.recarray(2 * count if nested else count, segment.SPAN), np.recarray(count, LINE)
    count = segment.paragraphs(buffer, 1, 1 + len(data), BY[by], fold_table(), found, room, nested)
    return found[:count]


def texts_of(text: str, by: str = "auto") -> list[str]:
    return [text[start:end] for start, end in spans(text, by)[["start", "end"]]]
