"""The reference implementation of tokens: slow, plain Python, written from the design with strings."""

import re
import unicodedata
from functools import cache

BREAKS = "\n\v\f\r\x85\u2028\u2029"
# Scripts written without spaces, by the Unicode names of their letters; and their signs with other names.
UNSPACED = re.compile(
    r"(CJK (UNIFIED|COMPATIBILITY) IDEOGRAPH|HIRAGANA|KATAKANA|HALFWIDTH KATAKANA|HENTAIGANA|THAI|LAO|KHMER|MYANMAR"
    r"|HANGZHOU NUMERAL|VERTICAL KANA REPEAT)\b"
)
UNSPACED_SIGNS = "々〆〇〻〼\U00016fe3"
HALFWIDTH_VOICING = "\uff9e\uff9f"
STRETCHES = "\u0640\u07fa"  # tatweel, and lajanyalan of N'Ko
MARKS_ON_TATWEEL = "\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"
SAME_LETTERS = str.maketrans({"\u06cc": "\u064a", "\u06a9": "\u0643", "\u0131": "i", "\u0640": None, "\u07fa": None})
# SARA AM, SARA AA, the ring of SARA AM, and the tone marks, of Thai and Lao.
AM, AA, RING = "\u0e33\u0eb3", "\u0e32\u0eb2", "\u0e4d\u0ecd"
TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0ec8\u0ec9\u0eca\u0ecb"
HYPHENS, SOFT_HYPHEN = "-\u2010", "\u00ad"
LINE_END = re.compile(rf"(?:(?![{BREAKS}])\s)*(?:\r\n|[{BREAKS}])(?:(?![{BREAKS}])[\s>])*")


@cache
def is_letter(char: str) -> bool:
    """Return whether a character is a letter or digit; marks that Unicode classifies as letters are not."""
    return unicodedata.category(char)[0] in "LN" and char not in HALFWIDTH_VOICING + STRETCHES + MARKS_ON_TATWEEL


@cache
def is_mark(char: str, by_signs: bool = False) -> bool:
    joins = char == "\u200d" or "\U000e0020" <= char <= "\U000e007f"
    return unicodedata.category(char)[0] == "M" or char in HALFWIDTH_VOICING + MARKS_ON_TATWEEL or (by_signs and joins)


@cache
def is_ignored(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or char in STRETCHES


@cache
def is_sign(char: str) -> bool:
    """Return whether a character is neither letter, digit, mark, format character, control character nor space."""
    return unicodedata.category(char) not in ("Cc", "Cs") and not (
        is_letter(char) or is_mark(char) or is_ignored(char) or char.isspace()
    )


@cache
def stands_alone(char: str) -> bool:
    """Return whether a character is a letter of a script written without spaces; numbers have other scripts' digits."""
    if unicodedata.category(char) == "Nd":
        return False
    return is_letter(char) and (char in UNSPACED_SIGNS or bool(UNSPACED.match(unicodedata.name(char, ""))))


def is_accent(char: str) -> bool:
    return 10 <= unicodedata.combining(char) <= 35 or unicodedata.combining(char) >= 200


def ascii_digit(char: str) -> str:
    return str(unicodedata.decimal(char)) if unicodedata.category(char) == "Nd" else char


def order_ring(token: str) -> str:
    """Sort the marks of each run; the ring of SARA AM comes after the tone marks."""
    classes = {"\u0e4d": 108, "\u0ecd": 123}
    done, run = "", ""
    for char in [*token, ""]:
        if char and (char in RING or unicodedata.combining(char)):
            run += char
        else:
            done += "".join(sorted(run, key=lambda mark: classes.get(mark, unicodedata.combining(mark)))) + char
            run = ""
    return done


def fold(token: str, by_signs: bool = False) -> str:
    if by_signs:
        return order_ring(unicodedata.normalize("NFD", token))
    decomposed = unicodedata.normalize("NFKD", token)
    plain = "".join(ascii_digit(char) for char in decomposed if not is_accent(char))
    return order_ring(plain.translate(SAME_LETTERS).casefold())


def join_words(text: str, by_signs: bool = False) -> str:
    """Join words that a hyphen breaks at a line end; where signs are tokens, only a soft hyphen breaks a word."""
    found, base, at = "", "", 0
    while at < len(text):
        char = text[at]
        line_end = LINE_END.match(text, at + 1) if char == SOFT_HYPHEN or (char in HYPHENS and not by_signs) else None
        following = text[line_end.end()] if line_end and line_end.end() < len(text) else ""
        small = following and unicodedata.category(following) in (
            ["Ll", "Lu", "Lt", "Lm", "Lo"] if char == SOFT_HYPHEN else ["Ll"]
        )
        if small and all(
            one and is_letter(one) and unicodedata.category(one)[0] == "L" and not stands_alone(one)
            for one in (base, following)
        ):
            assert line_end
            at = line_end.end()
            continue
        if not is_mark(char, by_signs) and not is_ignored(char):
            base = char
        found += char
        at += 1
    return found


def tokens(text: str, by_signs: bool = False) -> list[str]:
    found: list[str] = []
    current = ""
    chars = list(join_words(text, by_signs))
    while chars:
        char = chars.pop(0)
        if char in AM + AA:
            if current:
                current += RING[AM.index(char)] if char in AM else ""
                while chars and chars[0] in TONES:
                    current += chars.pop(0)
            char = AA[AM.index(char)] if char in AM else char
        if is_mark(char, by_signs):
            current += char if current else ""
            continue
        if is_ignored(char):
            continue
        sign = by_signs and is_sign(char)
        if current and (
            not is_letter(char) or stands_alone(char) or not is_letter(current[0]) or stands_alone(current[0])
        ):
            found.append(current)
            current = ""
        if is_letter(char) or sign:
            current += char
    return [fold(token, by_signs) for token in [*found, *([current] if current else [])]]


def document_tokens(text: str, by_signs: bool = False) -> list[str]:
    """Return the tokens of a document: without letters and digits, its signs."""
    return tokens(text, by_signs) or tokens(text, by_signs=True)
