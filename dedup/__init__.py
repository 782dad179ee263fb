"""Finds repeated and rewritten text: precise, fast, and with the evidence for each verdict."""

from dedup.alignment.model import Credit, Span
from dedup.api import align, clean, diff, explain, minhash, page, report, restore, restore_to, scan
from dedup.errors import (
    ColumnNotFound,
    DedupError,
    DocumentNotFound,
    InputChanged,
    InputError,
    NotAnOutput,
    NothingToRead,
    OutputError,
    OutputExists,
    SettingsError,
)
from dedup.evidence import Explanation, Passage, Replaced
from dedup.model import Group, Member, Parallel, Place, Run, Scan, Stories, Story, Tally, Teller, Watch
from dedup.options import InputOptions, Options
from dedup.results import Aligned, Cleaned
from dedup.settings import Settings
from dedup.unpack import Restored

__all__ = [
    "Aligned",
    "Cleaned",
    "ColumnNotFound",
    "Credit",
    "DedupError",
    "DocumentNotFound",
    "Explanation",
    "Group",
    "InputChanged",
    "InputError",
    "InputOptions",
    "Member",
    "NotAnOutput",
    "NothingToRead",
    "Options",
    "OutputError",
    "OutputExists",
    "Parallel",
    "Passage",
    "Place",
    "Replaced",
    "Restored",
    "Run",
    "Scan",
    "Settings",
    "SettingsError",
    "Span",
    "Stories",
    "Story",
    "Tally",
    "Teller",
    "Watch",
    "align",
    "clean",
    "diff",
    "explain",
    "minhash",
    "page",
    "report",
    "restore",
    "restore_to",
    "scan",
]
