"""The checked options of a run: settings that decide the verdicts, reading, and resources."""

import hashlib
import json
import math
import os
import re
import tempfile
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeGuard, get_args

from dedup.errors import SettingsError
from dedup.runtime.progress import Progress

Unit = Literal["documents", "paragraphs", "both"]
Paragraphs = Literal["none", "within", "all"]
HtmlText = Literal["all", "main"]
Quoting = Literal["auto", "quotes", "backslash", "none"]
ParagraphsBy = Literal["line", "blank-line", "auto"]
Tokens = Literal["words", "signs"]

METADATA_ROLES = ("date", "outlet", "title", "url", "author")
"""Metadata that columns other than the text and the id have; only `align` reads them."""

# Bands are chosen so that a pair exactly at the threshold is found with at least this probability.
WANTED_RECALL = 0.99
# A candidate is dropped without verification if its estimate is this many standard errors below the threshold. A pair
# at the threshold is lost with the probability of the one-sided normal tail.
STANDARD_ERRORS = 4.0
ESTIMATE_LOSS = 0.5 * math.erfc(STANDARD_ERRORS / math.sqrt(2))
# Limits within which the kernels, DuckDB and the system compute without overflow; all exceed practical use.
MAX_TOKENS = 2**31 - 1
MAX_WORKERS = 1024
# Tokens in a run of `--contained`: shorter runs occur by chance.
LEAST_CONTAINED, MOST_CONTAINED = 5, 100
MIN_MEMORY, MAX_MEMORY = 64 << 20, 1 << 50
MAX_BATCH_BYTES = 1 << 30

# Settings of near-duplicates, and their options.
_NOT_WITH_EXACT = {
    "threshold": "--threshold",
    "shingle_documents": "--shingle",
    "shingle_paragraphs": "--shingle",
    "near_within": "--near-within",
    "ignore": "--ignore",
    "contained": "--contained",
}


@dataclass(frozen=True)
class Settings:
    """Options that decide the verdicts.

    Raises:
        SettingsError: A value is invalid.

    >>> Settings(threshold=0.9).bands, Settings().rows
    (16, 8)
    """

    threshold: float = 0.8
    """Minimum Jaccard of a duplicate, in (0, 1]."""
    shingle_documents: int = 5
    """Tokens in a shingle of a document."""
    shingle_paragraphs: int = 3
    """Tokens in a shingle of a paragraph."""
    unit: Unit = "both"
    """Which units are compared."""
    paragraphs: Paragraphs = "within"
    """Which repeated paragraphs are removed: none, those repeated within a document, or all."""
    near_within: bool = False
    """Whether near-duplicates within a document are removed too, not only paragraphs with the same tokens."""
    paragraphs_by: ParagraphsBy = "auto"
    """How paragraphs are separated."""
    tokens: Tokens = "words"
    """What is compared: words, folded; or words as they are written and each punctuation mark and symbol."""
    min_tokens: int = 20
    """Paragraphs of fewer tokens are never removed, and documents only for documents with the same tokens."""
    exact: bool = False
    """Whether only texts with the same characters are duplicates, apart from white space around them."""
    ignore: tuple[str, ...] = ()
    """Patterns, in the syntax of RE2, of text that is not compared."""
    per: str | None = None
    """Compare only documents with the same value in this column; None: all."""
    contained: int | None = None
    """Tokens in the runs by which documents of the reference are found inside longer ones; None: they are not searched
    for."""
    contained_share: float = 0.8
    """Minimum share of the runs of a document of the reference that must stand close together, in (0, 1]."""
    keep: str = "first"
    """Which of two duplicates is kept: "first", "longest", the smallest COLUMN or the greatest -COLUMN."""
    permutations: int = 216
    """Length of a signature."""
    seed: int = 1
    """Seed of the permutations."""

    def __post_init__(self) -> None:
        """Check all values."""
        self._check_what_is_compared()
        _require(
            isinstance(self.threshold, int | float) and 0 < self.threshold <= 1,
            f"--threshold is {self.threshold!r}; it must be a number above 0 and at most 1.",
        )
        for size in (self.shingle_documents, self.shingle_paragraphs):
            check_number("--shingle", size, 1, 100)
        check_number("--min-tokens", self.min_tokens, 0, MAX_TOKENS)
        check_number("permutations", self.permutations, 8, 4096)
        check_number("--seed", self.seed, 0, 2**32 - 1)
        _require(
            isinstance(self.keep, str) and self.keep.strip("-") != "",
            f"--keep is {self.keep!r}; it must be first, longest, COLUMN or -COLUMN.",
        )
        for name, value, known in (
            ("--unit", self.unit, Unit),
            ("--paragraphs", self.paragraphs, Paragraphs),
            ("--paragraphs-by", self.paragraphs_by, ParagraphsBy),
            ("--tokens", self.tokens, Tokens),
        ):
            _require(value in get_args(known), f"{name} is {value!r}; it must be one of {get_args(known)}.")
        _require(
            not (self.unit == "paragraphs" and self.paragraphs == "none"),
            "--unit paragraphs with --paragraphs none leaves nothing to compare. Remove one of the two options.",
        )

    def _check_what_is_compared(self) -> None:
        """Check the options that exclude documents, text or differences."""
        _require(
            isinstance(self.ignore, str | list | tuple) and all(isinstance(part, str) for part in self.ignore),
            f"--ignore is {self.ignore!r}; it must be a pattern, or a sequence of patterns.",
        )
        patterns = (self.ignore,) if isinstance(self.ignore, str) else tuple(self.ignore)
        object.__setattr__(self, "ignore", patterns)
        _require("" not in patterns, "--ignore needs a pattern, which must not be empty.")
        _require(
            self.per is None or (isinstance(self.per, str) and self.per != ""), "--per needs the name of a column."
        )
        self._check_containment()
        check_flag("--near-within", self.near_within)
        check_flag("--exact", self.exact)
        for name, option in _NOT_WITH_EXACT.items() if self.exact else ():
            _require(
                getattr(self, name) == getattr(Settings, name),
                f"--exact compares all characters, so {option} has no effect. Remove one of the two options.",
            )

    def _check_containment(self) -> None:
        """Check the options that search for documents of the reference inside longer ones."""
        share = self.contained_share
        _require(
            isinstance(share, int | float) and not isinstance(share, bool) and 0 < share <= 1,
            f"--contained-share is {share!r}; it must be a number above 0 and at most 1.",
        )
        if self.contained is None:
            _require(share == Settings.contained_share, "--contained-share needs --contained. Add it.")
            return
        check_number("--contained", self.contained, LEAST_CONTAINED, MOST_CONTAINED)
        _require(
            self.per is None, "--contained searches all documents, so that --per has no meaning. Remove one of the two."
        )
        _require(
            self.compares_documents or self.compares_across,
            "--contained removes documents, or paragraphs with --paragraphs all. Remove --unit paragraphs, or add "
            "--paragraphs all.",
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
        """Probability that a pair exactly at the threshold is found; more similar pairs are found more often."""
        if self.exact:
            return 1.0
        return band_recall(self.threshold, self.bands, self.rows) * (1 - ESTIMATE_LOSS)

    @property
    def by_signs(self) -> bool:
        """Whether each sign is a token."""
        return self.tokens == "signs"

    @property
    def keeps_by_column(self) -> bool:
        """Whether the values of a column decide which of two duplicates is kept."""
        return self.keep not in ("first", "longest")

    @property
    def compares_documents(self) -> bool:
        """Whether documents are compared."""
        return self.unit != "paragraphs"

    @property
    def compares_paragraphs(self) -> bool:
        """Whether paragraphs are compared."""
        return self.unit != "documents" and self.paragraphs != "none"

    @property
    def compares_across(self) -> bool:
        """Whether paragraphs are compared with those of other documents."""
        return self.compares_paragraphs and self.paragraphs == "all"

    def fingerprint(self) -> str:
        """Return a hash of the settings and of the rules for tokens; equal hashes give equal verdicts on equal input.

        >>> Settings().fingerprint() == Settings(threshold=0.8).fingerprint()
        True
        """
        from dedup.kernels.text.folding import TOKEN_RULES  # here, since it loads numpy

        values = asdict(self)
        if self.contained is None:  # as before there was this setting
            del values["contained"], values["contained_share"]
        return fingerprint({**values, "token_rules": TOKEN_RULES})


@dataclass(frozen=True)
class Resources:
    """Threads, memory and temporary files of a run; the verdicts do not depend on them.

    Raises:
        SettingsError: A value is invalid.
    """

    workers: int = field(default_factory=lambda: _cores())
    """Threads; processes where the work is done in Python."""
    memory: int = 1 << 30
    """Bytes for tables and sorting, in addition to about 400 MB for the program and to the largest row group."""
    temp_dir: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))
    """Directory for temporary files."""
    batch_bytes: int = 8 << 20
    """Bytes of text read at a time."""

    def __post_init__(self) -> None:
        """Check all values."""
        check_number("--workers", self.workers, 1, MAX_WORKERS)
        _require(
            _is_whole(self.memory) and MIN_MEMORY <= self.memory <= MAX_MEMORY,
            f"--memory is {self.memory!r} bytes; it must be at least 64MiB and at most 1024TiB.",
        )
        check_number("batch_bytes", self.batch_bytes, 1, MAX_BATCH_BYTES)
        _require(self.temp_dir.is_dir(), f"--temp-dir {self.temp_dir} is not a folder. Create it, or name another one.")


@dataclass(frozen=True)
class Reading:
    """How the input is read. A column that is None is found by its name.

    Raises:
        SettingsError: A value is invalid.
    """

    text_column: str | None = None
    """Column of the text: a name, a path such as `data.body`, or several names separated by commas."""
    id_column: str | None = None
    """Column of the id."""
    date_column: str | None = None
    """Column of the date."""
    outlet_column: str | None = None
    """Column of the outlet."""
    title_column: str | None = None
    """Column of the title, which is displayed and not compared."""
    url_column: str | None = None
    """Column of the address of the document."""
    author_column: str | None = None
    """Column of the author."""
    outlet_level: int | None = None
    """Level of the folder below PATH whose name is the outlet, from 1."""
    html_text: HtmlText = "all"
    """Read all text of an HTML page, or only its article."""
    delimiter: str | None = None
    """Field separator of CSV and TSV files, one character; None to detect it."""
    quoting: Quoting = "auto"
    """Quoting of CSV and TSV files: detected; fields in double quotes, in which a quote is doubled; fields in double
    quotes, in which a quote follows a backslash; or none, so that a quote is an ordinary character."""
    header: bool | None = None
    """Whether the first row of CSV and TSV files names the columns; None to detect it."""

    def __post_init__(self) -> None:
        """Check all values."""
        for name in ("text_column", "id_column", *(f"{role}_column" for role in METADATA_ROLES), "delimiter"):
            value = getattr(self, name)
            _require(value is None or isinstance(value, str), f"{option_name(name)} is {value!r}; it must be text.")
        delimiter = self.delimiter
        _require(
            delimiter is None or (len(delimiter) == 1 and delimiter not in '"\\\r\n'),
            f"--delimiter is {delimiter!r}; it must be one character other than a quote, a backslash or a line end.",
        )
        for name, value, known in (("--quoting", self.quoting, Quoting), ("--html-text", self.html_text, HtmlText)):
            _require(value in get_args(known), f"{name} is {value!r}; it must be one of {get_args(known)}.")
        _require(
            self.outlet_level is None or (_is_whole(self.outlet_level) and self.outlet_level >= 1),
            f"--outlet-level is {self.outlet_level!r}; it must be at least 1, for the first folder under PATH.",
        )
        _require(
            self.header is None or isinstance(self.header, bool),
            f"header is {self.header!r}; it must be True, False or None.",
        )
        _require(
            self.outlet_level is None or self.outlet_column is None,
            "--outlet-column and --outlet-level cannot be used together. Remove one of them.",
        )


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
    against: tuple[Any, ...] = ()
    """References, as the user named them: paths and tables."""
    against_text_column: str | None = None
    """Column of the text of the references; None for that of `reading`."""

    def __post_init__(self) -> None:
        """Check the types; the parts check their values."""
        check_flag("overwrite", self.overwrite)
        _require(
            self.settings.contained is None or bool(self.against),
            "--contained searches for the documents of a reference. Name it with --against.",
        )
        _require(
            self.against_text_column is None or bool(self.against),
            "--against-text-column names a column of a reference. Name the reference with --against.",
        )
        _require(
            isinstance(self.progress, Progress),
            f"progress is {self.progress!r}; it must be a dedup.Progress, or None.",
        )

    @property
    def of_references(self) -> "Request":
        """The same request, with the text column of the references."""
        column = self.against_text_column
        return self if column is None else replace(self, reading=replace(self.reading, text_column=column))


def fingerprint(values: dict[str, Any]) -> str:
    """Return a hash of settings as plain values.

    >>> fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@cache
def choose_bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Choose the number of bands and rows: the longest bands that find a pair at the threshold 99 times in 100.

    Longer bands give fewer candidates. If no length suffices, bands of one row come closest.

    >>> choose_bands(0.8, 216)
    (27, 8)
    """
    for rows in range(permutations, 0, -1):
        if band_recall(threshold, permutations // rows, rows) >= WANTED_RECALL:
            return permutations // rows, rows
    return permutations, 1


def band_recall(jaccard: float, bands: int, rows: int) -> float:
    """Return the probability that two units of a given Jaccard similarity share a bucket.

    Source: Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4.2.

    >>> round(band_recall(0.8, 27, 8), 4)
    0.993
    """
    return 1 - float((1 - jaccard**rows) ** bands)


def parse_size(text: str) -> int:
    """Parse a size in bytes, such as "1GB", "512 MB" or "65536"; GB is decimal, GiB binary.

    Raises:
        SettingsError: The text is not a size.

    >>> parse_size("1GB"), parse_size("2 MiB")
    (1000000000, 2097152)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?\s*", text, re.IGNORECASE)
    if match is None:
        raise SettingsError(f"{text!r} is not a size; write one such as 512MB or 2GB.")
    number, unit, binary = match.groups()
    return int(float(number) * (1024 if binary else 1000) ** " KMGT".index(unit.upper() or " "))


def _cores() -> int:
    """Return the number of cores that this process may use, or of all cores if that is unknown."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def option_name(name: str) -> str:
    """Return the name of an option on the command line.

    >>> option_name("text_column")
    '--text-column'
    """
    return f"--{name.replace('_', '-')}"


def check_number(name: str, value: object, least: int, most: int | None = None) -> None:
    """Raise SettingsError unless a value is a whole number in a range.

    Args:
        name: Name of the option.
        value: Its value, of any type.
        least: The smallest number allowed.
        most: The largest number allowed; None for any.
    """
    limits = f"of at least {least}" if most is None else f"from {least} to {most}"
    _require(
        _is_whole(value) and least <= value and (most is None or value <= most),
        f"{name} is {value!r}; it must be a whole number {limits}.",
    )


def check_flag(name: str, value: object) -> None:
    """Raise SettingsError unless a value is True or False: other values, such as "no", would count as True."""
    _require(isinstance(value, bool), f"{name} is {value!r}; it must be True or False.")


def check_text(name: str, value: object) -> None:
    """Raise SettingsError unless a value is text."""
    _require(isinstance(value, str), f"{name} is {value!r}; it must be text.")


def _is_whole(value: object) -> TypeGuard[int]:
    """Return whether a value is an int; True and False, which are of a subclass, are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise SettingsError(message)
