"""Mark the words of aligned sentences with colours, or with signs where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from dedup.alignment.highlight import SCHEMES, MarkedSpan, Scheme, marked_spans
from dedup.render.format import flowing, shortened

if TYPE_CHECKING:
    from dedup.alignment.diff import Pair

# Opening sign, closing sign and style.
Mark = tuple[str, str, str]
NO_MARK: Mark = ("", "", "")
SHARED_MARK: Mark = ("*", "*", "bold")
REMOVED_MARK: Mark = ("[-", "-]", "red")
KEPT_MARK: Mark = ("{+", "+}", "green")
# For each kind of words the marks in the left and in the right text. Kinds that a scheme lacks are not marked.
_COMMON_MARKS: dict[str, tuple[Mark, Mark]] = {
    "equivalent": (("~", "~", "cyan"), ("~", "~", "cyan")),
    "replaced": (("[", "]", "magenta"), ("{", "}", "magenta")),
}
_MARKS: dict[Scheme, dict[str, tuple[Mark, Mark]]] = {
    "differences": {**_COMMON_MARKS, "unique": (REMOVED_MARK, KEPT_MARK)},
    "agreement": {**_COMMON_MARKS, "same": (SHARED_MARK, SHARED_MARK)},
}
# Legend of a scheme: kind of words ("" for unmarked text), side, text.
_COMMON_LEGEND = (
    ("equivalent", 0, "different form"),
    ("", 0, "  "),
    ("replaced", 0, "in A"),
    ("", 0, " replaced by "),
    ("replaced", 1, "in B"),
    ("", 0, "  "),
)
_LEGENDS: dict[Scheme, tuple[tuple[str, int, str], ...]] = {
    "differences": (
        *_COMMON_LEGEND,
        ("unique", 0, "only in A"),
        ("", 0, "  "),
        ("unique", 1, "only in B"),
        ("", 0, "  unmarked: in both"),
    ),
    "agreement": (
        ("same", 0, "in both"),
        ("", 0, "  "),
        *_COMMON_LEGEND,
        ("", 0, "unmarked: different, or function words"),
    ),
}


def mark_words(text: str, pair: Pair, side: int, language: str, *, signs: bool) -> Text:
    """Mark the words on one side of a pair by how they correspond to the other side.

    Adjacent words of the same kind are marked together. Punctuation is not marked; nor are function words such as
    "of" and "the" where agreement is marked.

    Args:
        text: The whole text of this side.
        pair: A pair of any kind but verbatim.
        side: 0 for the left text, 1 for the right text.
        language: ISO 639-1 code.
        signs: Mark with signs too, not only with styles.
    """
    scheme = SCHEMES[pair.kind]
    marked = Text(overflow="fold")
    previous_end, end = (pair.left, pair.right)[side]
    spans = (span for span in marked_spans(text, pair, side, language) if not _is_shared_function_word(span, pair))
    for span in _join_adjacent(spans):
        if span.kind in _MARKS[scheme]:
            marked.append(shortened(flowing(text[previous_end : span.start])))
            words = shortened(flowing(text[span.start : span.end]))
            marked.append_text(marked_text(words, _MARKS[scheme][span.kind][side], signs=signs))
            previous_end = span.end
    return marked.append(shortened(flowing(text[previous_end:end])))


def marked_text(words: str, mark: Mark, *, signs: bool) -> Text:
    """Return words with the style of a mark, and between its signs if these are wanted.

    >>> marked_text("in B", ("{+", "+}", "green"), signs=True).plain
    '{+in B+}'
    """
    opening, closing, style = mark
    return Text(f"{opening}{words}{closing}" if signs else words, style=style)


def legend(scheme: Scheme, *, signs: bool) -> Text:
    """Return the legend of a scheme.

    >>> legend("agreement", signs=True).plain
    '*in both*  ~different form~  [in A] replaced by {in B}  unmarked: different, or function words'
    """
    result = Text()
    for kind, side, words in _LEGENDS[scheme]:
        result.append_text(marked_text(words, _MARKS[scheme][kind][side] if kind else NO_MARK, signs=signs))
    return result


def _is_shared_function_word(span: MarkedSpan, pair: Pair) -> bool:
    """Return whether a span has only function words that both sides have; it does not separate the spans around it."""
    return span.kind == "small" and span.link is not None and pair.words[span.link].kind == "same"


def _join_adjacent(spans: Iterable[MarkedSpan]) -> Iterator[MarkedSpan]:
    """Join consecutive spans of the same kind."""
    current: MarkedSpan | None = None
    for span in spans:
        if current is not None and span.kind == current.kind:
            current = current._replace(end=span.end)
            continue
        if current is not None:
            yield current
        current = span
    if current is not None:
        yield current
