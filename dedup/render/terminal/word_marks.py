"""Words of aligned sentences between signs that say how they correspond; the same with colour and without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from dedup.alignment.highlight import SCHEMES, Run, Scheme, word_runs
from dedup.render.format import flowing, shortened

if TYPE_CHECKING:
    from dedup.alignment.diff import Pair

# The signs before and after words of a kind and their colour, on the left and on the right; other words are plain.
_OTHERS = {
    "equivalent": (("~", "~", "cyan"), ("~", "~", "cyan")),
    "replaced": (("[", "]", "yellow"), ("{", "}", "yellow")),
}
_BOTH = (
    ("equivalent", 0, "in another form"),
    ("", 0, "  "),
    ("replaced", 0, "in A"),
    ("", 0, " for "),
    ("replaced", 1, "in B"),
    ("", 0, "  "),
)
_SIGNS: dict[Scheme, dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]]] = {
    "differences": {**_OTHERS, "unique": (("[-", "-]", "red"), ("{+", "+}", "green"))},
    "agreement": {**_OTHERS, "same": (("*", "*", "bold"), ("*", "*", "bold"))},
}
_LEGENDS: dict[Scheme, tuple[tuple[str, int, str], ...]] = {
    "differences": (
        *_BOTH,
        ("unique", 0, "only in A"),
        ("", 0, "  "),
        ("unique", 1, "only in B"),
        ("", 0, "  the rest is in both"),
    ),
    "agreement": (
        ("same", 0, "in both"),
        ("", 0, "  "),
        *_BOTH,
        ("", 0, "the rest differs, but for small words"),
    ),
}


def marked(text: str, pair: Pair, side: int, language: str) -> Text:
    """Mark the words of a sentence by how they correspond to those of its counterpart.

    Neighbours of a kind share their signs. Punctuation has none; neither have words like "of" and "the" where agreement
    is marked.

    Args:
        text: The whole text that the sentence is of.
        pair: The sentence and its counterpart; any kind but verbatim.
        side: 0 for the left one, 1 for the right one.
        language: ISO 639-1 code.
    """
    scheme = SCHEMES[pair.kind]
    shown = Text(overflow="fold")
    last, end = (pair.left, pair.right)[side]
    for run in _joined(run for run in word_runs(text, pair, side, language) if not _passed_over(run, pair)):
        if run.kind in _SIGNS[scheme]:
            opening, closing, style = _SIGNS[scheme][run.kind][side]
            shown.append(shortened(flowing(text[last : run.start])))
            shown.append(f"{opening}{shortened(flowing(text[run.start : run.end]))}{closing}", style=style)
            last = run.end
    return shown.append(shortened(flowing(text[last:end])))


def legend(scheme: Scheme) -> Text:
    """Tell what the signs mean.

    >>> legend("agreement").plain
    '*in both*  ~in another form~  [in A] for {in B}  the rest differs, but for small words'
    """
    shown = Text()
    for kind, side, words in _LEGENDS[scheme]:
        opening, closing, style = _SIGNS[scheme][kind][side] if kind else ("", "", "")
        shown.append(f"{opening}{words}{closing}", style=style)
    return shown


def _passed_over(run: Run, pair: Pair) -> bool:
    """Tell whether a run does not part its neighbours: small words that both sides have."""
    return run.kind == "small" and run.link is not None and pair.words[run.link].kind == "same"


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Join neighbours of a kind."""
    current: Run | None = None
    for run in runs:
        if current is not None and run.kind == current.kind:
            current = current._replace(end=run.end)
            continue
        if current is not None:
            yield current
        current = run
    if current is not None:
        yield current
