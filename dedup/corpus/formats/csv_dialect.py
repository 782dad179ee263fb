"""Detect the dialect of delimited text: delimiter, quoting, header, and lines before it.

A dialect is right if its records have as many fields as the header. Each delimiter is tried on the first lines, and
the one with which most of them fit is taken; among equals the names in the header decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dedup.corpus.delimited.header import (
    DataKind,
    HeaderDecision,
    data_columns,
    is_usual_name,
    judge_header,
    plausibility,
)
from dedup.corpus.delimited.quoting import Decision, Shape, decide_quoting
from dedup.corpus.delimited.records import Parsed, Quoting, Rules, opens_quote, strict_records
from dedup.corpus.report import Unreadable
from dedup.settings import Reading

DELIMITERS = ",\t;|"
"""Delimiters that are detected; others must be named."""

# Delimiters that are not detected, since text contains them too, but that occur in every line of a file only rarely by
# chance.
_UNUSUAL_DELIMITERS = "\x01\x1f^~\u00a6"
# The first line that names the delimiter for Excel.
_DIRECTIVE = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
# Maximum number of lines before the header.
_MAX_PREAMBLE = 40
# Share of the lines that must fit: after a preamble; for a delimiter by which the first row does not look like a
# header; and for a peculiarity of all rows.
_PREAMBLE_COVERAGE, _LEAST_COVERAGE, _NEARLY_ALL = 0.8, 0.5, 0.9
# Names of columns that need no further evidence.
_PLAUSIBLE = 0.7
# Number of fields as evidence for a quoting from which no more lines are read.
_CLEAR_EVIDENCE = 3
# Quotes are preferred even if somewhat fewer lines fit: a single missing quote may affect many lines.
_QUOTING_PRIOR = {"quotes": 0.3, "backslash": 0.2, "none": 0.0}
# Values of a column by which its kind is known.
_LEAST_VALUES = 3
# Minimum number of rows, none of which fits, that make a file unreadable.
_MIN_MISFITS = 3


@dataclass(frozen=True)
class Dialect:
    """How a file of delimited text is read."""

    delimiter: str = ","
    """Field separator, one character."""
    quoting: Quoting | None = "quotes"
    """Quoting of fields; None if the first lines have no quoted field, so that it is still open."""
    has_header: bool = True
    """Whether the first record names the columns."""
    skipped_lines: int = 0
    """Lines before the first record: an Excel directive `sep=`, a title, blank lines."""
    width: int = 1
    """Fields of a row."""
    trailing: bool = False
    """Whether rows may end in a delimiter that the header lacks."""
    kinds: Mapping[int, DataKind] = field(default_factory=dict)
    """Kinds of columns without text."""
    has_directive: bool = False
    """Whether the first line is an Excel directive."""
    header_is_certain: bool = True
    """Whether there is evidence that the first record is a header, or that it is not."""
    decision: Decision | None = None
    """How the quoting was decided; None if it was not detected."""

    @property
    def shape(self) -> Shape:
        """What is known of the rows."""
        return Shape(self.delimiter, self.width, self.trailing, self.kinds)

    def remarks(self, expected: str, first: Sequence[str]) -> list[str]:
        """Return remarks on what differs from a plain file.

        Args:
            expected: The delimiter that needs no remark.
            first: The first record.

        >>> Dialect("|", width=2, has_header=False).remarks(",", [])
        ["fields are separated by '|'", 'no header; columns are named column_1, column_2, …']
        """
        found = []
        if self.delimiter != expected and self.width > 1:
            found.append(f"fields are separated by {'tabs' if self.delimiter == chr(9) else repr(self.delimiter)}")
        if not self.has_header:
            found.append("no header; columns are named column_1, column_2, …")
        elif not self.header_is_certain:
            names = ", ".join(repr(name if len(name) < 30 else f"{name[:29]}…") for name in first[:3])
            found.append(f"the first row ({names}) is taken as the header")
        if self.skipped_lines - self.has_directive > 0 and self.has_header:
            found.append(f"the header is line {self.skipped_lines + 1}")
        if self.trailing:
            found.append("rows end in a delimiter that the header lacks")
        return found


@dataclass(frozen=True)
class _Layout:
    """The records of the first lines by one delimiter."""

    rules: Rules
    records: list[Parsed]
    """Records that are not blank, from the header on."""
    width: int
    """Fields of a row."""
    coverage: float
    """Share of the lines in records that fit."""
    trailing: bool = False
    preamble: int = 0
    """Records before the header."""

    @property
    def plausibility(self) -> float:
        """How much the first record looks like a header, from 0 to 1."""
        return plausibility(self.records[0].fields)

    @property
    def rows(self) -> list[list[str]]:
        """The rows that fit, after the first record."""
        return [record.fields[: self.width] for record in self.records[1:] if self.fits(record)]

    def fits(self, record: Parsed) -> bool:
        """Return whether a record fits."""
        return Shape(self.rules.delimiter, self.width, self.trailing).fits(record.fields)

    @property
    def rank(self) -> float:
        """How likely the quoting is, compared to that of other layouts by the same delimiter."""
        return self.coverage + _QUOTING_PRIOR[self.rules.quoting] - 0.35 * self.trailing

    def score(self, suggested: str | None) -> float:
        """Return how likely the delimiter is."""
        prior = 0.05 * (self.rules.delimiter == (suggested or ","))
        return self.coverage + 0.3 * self.plausibility + prior - 0.3 * (self.preamble > 0)


def detect_dialect(lines: Sequence[str], reading: Reading, suggested: str | None = None, *, at_end: bool) -> Dialect:
    """Detect the dialect of a file by its first lines.

    Args:
        lines: The first lines, with their line ends.
        reading: Options that name parts of the dialect.
        suggested: Delimiter by the name of the file; None for a comma.
        at_end: Whether the lines are the whole file.

    Raises:
        Unreadable: The lines fit no dialect.

    >>> detect_dialect(["id;text\\n", "1;a, b\\n"], Reading(), at_end=True).delimiter
    ';'
    """
    first = next((number for number, line in enumerate(lines) if line.strip("\r\n")), len(lines))
    directive = _DIRECTIVE.fullmatch(lines[first]) if first < len(lines) else None
    skipped = first + (directive is not None)
    rest = lines[skipped:]
    if not any(line.strip("\r\n") for line in rest):
        return Dialect(reading.delimiter or suggested or ",", has_header=reading.header is not False)
    named = reading.delimiter or (directive[1] if directive else None)
    layout = _choose_layout(rest, named, reading, suggested, at_end)
    dialect = _make_dialect(layout, rest, reading, at_end)
    return replace(dialect, skipped_lines=skipped + dialect.skipped_lines, has_directive=directive is not None)


def looks_like_csv(head: str) -> Dialect | None:
    r"""Return the dialect of text that is certainly a table with a header; None for other text.

    Prose with commas is not a table: each record must have the same number of fields, and the first one must name
    columns.

    Args:
        head: The text, or its beginning.

    >>> looks_like_csv("id;text\n1;A man, a plan.\n2;B\n").delimiter
    ';'
    >>> looks_like_csv("Dear reader, thank you.\nYours, truly.\nBye, bye.\n") is None
    True
    """
    lines = [line for line in re.split(r"(?<=\n)" if "\n" in head else r"(?<=\r)", head) if line]
    try:
        dialect = detect_dialect(lines[:-1], Reading(), at_end=True) if len(lines) > 1 else None
    except Unreadable:
        return None
    if dialect is None or dialect.width < 2 or not dialect.has_header or dialect.trailing:
        return None
    rules = Rules(dialect.delimiter, dialect.quoting or "none")
    records = [record for record in _scan(lines[dialect.skipped_lines :], rules, at_end=False) if not _is_blank(record)]
    if len(records) < 3 or any(len(record.fields) != dialect.width for record in records[:-1]):
        return None
    names = records[0].fields
    are_names = all(name == name.strip() and len(name) <= 40 and len(name.split()) <= 4 for name in names)
    return dialect if are_names and (any(map(is_usual_name, names)) or dialect.header_is_certain) else None


def _is_blank(record: Parsed) -> bool:
    return not record.fields and record.problem is None


def _scan(lines: Sequence[str], rules: Rules, *, at_end: bool) -> list[Parsed]:
    """Return the records of some lines; a record with a problem is a single line."""
    records: list[Parsed] = []
    at, budget = 0, 4 * len(lines) + 100
    while at < len(lines) and budget > 0:
        before = at
        for record in strict_records(lines, at, rules, at_end=at_end):
            budget -= record.length
            records.append(record if record.problem is None else record._replace(length=1))
            at += records[-1].length
        if at == before:
            break
    return records


def _choose_layout(
    lines: Sequence[str], named: str | None, reading: Reading, suggested: str | None, at_end: bool
) -> _Layout:
    """Choose a delimiter; raises Unreadable."""
    order = [named] if named else sorted(DELIMITERS, key=lambda sign: sign != (suggested or ","))
    layouts = []
    for delimiter in order:
        if named is None and not any(delimiter in line for line in lines):
            continue
        layout = _layout_of(lines, delimiter, reading, at_end)
        layouts.append(layout)
        if named or (layout.width > 1 and layout.coverage == 1 and not layout.preamble and _has_names(layout)):
            return _check_fit(layout)
    wide = [layout for layout in layouts if layout.width > 1 and _is_possible(layout, suggested)]
    if not any(layout.preamble == 0 for layout in wide) and is_usual_name(lines[0]):
        wide = []
    if wide:
        return _check_fit(max(wide, key=lambda layout: layout.score(suggested)))
    return _single_column(lines, layouts, reading, suggested, at_end)


def _has_names(layout: _Layout) -> bool:
    return layout.plausibility > _PLAUSIBLE


def _is_possible(layout: _Layout, suggested: str | None) -> bool:
    """Return whether a delimiter that was not named may be right."""
    if suggested == "\t" and layout.rules.delimiter != "\t":
        return layout.coverage >= _NEARLY_ALL and layout.plausibility >= 0.5
    return layout.coverage >= _LEAST_COVERAGE or _has_names(layout)


def _check_fit(layout: _Layout) -> _Layout:
    """Refuse a file of which no row fits the header."""
    rows = layout.records[1:]
    misfits = [record for record in rows if not layout.fits(record)]
    if len(misfits) < max(_MIN_MISFITS, len(rows)):
        return layout
    widths = Counter(len(record.fields) for record in misfits)
    [(width, _)] = widths.most_common(1)
    raise Unreadable(
        f"no row fits the header: it has {layout.width} fields separated by {layout.rules.delimiter!r}, but rows have "
        f"{width}; remove lines before the header, or set --delimiter, --quoting or --no-header"
    )


def _single_column(
    lines: Sequence[str], layouts: Sequence[_Layout], reading: Reading, suggested: str | None, at_end: bool
) -> _Layout:
    """Return the layout of a file with a single column; raises Unreadable."""
    unusual = next((sign for sign in _UNUSUAL_DELIMITERS if _separates(lines, sign)), None)
    if unusual is not None:
        raise Unreadable(
            f"{unusual!r} occurs equally often in every line and may separate the fields; set --delimiter to it, or to "
            "another character"
        )
    tabular = [layout for layout in layouts if _modal_width(layout.records)[1] > _LEAST_COVERAGE]
    preferred = _layout_of(lines, suggested or ",", reading, at_end)
    if preferred.width == 1 and preferred.coverage >= _NEARLY_ALL:
        return preferred
    if tabular:
        raise Unreadable(
            f"the first lines do not fit the rows below by {tabular[0].rules.delimiter!r}; remove lines before the "
            "header, or set --delimiter"
        )
    unused = next((sign for sign in "\t|;," if not any(sign in line for line in lines)), "\t")
    return _check_fit(_layout_of(lines, unused, reading, at_end))


def _separates(lines: Sequence[str], sign: str) -> bool:
    """Return whether every line contains a sign, and equally often."""
    counts = {line.count(sign) for line in lines if line.strip("\r\n")}
    return len(lines) >= _MIN_MISFITS and len(counts) == 1 and 0 not in counts


def _modal_width(records: Sequence[Parsed]) -> tuple[int, float]:
    """Return the most frequent number of fields above 1, and the share of the records that have it."""
    widths = Counter(len(record.fields) for record in records if len(record.fields) > 1)
    if not widths:
        return 0, 0.0
    [(width, count)] = widths.most_common(1)
    return width, count / len(records)


def _layout_of(lines: Sequence[str], delimiter: str, reading: Reading, at_end: bool) -> _Layout:
    """Return the layout by a delimiter with the rules for quotes by which most lines fit."""
    if reading.quoting != "auto":
        quotings: list[Quoting] = [reading.quoting]
    elif not any('"' in line for line in lines):
        quotings = ["none"]
    else:
        quotings = ["quotes", "none"]
        if any('\\"' in line for line in lines):
            quotings.insert(1, "backslash")
    best: _Layout | None = None
    for quoting in quotings:
        rules = Rules(delimiter, quoting)
        records = [record for record in _scan(lines, rules, at_end=at_end) if not _is_blank(record)]
        layout = _layout_of_records(rules, records or [Parsed(0, 1, [], "a quote is never closed")], reading)
        if best is None or layout.rank > best.rank:
            best = layout
        if best.coverage == 1 and not best.trailing:
            break
    assert best is not None  # noqa: S101 - there is at least one quoting
    return best


def _layout_of_records(rules: Rules, records: list[Parsed], reading: Reading) -> _Layout:
    """Return the layout of records: plain, with a delimiter at the end of rows, or after a preamble."""
    first, rest = records[0], records[1:]
    width = len(first.fields)
    plain = _Layout(rules, records, width, _coverage(records, width))
    if not rest or width == 0:
        return plain
    if reading.header is False:
        return plain
    trailing = sum(len(record.fields) == width + 1 and not record.fields[-1] for record in rest)
    if width > 1 and trailing >= _NEARLY_ALL * len(rest):
        covered = sum(record.length for record in rest if Shape("", width, True).fits(record.fields)) + first.length
        return replace(plain, trailing=True, coverage=covered / sum(record.length for record in records))
    if width > 2 and not first.fields[-1]:
        shorter = sum(len(record.fields) == width - 1 for record in rest)
        if shorter >= _NEARLY_ALL * len(rest):
            return replace(plain, width=width - 1, coverage=_coverage(rest, width - 1))
    start = _header_after_titles(records, _modal_width(records)[0])
    if start:
        below = records[start:]
        modal = len(below[0].fields)
        layout = _Layout(rules, below, modal, _coverage(below, modal), preamble=start)
        found = judge_header(below[0].fields, layout.rows)
        if layout.coverage >= _PREAMBLE_COVERAGE and found.is_header and found.is_certain:
            return layout
    return plain


def _header_after_titles(records: Sequence[Parsed], width: int) -> int:
    """Return the number of the record that may be the header below titles and comments; 0 if the first may be it.

    Titles are records of another width, and in tables of spreadsheets records padded with empty fields.
    """
    for number, record in enumerate(records[: _MAX_PREAMBLE + 1]):
        filled = sum(map(bool, record.fields))
        if len(record.fields) == width and 2 * filled > width and not record.fields[0].startswith("#"):
            return number if width > 1 and number < len(records) - 1 else 0
    return 0


def _coverage(records: Sequence[Parsed], width: int) -> float:
    """Return the share of the lines that are in records of a width."""
    total = sum(record.length for record in records)
    return sum(record.length for record in records if len(record.fields) == width) / total


def _make_dialect(layout: _Layout, lines: Sequence[str], reading: Reading, at_end: bool) -> Dialect:
    """Complete a layout by the header and the quoting."""
    first, rows, delimiter = layout.records[0], layout.rows, layout.rules.delimiter
    if first.problem is not None:
        raise Unreadable(f"the header cannot be read: {first.problem}")
    header = HeaderDecision(reading.header is not False, True)
    if reading.header is None:
        header = judge_header(first.fields[: layout.width], rows)
    kinds = data_columns(rows, _LEAST_VALUES)
    dialect = Dialect(
        delimiter,
        None,
        header.is_header,
        first.start,
        layout.width,
        layout.trailing,
        kinds,
        header_is_certain=header.is_certain,
    )
    if reading.quoting != "auto":
        return replace(dialect, quoting=reading.quoting)
    below = lines[first.start + first.length if header.is_header else first.start :]
    names = lines[first.start] if header.is_header else ""
    if not any(opens_quote(line, delimiter) or '\\"' in line for line in (names, *below)):
        return dialect
    decision = decide_quoting(below, dialect.shape, at_end=at_end, header=names)
    if not at_end and decision.evidence < _CLEAR_EVIDENCE:
        return dialect  # decided by later lines
    return replace(dialect, quoting=decision.quoting, decision=decision)
