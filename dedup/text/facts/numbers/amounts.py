"""Single numbers as they stand in a text: in figures or in words, with a multiplier and a unit."""
# ruff: noqa: RUF001 - signs that look alike are the point

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from dedup.text.facts.numbers.counted import LETTER, Word, behind, following
from dedup.text.facts.numbers.figures import DASHES, SPACES, Part, figure, mixed, spelled, vulgar
from dedup.text.facts.numbers.numerals import HYPHENS, Rules, key_of, rules_of
from dedup.text.facts.numbers.units import CURRENCIES, money, unit
from dedup.text.tokens import UNSPACED

ZERO, ONE = Fraction(0), Fraction(1)
# Number words up to this one say little without what they count.
SMALL = 12
_MARK = re.compile(rf"[{DASHES}:/]")
# Letters that multiply the figures they stick to, as powers of ten; some of them only sums of money.
_POWERS = {"k": 3, "K": 3, "M": 6, "mn": 6, "bn": 9, "Md": 9, "Mds": 9, "m": 6, "b": 9, "B": 9, "tn": 12, "T": 12}
_OF_MONEY = ("m", "b", "B", "tn", "T")
_SHORT = re.compile(rf"([{SPACES}]?)(k|K|Mds|Md|mn|M|m|bn|B|b|tn|T)(?![\w-])(?=[{SPACES}]?([€$£]?))")
_MYRIADS = {"万": 4, "萬": 4, "만": 4, "亿": 8, "億": 8, "억": 8}
_NEXT = re.compile(rf"(?:[{SPACES}-]|[ ]?\r?\n)({LETTER}{{1,20}})(?!\w)")
_ABBREVIATED = re.compile(rf"\.[{SPACES}](?=\w)")
# Letters may follow figures where words have no spaces, or where endings stick to them as in Korean.
_STUCK = re.compile(rf"[^\W{UNSPACED}\u1100-\u11ff\uac00-\ud7a3]|[{HYPHENS}](?:[A-Z]{{1,3}}\b|[A-Z]?\d)")
_ITEM = re.compile(r"[.)](?=\s|\Z)")
_NUMBERED = re.compile(r"(?:19|20)\d\d")  # within its year, as in "13-2020"
_SECTION = re.compile(rf"(?<!\w)[A-Z]\.[{SPACES}]?\Z")
_MINUS = re.compile(r"(?<![^\s(])[-−–]\Z")
_SENTENCE_ENDS = ".!?:;…\n\u2028\u2029|•*"
# Nothing that belongs to a number comes after these.
_ENDS = frozenset(("", *'.,;:!?)]}»”"|/\0'))
_OPENING = SPACES + "\t\"«“„‘'(—–-"


class Amount(NamedTuple):
    """A number as it stands in a text."""

    start: int
    """First code point, of a currency before it where there is one."""
    end: int
    """One past the last, of a unit after it where there is one."""
    value: Fraction
    scale: Fraction = ONE
    """The multiplier it ends with, such as 1000000."""
    unit: str = ""
    """In its normal form."""
    most: Fraction | None = None
    """The upper end of a range."""
    qualifier: str = ""
    """"ordinal", or "about" where the number word says so itself."""
    small: bool = False
    """Whether it is a number word that says little alone."""
    label: bool = False
    """Whether it is a name, as in "page 12"."""
    words: Sequence[Word] = ()
    """The words after it."""


def amounts(text: str, language: str) -> list[Amount]:
    """Find the numbers of a text one by one; see `dedup.text.facts.numbers.find.numbers`.

    Args:
        text: Any text.
        language: ISO 639-1 code.

    >>> [(found.value, found.unit) for found in amounts("two of 3.5 million dollars", "en")]
    [(Fraction(2, 1), ''), (Fraction(3500000, 1), 'USD')]
    """
    rules, at = rules_of(language), 0
    found: list[Amount] = []
    while match := rules.amount.search(text, at):
        if clock := rules.clock.match(text, match.end()) if match["figures"] else None:
            read, at = [], clock.end()
        elif match["figures"] or match["vulgar"]:
            read = _figures(text, match, language, rules)
            at = max([match.end(), *(amount.end for amount in read)])
        elif _is_name(text, match, rules):
            read, at = [], match.end()
        else:  # words may make more than one number: go on where the first ends
            read = [_words(text, match, language, rules)]
            at = read[0].end
        if read and found and read[0].start < found[-1].end:  # "5 $ 6": the sign is taken
            read[0] = read[0]._replace(start=match.start(), unit="")
        found += read
    return found


def _figures(text: str, match: re.Match[str], language: str, rules: Rules) -> list[Amount]:
    """Read figures: one number, a fraction, or two with a dash between; none in identifiers, times of day and lists."""
    start, stop = match.span()
    whole = match["figures"] or ""
    written, marks = _MARK.split(whole), _MARK.findall(whole)
    if _is_item(text, start, stop):
        return []
    if "/" in marks:
        exact = mixed(written) if marks in (["/"], ["-", "/"]) else None
        return [] if exact is None else [_amount(exact, _around(text, start, stop, language, rules))]
    if len(written) > 2 or ":" in marks or (marks and _is_code(text, start, rules)):
        return []
    last = _figure(text, start + len(whole) - len(written[-1]), match, written[-1], language, rules)
    if len(written) == 1 or last is None:
        return [last] if last else []
    if len(written[0]) < 4 and not last.unit and _NUMBERED.fullmatch(written[1]):
        return []
    first = figure(written[0], rules.point)
    symbol, begin = money(text, start) or ("", start)
    return [] if first is None else [Amount(begin, start + len(written[0]), first, unit=symbol), last]


def _figure(text: str, start: int, match: re.Match[str], written: str, language: str, rules: Rules) -> Amount | None:
    """Read one figure with what belongs to it; None if it is no number."""
    stop = match.end()
    if end := _end_of_ordinal(text, start, stop, rules):
        value = figure(written, rules.point)
        return Amount(start, end, value, qualifier="ordinal", words=following(text, end)) if value else None
    around = _around(text, start, stop, language, rules)
    if around.scale == 1 and around.end == stop and _STUCK.match(text, stop):
        return None
    measured = around.scale > 1 or (around.unit != "" and around.unit not in CURRENCIES)
    value = figure(written, rules.point, measured) if written else ZERO
    if value is None:
        return None
    if sign := match["and"] or match["vulgar"]:
        value += vulgar(sign)
    amount = _amount(value, around, label=not measured and _is_label(text, start, rules))
    if around.unit[:1] in ("%", "°") and _MINUS.search(text, max(0, start - 2), start):
        return amount._replace(start=start - 1, value=-amount.value)
    return amount


def _words(text: str, match: re.Match[str], language: str, rules: Rules) -> Amount:
    """Read number words, or an ordinal in letters."""
    start, stop = match.span()
    if match["ordinal"]:
        value = rules.ordinals[key_of(match[0])]
        return Amount(start, stop, value, qualifier="ordinal", small=True, words=following(text, stop))
    items = list(rules.item.finditer(text, start, stop))
    parts = [
        Part(*(rules.values.get(key_of(item[0])) or (_compound(item[0], rules), False)), item.end()) for item in items
    ]
    value, scale, end = spelled(parts)
    rough = any(key_of(item[0]) in rules.words["rough"] for item in items if item.end() <= end)
    if half := rules.half.match(text, end):
        value, end = value + scale / 2, half.end()
    around = _around(text, start, end, language, rules)
    small = not rough and value * around.scale <= SMALL
    return _amount(value, around, "about" if rough else "", small)._replace(scale=scale * around.scale)


class _Around(NamedTuple):
    """What belongs to a number: a multiplier, a unit, and where all begins and ends."""

    start: int
    end: int
    scale: Fraction = ONE
    unit: str = ""
    words: Sequence[Word] = ()
    """Those after it."""


def _around(text: str, start: int, stop: int, language: str, rules: Rules) -> _Around:
    """Look around a number from start to stop."""
    before, after = money(text, start), text[stop : stop + 2]
    if after[:1] in _ENDS or (after[:1] in SPACES and after[1:].isdigit()):
        return _Around(before[1], stop, unit=before[0]) if before else _Around(start, stop)
    scale, end = _multiplier(text, stop, before is not None, rules)
    words = following(text, end)
    found = unit(text, end, words, language)
    if before:
        end = found[1] if found and found[0] == before[0] else end
        return _Around(before[1], end, scale, before[0], words)
    return _Around(start, found[1], scale, found[0]) if found else _Around(start, end, scale, words=words)


def _amount(value: Fraction, around: _Around, qualifier: str = "", small: bool = False, label: bool = False) -> Amount:
    start, end, scale, measure, words = around
    return Amount(start, end, value * scale, scale, measure, qualifier=qualifier, small=small, label=label, words=words)


def _compound(word: str, rules: Rules) -> Fraction:
    """Read a word that is several number words in one: "dreiundzwanzigtausend"."""
    parts: list[Part] = []
    joined = False
    for stem in rules.stem.findall(word):
        value, multiplies = rules.values.get(key_of(stem), (None, False))
        if value is None:
            joined = True
        else:  # "drei und zwanzig": the tens go first
            tens = joined and value >= 20 and bool(parts) and parts[-1].value < 10
            parts.insert(len(parts) - tens, Part(value, multiplies, 0))
            joined = False
    return spelled(parts).value


def _multiplier(text: str, stop: int, money_before: bool, rules: Rules) -> tuple[Fraction, int]:
    """Read the multipliers after a number, "k" or "mille milliards", and where they end; 1 if there is none."""
    if short := _SHORT.match(text, stop):
        spaced, letters, sign = short.groups()
        if (money_before or sign) if spaced or letters in _OF_MONEY else True:
            return Fraction(10 ** _POWERS[letters]), short.end()
    if power := _MYRIADS.get(text[stop : stop + 1], 0):
        return Fraction(10**power), stop + 1
    scale, end = ONE, stop
    while word := _NEXT.match(text, end):
        key = key_of(word[1])
        value, multiplies = rules.values.get(key, (ZERO, False))
        if not multiplies or value <= scale or (value < 1000 and key not in rules.words["rough"]):
            break
        scale, end = scale * value, word.end()
        if len(key) <= 4 and _ABBREVIATED.match(text, end) and (rules.capital or text[end + 2].islower()):
            end += 1
    return scale, end


def _end_of_ordinal(text: str, start: int, stop: int, rules: Rules) -> int:
    """Tell where an ordinal in figures ends, "80e", "3rd", "zum 80. Jahrestag"; 0 if it is none."""
    if ending := rules.ending.match(text, stop):
        return ending.end()
    pointed = _ABBREVIATED.match(text, stop) and rules.words["ordinal_point"].intersection(behind(text, start, 1))
    return stop + 1 if pointed else 0


def _is_item(text: str, start: int, stop: int) -> bool:
    """Tell whether figures number an item of a list: "1. ", "2) " where a line begins."""
    if stop - start > 3 or not _ITEM.match(text, stop):
        return False
    return not text[max(0, start - 8) : start].rpartition("\n")[2].strip() and _line_begins(text, start)


def _line_begins(text: str, start: int) -> bool:
    return start < 8 or "\n" in text[start - 8 : start]


def _is_label(text: str, start: int, rules: Rules) -> bool:
    """Tell whether the word before a number makes it a name: "page 12"."""
    return any(word.rstrip(".") in rules.words["labels"] for word in behind(text, start, 1))


def _is_code(text: str, start: int, rules: Rules) -> bool:
    """Tell whether figures with a dash name something: "L. 123-4", "résolution 34-19"."""
    return _is_label(text, start, rules) or _SECTION.search(text, max(0, start - 4), start) is not None


def _is_name(text: str, match: re.Match[str], rules: Rules) -> bool:
    """Tell whether number words are part of a name, as in "Les Trois Mousquetaires", or a fraction: "a third"."""
    start, stop = match.span()
    if match["ordinal"] and any(rules.values.get(word) for word in behind(text, start, 1)):
        return True
    if not text[start].isupper():
        return False
    before = text[max(0, start - 8) : start].rstrip(_OPENING)
    begins = before[-1:] in _SENTENCE_ENDS if before else start < 8
    return not begins or (not rules.capital and text[stop : stop + 1].isspace() and text[stop + 1 : stop + 2].isupper())
