"""Read numbers as they are written in tables, exactly."""

import re
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

DecimalMark: TypeAlias = Literal[".", ","]
"""The character before the decimals."""

DECIMAL_MARKS: tuple[DecimalMark, ...] = (".", ",")

_SIGN = r"[+\-\u2212]?"
# Thousands are also separated by spaces (no-break, thin and narrow ones too) and, in Switzerland, by apostrophes.
_SPACES = "\\ \u00a0\u2009\u202f'\u2019"
_INFINITE = re.compile(rf"{_SIGN}inf(?:inity)?", re.IGNORECASE)
_FIGURES = {
    mark: re.compile(
        rf"{_SIGN}(?:\d+(?:{escaped}\d*)?|{escaped}\d+)(?:[eE][+\-]?\d+)?"
        rf"|{_SIGN}[1-9]\d{{0,2}}(?P<group>[{_SPACES}{other}])\d{{3}}(?:(?P=group)\d{{3}})*(?:{escaped}\d+)?"
    )
    for mark, escaped, other in ((".", r"\.", ","), (",", ",", "."))
}
_UNIT = r"(?:[^\W\d_]{1,3}|\s[^\W\d_]{1,12}\.?(?:\sago)?|\s?[%‰°$€£¥₹₽₩])"
_RESEMBLING = re.compile(
    rf"[(~<>≈]?(?:[A-Z]{{3}}\s?)?{_SIGN}\s?[$€£¥₹₽₩]?\s?[.,]?\d(?:[\d.,:/'\u2019_\-\u2013\s]*\d)?(?:[.,+\-]|{_UNIT})?\)?"
    r"|0[xX][0-9a-fA-F]+"
)
_LONGEST_RESEMBLING = 40


def parse_number(text: str, mark: DecimalMark | None = None) -> Decimal | None:
    """Read a number: with a sign, decimals, an exponent, thousands separators, or infinite.

    Thousands are separated by spaces, apostrophes, or the comma or point that is not the decimal mark.

    Args:
        text: The value.
        mark: The decimal mark of its column. None reads only numbers with one meaning: a number without thousands
            separators has a decimal point, and "1,234" has two meanings.

    Returns:
        The exact number; None if the text is not a number, or has two meanings.

    >>> [str(parse_number(text)) for text in ("-007", "1e3", "1,234", "1,234.5", "1,5", "12 345", "n/a")]
    ['-7', '1E+3', 'None', '1234.5', '1.5', '12345', 'None']
    >>> parse_number("1,234", "."), parse_number("1,234", ","), parse_number("1.234")
    (Decimal('1234'), Decimal('1.234'), Decimal('1.234'))
    """
    text = text.strip()
    if mark is not None:
        return _read(text, mark)
    point = _read(text, ".")
    if point is not None and "," not in text:
        return point
    comma = _read(text, ",")
    if point is None or comma is None:
        return comma if point is None else point
    return point if point == comma else None


def has_separators(text: str) -> bool:
    """Return whether a number is written with a decimal comma, or with thousands separators that are commas or points.

    >>> [has_separators(text) for text in ("1,234", "1,5", "1.234.567", "1.5", "12 345")]
    [True, True, True, False, False]
    """
    return "," in text or text.count(".") > 1


def resembles_number(text: str) -> bool:
    """Return whether a text consists of figures, at most with a unit or a currency: "5 km", "$5", "2 days ago".

    >>> [resembles_number(text) for text in ("5 km", "$5", "1.2.3", "10th", "(5)", "a1", "1.txt", "2 of 3")]
    [True, True, True, True, True, False, False, False]
    """
    text = text.strip()
    return len(text) <= _LONGEST_RESEMBLING and _RESEMBLING.fullmatch(text) is not None


def _read(text: str, mark: DecimalMark) -> Decimal | None:
    match = _FIGURES[mark].fullmatch(text)
    if match is None:
        return Decimal(_with_ascii_sign(text)) if _INFINITE.fullmatch(text) else None
    plain = _with_ascii_sign(text)
    if group := match["group"]:
        plain = plain.replace(group, "")
    try:
        return Decimal(plain.replace(mark, "."))
    except InvalidOperation:  # an exponent beyond 10^18
        return None


def _with_ascii_sign(text: str) -> str:
    return text.replace("\u2212", "-")
