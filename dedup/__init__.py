"""Find repeated and rewritten text, with the evidence for every verdict."""

from typing import TYPE_CHECKING

from dedup.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from dedup.alignment.diff import Diff
    from dedup.api import align, analyze, clean, diff, explain, minhash, page, report, restore, restore_to, scan, tune
    from dedup.contained import FoundItem, ItemSet, SearchedItems
    from dedup.duplicates.explain import Explanation, Passage, Replaced
    from dedup.duplicates.tuning.results import Interval, RemovedAmounts, TunedThreshold, Tuning, TuningExample
    from dedup.errors import (
        ColumnNotFound,
        DedupError,
        DocumentNotFound,
        EngineError,
        IndexDamaged,
        IndexFolderError,
        IndexLocked,
        IndexMismatch,
        InputChanged,
        InputError,
        NotAnIndex,
        NotAnOutput,
        NothingToRead,
        OutputError,
        OutputExists,
        SettingsError,
    )
    from dedup.index.index import Index
    from dedup.index.results import Compaction, IndexInfo, KnownUnit, QueryResult
    from dedup.options import EngineOptions, InputOptions, Options, RunOptions, TuneOptions
    from dedup.outputs.loaded import Aligned, Cleaned
    from dedup.outputs.unpack import Restored
    from dedup.results import (
        GroupMember,
        IndexVersion,
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
    "Compaction",
    "Credit",
    "DedupError",
    "Diff",
    "DocumentNotFound",
    "EngineError",
    "EngineOptions",
    "Explanation",
    "FoundCredit",
    "FoundFact",
    "FoundItem",
    "GroupMember",
    "Index",
    "IndexDamaged",
    "IndexFolderError",
    "IndexInfo",
    "IndexLocked",
    "IndexMismatch",
    "IndexVersion",
    "InputChanged",
    "InputError",
    "InputOptions",
    "Interval",
    "ItemSet",
    "KnownUnit",
    "NotAnIndex",
    "NotAnOutput",
    "NothingToRead",
    "Options",
    "OutletPair",
    "OutputError",
    "OutputExists",
    "Passage",
    "Progress",
    "QueryResult",
    "RemovalCounts",
    "RemovedAmounts",
    "Replaced",
    "Restored",
    "Run",
    "RunOptions",
    "Scan",
    "ScanGroup",
    "SearchedItems",
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
    "TuneOptions",
    "TunedThreshold",
    "Tuning",
    "TuningExample",
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
    "tune",
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
            "dedup.contained",
            "dedup.results",
            "dedup.outputs.loaded",
            "dedup.options",
            "dedup.api",
            "dedup.duplicates.explain",
            "dedup.duplicates.tuning.results",
            "dedup.outputs.unpack",
            "dedup.index.results",
            "dedup.index.index",
            "dedup.alignment.diff",
        ],
    )
