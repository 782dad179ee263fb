"""The units of numbers: measures and percents after them, currencies on either side."""
# ruff: noqa: RUF001 - signs that look alike are the point

import re
from collections.abc import Sequence

from dedup.text.facts.numbers.counted import LINKED, Word, following, grammar
from dedup.text.facts.numbers.figures import SPACES
from dedup.text.tokens import fold

SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "₴": "UAH",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
    "%": "%",
    "٪": "%",
    "％": "%",
    "‰": "‰",
    "°": "°",
    "km2": "km²",
    "m2": "m²",
    "m3": "m³",
    "kmh": "km/h",
}
"""Signs that are units, to their normal form; one that is not listed is its own."""
CURRENCIES = frozenset({"EUR", "USD", "GBP", "JPY", "RUB", "UAH", "INR", "KRW", "TRY", "CHF", "CNY"})

_LETTERED = (
    "km/h kmh km² km2 m² m2 m³ m3 mm cm km m kg mg g t l ha kWh MWh GWh TWh kW MW GW Hz kHz MHz GHz mph "
    "EUR USD GBP JPY RUB UAH CHF CNY"
)
NORMAL = frozenset(SIGNS.values()) | frozenset(_LETTERED.split()) | {"°C", "°F"}
"""The units in their normal form."""
_SIGN = re.compile(
    rf"[{SPACES}]?(?:([%٪％‰]|°[{SPACES}]?[CF]\b|°|[€$£¥₽₴₹₩₺])"
    rf"|-?({'|'.join(sorted(map(re.escape, _LETTERED.split()), key=len, reverse=True))})(?![\w'’-]))"
)
_MONEY = re.compile(rf"(?:(?<![^\W\d_])(A|AU|C|CA|HK|NZ|S|R|US|U\.S\.) ?)?([€$£¥₽₴₹₩₺])[{SPACES}]?\Z")
_CODE = re.compile(rf"(?<![^\W_])({'|'.join(sorted(CURRENCIES))})[{SPACES}]\Z")
_AMERICAN = re.compile(rf"[{SPACES}]U\.S\.(?=[{SPACES}\n])")


def unit(text: str, at: int, words: Sequence[Word], language: str) -> tuple[str, int] | None:
    """Find the unit after a number.

    Args:
        text: Any text.
        at: Where the number ends.
        words: Those that follow it.
        language: ISO 639-1 code.

    Returns:
        The unit in its normal form and where it ends; None if there is none.

    >>> unit("5 millions de dollars", 10, following("5 millions de dollars", 10), "fr"), unit("170-mm", 3, [], "en")
    (('USD', 21), ('mm', 6))
    """
    if sign := _SIGN.match(text, at):
        written = sign[1] or sign[2]
        return SIGNS.get(written, written.replace(" ", "")), sign.end()
    if american := text[at + 1 : at + 2] == "U" and _AMERICAN.match(text, at):
        at = american.end()
        words = following(text, at)
    rules = grammar(language)
    first = 1 if words and words[0].form in rules.links else 0
    for count in (3, 2, 1):
        phrase = words[first : first + count]
        if len(phrase) == count and (found := rules.units.get(" ".join(word.form for word in phrase))):
            return found, phrase[-1].end
    if linked := LINKED.match(text, at):
        return (found, linked.end()) if (found := rules.units.get(fold(linked[1]))) else None
    return None


def money(text: str, start: int) -> tuple[str, int] | None:
    """Find the currency before a number.

    Args:
        text: Any text.
        start: Where the number begins.

    Returns:
        The currency in its normal form and where it begins; None if there is none.

    >>> money("for US$5", 7), money("EUR 5", 4), money("A$5", 2)
    (('USD', 4), ('EUR', 0), ('A$', 0))
    """
    near = text[max(0, start - 2) : start].strip()[-1:]
    if not near or near.isdigit() or near.islower():
        return None
    if sign := _MONEY.search(text, max(0, start - 8), start):
        where = sign[1]
        return (SIGNS[sign[2]] if not where or where[0] == "U" else where + sign[2]), sign.start()
    if code := _CODE.search(text, max(0, start - 5), start):
        return code[1], code.start()
    return None
