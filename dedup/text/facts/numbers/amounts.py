"""Parse single numbers in a text, in figures or in words, with their multipliers and units."""
# ruff: noqa: RUF001 - look-alike punctuation is intended

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from dedup.text.facts.numbers.context import SPACED_LETTER, FollowingWord, grammar, words_after, words_before
from dedup.text.facts.numbers.figures import (
    DASH_RANGE,
    NUMBER_SPACES,
    NumberWord,
    combine_number_words,
    parse_figure,
    parse_mixed_fraction,
    parse_vulgar_fraction,
)
from dedup.text.facts.numbers.numerals import NUMERAL_HYPHENS, NumberRules, number_rules, numeral_key
from dedup.text.facts.numbers.symbols import CURRENCIES, CURRENCY_SIGNS, MEASURES
from dedup.text.facts.numbers.units import currency_before, named_currency_before, pounds_after, unit_after
from dedup.text.tokens import UNSPACED

MAX_GOALS = 199
"""The largest number of points in a score."""
NO_SCALE = Fraction(1)
"""The scale of a number without a multiplier."""
MAX_SMALL_NUMBER = 12
"""The largest number in words that is a fact only together with the noun it counts."""
_ZERO = Fraction(0)
_SEPARATOR = re.compile(rf"[{DASH_RANGE}:/]")
# Letters that multiply the figures before them, as powers of ten; some of them only in sums of money.
_POWERS = {
    **dict.fromkeys(("k", "K", "к", "К"), 3),  # Latin and Cyrillic
    **dict.fromkeys(("M", "М", "mn", "m"), 6),
    **dict.fromkeys(("bn", "Md", "Mds", "b", "B"), 9),
    **dict.fromkeys(("tn", "T"), 12),
}
_MONEY_POWERS = ("m", "b", "B", "tn", "T")
_POWER_LETTERS = re.compile(
    rf"([{NUMBER_SPACES}]?)({'|'.join(sorted(_POWERS, key=len, reverse=True))})(?![\w-])"
    rf"(?=[{NUMBER_SPACES}]?([{''.join(CURRENCY_SIGNS)}]|d['’]euros?\b|))"
)
_ATTACHED_MULTIPLIER = re.compile(rf"({SPACED_LETTER}{{2,5}})(?!\w)")
_HYPHEN_AFTER_UNIT = re.compile(rf"(?<=\d)(?=[a-zA-Zµ])({'|'.join(MEASURES)})-(?=\d)")
_MYRIADS = {"万": 4, "萬": 4, "만": 4, "亿": 8, "億": 8, "억": 8}
_NEXT_WORD = re.compile(rf"(?:[{NUMBER_SPACES}-]|[ ]?\r?\n)({SPACED_LETTER}{{1,20}})(?!\w)")
_POINT_INSIDE = re.compile(rf"\.[{NUMBER_SPACES}](?=\w)")
# Letters right after figures make an identifier, except in scripts without spaces, and in Korean, which adds endings.
_IDENTIFIER_TAIL = re.compile(
    rf"[^\W{UNSPACED}\u1100-\u11ff\uac00-\ud7a3]|[{NUMERAL_HYPHENS}](?:[A-Z]{{1,3}}\b|[A-Z]?\d)"
)
_ITEM_MARK = re.compile(r"[.)](?=\s|\Z)")
_SECTION_NUMBER = re.compile(r"\d{1,2}\.\d{1,2}")
_RECENT_YEAR = re.compile(r"(?:19|20)\d\d")
_SECTION_LETTER = re.compile(rf"(?<!\w)[A-Z]\.[{NUMBER_SPACES}]?\Z")
_WORD_BEFORE = re.compile(rf"(?<![\w-])({SPACED_LETTER}{{4,8}})[{NUMBER_SPACES}]\Z")
_SPACES_BEFORE_SIGN = f"{NUMBER_SPACES}\t\n("
_BEFORE_POINT = f"{_SPACES_BEFORE_SIGN}{''.join(CURRENCY_SIGNS)}"
# "au moins", "plus or minus", "8 minus 5"
_NOT_BEFORE_MINUS = re.compile(r"(?:\d|(?<!\w)(?:or|plus|oder|ou|o|или|або|au|du|le|de|al|por|lo))[ /]?\Z")
_SENTENCE_ENDS = ".!?:;…\n\u2028\u2029|•*"
# Characters after a number that no multiplier, unit or counted noun follows.
_NUMBER_ENDS = frozenset(("", *'.,;:!?)]}»”"|/\0'))
_OPENING_MARKS = NUMBER_SPACES + "\t\"«“„‘'(—–-"


class Amount(NamedTuple):
    """A number with its position in a text."""

    start: int
    """Offset of the first code point, of the currency before the number if there is one."""
    end: int
    """Offset after the last code point, of the unit after the number if there is one."""
    value: Fraction
    """The number; the lower end of a range."""
    scale: Fraction = NO_SCALE
    """The multiplier at its end, such as 1000000."""
    unit: str = ""
    """The unit in its normal form; empty if there is none."""
    upper: Fraction | None = None
    """The upper end of a range; None for a single number."""
    qualifier: str = ""
    """Either "ordinal", or "about" if the number word expresses it; otherwise empty."""
    small: bool = False
    """Whether it is a number word that is a fact only together with the noun it counts."""
    label: bool = False
    """Whether it identifies something, as in "page 12"."""
    words: Sequence[FollowingWord] = ()
    """The words after it."""


def amounts(text: str, language: str) -> list[Amount]:
    """Find the single numbers of a text; see `dedup.text.facts.numbers.find.numbers`.

    Args:
        text: Any text.
        language: ISO 639-1 code.

    Returns:
        Numbers by start; ranges are not joined.

    >>> [(found.value, found.unit) for found in amounts("two of 3.5 million dollars", "en")]
    [(Fraction(2, 1), ''), (Fraction(3500000, 1), 'USD')]
    """
    rules, position = number_rules(language), 0
    if "-" in text:  # the hyphen is not part of an identifier
        text = _HYPHEN_AFTER_UNIT.sub(r"\1 ", text)
    found: list[Amount] = []
    while match := rules.amount.search(text, position):
        if clock := rules.clock.match(text, match.end()) if match["figures"] else None:
            parsed, position = [], clock.end()
        elif match["figures"] or match["vulgar"]:
            parsed = _parse_figures(text, match, language, rules)
            position = max([match.end(), *(amount.end for amount in parsed)])
        elif _is_in_name(text, match, rules):
            parsed, position = [], match.end()
        else:  # the words may contain several numbers: continue where the first ends
            parsed = [_parse_words(text, match, language, rules)]
            position = parsed[0].end
            if position < match.end() and text[position] in NUMERAL_HYPHENS:  # "два-три дня" is a range
                text = f"{text[:position]} {text[position + 1 :]}"
        if parsed:
            if found:
                parsed[0] = _without_shared_currency(text, found[-1], parsed[0], match, language)
            parsed[0] = _apply_sign(text, parsed[0], rules, language)
        found += parsed
    return found


def _without_shared_currency(text: str, left: Amount, right: Amount, match: re.Match[str], language: str) -> Amount:
    """Return an amount without the currency before it if that belongs to the amount on its left.

    In "5 $ 6" the symbol belongs to the first number, and in "5 dollars 20 of them" the name.
    """
    if right.start < left.end:
        right = right._replace(start=match.start(), unit="")
        if right.end == match.end() and (after := unit_after(text, right.end, words_after(text, right.end), language)):
            return right._replace(unit=after.name, end=after.end)
        return right
    is_named_before = (right.start, right.end) == match.span() and text[left.end : right.start].isspace()
    if is_named_before and right.unit == left.unit and right.unit in CURRENCIES:
        return right._replace(unit="")
    return right


def _parse_figures(text: str, match: re.Match[str], language: str, rules: NumberRules) -> list[Amount]:
    """Parse figures: a number, a fraction, or two numbers with a dash; an identifier or list item gives no number."""
    start, stop = match.span()
    whole = match["figures"] or ""
    figures, separators = _SEPARATOR.split(whole), _SEPARATOR.findall(whole)
    if _is_item_number(text, start, stop) or (_follows_letter(text, start) and not currency_before(text, start)):
        return []
    if "/" in separators:
        exact = parse_mixed_fraction(figures) if separators in (["/"], ["-", "/"]) else None
        return [] if exact is None else [_amount(exact, _surroundings(text, start, stop, language, rules))]
    if len(figures) > 2 or ":" in separators or (separators and _is_code(text, start, rules)):
        return []
    last = _parse_last_figure(text, start + len(whole) - len(figures[-1]), match, figures[-1], language, rules)
    if len(figures) == 1 or last is None:
        return [last] if last else []
    if len(figures[0]) < 4 and not last.unit and _RECENT_YEAR.fullmatch(figures[1]):  # issue 13 of 2020: "13-2020"
        return []
    first = parse_figure(figures[0], rules.decimal_mark)
    if first is not None and not last.unit and last.scale == 1 and last.value <= first <= MAX_GOALS:
        return []  # a score such as "3-1" or "2-2"; a range ascends
    unit, unit_start = currency_before(text, start) or ("", start)
    return [] if first is None else [Amount(unit_start, start + len(figures[0]), first, unit=unit), last]


def _parse_last_figure(
    text: str, start: int, match: re.Match[str], figure: str, language: str, rules: NumberRules
) -> Amount | None:
    """Parse the figure at the end of a match with its multiplier and unit; return None if it is not a number."""
    stop = match.end()
    if end := _end_of_ordinal(text, start, stop, rules):
        value = parse_figure(figure, rules.decimal_mark)
        return Amount(start, end, value, qualifier="ordinal", words=words_after(text, end)) if value else None
    half = rules.half.match(text, stop) if figure.isdecimal() else None
    around = _surroundings(text, start, half.end() if half else stop, language, rules)
    if not around.unit and (named := named_currency_before(text, start, around.words, grammar(language))):
        around = around._replace(unit=named)
    if around.scale == 1 and around.end == stop and _IDENTIFIER_TAIL.match(text, stop):
        return None
    measured = around.scale > 1 or (around.unit != "" and around.unit not in CURRENCIES)
    value = parse_figure(figure, rules.decimal_mark, measured) if figure else _ZERO
    if value is None:
        return None
    if fraction := match["and"] or match["vulgar"]:
        value += parse_vulgar_fraction(fraction)
    elif half:
        value += Fraction(1, 2)
    if not measured and _is_heading_number(text, start, stop):
        return None
    if text[start - 1 : start] == "." and figure.isdecimal() and (start == 1 or text[start - 2] in _BEFORE_POINT):
        unit, first = currency_before(text, start - 1) or (around.unit, start - 1)
        value, around = value / 10 ** len(figure), around._replace(start=first, unit=unit)  # ".75", "$.75"
    is_label = not measured and _is_label(text, start, rules)
    if is_label and value.denominator != 1:
        return None  # a version or the number of a section
    return _amount(value, around, label=is_label)


def _parse_words(text: str, match: re.Match[str], language: str, rules: NumberRules) -> Amount:
    """Parse number words, or an ordinal in words."""
    start, stop = match.span()
    if match["ordinal"]:
        value = rules.ordinals[numeral_key(match[0])]
        return Amount(start, stop, value, qualifier="ordinal", small=True, words=words_after(text, stop))
    items = list(rules.item.finditer(text, start, stop))
    number_words = [
        NumberWord(*(rules.values.get(numeral_key(item[0])) or (_parse_compound(item[0], rules), False)), item.end())
        for item in items
    ]
    value, scale, end = combine_number_words(number_words)
    rough = any(numeral_key(item[0]) in rules.words["rough"] for item in items if item.end() <= end)
    if half := rules.half.match(text, end):
        value, end = value + scale / 2, half.end()
    elif decimals := scale == 1 and rules.decimals.match(text, end):
        value, end = value + _parse_decimals(decimals[1], rules), decimals.end()
    around = _surroundings(text, start, end, language, rules)
    small = not rough and value * around.scale <= MAX_SMALL_NUMBER
    return _amount(value, around, "about" if rough else "", small)._replace(scale=scale * around.scale)


class _Surroundings(NamedTuple):
    """The multiplier and unit of a number, with the span of the number including both."""

    start: int
    end: int
    scale: Fraction = NO_SCALE
    unit: str = ""
    words: Sequence[FollowingWord] = ()
    """The words after the number and its multiplier."""


def _surroundings(text: str, start: int, stop: int, language: str, rules: NumberRules) -> _Surroundings:
    """Read the multiplier and the unit around the number from `start` to `stop`."""
    before, after = currency_before(text, start), text[stop : stop + 2]
    words: Sequence[FollowingWord]
    if after[:1] in _NUMBER_ENDS or (after[:1] in NUMBER_SPACES and after[1:].isdigit()):
        return _Surroundings(before.start, stop, unit=before.name) if before else _Surroundings(start, stop)
    scale, end = _parse_multiplier(text, stop, before is not None, rules)
    words = words_after(text, end)
    found = unit_after(text, end, words, language) or pounds_after(text, start, words, grammar(language))
    if before:
        end = found.end if found and found.name == before.name else end
        return _Surroundings(before.start, end, scale, before.name, words)
    if found:
        return _Surroundings(start, found.end, scale, found.name)
    return _Surroundings(start, end, scale, words=words)


def _amount(
    value: Fraction, around: _Surroundings, qualifier: str = "", small: bool = False, label: bool = False
) -> Amount:
    start, end, scale, unit, words = around
    return Amount(start, end, value * scale, scale, unit, qualifier=qualifier, small=small, label=label, words=words)


def _apply_sign(text: str, amount: Amount, rules: NumberRules, language: str) -> Amount:
    """Return an amount with the sign that is written beside it: "-5", "minus 5", "5 degrees below zero"."""
    start, unit = amount.start, amount.unit
    if amount.qualifier or amount.label:
        return amount
    if unit[:1] == "°" and (below := rules.below_zero.match(text, amount.end)):
        return amount._replace(end=below.end(), value=-amount.value)
    mark, before = text[max(0, start - 1) : start], text[max(0, start - 3) : max(0, start - 1)]
    if mark and mark in "-−–":
        is_word = not before or before[-1] in _SPACES_BEFORE_SIGN
        is_measured = unit[:1] in ("%", "°")
        if mark == "–":  # also begins an aside
            is_sign = is_measured
        else:  # a hyphen also begins an item, and both can join two numbers: "2 -7"
            is_item = mark == "-" and before[-1:] in ("", "\n")
            is_sign = is_measured or not (is_item or before[:-1].isdigit())
        return amount._replace(start=start - 1, value=-amount.value) if is_word and is_sign else amount
    if not text[max(0, start - 9) : max(0, start - 1)].lower().endswith(rules.signs):
        return amount
    word = _WORD_BEFORE.search(text, max(0, start - 10), start)
    if word and _is_minus(text, word, unit[:1] == "°", rules, language):
        return amount._replace(start=word.start(), value=-amount.value)
    return amount


def _is_minus(text: str, word: re.Match[str], degrees: bool, rules: NumberRules, language: str) -> bool:
    """Return whether a word before a number is its sign, not a subtraction or part of "au moins"."""
    key = numeral_key(word[1])
    if _NOT_BEFORE_MINUS.search(text, max(0, word.start() - 8), word.start()):
        return False
    if degrees and key in rules.words["minus_degrees"] | rules.words["minus_terms"]:
        return True
    if key in rules.words["minus_terms"]:
        before = words_before(text, word.start(), 1)
        return not before or before[0] in grammar(language).stops
    return key in rules.words["minus"]


def _parse_decimals(digits: str, rules: NumberRules) -> Fraction:
    """Parse the digits after a decimal mark in words: " zero five", " twenty-five"."""
    written = ""
    for word in re.split(rf"[{NUMERAL_HYPHENS}\s]+", digits.strip()):
        key = numeral_key(word)
        value = _ZERO if key in rules.words["zero"] else rules.values.get(key, (_ZERO, False))[0]
        if written.endswith("0") and written.strip("0") and 0 < value < 10:  # "twenty-five"
            written = written[:-1]
        written += str(int(value))
    return Fraction(int(written), 10 ** len(written))


def _follows_letter(text: str, start: int) -> bool:
    """Return whether figures are joined to a word before them, such as the code of a currency."""
    return start > 0 and text[start - 1].isascii() and text[start - 1].isalpha()


def _parse_compound(word: str, rules: NumberRules) -> Fraction:
    """Parse a compound number word: "dreiundzwanzigtausend"."""
    parts: list[NumberWord] = []
    joined = False
    for stem in rules.stem.findall(word):
        value, multiplies = rules.values.get(numeral_key(stem), (None, False))
        if value is None:
            joined = True
        else:  # units precede tens: "drei und zwanzig"
            is_tens = joined and value >= 20 and bool(parts) and parts[-1].value < 10
            parts.insert(len(parts) - is_tens, NumberWord(value, multiplies, 0))
            joined = False
    return combine_number_words(parts).value


def _parse_multiplier(text: str, stop: int, after_currency: bool, rules: NumberRules) -> tuple[Fraction, int]:
    """Parse the multipliers after a number, "k" or "mille milliards".

    Returns:
        Their product, 1 if there are none, and the offset after them.
    """
    if power := _POWER_LETTERS.match(text, stop):
        space, letters, currency = power.groups()
        is_money = after_currency or currency
        if is_money or not (space or letters in _MONEY_POWERS) or _counts_people(text, power, rules):
            return Fraction(10 ** _POWERS[letters]), power.end()
    if myriad := _MYRIADS.get(text[stop : stop + 1], 0):
        return Fraction(10**myriad), stop + 1
    scale, end = NO_SCALE, stop
    if (attached := _ATTACHED_MULTIPLIER.match(text, stop)) and attached[1] != "ths":  # "5bln", but 4/5ths
        value, multiplies = rules.values.get(numeral_key(attached[1]), (_ZERO, False))
        if multiplies and value >= 1000:
            scale, end = value, attached.end()
    while word := _NEXT_WORD.match(text, end):
        key = numeral_key(word[1])
        value, multiplies = rules.values.get(key, (_ZERO, False))
        if not multiplies or value <= scale or (value < 1000 and key not in rules.words["rough"]):
            break
        scale, end = scale * value, word.end()
        # The point of an abbreviation ("25 Tsd. Menschen"), not of the end of a sentence.
        if len(key) <= 4 and _POINT_INSIDE.match(text, end) and (rules.noun_capitals or text[end + 2].islower()):
            end += 1
    return scale, end


def _counts_people(text: str, power: re.Match[str], rules: NumberRules) -> bool:
    """Return whether an "m" right after figures is million, not metres: "1.5m voters"."""
    space, letter, _ = power.groups()
    words = [] if space or letter != "m" else words_after(text, power.end())
    return bool(words) and words[0].form in rules.words["people"]


def _end_of_ordinal(text: str, start: int, stop: int, rules: NumberRules) -> int:
    """Return the offset after an ordinal in figures ("80e", "3rd", "zum 80. Jahrestag"); 0 if it is not an ordinal."""
    if ending := rules.ending.match(text, stop):
        return ending.end()
    with_point = _POINT_INSIDE.match(text, stop) and rules.words["ordinal_point"].intersection(
        words_before(text, start, 1)
    )
    return stop + 1 if with_point else 0


def _is_item_number(text: str, start: int, stop: int) -> bool:
    """Return whether figures number an item of a list: "1. ", "2) " at the beginning of a line."""
    if stop - start > 3 or not _ITEM_MARK.match(text, stop):
        return False
    return not text[max(0, start - 8) : start].rpartition("\n")[2].strip() and _is_near_line_start(text, start)


def _is_heading_number(text: str, start: int, stop: int) -> bool:
    """Return whether figures number a section: "2.1 Scope" at the beginning of a line."""
    if not _SECTION_NUMBER.fullmatch(text, start, stop) or not _is_near_line_start(text, start):
        return False
    line = text[max(0, start - 8) : start].rpartition("\n")[2]
    return not line.strip() and text[stop : stop + 1] in _SPACES_BEFORE_SIGN and text[stop + 1 : stop + 2].isupper()


def _is_near_line_start(text: str, start: int) -> bool:
    """Return whether an offset is at most 8 code points after the beginning of a line or of the text."""
    return start < 8 or "\n" in text[start - 8 : start]


def _is_label(text: str, start: int, rules: NumberRules) -> bool:
    """Return whether the word before a number makes it an identifier: "page 12"."""
    return any(word.rstrip(".") in rules.words["labels"] for word in words_before(text, start, 1))


def _is_code(text: str, start: int, rules: NumberRules) -> bool:
    """Return whether figures with a dash identify something: "L. 123-4", "résolution 34-19"."""
    return _is_label(text, start, rules) or _SECTION_LETTER.search(text, max(0, start - 4), start) is not None


def _is_in_name(text: str, match: re.Match[str], rules: NumberRules) -> bool:
    """Return whether number words are part of a name, "Les Trois Mousquetaires", or of a fraction, "a third"."""
    start, stop = match.span()
    if match["ordinal"] and any(rules.values.get(word) for word in words_before(text, start, 1)):
        return True
    if not text[start].isupper():
        return False
    before = text[max(0, start - 8) : start].rstrip(_OPENING_MARKS)
    starts_sentence = before[-1:] in _SENTENCE_ENDS if before else start < 8
    if not starts_sentence:
        return True
    return not rules.noun_capitals and text[stop : stop + 1].isspace() and text[stop + 1 : stop + 2].isupper()
