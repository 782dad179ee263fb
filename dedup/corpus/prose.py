"""Decide which columns contain prose.

A column is classified by its first values alone, in any language. Each value gets points for running text, from 0 to 1:

* At least half of its tokens must be words. A word consists of letters; letters of scripts without spaces count as
  fractions of a word, and markup is ignored.
* More words give more points. Lower-case words of four letters or more are the best evidence, then words of scripts
  without case. Capitalised words alone may be names or titles, so that more of them are needed. Punctuation at the end
  of a sentence makes up for few words.
* Lists ("red, green, blue"; "J. Smith; K. Jones"), objects of JSON, and words of equal length have no points.

The score of a column is the mean over its distinct values. It is lowered if few values are distinct (labels), if short
values differ only in their digits (ids, dates), or if nearly all short values contain digits (codes, addresses).
"""

from __future__ import annotations

import functools
import html
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

# ruff: noqa: RUF001, RUF002
# punctuation of many scripts looks alike

Pattern = Literal["id", "url", "email", "path", "date", "number", "code"]
"""Content of a column whose values have a fixed form. Codes include hashes, Base64 and JSON."""
Kind = Pattern | Literal["prose", "label", "list", "name", "constant", "empty", "other"]
"""Content of a column of strings. Names include titles and places."""

Form = Literal["lower", "caseless", "title", "list", "none"]
"""Words of a value: with lower-case words; without case or in capitals; capitalised; a list; no words."""

# A column with a higher score is prose; the score of other columns is at most this.
_PROSE_SCORE, _OTHER_SCORE = 0.5, 0.4
# Limits of what is read, so that the time does not depend on the length of the values.
_MAX_VALUES, _MAX_JUDGED = 1000, 100
_MAX_CHARACTERS, _MAX_MARKUP, _MAX_PATTERN, _MAX_TOKENS = 1000, 10_000, 300, 40
_MAX_WORD = 40
# Texts with fewer words are labels or ids if few of them are distinct; a few copies of a longer text are still texts.
_SHORT, _MEDIUM = 8, 12
_MIN_CONSTANT, _MIN_REPEATED, _MIN_JUDGED = 10, 8, 5
_MAX_DATE, _MAX_DATE_WORDS = 120, 10

_POINTS: dict[Form, tuple[float, ...]] = {
    "lower": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.8, 1),
    "caseless": (0, 0, 0.1, 0.2, 0.3, 0.5, 0.8, 1),
    "title": (0, 0, 0, 0.1, 0.2, 0.4, 0.7, 1),
    "list": (0,),
    "none": (0,),
}
"""Points by number of words, of capitalised words in titles; the last value also holds for more words."""
_SENTENCE_POINTS: dict[Form, float] = {"lower": 0.5, "caseless": 0.6, "title": 0.1, "list": 0, "none": 0}
"""Points for punctuation at the end of a sentence of two words or more; one suffices before signs like "。"."""

_TAG = re.compile(r"<(?:script|style)\b[^<]*|<[!/?a-z][^<>]*>", re.IGNORECASE)
_SEPARATOR = re.compile(r",(?!\d)|[;|•·،、，；・]|(?<=\s)(?:[>/–&-]|::?)(?=\s)")
# White space, the zero width space, and the signs between syllables of Tibetan and words of Ethiopic.
_SPACES = re.compile(r"[\s\u200b\u0f0b\u1361]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`´\-‐‑—–][^\W\d_]+)*")
_EDGES = (
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿§¶·«»‹›‘’‚‛“”„‟†‡•…‰′″–—―"
    "。、，．！？：；（）［］｛｝「」『』【】〈〉《》〔〕・｡｢｣､～׳״،؛؟۔।॥၊။។៕፣።፤፥፦"
)
_SENTENCE_END = re.compile(r"(?:[.!?…‽]|([。！？．｡؟۔।॥։።။។៕]))[^\w\s]*\Z")
# Scripts without spaces, and how many letters count as a word.
_UNSPACED = (
    # Thai, Lao, Burmese, Khmer, Tai.
    (re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaa7f]"), 4),
    # Katakana: words of other languages.
    (re.compile(r"[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]"), 4),
    # Han, hiragana, bopomofo.
    (re.compile(r"[\u3005-\u3007\u3041-\u309f\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 2),
)
_DIGITS = re.compile(r"\d+")
_YEAR = re.compile(
    r"(?<![\w.,])(?:1[3-9]|2[056])\d\d(?!\d)|(?<![\w.])\d{1,4}\s?([-/.])\s?\d{1,2}\s?\1\s?\d{1,4}(?![-/.]?\w)|年.{1,4}月|\d\s?년"
)
_TIME = re.compile(r"\d[:h時시点]\s?\d\d")

# Each pattern takes time linear in the length of the value, which is short.
_PATTERNS: tuple[tuple[Pattern, re.Pattern[str]], ...] = (
    ("email", re.compile(r"<?(?:mailto:)?[^\s@<>]+@[^\s@<>]+>?")),
    ("number", re.compile(r"[A-Z]{0,3}\s?[^\w\s]{0,3}\s?\d[\d.,'’\s\-+()/°]*(?:[eE][+-]?\d+)?\s?(?:[^\w\s]|\w{1,3})?")),
    ("url", re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.\-]{1,20}://|www\.|(?:doi|urn|tel|magnet|data|git):)\S+")),
    ("code", re.compile(r"(?=\S*[A-Z])(?=\S*[a-z])(?=\S*\d)[A-Za-z0-9+/=_-]{40,}(?:\s+[A-Za-z0-9+/=_-]+)*|[A-Z]{40,}")),
    ("path", re.compile(r"(?:[A-Za-z]:)?[\\/]\S.*|\.{1,2}[\\/].*|(?:[^\s\\/]+[\\/])+\S*")),
    ("url", re.compile(r"(?:[\w\-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?")),
    ("code", re.compile(r"[A-Za-z]\w*/\d[\w.]*\s\(.*")),  # a User-Agent of RFC 9110
    ("code", re.compile(r"(?:\{\s*[\"'}]|\[\s*[\[{\"']).*", re.DOTALL)),
    ("id", re.compile(r"(?=.*[\d_])[\w.:#/+=$|~-]+", re.ASCII)),
)


@dataclass(frozen=True)
class ColumnDescription:
    """What the first values of a column of strings look like."""

    kind: Kind
    """Content of the column."""
    score: float
    """How much it looks like prose, from 0 to 1; it is above 0.5 exactly for prose."""


@dataclass(frozen=True)
class _Shape:
    """The tokens of a value."""

    form: Form
    words: float
    numbers: int
    """Tokens with digits."""
    points: float
    """Points for running text."""
    is_sentence: bool = False
    """Whether it ends like a sentence."""


def describe_column(values: Sequence[str | None]) -> ColumnDescription:
    """Describe the content of a column by its first values.

    Args:
        values: First values of the column; None for null and for values that are not strings. Only 1,000 are used.

    Returns:
        The kind of content and the score as prose.

    >>> describe_column(["The council voted to build a bridge.", "Prices rose again in May.", None]).kind
    'prose'
    >>> describe_column(["pos", "neg"] * 20).kind, describe_column(["a@b.org", "c@d.org"]).kind
    ('label', 'email')
    """
    values = values[:_MAX_VALUES]
    present = [value for value in values if value and not value[:_MAX_CHARACTERS].isspace()]
    if not present:
        return ColumnDescription("empty", 0.0)
    distinct = [*{(len(value), value[:_MAX_CHARACTERS]): value for value in present}.values()]
    judged = [_plain(distinct[i * len(distinct) // _MAX_JUDGED]) for i in range(_MAX_JUDGED)]
    if len(distinct) <= _MAX_JUDGED:
        judged = [_plain(value) for value in distinct]
    shapes = [_shape(value) for value in judged]
    score = _mean_points(shapes)
    kind = _kind_beside_words(judged, shapes, len(distinct), len(present))
    if kind is not None:
        score = min(score, _OTHER_SCORE)
    elif score > _PROSE_SCORE:
        kind = "prose"
    else:
        kind = _kind_of_words(shapes)
    return ColumnDescription(kind, score)


def prose_score(values: Sequence[str | None]) -> float:
    """Return how much values look like prose, from 0 to 1.

    >>> prose_score(["https://example.org/1", "https://example.org/2"])
    0.0
    """
    return describe_column(values).score


def is_prose(values: Sequence[str | None]) -> bool:
    """Return whether values are prose, so that the column may be the text.

    >>> is_prose(["今天天气很好，我们去公园吧。", "他昨天买了一本新书。"]), is_prose(["新华社", "人民日报"])
    (True, False)
    """
    return describe_column(values).kind == "prose"


def _mean_points(shapes: Sequence[_Shape]) -> float:
    """Return the mean points, half by values and half by words, so that long texts outweigh short ones beside them."""
    weights = [min(max(shape.words, 5), _MAX_TOKENS) for shape in shapes]
    by_words = sum(shape.points * weight for shape, weight in zip(shapes, weights, strict=True)) / sum(weights)
    return (statistics.fmean(shape.points for shape in shapes) + by_words) / 2


def _kind_beside_words(judged: Sequence[str], shapes: Sequence[_Shape], distinct: int, present: int) -> Kind | None:
    """Return the kind of a column that is not prose regardless of its words, or None."""
    words = statistics.median(shape.words for shape in shapes)
    if distinct == 1 < present and (words < _SHORT or present >= _MIN_CONSTANT):
        return "constant"
    [(kind, count)] = Counter(map(_pattern_kind, judged, shapes)).most_common(1)
    if kind is not None and count > 0.6 * len(judged):
        return kind
    repeated = present >= _MIN_REPEATED and distinct <= present * (0.25 if words < _SHORT else 0.1)
    if repeated and words < _MEDIUM:
        return "label"
    if words < _MEDIUM and len(judged) >= _MIN_JUDGED:
        return _kind_of_formulas(judged, shapes, words)
    return None


def _kind_of_formulas(judged: Sequence[str], shapes: Sequence[_Shape], words: float) -> Kind | None:
    """Return the kind of a column of short values that differ in a few words or numbers, or None."""
    templates = {_DIGITS.sub("0", value) for value in judged}
    if words < _SHORT and len(templates) <= max(1, len(judged) / 4):
        return "id"
    if sum(shape.is_sentence and shape.points > _PROSE_SCORE for shape in shapes) > len(shapes) / 2:
        return None
    numbers = sorted(shape.numbers for shape in shapes)[len(shapes) // 10]
    if numbers > 1 or (numbers and words < _SHORT):
        return "other"
    # More values would share more words even if they were prose.
    chosen = judged[:: max(1, len(judged) // 10)][:10]
    found = [word for value in chosen for word in _WORD.findall(value)]
    if len(set(found)) < (0.6 if numbers else 0.5 if words < _SHORT else 0) * len(found):
        return "other"
    return None


def _pattern_kind(value: str, shape: _Shape) -> Pattern | None:
    value = value.strip()[:_MAX_PATTERN]
    if len(value) < _MAX_DATE and shape.words <= _MAX_DATE_WORDS and _is_date(value, shape.words):
        return "date"
    found = next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(value)), None)
    # Texts in scripts without spaces may contain a slash.
    return found if found == "code" or shape.words < _SHORT else None


def _is_date(value: str, words: float) -> bool:
    """Return whether a short value is a date or a time, not text that contains a date."""
    groups = len(_DIGITS.findall(value))
    has_year, has_time = _YEAR.search(value) is not None, _TIME.search(value) is not None
    if has_year and has_time:
        return _sentence_end(value) is None
    return (has_year or has_time) and words <= _MAX_DATE_WORDS / 2 and groups >= min(words, 2)


def _kind_of_words(shapes: Sequence[_Shape]) -> Kind:
    """Return the kind of a column of few words."""
    forms = Counter(shape.form for shape in shapes if not shape.numbers)
    if forms["list"] > len(shapes) / 2:
        return "list"
    return "name" if forms["title"] + forms["caseless"] > len(shapes) / 2 else "other"


def _plain(value: str) -> str:
    """Return the start of a value without markup."""
    if not value[:_MAX_CHARACTERS].lstrip().startswith("<"):
        value = value[:_MAX_CHARACTERS]
    if "<" not in value and "&" not in value:
        return value
    return html.unescape(_TAG.sub(" ", value[:_MAX_MARKUP])[:_MAX_CHARACTERS])


@functools.cache
def _marks() -> re.Pattern[str]:
    """Return a pattern for combining marks and invisible characters, which separate no words."""
    blocks = [(0xAD, 0xAE), (0x300, 0x2070), (0x20D0, 0x20FF), (0x302A, 0x309B), (0xA66F, 0xAC00), (0xFB1E, 0xFE30)]
    found = [chr(code) for block in blocks for code in range(*block) if _is_mark(chr(code))]
    return re.compile(f"[{''.join(found)}]")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") and character != "\u200b"


def _shape(value: str) -> _Shape:
    """Count the tokens of a value and give it points for running text."""
    text = value if value.isascii() else _marks().sub("", value)
    tokens = _SPACES.split(text.strip(), _MAX_TOKENS)
    if len(tokens) > _MAX_TOKENS:
        tokens = tokens[:_MAX_TOKENS]
        text = " ".join(tokens)
    head, end, unspaced = text, _sentence_end(text), 0.0
    if not text.isascii():
        for pattern, length in _UNSPACED:
            text, letters = pattern.subn(" ", text)
            unspaced += letters / length
        if unspaced:
            tokens = _SPACES.split(text, _MAX_TOKENS)[:_MAX_TOKENS]
    words, numbers, others = _sort_tokens(tokens)
    count = len(words) + unspaced
    if count < numbers + others or _are_mechanical(words):
        return _Shape("none", count, numbers, 0)
    form = _form(words, unspaced, end is not None)
    if (form == "title" or not end) and _is_list(form, count, head):
        form = "list"
    counted = sum(not word[0].islower() for word in words) if form == "title" else count
    points = _POINTS[form][min(int(counted), len(_POINTS[form]) - 1)]
    if end is not None and count >= (1 if end[1] else 2) + numbers:
        points += _SENTENCE_POINTS[form]
    if form == "title" and numbers > 1:
        points /= 2
    return _Shape(form, count, numbers, min(points, 1), end is not None)


def _sentence_end(text: str) -> re.Match[str] | None:
    return _SENTENCE_END.search(text.rstrip()[-10:])


def _sort_tokens(tokens: Sequence[str]) -> tuple[list[str], int, int]:
    """Return the words, the number of tokens with digits, and the number of other tokens with letters."""
    words = []
    numbers = others = 0
    for token in tokens:
        word = token.strip(_EDGES)
        if token[:1] in ("#", "@") and word:
            others += 1
        elif word.isalpha() or _WORD.fullmatch(word):
            if len(word) <= _MAX_WORD:
                words.append(word)
            else:
                others += 1
        elif _DIGITS.search(word):
            numbers += 1
        elif any(map(str.isalpha, word)):
            others += 1
    return words, numbers, others


def _are_mechanical(words: Sequence[str]) -> bool:
    """Return whether words repeat or have the same length, as in dumps of bytes or sequences of bases."""
    return len(words) >= 6 and (len(set(words)) < len(words) / 8 or len({*map(len, words)}) == 1)


def _form(words: Sequence[str], unspaced: float, is_sentence: bool) -> Form:
    """Return what the words are like."""
    lower = [word for word in words if word[0].islower()]
    upper = [word for word in words if word[0].isupper()]
    content = sum(len(word) >= 4 for word in lower)
    if not words and not unspaced:
        return "none"
    if unspaced + len(words) > 2 * len(lower + upper) or (not lower and all(map(str.isupper, upper))):
        return "caseless"
    if (
        (lower and not upper)
        or content >= 2
        or (content and len(lower) >= len(words) / 4)
        or (is_sentence and len(lower) >= len(upper))
    ):
        return "lower"
    if len(words) >= 6 and len(set(lower)) <= 1 and _longest_run(words) <= 3:
        return "list"
    return "title"


def _is_list(form: Form, count: float, text: str) -> bool:
    """Return whether a value consists of short parts between separators."""
    parts = _SEPARATOR.split(text)
    if len(parts) == 1:
        return False
    if form == "caseless":
        return count < 2 * len(parts)
    longest = max(len(part.split()) for part in parts)
    return count < 2.5 * len(parts) and (form == "title" or longest <= 4)


def _longest_run(words: Sequence[str]) -> int:
    """Return the largest number of capitalised words in a row."""
    longest = run = 0
    for word in words:
        run = 0 if word[0].islower() else run + 1
        longest = max(longest, run)
    return longest
