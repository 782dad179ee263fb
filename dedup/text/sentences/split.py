"""A text to its sentences."""
# ruff: noqa: RUF001 - quote marks that look alike are the point

import re
import unicodedata
from collections.abc import Iterator

from dedup.text.sentences.lines import stretches
from dedup.text.sentences.stops import Rules, Stop, begins_small, ends, rules
from dedup.text.spans import Span
from dedup.text.tokens import UNSPACED

LONGEST = 2000
"""Code points in a sentence at most; a longer one is cut, at a sign or a space if it has one."""

# What always ends a sentence: signs of Devanagari, Arabic, Urdu, Armenian, Ethiopic, Burmese, Khmer, Chinese.
_FULL = "।॥؟۔։።፧။។៕。｡！？"
_FULL_SIGNS = frozenset(_FULL)
# What goes on after a quotation in Japanese and Chinese.
_QUOTED = frozenset("とっ、，,")
_CLOSERS = r"\"'”’»›)\]}」』】〉》）\u200b-\u200f\u2060\ufeff"
# A sign that may end a sentence, what closes with it (French sets "»" apart), and the white space after.
_END = re.compile(rf"([.!?…‼⁇⁈⁉‽{_FULL}]+)((?:[{_CLOSERS}]|[“‘«‹](?!\w)|\[\d{{1,3}}\]|\s[»›](?=[\s.,;:)]))*+)(\s*)")
# What opens, and the word after it, with the apostrophe of an elided one.
_AHEAD = re.compile(r"[\s«‹»›“„”\"'‘’‚(\[{¿¡—–\-•>*_#]{0,12}+([^\W_]+['’]?)?")
# What begins no sentence.
_INSIDE = frozenset(",;:.!?…)]}»”%/=&|")
# What stands between words besides white space.
_GLUE = str.maketrans(dict.fromkeys("'’‘«‹»›“„”\"([{¿¡—–/<>*_#|•", " "))
# Numbers and letters of lists.
_LABEL = re.compile(r"\W*(?:\d{1,3}|[^\W\d_]|[IVXLC]{1,4})")
_ADDRESS = re.compile(r"[/@=\\_]|www\.|\w\.\w")
_DOMAINS = frozenset(["com", "net", "org", "edu", "gov", "info", "js"])
# After a word these tell of code.
_JOINED = frozenset("._(/@=>")
_JOINER = "\u200d"
_UNSPACED = re.compile(f"[{UNSPACED}]")
# Words are looked for this far from a sign.
_REACH = 48
# Few code points stand before an abbreviation that goes on, as in "In 2012 AD. ...".
_EARLY = 12
# A quotation or a parenthesis as short as this is not divided where a sentence goes on around it.
_SHORT = 50
_PAIRS = (("«", "»"), ("„", "“"), ("“", "”"), ("(", ")"))
# Where a long sentence is cut, best first.
_CUTS = (re.compile(r"(?s).{500,}(?:[;:,](?=\s)|[；：，、،؛])"), re.compile(r"(?s).*\S(?=\s)"))
_BLANK = re.compile(r"\s*")


def split(text: str, language: str) -> list[Span]:
    """Find the sentences of a text.

    Headlines, list items and rows of tables are sentences of their own, and none goes on after a blank line.

    Args:
        text: Any text.
        language: ISO 639-1 code; one without a data file gets what many languages share.

    Returns:
        Sentences in order, trimmed, none over `LONGEST`; all that is not white space is in one.

    >>> text = "M. Poutine a parlé le 13 oct. 2024. « Oui ! » dit-il. Il y a 12.000 soldats."
    >>> [text[start:end] for start, end in split(text, "fr")]
    ['M. Poutine a parlé le 13 oct. 2024.', '« Oui ! » dit-il.', 'Il y a 12.000 soldats.']
    """
    spans: list[Span] = []
    for start, end, is_row in stretches(text):
        known = rules(language, text[start:end].islower())
        for found in () if is_row else _END.finditer(text, start, end):
            if found.end() < end and _ends(text, found, start, end, known):
                spans += _cut(text, start, found.end(2))
                start = found.end()
        spans += _cut(text, start, end)
    return spans


def _ends(text: str, found: re.Match[str], start: int, end: int, known: Rules) -> bool:
    """Say whether a sign ends the sentence that began at `start`, in the stretch up to `end`."""
    sign, closers, gap = found.groups()
    at, after = found.start(), found.end()
    if not gap and unicodedata.category(text[after])[0] == "M":
        return False
    if not _FULL_SIGNS.isdisjoint(sign):
        return gap != "" or closers == "" or text[after] not in _QUOTED
    if at - start <= 8 and _is_label(text[start:at], sign):
        return False
    if not gap:
        return _runs_on(text, found, start, known)
    ahead = _AHEAD.match(text, after, min(end, after + _REACH))
    there = ahead.end() if ahead else after
    if ahead is None or not ahead[1]:
        return there < end and (text[there] not in _INSIDE or text[there - 1] in "([")
    word, before = _before(text, start, at)
    if sign == ".":
        is_initial = len(ahead[1]) == 1 and text[there : there + 1] == "."
        verdict = ends(Stop(word, before, ahead[1], is_initial, closers, at - start <= _EARLY), known)
    elif begins_small(ahead[1]):
        verdict = known.lowered and not closers and "…" not in sign and ".." not in sign
    else:
        verdict = text[at - 1] not in "([" and not (sign == "!" and word in known.shouts)
    return verdict and not _is_enclosed(text, start, found, end)


def _is_label(head: str, sign: str) -> bool:
    """Say whether what stands before a sign is too little for a sentence: nothing, or the number of a list item."""
    return not any(map(str.isalnum, head)) or (sign == "." and _LABEL.fullmatch(head) is not None)


def _before(text: str, start: int, at: int) -> tuple[str, str]:
    """Give the word right before a sign, and the one before that."""
    chunk = text[max(start, at - _REACH) : at].translate(_GLUE)
    words = chunk.rsplit(None, 2)
    if not words or chunk[-1].isspace():
        return "", words[-1] if words else ""
    word = words[-1] if "." in words[-1] else words[-1].rpartition("-")[2]
    return word, words[-2] if len(words) > 1 else ""


def _runs_on(text: str, found: re.Match[str], start: int, known: Rules) -> bool:
    """Say whether a sentence begins right after a sign, without a space: where it cannot be an address or a name."""
    sign, closers, _ = found.groups()
    at, after = found.start(), found.end()
    if _UNSPACED.match(text, after):
        return "?" in sign or "!" in sign or (sign == "." and _UNSPACED.match(text, at - 1) is not None)
    if not (text[after].isupper() and (closers or text[at - 1].islower())):
        return False
    word = text[max(start, at - _REACH) : at].rsplit(None, 1)[-1:]
    following = _AHEAD.match(text, after, after + _REACH)
    if not word or (sign == "." and len(word[0]) < 3) or _ADDRESS.search(word[0]) or not following or not following[1]:
        return False
    if known.shorten(word[0]) or word[0] in known.shouts:
        return False
    name, beyond = following[1], text[following.end() : following.end() + 1]
    return (name[1:].islower() or not name[1:].isalpha()) and name.lower() not in _DOMAINS and beyond not in _JOINED


def _is_enclosed(text: str, start: int, found: re.Match[str], end: int) -> bool:
    """Say whether a sign stands in a short quotation or parenthesis that ends without one: a title, an aside."""
    at, after = found.start(), found.end()
    for opener, closer in _PAIRS:
        opens = text.rfind(opener, max(start, at - _SHORT), at)
        if opens < 0 or text.find(closer, opens + 1, after) >= 0:
            continue
        inner = text[after : text.find(closer, after, min(end, opens + _SHORT)) + 1].removesuffix(closer).rstrip()
        lead = text[max(start, opens - _REACH) : opens].rstrip()
        if inner and inner[-1] not in ".!?…" and lead and lead[-1] != ":":
            return True
    return False


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut what is too long for a sentence."""
    while end - start > LONGEST:
        cuts = (pattern.match(text, start, start + LONGEST) for pattern in _CUTS)
        cut = next((found.end() for found in cuts if found), 0) or _between_letters(text, start)
        yield Span(start, cut)
        blank = _BLANK.match(text, cut)
        start = blank.end() if blank else cut
    yield Span(start, end)


def _between_letters(text: str, start: int) -> int:
    """Find the last place for a cut that parts no letter from its marks; a letter with too many loses some."""
    cut = start + LONGEST
    while cut > start and (unicodedata.category(text[cut])[0] == "M" or _JOINER in text[cut - 1 : cut + 1]):
        cut -= 1
    return cut if cut > start else start + LONGEST
