"""Finds repeated and rewritten text: precise, fast, and with the evidence for each verdict."""

from dedup.api import align, clean, diff, explain, minhash, page, report, restore, restore_to, scan
from dedup.duplicates.explain import Explanation, Passage, Replaced
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
from dedup.options import InputOptions, Options
from dedup.outputs.restore import Restored
from dedup.results import (
    Aligned,
    Cleaned,
    Group,
    Member,
    Place,
    Run,
    Scan,
    Stories,
    Story,
    StoryDocument,
    StoryLink,
    Tally,
)
from dedup.runtime.progress import Progress
from dedup.settings import Settings
from dedup.text.spans import Credit, Span

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
    "Passage",
    "Place",
    "Progress",
    "Replaced",
    "Restored",
    "Run",
    "Scan",
    "Settings",
    "SettingsError",
    "Span",
    "Stories",
    "Story",
    "StoryDocument",
    "StoryLink",
    "Tally",
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
