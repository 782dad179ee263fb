"""Whether what must be in memory at once has room in it: what grows with the units, beside what spills."""

import os
from pathlib import Path

from dedup.errors import InputError

# Bytes that a unit takes while it is judged, measured on ten million.
UNIT = 160
_LIMIT = Path("/sys/fs/cgroup/memory.max")


def check_room(units: int, name: str) -> None:
    """Refuse to compare more units than the machine can hold, before hours have gone into it.

    Args:
        units: How many.
        name: What they are: "documents" or "paragraphs".

    Raises:
        InputError: They are too many.

    >>> check_room(1000, "documents")  # they fit
    """
    there = machine_memory()
    if units * UNIT > there:
        raise InputError(
            f"{units:,} {name} take about {units * UNIT / 1e9:,.0f} GB of memory to compare, and there are "
            f"{there / 1e9:,.0f} GB. Compare them in parts, or where there is more."
        )


def machine_memory() -> int:
    """Say how many bytes of memory this machine has, or the container that we run in may take."""
    sizes = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    if _LIMIT.is_file() and (said := _LIMIT.read_text("utf-8").strip()).isdigit():
        sizes.append(int(said))
    return min(sizes)
