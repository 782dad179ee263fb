"""Time lookups of single texts in an index from Python."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import dedup


def time_lookups(index: Path, texts: Sequence[str], warm_up: int) -> dict[str, float]:
    """Time `dedup.Index.query` for each text in turn.

    Args:
        index: The index.
        texts: Different texts.
        warm_up: Number of texts at the beginning whose times do not count.

    Returns:
        Milliseconds: "first" call, "median", "high" (95th percentile) and "max" of the counted calls; numbers: "texts"
        that were counted and how many of these are "known".
    """
    times, known = [], []
    with dedup.Index(index) as opened:
        for text in texts:
            start = time.perf_counter()
            (result,) = opened.query(text)
            times.append(1000 * (time.perf_counter() - start))
            known.append(result.known)
    middle, high = np.percentile(times[warm_up:], [50, 95])
    return {
        "first": times[0],
        "median": float(middle),
        "high": float(high),
        "max": max(times[warm_up:]),
        "texts": len(times) - warm_up,
        "known": sum(known[warm_up:]),
    }
