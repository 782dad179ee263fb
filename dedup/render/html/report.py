"""Render the report page: an overview of every run, its groups of duplicates and its stories."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

from dedup.render.format import count, excerpt, plain, share, similarity_label
from dedup.render.html.diff import COMPARISON_SCRIPTS, view
from dedup.render.html.duplicates import GROUPS_PER_VALUE, group_rows, group_texts
from dedup.render.html.outlets import outlet_values
from dedup.render.html.page import render
from dedup.render.html.stories import STORIES_PER_VALUE, story_contents, story_name, story_rows
from dedup.render.run import (
    REMOVAL_KIND_LABELS,
    compared_kinds,
    describe_input,
    describe_matches,
    describe_method,
    describe_skipped,
    not_searchable,
    removal_reasons,
    share_label,
)
from dedup.text.language import certain_language

if TYPE_CHECKING:
    from dedup.contained import ItemSet
    from dedup.reports.gather import GatheredRun
    from dedup.results import Run

# Maximum number of skipped inputs listed on the page; run.json lists all.
MAX_SKIPPED_ON_PAGE = 500
# Code points of the example of a template.
MAX_EXAMPLE_LENGTH = 160
# Scripts of the report page, in loading order.
REPORT_SCRIPTS = (
    *("rows.js", "cards.js", "export.js", "groups.js", "matrix.js", "outlets.js"),
    *("timeline.js", "facts.js", "pairs.js", "stories.js", "report.js"),
)
# Largest groups shown in the overview.
TOP_GROUPS = 5
# The histogram, in pixels: width of a bar, height of the highest bar.
_BAR_WIDTH, _PLOT_HEIGHT = 18, 90


def draw_report(runs: Sequence[GatheredRun]) -> str:
    """Render the report page.

    Args:
        runs: The data of the runs. Those of ``clean`` are shown last.

    Returns:
        The page as HTML.
    """
    # The list of groups grows while the reader scrolls, so nothing may follow it.
    order = sorted(runs, key=lambda gathered: gathered.run.command == "clean")
    return render(
        "report.html",
        (*COMPARISON_SCRIPTS, *REPORT_SCRIPTS),
        ("page.css", "compare.css", "report.css"),
        heading=_heading(runs),
        parts=[_part(number, gathered) for number, gathered in enumerate(order, 1)],
    )


def _heading(runs: Sequence[GatheredRun]) -> str:
    """Return the heading of a page: what it shows."""
    kinds = {"Stories" if gathered.run.command == "align" else "Duplicates" for gathered in runs}
    return " and ".join(sorted(kinds)).capitalize()


def _part(number: int, gathered: GatheredRun) -> dict[str, Any]:
    """Return the values that the template and the scripts need for a run."""
    run = gathered.run
    part: dict[str, Any] = {
        "number": number,
        "command": run.command,
        "folder": plain(str(gathered.out)),
        "argument": _argument(gathered),
        "read": [*describe_input(run), *describe_matches(run)],
        "contained": [_item_set(item_set) for item_set in run.contained.sets] if run.contained is not None else [],
        "skipped": [describe_skipped(item) for item in run.skipped[:MAX_SKIPPED_ON_PAGE]],
        "more_skipped": max(0, len(run.skipped) - MAX_SKIPPED_ON_PAGE),
        "data": [],
    }
    if run.command == "align":
        return part | _align_part(number, gathered)
    return part | _duplicate_part(number, gathered)


def _argument(gathered: GatheredRun) -> str:
    """Return the folder of a run, quoted for a shell."""
    return shlex.quote(plain(str(gathered.out)))


def _duplicate_part(number: int, gathered: GatheredRun) -> dict[str, Any]:
    """Return the values of a run of ``clean`` or ``scan``."""
    run, duplicates = gathered.run, gathered.duplicates
    removed = sum(counts.characters for counts in run.removed.values())
    kept = run.counts["documents"] - run.removed_documents
    part = {
        "reasons": removal_reasons(run),
        "kinds": [_kind(run, kind) for kind in compared_kinds(run)],
        "emptied": run.removed["documents"].emptied,
        "removed": f"{count(removed, 'character')} ({share(removed, run.counts['characters'])})",
        "kept": f"{kept:,} of {count(run.counts['documents'], 'document')}",
        "settings": list(describe_method(run)),
        "plot": None
        if run.settings["exact"]
        else _plot(duplicates.bars if duplicates else gathered.bars, run.settings["threshold"]),
        "duplicates": duplicates,
        "listed": sum(len(group.members) for group in duplicates.groups) if duplicates else 0,
        "top": [],
    }
    if duplicates:
        rows = list(group_rows(duplicates.groups))
        starts = range(0, len(duplicates.groups), GROUPS_PER_VALUE)
        part["top"] = rows[:TOP_GROUPS]
        part["data"] = [
            (
                f"groups-{number}",
                {"folder": _argument(gathered), "rows": rows, "groupsPerValue": GROUPS_PER_VALUE},
            ),
            *(
                (f"texts-{number}-{index}", list(group_texts(duplicates.groups[start : start + GROUPS_PER_VALUE])))
                for index, start in enumerate(starts)
            ),
        ]
    return part


def _kind(run: Run, kind: str) -> dict[str, Any]:
    """Return a row of the table of removed units; ``kind`` is a key of `Run.removed`."""
    counts = run.removed[kind]
    return {
        "label": REMOVAL_KIND_LABELS[kind],
        "numbers": [getattr(counts, reason) for reason in removal_reasons(run)],
        "characters": counts.characters,
        "share": share(counts.characters, run.counts["characters"]),
    }


def _item_set(item_set: ItemSet) -> dict[str, Any]:
    """Return what was found of the items of a reference."""
    return {
        "against": plain(item_set.against),
        "size": count(item_set.items, "item"),
        "found": item_set.found,
        "documents": count(item_set.documents, "document"),
        "shares": [(share_label(tenth), number) for tenth, number in item_set.by_share.items()],
        "not_searchable": list(not_searchable(item_set)),
        "most_copied": [
            {
                "name": plain(f"{item.path}#{item.row}" if item.id is None else item.id),
                "documents": item.documents,
                "share": similarity_label("contained", item.share).split()[1],
                "excerpt": excerpt(item.excerpt, MAX_EXAMPLE_LENGTH),
                "lang": certain_language(item.excerpt),
            }
            for item in item_set.most_copied
        ],
    }


def _align_part(number: int, gathered: GatheredRun) -> dict[str, Any]:
    """Return the values of a run of ``align``: its stories, and the alignments of pairs of their documents."""
    reports = {report.number: report for report in gathered.reports}
    language = gathered.run.settings.get("language")
    options = f"--in {_argument(gathered)}" + (f" --language {shlex.quote(language)}" if language else "")
    contents = list(story_contents(gathered.reports, gathered.diffs, gathered.coverages, options))
    outlets = outlet_values(gathered.outlets, gathered.reports)
    stories = {
        **story_rows(gathered.reports),
        "storiesPerValue": STORIES_PER_VALUE,
        "version": gathered.run.versions.get("dedup-text", ""),
    }
    data: list[tuple[str, Any]] = [
        (f"stories-{number}", stories),
        (f"outlets-{number}", outlets),
        *(
            (f"contents-{number}-{index}", contents[start : start + STORIES_PER_VALUE])
            for index, start in enumerate(range(0, len(contents), STORIES_PER_VALUE))
        ),
    ]
    for (story, left, right), diff in gathered.diffs.items():
        documents = reports[story].documents
        names = story_name(documents[left]), story_name(documents[right])
        data.append((f"diff-{number}-{story}-{left}-{right}", view(diff, names)))
    return {
        "stories": gathered.story_count,
        "shown": len(gathered.reports),
        "pairs": sum(len(report.pairs) for report in gathered.reports),
        "diffs": len(gathered.diffs),
        "outlets": outlets,
        "has_outlets": bool(stories["outlets"]),
        "has_dates": any(row["from"] for row in stories["rows"]),
        "templates": [
            {
                "documents": count(family.documents, "document"),
                "ids": [plain(name) for name in family.ids if name is not None],
                "example": excerpt(family.example, MAX_EXAMPLE_LENGTH),
            }
            for family in gathered.templates
        ],
        "template_documents": count(sum(family.documents for family in gathered.templates), "document"),
        "data": data,
    }


def _plot(bars: Sequence[int], threshold: float) -> dict[str, Any] | None:
    """Lay out the histogram of similarities.

    Heights are logarithmic, so that a single pair is visible beside many.

    Args:
        bars: Counts by similarity, as `dedup.reports.duplicates.similarity_bars` returns them.
        threshold: Minimum Jaccard of a pair.

    Returns:
        The values of the template; None if there is nothing to show.
    """
    highest = max(bars, default=0)
    if not highest:
        return None
    steps = len(bars) - 1
    edges = [threshold + (1 - threshold) * step / steps for step in range(steps)] + [1.0]
    return {
        "width": _BAR_WIDTH * (len(bars) + 1),
        "height": _PLOT_HEIGHT,
        "bar_width": _BAR_WIDTH,
        "bars": [
            {
                # A gap separates pairs with the same words from near-duplicates.
                "x": _BAR_WIDTH * (index + (index == steps)),
                "height": round(_PLOT_HEIGHT * log(1 + number) / log(1 + highest), 1) if number else 0,
                "label": f"{count(number, 'pair')} at {_edge(edges, index)}",
            }
            for index, number in enumerate(bars)
        ],
        "threshold": f"{threshold:g}",
        "highest": f"{highest:,}",
        "lowest": next(_edge(edges, index) for index, number in enumerate(bars) if number),
        "same": bars[-1],
        "near": sum(bars[:-1]),
    }


def _edge(edges: Sequence[float], index: int) -> str:
    """Return the label of a bar: its range of similarity."""
    return "1" if index == len(edges) - 1 else f"{edges[index]:.3g} to {edges[index + 1]:.3g}"
