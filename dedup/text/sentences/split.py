"""Split a text into sentences."""
# ruff: noqa: RUF001 - quote marks that look alike are intended

import re
import unicodedata
from collections.abc import Iterator

from dedup.text.sentences.items import items
from dedup.text.sentences.lines import segments
from dedup.text.sentences.stops import Stop, StopRules, ends_sentence, is_lower_case, stop_rules
from dedup.text.sentences.unpunctuated import cut_unpunctuated
from dedup.text.spans import Span
from dedup.text.tokens import UNSPACED

MAX_SENTENCE_LENGTH = 2000
"""Maximum length of a sentence in code points. Longer sentences are cut, at punctuation or a space if possible."""

# Terminators that always end a sentence: Devanagari, Arabic, Urdu, Armenian, Ethiopic, Burmese, Khmer, Chinese.
_TERMINATORS = "।॥؟۔։።፧။។៕。｡！？"
_TERMINATOR_SET = frozenset(_TERMINATORS)
# Characters that continue the sentence after a quotation in Japanese and Chinese.
_QUOTE_CONTINUATIONS = frozenset("とっ、，,")
_CLOSERS = r"\"'”’»›)\]}」』】〉》）\u200b-\u200f\u2060\ufeff"
# Numbers of notes after a terminator: "[1]", "[2, 5]", superscripts; or bare digits after a word or a closing mark.
_NOTE = (
    r"\[(?:\d{1,3}(?:[-–,;]\s?\d{1,3})*|[a-z])\]|[\xb9\xb2\xb3\u2070\u2074-\u2079]|[*_†‡]{1,3}(?=\s)"
    r"|(?:(?<=[^\W\d_]{2}[.!?])|(?<=[.!?][”\"»)])|(?<=[%)\]”\"»][.!?])|(?<=\ds[.!?]))"
    r"\d{1,3}(?:[\s,]\d{1,3})?(?=\s+[^\W\d_])"
)
# Groups: terminators, the closing marks after them (French writes a space before "»"), and the white space after those.
# The second repetition is not possessive: Python before 3.11.5 fails on possessive groups that are captured.
_END = re.compile(rf"([.!?…‼⁇⁈⁉‽{_TERMINATORS}]+)((?:[{_CLOSERS}]|[“‘«‹](?!\w)|{_NOTE}|\s[»›](?=[\s.,;:)]))*)(\s*)")
# An omission at the start of a sentence.
_OMISSION = re.compile(r"\. \. \. (?=[\"“«]?[^\W\d_])")
# Opening marks, and the word after them, with the apostrophe of an elided word.
_NEXT_WORD = re.compile(r"[\s«‹»›“„”\"'‘’‚(\[{¿¡—–\-•>*_#]{0,12}+([^\W_]+['’]?)?")
# Characters that do not begin a sentence.
_NON_INITIAL = frozenset(",;:.!?…)]}»”%/=&|")
# Marks between words other than white space, mapped to spaces.
_MARKS_TO_SPACES = str.maketrans(dict.fromkeys("'’‘«‹»›“„”\"([{¿¡—–/<>*_#|•", " "))
# Numbers and letters of list items.
_ITEM_LABEL = re.compile(r"\W*(?:\d{1,3}|[^\W\d_]|[IVXLC]{1,4}|[ivx]{2,4})")
_ADDRESS = re.compile(r"[/@=\\_]|www\.|\w\.\w")
_DOMAINS = frozenset(["com", "net", "org", "edu", "gov", "info", "js"])
# Characters that mark the word before them as code or an address.
_CODE_MARKS = frozenset("._(/@=>")
_ZERO_WIDTH_JOINER = "\u200d"
_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
# Number of code points before and after a terminator in which words are searched for.
_CONTEXT_LENGTH = 48
# An abbreviation within this many code points of the start rarely ends the sentence, as in "In 2012 AD. ...".
_EARLY_LENGTH = 12
# Quote marks and parentheses, and the length up to which what they enclose is not divided within a sentence.
_ENCLOSING_PAIRS = (("«", "»", 50), ("„", "“", 50), ("“", "”", 50), ("(", ")", 150))
# Places to cut a long sentence, best first.
_CUTS = (re.compile(r"(?s).{500,}(?:[;:,](?=\s)|[；：，、،؛])"), re.compile(r"(?s).*\S(?=\s)"))
_BLANK = re.compile(r"\s*")


def split(text: str, language: str) -> list[Span]:
    """Split a text into sentences.

    Headlines, list items and table rows are separate sentences, and a blank line always ends a sentence. Text without
    the ends of sentences is cut into pieces; see `dedup.text.sentences.unpunctuated`.

    Args:
        text: Any text.
        language: ISO 639-1 code; a language without a data file gets rules that many languages share.

    Returns:
        Trimmed sentences in order, none longer than `MAX_SENTENCE_LENGTH`, which cover everything but white space.

    >>> text = "M. Poutine a parlé le 13 oct. 2024. « Oui ! » dit-il. Il y a 12.000 soldats."
    >>> [text[start:end] for start, end in split(text, "fr")]
    ['M. Poutine a parlé le 13 oct. 2024.', '« Oui ! » dit-il.', 'Il y a 12.000 soldats.']
    """
    spans: list[Span] = []
    for start, end, is_row in segments(text):
        rules = stop_rules(language, text[start:end].islower())
        if is_row:
            spans += _cut(text, start, end)
            continue
        for item in items(text, start, end, bool(rules.ordinals)):
            spans += _split_item(text, item, rules)
    return spans


def _split_item(text: str, item: Span, rules: StopRules) -> Iterator[Span]:
    """Yield the sentences of a segment, or of a list item within it."""
    start, end = item
    for match in _END.finditer(text, start, end):
        if match.end() < end and _is_end(text, match, start, end, rules):
            yield from _pieces(text, start, match.end(2))
            start = match.end()
    yield from _pieces(text, start, end)


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence, or the pieces of text without the ends of sentences."""
    for piece in cut_unpunctuated(text, start, end, MAX_SENTENCE_LENGTH):
        yield from _cut(text, *piece)


def _is_end(text: str, match: re.Match[str], start: int, end: int, rules: StopRules) -> bool:
    """Return whether a terminator ends the sentence that began at `start`, in a segment up to `end`."""
    terminator, closers, gap = match.groups()
    at, after = match.start(), match.end()
    if not gap and unicodedata.category(text[after])[0] == "M":
        return False
    if not _TERMINATOR_SET.isdisjoint(terminator):
        return gap != "" or closers == "" or text[after] not in _QUOTE_CONTINUATIONS
    if at - start <= 8 and _is_item_label(text[start:at], terminator):
        return False
    if not gap:
        return _is_end_without_space(text, match, start, rules)
    following = _NEXT_WORD.match(text, after, min(end, after + _CONTEXT_LENGTH))
    if following and following[1]:
        return _is_end_before_word(text, match, following, start, rules) and not _is_enclosed(text, start, match, end)
    word, next_at = _words_before(text, start, at)[0], following.end() if following else after
    if _OMISSION.match(text, after, end):
        return word != "" and not rules.is_abbreviation(word)
    may_start = next_at < end and (text[next_at] not in _NON_INITIAL or text[next_at - 1] in "([")
    return may_start and not (terminator == "." and rules.precedes_sign(word, text[next_at]))


def _is_end_before_word(
    text: str, match: re.Match[str], following: re.Match[str], start: int, rules: StopRules
) -> bool:
    """Return whether a terminator ends a sentence before a word, which `following` matches with the marks before it."""
    terminator, closers, _ = match.groups()
    at, next_word, next_at = match.start(), following[1], following.end()
    word, before = _words_before(text, start, at)
    if closers[-1:].isdecimal() and (not next_word[0].isupper() or word.isupper() or rules.is_abbreviation(word)):
        return False  # a number that belongs to the text: "fig.3 shows", "No.5 The"
    if terminator == ".":
        is_initial = len(next_word) == 1 and text[next_at : next_at + 1] == "."
        stop = Stop(word, before, next_word, is_initial, closers, at - start <= _EARLY_LENGTH)
        return not _is_omission(text, start, at) and ends_sentence(stop, rules)
    if is_lower_case(next_word):
        return rules.lowered and not closers and "…" not in terminator and ".." not in terminator
    return text[at - 1] not in "([" and not (terminator == "!" and word in rules.shouts)


def _is_item_label(head: str, terminator: str) -> bool:
    """Return whether the text before a terminator is not a sentence: no letters or digits, or a list item label."""
    return not any(map(str.isalnum, head)) or (terminator == "." and _ITEM_LABEL.fullmatch(head) is not None)


def _is_omission(text: str, start: int, at: int) -> bool:
    """Return whether a full stop is the last of three with spaces between, which omit a part of a sentence.

    Four with spaces before them are an omission and a full stop.
    """
    return text[max(start, at - 4) : at] == ". . " and text[max(start, at - 7) : at - 4] != " . "


def _words_before(text: str, start: int, at: int) -> tuple[str, str]:
    """Return the word directly before an offset and the word before that; either may be empty."""
    chunk = text[max(start, at - _CONTEXT_LENGTH) : at].translate(_MARKS_TO_SPACES)
    words = chunk.rsplit(None, 2)
    if not words or chunk[-1].isspace():
        return "", words[-1] if words else ""
    word, tail = words[-1], words[-1].rpartition("-")[2]
    if "." not in word or (len(tail) > 1 and tail.isalpha() and word[-len(tail) - 2 :].startswith(".-")):
        word = tail  # "Univ.-Prof", but not "J.-C"
    return word, words[-2] if len(words) > 1 else ""


def _is_end_without_space(text: str, match: re.Match[str], start: int, rules: StopRules) -> bool:
    """Return whether a terminator without a space after it ends a sentence, and is not part of an address or a name."""
    terminator, closers, _ = match.groups()
    at, after = match.start(), match.end()
    if _UNSPACED_CHARACTER.match(text, after):
        return (
            "?" in terminator
            or "!" in terminator
            or (terminator == "." and _UNSPACED_CHARACTER.match(text, at - 1) is not None)
        )
    is_number = text[at - 1].isdecimal()
    if not (text[after].isupper() and (closers or is_number or text[at - 1].islower())):
        return False
    words = text[max(start, at - _CONTEXT_LENGTH) : at].rsplit(None, 1)[-1:]
    following = _NEXT_WORD.match(text, after, after + _CONTEXT_LENGTH)
    if not words or not following or not following[1]:
        return False
    word, name = words[0], following[1]
    if (terminator == "." and len(word) < (4 if is_number else 3)) or _ADDRESS.search(word):
        return False
    if rules.is_abbreviation(word) or word in rules.shouts:
        return False
    next_char, next_gap = text[following.end() : following.end() + 1], text[following.end() + 1 : following.end() + 2]
    if next_char == "." and next_gap.isspace() and name in rules.leading:
        return len(word) > 3 or word.islower()  # "today.Mr. Hill", but not "Ass.Prof. Hill"
    is_word = name[1:].islower() or not name[1:].isalpha()
    may_start = name in rules.starters or closers != "" or not is_number
    return is_word and may_start and name.lower() not in _DOMAINS and next_char not in _CODE_MARKS


def _is_enclosed(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Return whether a terminator is inside a short quotation or parenthesis that the sentence encloses.

    Such a quotation is a title or an aside: it ends without a terminator, or the sentence continues after it.
    """
    at, after = match.start(), match.end()
    for opener, closer, length in _ENCLOSING_PAIRS:
        opening = text.rfind(opener, max(start, at - length), at)
        if opening < 0 or text.find(closer, opening + 1, after) >= 0:
            continue
        closing = text.find(closer, after, min(end, opening + length))
        if closing < 0:
            continue
        inner = text[after:closing].rstrip()
        lead = text[max(start, opening - _CONTEXT_LENGTH) : opening].rstrip()
        rest = text[closing + 1 : min(end, closing + 4)].lstrip()
        continues = rest[:1].islower() or rest[:1] == ","
        if lead and lead[-1] != ":" and (continues or (inner and inner[-1] not in ".!?…")):
            return True
    return False


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence, cut into parts of at most `MAX_SENTENCE_LENGTH` code points."""
    while end - start > MAX_SENTENCE_LENGTH:
        cuts = (pattern.match(text, start, start + MAX_SENTENCE_LENGTH) for pattern in _CUTS)
        cut = next((match.end() for match in cuts if match), 0) or _cut_between_letters(text, start)
        yield Span(start, cut)
        blank = _BLANK.match(text, cut)
        start = blank.end() if blank else cut
    yield Span(start, end)


def _cut_between_letters(text: str, start: int) -> int:
    """Return the last offset for a cut that does not separate a letter from its marks.

    If there is no such offset, the cut is at the maximum length and separates them.
    """
    cut = start + MAX_SENTENCE_LENGTH
    while cut > start and (unicodedata.category(text[cut])[0] == "M" or _ZERO_WIDTH_JOINER in text[cut - 1 : cut + 1]):
        cut -= 1
    return cut if cut > start else start + MAX_SENTENCE_LENGTH
