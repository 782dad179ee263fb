"""Find the numbers of a text, in a normal form, with the nouns they count."""
# ruff: noqa: RUF001, RUF002 - look-alike punctuation is intended

import re
from collections.abc import Sequence
from fractions import Fraction

from dedup.text.facts.numbers.amounts import Amount, amounts
from dedup.text.facts.numbers.context import HYPHENATED_WORD, counted_noun, grammar, qualifier, words_before
from dedup.text.facts.numbers.figures import format_number
from dedup.text.facts.numbers.joins import join_amounts
from dedup.text.facts.numbers.symbols import NORMAL_UNITS
from dedup.text.spans import Fact
from dedup.text.tokens import fold

# The digits of URLs, telephone numbers and citation marks are not numbers.
_ADDRESS = re.compile(
    r"https?://\S+|\bwww\.\S+|(?<=\w)\.[a-z]{2,6}/\S+|@\S+"
    r"|(?=[\d+(\[])(?:"  # all others begin with a digit or one of these signs
    r"\+(?!\d{1,3}(?:[ .,]\d{3})*(?![ .,-]?\d))\d[\d ().-]{7,24}\d|(?<![\d.,])0\d(?:[ .]\d\d){3,4}(?!\d)"
    r"|(?<![\d.,])\d\d([ .-])\d\d(?:\1\d\d){2,}(?!\d)|(?:\b1[ .-])?\(?\b\d{3}\)?[ .-]\d{3}-\d{4}\b|\[\d{1,3}\]|\(\d\)"
    r"|(?:\+?\d{1,3}[ -]?)?\(\d{2,5}\)[ -]?\d{2,4}(?:[ -]\d{2,4}){1,3}(?!\d)"
    r"|(?<![\d.,-])(?<!\d\s)0[1-9]\d{1,3}[ /-]\d{3,8}(?:[ -]\d{2,8}){0,3}(?!\d))"
)
# The first characters of these, if the text has no URL and no e-mail address, and if it may have one.
_FIRST_OF_IDENTIFIER, _FIRST_OF_ADDRESS = re.compile(r"[\d+(\[]"), re.compile(r"[\d+(\[hw.@]")
_EMAIL_USER = re.compile(r"[\w.+-]{1,64}(?=@)")
# Metric weights have one normal form, with a value from 1 to 1000: 0.5 kg and 500 g are the same.
_WEIGHTS = ("mg", "g", "kg")


def numbers(text: str, language: str, taken: Sequence[Fact] = ()) -> list[Fact]:
    """Find the numbers of a text.

    A span covers the figures or words, a multiplier and a unit, but not the noun or the qualifier. Percent signs,
    currencies and measures become units in a normal form. The two ends of a range make one fact, "8–13".

    Weights in mg, g and kg have one form: "0.5 kg" is 500 g.

    Identifiers, addresses, times of day and the numbers of list items are not facts. Number words up to twelve are not
    facts if they count nothing, and neither are number words with a capital inside a sentence. For the value of
    "1.500", see `dedup.text.facts.numbers.figures.parse_figure`.

    Args:
        text: Any text.
        language: ISO 639-1 code.
        taken: Facts by start that numbers must not overlap: the dates of the text.

    Returns:
        Facts of the kind "number" by start, without overlaps.

    >>> [fact] = numbers("jusqu’à 25 000 travailleurs nord-coréens", "fr")
    >>> fact.value, fact.noun, fact.qualifier
    ('25000', 'travailleurs', 'up to')
    >>> [(fact.value, fact.noun) for fact in numbers("from 8 to 13 pct, or $1.5 million", "en")]
    [('8–13', '%'), ('1500000', 'USD')]
    """
    masked = _mask(text, taken)
    facts = []
    for amount in map(_normalize_weight, join_amounts(masked, amounts(masked, language), language)):
        value = format_number(amount.value)
        if amount.upper is not None:
            value = f"{value}–{format_number(amount.upper)}"
        noun, unit = amount.unit, amount.unit if amount.unit in NORMAL_UNITS else ""
        if not noun and not amount.label:
            noun, unit = _counted(masked, amount, language)
        meaning = amount.qualifier or qualifier(masked, amount.start, language)
        if noun or not amount.small or meaning not in ("", "ordinal"):
            facts.append(Fact("number", amount.start, amount.end, value, noun, meaning, unit))
    return facts


def _counted(text: str, amount: Amount, language: str) -> tuple[str, str]:
    """Return the noun that an amount counts, and its unit if the noun is a duration."""
    rules = grammar(language)
    durations = rules.durations
    if amount.qualifier != "ordinal":
        if amount.words and (unit := durations.get(amount.words[0].form)):
            if unit == "hour" and rules.before_hours.intersection(words_before(text, amount.start, 1)):
                unit = ""
            return text[amount.words[0].start : amount.words[0].end], unit
        if (linked := HYPHENATED_WORD.match(text, amount.end)) and (unit := durations.get(fold(linked[1]))):
            return linked[1], unit
    plural = amount.qualifier != "ordinal" and (not 0 < amount.value < 2 or amount.upper is not None)
    noun = counted_noun(text, amount.end, amount.words, language, plural)
    return noun, durations.get(fold(noun), "") if amount.qualifier != "ordinal" else ""


def _normalize_weight(amount: Amount) -> Amount:
    """Return an amount of mg, g or kg in the one of these units that gives values from 1 to 1000, if there is one."""
    if amount.unit not in _WEIGHTS or not amount.value:
        return amount
    rank, value, upper = _WEIGHTS.index(amount.unit), abs(amount.value), abs(amount.upper or amount.value)
    steps = 0
    while value * Fraction(1000) ** -steps >= 1000 and rank + steps < len(_WEIGHTS) - 1:
        steps += 1
    while value * Fraction(1000) ** -steps < 1 and rank + steps > 0:
        steps -= 1
    factor = Fraction(1000) ** -steps
    if not 1 <= upper * factor < 1000:
        return amount
    return amount._replace(
        value=amount.value * factor,
        upper=None if amount.upper is None else amount.upper * factor,
        unit=_WEIGHTS[rank + steps],
    )


def same_value(left: Fact, right: Fact) -> bool:
    """Return whether two numbers are the same.

    Their values must be equal, both or neither must be ordinals, and their units must not differ. A noun that is not a
    unit is ignored: "25 000 ouvriers" is the same as "25 000 travailleurs".

    Args:
        left: A number.
        right: Another number.

    >>> [percent], [men] = numbers("50 %", "fr"), numbers("50 hommes", "fr")
    >>> same_value(percent, men), same_value(percent, percent)
    (False, True)
    """
    if left.value != right.value or (left.qualifier == "ordinal") != (right.qualifier == "ordinal"):
        return False
    measured = left.noun in NORMAL_UNITS or right.noun in NORMAL_UNITS
    nouns = {left.noun, right.noun}
    degrees = "°" in nouns and nouns <= {"°", "°C", "°F"}
    return not measured or len(nouns) == 1 or "" in nouns or degrees


def _mask(text: str, taken: Sequence[Fact]) -> str:
    """Replace facts that are taken, and addresses, by NUL characters, so that offsets stay the same."""
    pieces, end = [], 0
    for fact in taken:
        pieces += [text[end : fact.start], "\0" * (fact.end - max(end, fact.start))]
        end = max(end, fact.end)
    masked = "".join([*pieces, text[end:]])
    if "@" in masked:
        masked = _EMAIL_USER.sub(lambda match: "\0" * len(match[0]), masked)
    return _mask_addresses(masked)


def _mask_addresses(text: str) -> str:
    """Replace URLs, telephone numbers and citation marks by NUL characters."""
    has_address = "/" in text or "@" in text or "www." in text
    pieces, end = [], 0
    for first in (_FIRST_OF_ADDRESS if has_address else _FIRST_OF_IDENTIFIER).finditer(text):
        if first.start() >= end and (match := _ADDRESS.match(text, first.start())):
            pieces += [text[end : match.start()], "\0" * (match.end() - match.start())]
            end = match.end()
    return "".join([*pieces, text[end:]])
