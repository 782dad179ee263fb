"""A sentence to its words and signs: where each begins and ends."""

import re

from dedup.text.tokens import PUNCTUATION, UNSPACED

# A part of a word; the ends that English joins to words.
_PART = rf"[^\s{PUNCTUATION}{UNSPACED}]"
_ENDS = rf"(?:s|m|d|ll|re|ve)(?!{_PART})"
_WORD = re.compile(
    rf"[{UNSPACED}]"
    r"|\d{1,3}+(?:[ \xa0\u2009\u202f]\d{3}(?!\d))++"  # 25 000
    rf"|(?:[^\W\d_]\.){{2,}}+|(?:[^\W\d_]\.)++[^\W\d_](?!{_PART})"  # U.S., a.m.
    rf"|(?:[a-z]{{1,2}}|[a-z]*qu)['\u2019](?={_PART})(?!(?:{_ENDS}|t(?!{_PART})))"  # l', d', jusqu'
    rf"|['\u2019]{_ENDS}"  # 's
    rf"|(?:\d++[.,:](?=\d))*+{_PART}++(?:['\u2019](?!{_ENDS}){_PART}++)*+"  # 25.000, 14:20, aujourd'hui
    r"|\S",
    re.IGNORECASE,
)
_NEGATION = re.compile(r".+n['\u2019]t", re.IGNORECASE)


def split(text: str) -> list[tuple[int, int]]:
    """Split a text into words and signs; what is elided or joined by an apostrophe is a word of its own.

    Args:
        text: Any text.

    Returns:
        First code point of each and one past its last.

    >>> def words(text): return [text[start:end] for start, end in split(text)]
    >>> words("L'usine d'Alabuga n'a pas 25 000 ouvriers.")
    ["L'", 'usine', "d'", 'Alabuga', "n'", 'a', 'pas', '25 000', 'ouvriers', '.']
    >>> words("Kim's U.S. envoy doesn't pay $2.5")
    ['Kim', "'s", 'U.S.', 'envoy', 'does', "n't", 'pay', '$', '2.5']
    """
    found = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if end - start > 3 and _NEGATION.fullmatch(match[0]):
            found += [(start, end - 3), (end - 3, end)]
        else:
            found.append((start, end))
    return found
