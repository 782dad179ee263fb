"""What runs left to a page: an overview, and of each run its groups of duplicates or its stories."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

from dedup.render.format import count, plain, share
from dedup.render.html.diff import view
from dedup.render.html.duplicates import CHUNK, group_rows, group_texts
from dedup.render.html.page import render
from dedup.render.html.stories import story_name, story_rows
from dedup.render.run import KINDS, how_compared, judged, skipped, units, what_was_read

if TYPE_CHECKING:
    from dedup.reports.gather import Gathered

# Inputs that were skipped, named in the page; the others are in run.json.
SKIPPED = 500
# The plot: its bars' width and greatest height.
_BAR, _HEIGHT = 18, 90


def draw_report(gathered: Sequence[Gathered]) -> str:
    """Draw the page.

    Args:
        gathered: What runs left, in the order in which it is shown.
    """
    # What has a list that grows as it is scrolled comes last.
    order = sorted(gathered, key=lambda one: one.run.command == "clean")
    return render(
        "report.html",
        ("dom.js", "compare.js", "groups.js", "stories.js", "report.js"),
        ("page.css", "compare.css", "report.css"),
        parts=[_part(number, one) for number, one in enumerate(order)],
    )


def _part(number: int, left: Gathered) -> dict[str, Any]:
    """Give what the template and the scripts need of a run."""
    run = left.run
    part: dict[str, Any] = {
        "number": number,
        "command": run.command,
        "folder": plain(str(left.out)),
        "argument": _argument(left),
        "read": list(what_was_read(run)),
        "skipped": [skipped(item) for item in run.skipped[:SKIPPED]],
        "more_skipped": max(0, len(run.skipped) - SKIPPED),
        "data": [],
    }
    if run.command == "align":
        return part | _align_part(number, left)
    return part | _duplicate_part(number, left)


def _argument(left: Gathered) -> str:
    """Write a folder as a command takes it."""
    return shlex.quote(plain(str(left.out)))


def _duplicate_part(number: int, left: Gathered) -> dict[str, Any]:
    """Give what `clean` took out, or the similarities that `scan` found."""
    run, found = left.run, left.duplicates
    gone = sum(tally.characters for tally in run.removed.values())
    stays = run.counts["documents"] - units(run.removed["documents"])
    part = {
        "tallies": [
            (KINDS[kind], tally.exact, tally.near, tally.characters, share(tally.characters, run.counts["characters"]))
            for kind in judged(run)
            for tally in (run.removed[kind],)
        ],
        "emptied": run.removed["documents"].emptied,
        "gone": f"{count(gone, 'character')} ({share(gone, run.counts['characters'])})",
        "stays": f"{stays:,} of {count(run.counts['documents'], 'document')}",
        "how": list(how_compared(run)),
        "plot": _plot(found.bars if found else left.bars, run.settings["threshold"]),
        "found": found,
        "listed": sum(len(group.members) for group in found.groups) if found else 0,
        "most": [],
    }
    if found:
        rows = list(group_rows(found.groups))
        chunks = [found.groups[start : start + CHUNK] for start in range(0, len(found.groups), CHUNK)]
        part["most"] = rows[:5]
        part["data"] = [
            (f"groups-{number}", {"folder": _argument(left), "rows": rows, "chunk": CHUNK}),
            *((f"texts-{number}-{at}", list(group_texts(chunk))) for at, chunk in enumerate(chunks)),
        ]
    return part


def _align_part(number: int, left: Gathered) -> dict[str, Any]:
    """Give the stories, and the alignments of pairs of their documents."""
    reports = {report.number: report for report in left.reports}
    data: list[tuple[str, Any]] = [(f"stories-{number}", list(story_rows(left.reports, left.diffs, _argument(left))))]
    for (story, one, other), diff in left.diffs.items():
        names = [story_name(reports[story].documents[place]) for place in (one, other)]
        data.append((f"diff-{number}-{story}-{one}-{other}", view(diff, (names[0], names[1]))))
    return {
        "stories": left.story_count,
        "shown": len(left.reports),
        "pairs": sum(len(report.pairs) for report in left.reports),
        "diffs": len(left.diffs),
        "data": data,
    }


def _plot(bars: Sequence[int], threshold: float) -> dict[str, Any] | None:
    """Lay out how many are how similar: bars from the threshold to 1, heights by logarithm, so that one shows too."""
    most = max(bars, default=0)
    if not most:
        return None
    steps = len(bars) - 1
    edges = [threshold + (1 - threshold) * at / steps for at in range(steps)] + [1.0]
    return {
        "width": _BAR * (len(bars) + 1),
        "height": _HEIGHT,
        "bar": _BAR,
        "bars": [
            {
                # A gap sets the texts of the same words apart from the near ones.
                "x": _BAR * (at + (at == steps)),
                "height": round(_HEIGHT * log(1 + number) / log(1 + most), 1) if number else 0,
                "said": f"{count(number, 'pair')} at {_edge(edges, at)}",
            }
            for at, number in enumerate(bars)
        ],
        "threshold": f"{threshold:g}",
        "most": f"{most:,}",
        "least": _least(bars, edges),
        "same": bars[-1],
        "near": sum(bars[:-1]),
    }


def _edge(edges: Sequence[float], at: int) -> str:
    return "1" if at == len(edges) - 1 else f"{edges[at]:.3g} to {edges[at + 1]:.3g}"


def _least(bars: Sequence[int], edges: Sequence[float]) -> str:
    """Name the step of the least similar."""
    return next(_edge(edges, at) for at, number in enumerate(bars) if number)
