"""The reference implementation of paragraphs: slow, plain Python, written from the design with strings."""
# ruff: noqa: RUF001 - characters that look alike are intended

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from reference_tokens import BREAKS as BREAKS
from reference_tokens import is_letter, stands_alone


class Span(NamedTuple):
    start: int
    end: int
    cut_start: int
    cut_end: int


def trim(text: str) -> Span:
    start = len(text) - len(text.lstrip())
    return Span(start, max(start, len(text.rstrip())), 0, len(text))


def lines(text: str) -> list[tuple[int, int]]:
    """Return start and end of each line, without its line break."""
    found, start, at = [], 0, 0
    while at < len(text):
        if text[at] in BREAKS:
            found.append((start, at))
            at += 2 if text[at : at + 2] == "\r\n" else 1
            start = at
        else:
            at += 1
    return [*found, (start, at)]


def first_word(line: str) -> int:
    for at, char in enumerate(line):
        if char.isspace():
            return at
        if stands_alone(char):
            return at + 1
    return len(line)


OPENERS, CLOSERS = "\"'“‘„‚«‹([¿¡*_`「『（【《〈", "\"'”’“»›)]*_`」』）】》〉"
SENTENCE_ENDS = ".!?…。．！？؟۔।॥։።፧။។"
SIGNS = "|{}[]<>=+*/\\_#$%^&@~\t"


class Line(NamedTuple):
    """A line with content, as a person sees it."""

    begin: int
    start: int
    end: int
    content: str
    depth: int  # quote marks
    indent: int
    opening: str  # kind of its first letter: "lower", "capitals", "caseless", "upper", "digit" or ""
    ending: str  # "sentence", "colon", "hyphen" or ""
    item: str  # "bullet", "number" or ""

    @property
    def width(self) -> int:
        return self.indent + len(self.content)

    @property
    def has_ended(self) -> bool:
        return self.ending in ("sentence", "colon")


def letter_kind(char: str) -> str:
    if char.isascii():
        return "digit" if char.isdigit() else "" if not char.isalpha() else "lower" if char.islower() else "upper"
    if not is_letter(char):
        return ""
    if char >= "\u2000" or "\u0590" <= char < "\u1e00":
        return "caseless"
    return "lower" if unicodedata.category(char) == "Ll" else "upper"


def opening_of(content: str) -> str:
    at = 0
    while at < min(3, len(content) - 1) and (content[at] in OPENERS or content[at].isspace()):
        at += 1
    kinds = [letter_kind(char) for char in content[at : at + 2]]
    return "capitals" if kinds == ["upper", "upper"] else kinds[0]


def ending_of(content: str) -> str:
    rest = content
    while len(rest) > max(1, len(content) - 4) and (rest[-1] in CLOSERS or rest[-1].isspace()):
        rest = rest[:-1]
    if rest[-1] in SENTENCE_ENDS:
        return "sentence"
    if rest[-1] in ":：":
        return "colon"
    is_letter_before = letter_kind(rest[-2:-1] or " ") not in ("", "digit")
    return "hyphen" if rest == content and rest[-1] in "-\u00ad\u2010" and is_letter_before else ""


def item_of(content: str) -> str:
    if content[0] in "•‣⁃◦▪▫●○■□·∙":
        return "bullet"
    return (
        "number"
        if re.match(r"[–—―]|[-*+] |[A-Za-z]\. |\(?(\d{1,4}[.)]|([A-Za-z][ivxlcIVXLC]{0,3})\)) ", content, re.A)
        else ""
    )


def block_lines(text: str) -> list[list[Line]]:
    """Return the lines with content of each block."""
    blocks: list[list[Line]] = [[]]
    for begin, end in lines(text):
        line = text[begin:end].rstrip()
        prefix = re.match(r"[\s>]*", line)[0]  # type: ignore[index]  # it matches the empty string
        content = line[len(prefix) :]
        if not content:
            blocks.append([])
            continue
        indent = len(prefix) - 1 - prefix.rfind(">")
        kinds = (opening_of(content), ending_of(content), item_of(content))
        start = begin + len(prefix)
        blocks[-1].append(Line(begin, start, begin + len(line), content, prefix.count(">"), indent, *kinds))
    return [block for block in blocks if block]


CASELESS = ("lower", "capitals", "caseless")


def may_continue(line: Line, following: Line) -> bool:
    return line.depth == following.depth and not line.has_ended and not following.item


def needed(line: Line, following: Line) -> int:
    return line.width + 1 + first_word(following.content)


def widest_but(widths: Iterable[int], excess: int) -> int:
    return sorted((min(width, 1023) for width in widths), reverse=True)[excess]


def document_width(blocks: list[list[Line]]) -> int | None:
    """Return the width at which most lines were wrapped whose sentence continues; None if there is none."""
    going = [
        (line, following)
        for block in blocks
        for line, following in pairwise(block)
        if may_continue(line, following) and following.opening in CASELESS
    ]
    if len(going) < 4:
        return None
    width = widest_but([line.width for line, _ in going], len(going) // 10)
    full = sum(needed(line, following) > width for line, following in going)
    return width if width >= 16 and full >= 0.7 * len(going) else None


def count_signs(content: str) -> int:
    spaces = sum(max(0, len(run) - 2) for run in re.findall(" +", content))
    speaker = 2 * sum(
        char == ":" and len(re.findall("[^ ]+", content[: at + 1])) <= 2 for at, char in enumerate(content[:-1])
    )
    return speaker + spaces + sum(char in SIGNS for char in content) + sum(char in ":;(" for char in content[:-1])


def share_of_signs(block: list[Line], *, and_digits: bool) -> float:
    texts = [line.content for line in block]
    digits = sum(char in "0123456789" for text in texts for char in text) if and_digits else 0
    return (sum(map(count_signs, texts)) + digits) / sum(map(len, texts))


def count_words(content: str) -> int:
    return max(len(content.split(" ")) - content.count("  "), sum(char >= "\u0800" for char in content) // 2)


def is_prose(block: list[Line], width: int, document: int | None) -> bool:  # noqa: C901 - evidence in one list
    verdicts = []
    for at, (line, following) in enumerate(pairwise(block)):
        room = needed(line, following)
        is_amid = at > 0 and may_continue(block[at - 1], line)
        at_margin = document is not None and room > document and line.width <= 1.25 * document
        if not may_continue(line, following):
            verdicts.append("good" if at_margin and line.has_ended and not following.item else "")
        elif is_amid and width < 48 and following.opening == "lower" and line.indent != following.indent:
            verdicts.append("bad")
        elif room <= width and not (line.ending == "hyphen" and following.opening == "lower"):
            verdicts.append("" if following.opening == "lower" and room > 0.85 * width else "bad")
        elif following.opening == "lower":
            verdicts.append("lower")
        elif following.opening in CASELESS or at_margin or (following.opening == "upper" and width > 72):
            verdicts.append("good")
        else:
            verdicts.append("upper" if following.opening == "upper" else "odd")
    counts = Counter(verdicts)
    good = counts["good"] + counts["lower"]
    if width < 16 or not good or counts["upper"] > 2 * good or counts["odd"] > good:
        return False
    if good < counts["bad"] * (2 if document is None else 1):
        return False
    if sum(count_words(line.content) for line in block[:8]) < 2 * len(block[:8]):
        return False
    if 2 * counts["lower"] < good:
        return share_of_signs(block, and_digits=True) <= 1 / 12
    colons = sum(line.ending == "colon" for line in block[:-1])
    is_sparse = 3 * colons <= len(block) and share_of_signs(block, and_digits=False) <= 1 / 20
    return is_sparse or width >= 48 or document is not None


def is_verse(block: list[Line], width: int) -> bool:
    count = len(block)
    return (
        (width <= 72 and len({line.depth for line in block}) == 1)
        and sum(line.ending == "sentence" for line in block) <= 0.6 * count
        and 7 * sum(line.opening not in ("", "digit") for line in block) >= 6 * count
        and 8 * sum(line.item != "" for line in block) <= count
        and sum(count_words(line.content) for line in block) >= 3 * count
        and share_of_signs(block, and_digits=True)
        <= 1 / (60 if 2 * sum(line.opening == "lower" for line in block) > count else 25)
    )


def joins_of_prose(block: list[Line], width: int) -> list[bool]:
    margin = min(line.indent for line in block)
    single = sum(a.indent > margin and b.indent == margin and not b.item for a, b in pairwise(block))
    several = sum(b.indent > margin and b.opening == "lower" for _, b in pairwise(block))
    joins = []
    for line, following in pairwise(block):
        room = needed(line, following)
        is_full = room > width
        begins = single > several and following.indent > margin
        if following.item:
            join = following.item != "bullet" and room > 0.85 * width and not line.has_ended
        elif following.opening == "lower":
            join = line.depth == following.depth or not line.has_ended
        elif line.depth != following.depth:
            join = False
        elif not line.has_ended:
            join = is_full or ((room > 0.75 * width or count_words(line.content) > 9) and not begins)
        else:
            deeper = following.indent > line.indent and several <= single and not line.item
            outdented = several > single and following.indent < line.indent
            join = is_full and not (begins or deeper or outdented or line.width > 1.25 * width)
        joins.append(join)
    return joins


def joins_of_sentences(block: list[Line], width: int, document: int | None) -> list[bool]:
    joins = []
    for line, following in pairwise(block):
        room = needed(line, following)
        begins = line.opening in ("upper", "capitals", "digit") or line.item
        continues = following.opening == "lower" and (begins or room > 0.85 * width or line.ending == "hyphen")
        continues = continues or (following.opening in CASELESS and document is not None and room > document)
        is_text = count_words(line.content) >= 4 and share_of_signs([line, following], and_digits=False) <= 1 / 12
        joins.append(continues and width >= 16 and may_continue(line, following) and is_text)
    return joins


def joins_of(block: list[Line], document: int | None) -> list[bool]:
    """Return for each line but the last whether it and the next are in one paragraph."""
    if len(block) < 2:
        return []
    width = widest_but([line.width for line in block], 0 if len(block) == 2 else max(1, len(block) // 10))
    width = min(width, document or width)
    if is_prose(block, width, document):
        return joins_of_prose(block, width)
    if is_verse(block, width):
        return [len(block) <= 40 or line.ending != "sentence" for line in block[:-1]]
    return joins_of_sentences(block, width, document)


def paragraphs(text: str, by: str, nested: int = 0) -> list[Span]:
    """Return the paragraphs; with `nested`, blocks of several paragraphs too, but at 1 not the whole document."""
    blocks = block_lines(text)
    begins = [line.begin for block in blocks for line in block] + [len(text)]
    document = document_width(blocks)
    found: list[tuple[int, int, int]] = []  # numbers of the first and last line, and whether it is a paragraph
    at = 0
    for block in blocks:
        joins = joins_of(block, document) if by == "auto" else [by == "blank-line"] * (len(block) - 1)
        borders = [0, *(border for border, join in enumerate(joins, 1) if not join), len(block)]
        if by == "auto" and len(borders) > 2 and nested > (len(blocks) == 1):
            found.append((at, at + len(block), 0))
        found += [(at + first, at + last, 1) for first, last in pairwise(borders)]
        at += len(block)
    flat = [line for block in blocks for line in block]
    return [Span(flat[first].start, flat[last - 1].end, begins[first], begins[last]) for first, last, _ in found]
