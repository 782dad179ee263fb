"""Every knob that changes a verdict, frozen and checked once; and what a run may use, which changes none."""

import hashlib
import json
import math
import os
import re
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from dedup.errors import SettingsError
from dedup.runtime.progress import Progress

Unit = Literal["documents", "paragraphs", "both"]
Paragraphs = Literal["none", "within", "all"]
ParagraphsBy = Literal["line", "blank-line", "auto"]

# The bands are chosen so that a pair exactly at the threshold is found at least this often.
WANTED_RECALL = 0.99
# A candidate is dropped unverified when its estimate lies this many standard errors under the threshold,
# and a pair at the threshold is lost so this often (one-sided normal tail).
STANDARD_ERRORS = 4.0
ESTIMATE_LOSS = 0.5 * math.erfc(STANDARD_ERRORS / math.sqrt(2))


@dataclass(frozen=True)
class Settings:
    """What decides the verdicts.

    Raises:
        SettingsError: A value makes no sense.

    >>> Settings(threshold=0.9).bands, Settings().rows
    (16, 8)
    """

    threshold: float = 0.8
    """Least Jaccard of a duplicate, in (0, 1]."""
    shingle_documents: int = 5
    """Tokens in a shingle of a document."""
    shingle_paragraphs: int = 3
    """Tokens in a shingle of a paragraph."""
    unit: Unit = "both"
    """What is judged."""
    paragraphs: Paragraphs = "within"
    """Which repeated paragraphs go: none, those repeated within a document, or all."""
    paragraphs_by: ParagraphsBy = "auto"
    """How paragraphs are told apart."""
    min_tokens: int = 20
    """Paragraphs of fewer tokens are never removed."""
    keep: str = "first"
    """Which of two duplicates stays: the first, the longest, the least COLUMN or the greatest -COLUMN."""
    permutations: int = 216
    """Length of a signature."""
    seed: int = 1
    """Seed of the permutations."""

    def __post_init__(self) -> None:
        """Check every value once."""
        _require(0 < self.threshold <= 1, f"--threshold is {self.threshold}; it must be over 0 and at most 1.")
        for size in (self.shingle_documents, self.shingle_paragraphs):
            _require(1 <= size <= 100, f"--shingle is {size}; it must be from 1 to 100 tokens.")
        _require(self.min_tokens >= 0, f"--min-tokens is {self.min_tokens}; it must not be negative.")
        _require(8 <= self.permutations <= 4096, f"permutations is {self.permutations}; it must be from 8 to 4096.")
        _require(0 <= self.seed < 2**32, f"--seed is {self.seed}; it must be from 0 to 4294967295.")
        _require(self.keep.strip("-") != "", "--keep needs first, longest, COLUMN or -COLUMN.")
        for name, value, known in (
            ("--unit", self.unit, Unit),
            ("--paragraphs", self.paragraphs, Paragraphs),
            ("--paragraphs-by", self.paragraphs_by, ParagraphsBy),
        ):
            _require(value in get_args(known), f"{name} is {value!r}; it must be one of {get_args(known)}.")
        _require(
            not (self.unit == "paragraphs" and self.paragraphs == "none"),
            "--unit paragraphs with --paragraphs none leaves nothing to compare; drop one of them.",
        )

    @property
    def rows(self) -> int:
        """Rows of a band."""
        return choose_bands(self.threshold, self.permutations)[1]

    @property
    def bands(self) -> int:
        """Number of bands."""
        return choose_bands(self.threshold, self.permutations)[0]

    @property
    def expected_recall(self) -> float:
        """How often a pair exactly at the threshold is found (more similar ones are found more often)."""
        return band_recall(self.threshold, self.bands, self.rows) * (1 - ESTIMATE_LOSS)

    @property
    def compares_documents(self) -> bool:
        """Whether documents are compared."""
        return self.unit != "paragraphs"

    @property
    def compares_paragraphs(self) -> bool:
        """Whether paragraphs are compared."""
        return self.unit != "documents" and self.paragraphs != "none"

    def fingerprint(self) -> str:
        """Name these settings: equal fingerprints, equal verdicts on equal input.

        >>> Settings().fingerprint() == Settings(threshold=0.8).fingerprint()
        True
        """
        return fingerprint(asdict(self))


@dataclass(frozen=True)
class Resources:
    """What a run may use; no verdict depends on it.

    Raises:
        SettingsError: A value makes no sense.
    """

    workers: int = field(default_factory=lambda: _cores())
    """Threads."""
    memory: int = 1 << 30
    """Bytes that growing things may take, beside about 400 MB for the program and the largest row group."""
    temp_dir: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    """Where to spill."""
    batch_bytes: int = 8 << 20
    """Bytes of text that are read at a time."""

    def __post_init__(self) -> None:
        """Check every value once."""
        _require(self.workers >= 1, f"--workers is {self.workers}; it must be at least 1.")
        _require(self.memory >= 64 << 20, f"--memory is {self.memory} bytes; it must be at least 64MB.")
        _require(self.batch_bytes >= 1, f"batch_bytes is {self.batch_bytes}; it must be at least 1.")
        _require(self.temp_dir.is_dir(), f"--temp-dir {self.temp_dir} is not a folder; make it or name another one.")


@dataclass(frozen=True)
class Reading:
    """How the input is read; None lets a column be found by its name."""

    text_column: str | None = None
    """Column of the text."""
    id_column: str | None = None
    """Column of the id."""
    date_column: str | None = None
    """Column of the date."""
    outlet_column: str | None = None
    """Column of the outlet."""
    outlet_level: int | None = None
    """Which folder under PATH names the outlet, counted from 1."""
    html: Literal["all", "main"] = "all"
    """All the text of a page, or its article only."""


@dataclass(frozen=True)
class Request:
    """Checked options of one call of `scan`, `clean` or `align`."""

    settings: Settings = field(default_factory=Settings)
    """Options that determine the verdicts."""
    reading: Reading = field(default_factory=Reading)
    """How the input is read."""
    resources: Resources = field(default_factory=Resources)
    """Threads, memory and temporary files."""
    overwrite: bool = False
    """Whether an existing output folder is replaced."""
    progress: Progress = field(default_factory=Progress)
    """Receives the progress of the run."""


def fingerprint(values: dict[str, Any]) -> str:
    """Name settings, given as plain values.

    >>> fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def choose_bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Choose bands and rows: the longest bands that still find a pair at the threshold 99 times in 100.

    Longer bands make fewer candidates. Where no length is enough, bands of one row come nearest.

    >>> choose_bands(0.8, 216)
    (27, 8)
    """
    for rows in range(permutations, 0, -1):
        if band_recall(threshold, permutations // rows, rows) >= WANTED_RECALL:
            return permutations // rows, rows
    return permutations, 1


def band_recall(jaccard: float, bands: int, rows: int) -> float:
    """How often two units of a given Jaccard share a bucket.

    (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4.2.)

    >>> round(band_recall(0.8, 27, 8), 4)
    0.993
    """
    return 1 - float((1 - jaccard**rows) ** bands)


def parse_size(text: str) -> int:
    """Read a size in bytes such as "1GB", "512 MB" or "65536" (decimal units; GiB, MiB, KiB are binary).

    Raises:
        SettingsError: It is not a size.

    >>> parse_size("1GB"), parse_size("2 MiB")
    (1000000000, 2097152)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?\s*", text, re.IGNORECASE)
    if match is None:
        raise SettingsError(f"{text!r} is not a size; write one such as 512MB or 2GB.")
    number, unit, binary = match.groups()
    return int(float(number) * (1024 if binary else 1000) ** " KMGT".index(unit.upper() or " "))


def _cores() -> int:
    """Count the cores that this process may use; where the system does not say, all there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise SettingsError(message)
