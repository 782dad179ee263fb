r"""Decide how the fields of delimited text are quoted.

Only fields that start with a quote are read differently, so only they are evidence:

* A quoted field that needs its quotes (it contains a delimiter, a line end or a doubled quote), in a row that fits the
  header, is evidence for quotes. So are quoted names of columns, and a column of which nearly all values are quoted.
* A row that fits the header if its quotes are ordinary characters, but in which text follows the quote that would close
  a field, is evidence against quotes.
* `\"` in a field is evidence for backslashes if rows fit only with them.

A quoted field that does not need its quotes ("Yes.") may be either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dedup.corpus.delimited.header import DataKind, matches_kinds
from dedup.corpus.delimited.records import (
    OPEN_QUOTE,
    Parsed,
    Quoting,
    Rules,
    opens_quote,
    split_line,
    strict_records,
)

# Share of the values of a column that must be quoted.
_NEARLY_ALL = 0.9
# Characters for which programs quote a field, beside the delimiter: other delimiters, and the sign of comments.
_SPECIAL_CHARACTERS = ",;|\t#"


@dataclass(frozen=True)
class Shape:
    """What is known about the rows of a table."""

    delimiter: str
    """Field separator."""
    width: int
    """Number of fields of a row."""
    trailing: bool = False
    """Whether rows may end in a delimiter that the header lacks."""
    kinds: Mapping[int, DataKind] = field(default_factory=dict)
    """Kinds of columns without text."""

    def fits(self, fields: Sequence[str]) -> bool:
        """Return whether a row has the number of fields."""
        return len(fields) == self.width or self.has_extra_field(fields)

    def has_extra_field(self, fields: Sequence[str]) -> bool:
        """Return whether a row fits but ends in a delimiter that the header lacks."""
        return self.trailing and len(fields) == self.width + 1 and not fields[-1]

    def fits_unquoted(self, line: str) -> bool:
        """Return whether a line is a row that fits if its quotes are ordinary characters."""
        width = line.count(self.delimiter) + 1
        is_extra = self.trailing and width == self.width + 1 and line.rstrip("\r\n").endswith(self.delimiter)
        return width == self.width or is_extra

    def count_fitting(self, lines: Sequence[str]) -> int:
        """Return how many lines `fits_unquoted`."""
        if self.trailing:
            return sum(map(self.fits_unquoted, lines))
        delimiter = self.delimiter
        return [line.count(delimiter) for line in lines].count(self.width - 1)


@dataclass(frozen=True)
class Decision:
    """How fields are quoted."""

    quoting: Quoting
    """The rules."""
    certain: bool
    """Whether fields that need their quotes, or that contradict them, decided."""
    unquoted_escapes: bool = False
    """Whether backslashes escape in fields without quotes too."""
    is_neutral: bool = False
    """Whether "quotes" and "backslash" give the same result for the lines."""
    evidence: int = 0
    """Number of fields that are evidence for it; 0 if some are evidence against it."""


@dataclass
class Survey:
    """Evidence in some lines for rules with quotes."""

    fitting: int = 0
    """Lines of records that fit."""
    needed: int = 0
    """Quoted fields that need their quotes, in records that fit."""
    bare: int = 0
    """Lines that fit only if quotes are ordinary characters: text follows a closing quote."""
    unclosed: int = 0
    """Lines that fit only if quotes are ordinary characters: a quote is never closed."""
    plain: list[str] = field(default_factory=list)
    """Quoted fields that do not need their quotes."""
    quoted_values: dict[int, int] = field(default_factory=dict)
    """Number of quoted values by column."""
    values: dict[int, int] = field(default_factory=dict)
    """Number of values by column, empty ones aside, in records of one line."""
    characters: set[str] = field(default_factory=set)
    """Special characters in fields without quotes."""
    multiline: int = 0
    """Records of several lines that fit, although their lines could be rows as well."""
    unquoted_rows: int = 0
    """Rows before, none of which has a quoted field."""


def survey(lines: Sequence[str], rules: Rules, shape: Shape, *, at_end: bool, start: Survey | None = None) -> Survey:
    """Collect the evidence in some lines for rules with quotes.

    Args:
        lines: Lines that start with a record.
        rules: The rules.
        shape: Delimiter and width of the table.
        at_end: Whether no more lines follow.
        start: Evidence from elsewhere, to which it is added.
    """
    found = replace(start, plain=[], quoted_values={}, values={}, characters=set()) if start else Survey()
    at, budget = 0, 4 * len(lines) + 100
    while at < len(lines) and budget > 0:
        before = at
        for record in strict_records(lines, at, rules, at_end=True):
            budget -= record.length
            is_sound = record.problem is None and (shape.fits(record.fields) or not record.fields)
            if not is_sound and record.length > 1 and not at_end and record.start + record.length == len(lines):
                _add_pending(found, lines[record.start :], shape)
                return found
            at = record.start + (record.length if is_sound else 1)
            if is_sound:
                found.fitting += record.length
                _add_record(found, lines[record.start : at], record, shape)
            elif opens_quote(lines[record.start], shape.delimiter) and shape.fits_unquoted(lines[record.start]):
                if record.problem == OPEN_QUOTE:
                    found.unclosed += 1
                else:
                    found.bare += 1
            if not is_sound:
                break
        if at == before:
            break
    return found


def _add_pending(found: Survey, lines: Sequence[str], shape: Shape) -> None:
    """Add a record that is not complete at the end of the lines: its quote is bare if its lines are rows."""
    rows = [line for line in lines if line.strip()]
    if len(rows) > 1 and sum(shape.fits_unquoted(line) for line in rows) >= _NEARLY_ALL * len(rows):
        found.unclosed += 1


def _add_record(found: Survey, lines: Sequence[str], record: Parsed, shape: Shape) -> None:
    """Add a record that fits."""
    if record.length > 1:
        rest = [split_line(line, shape.delimiter) for line in lines[1:] if line.strip()]
        are_rows = shape.width > 1 and shape.fits_unquoted(lines[0]) and rest and all(map(shape.fits, rest))
        matches = {matches_kinds(fields, shape.kinds) for fields in rest} if are_rows else {False}
        if matches == {True}:
            found.bare += 1
        elif False in matches or (not shape.kinds and any('""' in line for line in lines)):
            found.needed += 1
        else:
            found.multiline += 1
        return
    naive = split_line(lines[0], shape.delimiter)
    if len(naive) != len(record.fields):
        found.needed += 1
        return
    for column, (raw, value) in enumerate(zip(naive, record.fields, strict=True)):
        if raw.startswith('"'):
            found.quoted_values[column] = found.quoted_values.get(column, 0) + 1
            if '"' in value:
                found.needed += 1
            else:
                found.plain.append(value)
        else:
            found.characters.update(sign for sign in _SPECIAL_CHARACTERS if sign in value)
        if raw:
            found.values[column] = found.values.get(column, 0) + 1


def decide_quoting(
    lines: Sequence[str], shape: Shape, *, at_end: bool, header: str = "", unquoted_rows: int = 0
) -> Decision:
    r"""Decide how the fields of some lines are quoted.

    Args:
        lines: Lines that start with a record, without the header.
        shape: Delimiter and width of the table.
        at_end: Whether no more lines follow.
        header: First line of the header, if there is one.
        unquoted_rows: Number of rows before the lines, none of which has a quoted field.

    >>> decide_quoting(['1\t"Yes" she said\n', "2\tNo\n"], Shape("\t", 2), at_end=True).quoting
    'none'
    >>> decide_quoting(['1\t"a\tb"\n', "2\tNo\n"], Shape("\t", 2), at_end=True).quoting
    'quotes'
    >>> decide_quoting(['1,"say \\"no\\", twice"\n'], Shape(",", 2), at_end=True).quoting
    'backslash'
    """
    delimiter = shape.delimiter
    start = Survey(needed=int(opens_quote(header, delimiter)), unquoted_rows=unquoted_rows)
    quotes = survey(lines, Rules(delimiter, "quotes"), shape, at_end=at_end, start=start)
    chosen, name, unquoted_escapes = quotes, "quotes", False
    has_backslash = any("\\" in line and ('\\"' in line or "\\\\" in line) for line in lines)
    if any('\\"' in line for line in lines):
        unquoted_escapes = _escapes_unquoted(lines, shape)
        rules = Rules(delimiter, "backslash")
        escaped = survey(lines, rules, shape, at_end=at_end, start=start)
        contradicted = escaped.bare + escaped.unclosed
        if contradicted <= quotes.bare + quotes.unclosed and (
            escaped.fitting > quotes.fitting
            or (unquoted_escapes and escaped.fitting == quotes.fitting and escaped.needed >= quotes.needed)
        ):
            chosen, name = escaped, "backslash"
    certain = chosen.needed > 0 or chosen.bare > 0
    if _is_unquoted(lines, chosen, shape):
        evidence = 0 if chosen.needed else chosen.bare + chosen.unclosed
        return Decision("none", certain or chosen.unclosed > 0, evidence=evidence)
    evidence = 0 if chosen.bare or chosen.unclosed else chosen.needed
    if name == "backslash":
        return Decision("backslash", certain or unquoted_escapes, unquoted_escapes, evidence=evidence)
    certain = certain or _is_consistent(chosen) or (not chosen.plain and not chosen.multiline)
    return Decision("quotes", certain, is_neutral=not has_backslash, evidence=evidence)


def _is_unquoted(lines: Sequence[str], found: Survey, shape: Shape) -> bool:
    """Return whether quotes are ordinary characters."""
    needed: float = found.needed
    if _is_by_column(found):
        needed += len(found.plain) / 2
    if shape.delimiter == "\t":
        if needed or found.bare or found.unclosed:
            return found.bare + found.unclosed > needed
        return bool(found.plain) and not found.multiline and not _is_consistent(found)
    # Without quotes, no text contains a comma: a rule that all rows must then follow.
    return found.bare > 0 and not needed and all(shape.fits_unquoted(line) for line in lines if line.strip("\r\n"))


def _is_by_column(found: Survey) -> bool:
    """Return whether nearly all values of the columns with quoted values are quoted."""
    return bool(found.plain) and all(
        count >= _NEARLY_ALL * (found.values.get(column, 0) + found.unquoted_rows)
        for column, count in found.quoted_values.items()
    )


def _is_consistent(found: Survey) -> bool:
    """Return whether fields that do not need their quotes are quoted by a rule: by column, or by their characters."""
    if not found.plain:
        return False
    signs = set(_SPECIAL_CHARACTERS) - found.characters
    return _is_by_column(found) or all(not text or text != text.strip() or signs & set(text) for text in found.plain)


def _escapes_unquoted(lines: Sequence[str], shape: Shape) -> bool:
    r"""Return whether backslashes escape in fields without quotes: `\"` occurs there, and no other quote or escape."""
    found, at, misfits, delimiter = False, 0, 0, shape.delimiter
    while at < len(lines):
        for record in strict_records(lines, at, Rules(delimiter, "backslash"), at_end=True):
            line = lines[record.start]
            fits = record.problem is None and (not record.fields or shape.fits(record.fields))
            at = record.start + (record.length if fits else 1)
            misfits += 0 if fits else record.length
            if misfits > 0.05 * len(lines):
                return False
            if not fits or record.length > 1 or opens_quote(line, delimiter):
                continue
            rest = line.rstrip("\r\n").replace("\\\\", "").replace('\\"', "").replace(f"\\{delimiter}", "")
            if '"' in rest or "\\" in rest:
                return False
            found = found or '\\"' in line
    return found
