"""Check whether the units of a run fit into memory."""

import os
from pathlib import Path

from dedup.errors import InputError

# Bytes of memory for each unit while verdicts are computed, measured on ten million units.
UNIT_BYTES = 160
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def check_memory(units: int, name: str) -> None:
    """Check that the machine has enough memory to compare some units, before a run of hours fails without it.

    Args:
        units: Number of units.
        name: "documents" or "paragraphs", for the message.

    Raises:
        InputError: The machine has too little memory.

    >>> check_memory(1000, "documents")
    """
    available = machine_memory()
    if units * UNIT_BYTES > available:
        raise InputError(
            f"Comparing {units:,} {name} needs about {units * UNIT_BYTES / 1e9:,.0f} GB of memory, but this machine "
            f"has {available / 1e9:,.0f} GB. Split the input, or use a machine with more memory."
        )


def machine_memory() -> int:
    """Return the bytes of memory of this machine, or the limit of the container if that is lower."""
    sizes = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    if _CGROUP_LIMIT.is_file() and (limit := _CGROUP_LIMIT.read_text("utf-8").strip()).isdigit():
        sizes.append(int(limit))
    return min(sizes)
