"""Finds repeated and rewritten text: precise, fast, and with the evidence for each verdict."""

from dedup.api import Cleaned, Options, clean, explain, minhash, restore, restore_to, scan
from dedup.errors import (
    ColumnNotFound,
    DedupError,
    InputChanged,
    InputError,
    NotAnOutput,
    NothingToRead,
    OutputError,
    OutputExists,
    SettingsError,
)
from dedup.evidence import Explanation, Passage, Replaced
from dedup.model import Group, Member, Place, Run, Scan, Tally, Watch
from dedup.settings import Settings
from dedup.unpack import Restored

__all__ = [
    "Cleaned",
    "ColumnNotFound",
    "DedupError",
    "Explanation",
    "Group",
    "InputChanged",
    "InputError",
    "Member",
    "NotAnOutput",
    "NothingToRead",
    "Options",
    "OutputError",
    "OutputExists",
    "Passage",
    "Place",
    "Replaced",
    "Restored",
    "Run",
    "Scan",
    "Settings",
    "SettingsError",
    "Tally",
    "Watch",
    "clean",
    "explain",
    "minhash",
    "restore",
    "restore_to",
    "scan",
]
