"""Convert what outlets take over from each other to the JSON values that the script `outlets.js` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dedup.render.format import duration, excerpt
from dedup.render.html.stories import MAX_OUTLET_LENGTH, story_name

if TYPE_CHECKING:
    from dedup.reports.stories import StoryReport
    from dedup.results import OutletPair

# Pairs of outlets on the page.
MAX_OUTLET_PAIRS = 2_000


def outlet_values(pairs: Sequence[OutletPair], reports: Sequence[StoryReport]) -> dict[str, Any]:
    """Convert what outlets take over from each other to the values of the page.

    Args:
        pairs: All pairs, in order.
        reports: The stories, whose documents name the pairs of documents.

    Returns:
        A dictionary with ``names`` of the outlets, or of the documents; ``outlets`` (whether they are outlets);
        ``more``, the number of pairs that are not shown; and ``pairs`` with ``outlet`` and ``source`` (indexes of their
        names), ``stories``, ``later`` and ``decided`` (numbers of stories), ``delay`` (a label) and ``letters``: in the
        same words, in mostly the same words, in other words; with credit, with a common source, with credit to neither,
        with unknown credit; undecided.
    """
    documents = {document.doc: document for report in reports for document in report.documents}
    notable = [pair for pair in pairs if pair.is_notable]
    indexes: dict[tuple[str, int | None], int] = {}
    names: list[str] = []
    for pair in notable[:MAX_OUTLET_PAIRS]:
        for name, doc in ((pair.outlet, pair.outlet_doc), (pair.source, pair.source_doc)):
            if (name, doc) not in indexes:
                indexes[name, doc] = len(names)
                document = None if doc is None else documents.get(doc)
                names.append(excerpt(story_name(document) if document else name, MAX_OUTLET_LENGTH))
    return {
        "outlets": all(pair.outlet_doc is None for pair in pairs),
        "names": names,
        "more": len(pairs) - len(notable[:MAX_OUTLET_PAIRS]),
        "pairs": [
            {
                "outlet": indexes[pair.outlet, pair.outlet_doc],
                "source": indexes[pair.source, pair.source_doc],
                "stories": pair.stories,
                "later": pair.source_first,
                "decided": pair.source_first + pair.outlet_first,
                "delay": "" if pair.median_delay is None else duration(pair.median_delay),
                "letters": [
                    *(pair.verbatim, pair.light, pair.heavy),
                    *(pair.credited, pair.common_source, pair.uncredited, pair.credit_unknown, pair.undecided),
                ],
            }
            for pair in notable[:MAX_OUTLET_PAIRS]
        ],
    }
