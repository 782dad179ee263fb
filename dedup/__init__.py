"""Find near-duplicate and rewritten text, with evidence for every verdict."""

from typing import TYPE_CHECKING

from dedup.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from dedup.api import align, analyze, clean, diff, explain, minhash, page, report, restore, restore_to, scan
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
    from dedup.outputs.unpack import Restored
    from dedup.results import (
        Aligned,
        Cleaned,
        GroupMember,
        OutletPair,
        RemovalCounts,
        Run,
        Scan,
        ScanGroup,
        Stories,
        Story,
        StoryDocument,
        StoryLink,
        StorySource,
        TemplateFamily,
        UnitLocation,
    )
    from dedup.runtime.progress import Progress
    from dedup.settings import Settings
    from dedup.text.found import FoundCredit, FoundFact, TextAnalysis
    from dedup.text.spans import Credit, Span

__all__ = [
    "Aligned",
    "Cleaned",
    "ColumnNotFound",
    "Credit",
    "DedupError",
    "DocumentNotFound",
    "Explanation",
    "FoundCredit",
    "FoundFact",
    "GroupMember",
    "InputChanged",
    "InputError",
    "InputOptions",
    "NotAnOutput",
    "NothingToRead",
    "Options",
    "OutletPair",
    "OutputError",
    "OutputExists",
    "Passage",
    "Progress",
    "RemovalCounts",
    "Replaced",
    "Restored",
    "Run",
    "Scan",
    "ScanGroup",
    "Settings",
    "SettingsError",
    "Span",
    "Stories",
    "Story",
    "StoryDocument",
    "StoryLink",
    "StorySource",
    "TemplateFamily",
    "TextAnalysis",
    "UnitLocation",
    "align",
    "analyze",
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

if not TYPE_CHECKING:
    # Each command and each worker process imports only what it uses.
    __getattr__ = lazy_names(
        __name__,
        __all__,
        [
            "dedup.errors",
            "dedup.runtime.progress",
            "dedup.settings",
            "dedup.text.spans",
            "dedup.text.found",
            "dedup.results",
            "dedup.api",
            "dedup.duplicates.explain",
            "dedup.outputs.unpack",
        ],
    )
