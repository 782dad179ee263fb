"""Split a sentence into words and symbols."""

import re

from dedup.text.tokens import PUNCTUATION, UNSPACED

# A code point of a word; English suffixes after an apostrophe.
_WORD_CHAR = rf"[^\s{PUNCTUATION}{UNSPACED}]"
_SUFFIXES = rf"(?i:s|m|d|ll|re|ve)(?!{_WORD_CHAR})"
_WORD = re.compile(
    rf"[{UNSPACED}]"
    # Groups are not repeated possessively: Python before 3.11.5 fails on some of those.
    r"|\d{1,3}+(?:[ \xa0\u2009\u202f]\d{3}(?!\d))+"  # 25 000
    rf"|(?:[^\W\d_]\.){{2,}}|(?:[^\W\d_]\.)+[^\W\d_](?!{_WORD_CHAR})"  # U.S., a.m.
    rf"|(?i:[a-z]{{1,2}}|[a-z]*qu)['\u2019](?={_WORD_CHAR})(?!(?:{_SUFFIXES}|(?i:t)(?!{_WORD_CHAR})))"  # l', d', jusqu'
    rf"|['\u2019]{_SUFFIXES}"  # 's
    rf"|(?:\d++[.,:](?=\d))*{_WORD_CHAR}++(?:['\u2019](?!{_SUFFIXES}){_WORD_CHAR}++)*"  # 25.000, 14:20, aujourd'hui
    r"|\S"
)
_NEGATION = re.compile(r".+n['\u2019]t", re.IGNORECASE)


def split_words(text: str) -> list[tuple[int, int]]:
    """Split a text into words and symbols; elided words and suffixes with an apostrophe are words of their own.

    Args:
        text: Any text.

    Returns:
        Half-open spans in code points, in order.

    >>> def words(text): return [text[start:end] for start, end in split_words(text)]
    >>> words("L'usine d'Alabuga n'a pas 25 000 ouvriers.")
    ["L'", 'usine', "d'", 'Alabuga', "n'", 'a', 'pas', '25 000', 'ouvriers', '.']
    >>> words("Kim's U.S. envoy doesn't pay $2.5")
    ['Kim', "'s", 'U.S.', 'envoy', 'does', "n't", 'pay', '$', '2.5']
    """
    spans = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if end - start > 3 and _NEGATION.fullmatch(match[0]):
            spans += [(start, end - 3), (end - 3, end)]
        else:
            spans.append((start, end))
    return spans
