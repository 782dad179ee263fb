"""Convert stories to the JSON values that the scripts `stories.js`, `facts.js`, `pairs.js` and `timeline.js` read."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dedup.render.comparison import grouped_digits, percent, score, short_list
from dedup.render.format import (
    date_label,
    document_argument,
    document_label,
    document_letter,
    document_name,
    document_title,
    excerpt,
    flowing,
)
from dedup.reports.stories import StoryPair
from dedup.stories.description.names import is_outlet

if TYPE_CHECKING:
    from dedup.reports.stories import LinkedPair, ReportDocument, StoryFact, StoryReport

# Facts in the title of a story that has no headline, and code points of a headline and of the name of an outlet.
TITLE_FACTS, MAX_HEADLINE_LENGTH, MAX_OUTLET_LENGTH = 4, 160, 80
# Only addresses of this form become links: others could run a script.
WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\"<>]+", re.IGNORECASE)
# Maximum number of documents shown per story.
MAX_DOCUMENTS = 40
# Number of stories per embedded value. The page parses a value when one of its stories is opened.
STORIES_PER_VALUE = 50


def story_rows(reports: Sequence[StoryReport]) -> dict[str, Any]:
    """Convert stories to the rows of the list.

    Args:
        reports: The stories, in order.

    Returns:
        A dictionary with ``outlets``, the names of the outlets, those of most stories first; and ``rows``: for each
        story ``number``, ``title``, ``lang`` (of the title; None if unknown), ``outlets`` (indexes, in the order of the
        documents), ``dates`` (labels of the first and the last date), ``from`` and ``until`` (the first and the last
        day in ISO form, empty if there is none), ``documents``, ``links`` and ``differing`` (numbers of
        each), ``difference`` (the largest of a number, as a share) and ``scores`` (lowest and highest best score of a
        pair).
    """
    names: dict[str, str] = {}  # names that differ in case are those of one outlet
    for report in reports:
        for name in _outlets(report):
            names.setdefault(name.casefold(), name)
    counts = Counter(folded for report in reports for folded in {name.casefold() for name in _outlets(report)})
    indexes = {name: index for index, name in enumerate(sorted(counts, key=lambda name: (-counts[name], name)))}
    return {"outlets": [names[folded] for folded in indexes], "rows": [_row(report, indexes) for report in reports]}


def _row(report: StoryReport, outlets: Mapping[str, int]) -> dict[str, Any]:
    """Convert a story to a row of the list; ``outlets`` has the indexes of their folded names."""
    dated = sorted((item for item in report.documents if item.start), key=lambda item: item.start)
    title = excerpt(report.headline, MAX_HEADLINE_LENGTH)
    facts = [*(number.noun for number in report.differing), *(fact.name for fact in report.facts)]
    return {
        "number": report.number,
        "title": title or short_list(facts, TITLE_FACTS),
        "lang": _common_language(report) if title else None,
        "outlets": list(dict.fromkeys(outlets[name.casefold()] for name in _outlets(report))),
        "dates": [date_label(document.time, document.date) for document in (dated[:1] + dated[1:][-1:])],
        "from": min((document.start[:10] for document in dated), default=""),
        "until": max((document.last_day for document in dated), default=""),
        "documents": len(report.documents),
        "links": report.links,
        "differing": len(report.differing),
        "difference": round(max((number.difference for number in report.differing), default=0.0), 3),
        "scores": [float(score(of((pair.score for pair in report.pairs), default=0.0))) for of in (min, max)],
    }


def _outlets(report: StoryReport) -> list[str]:
    return [excerpt(document.outlet, MAX_OUTLET_LENGTH) for document in report.documents if document.outlet]


def _common_language(report: StoryReport) -> str | None:
    """Return the language of the documents whose language is certain; None if they differ."""
    languages = {document.language for document in report.documents} - {None}
    return languages.pop() if len(languages) == 1 else None


def story_contents(
    reports: Sequence[StoryReport],
    diffs: Container[StoryPair],
    coverages: Mapping[StoryPair, tuple[float, float]],
    options: str,
) -> Iterator[dict[str, Any]]:
    """Convert stories to what is shown when they are opened.

    Args:
        reports: The stories.
        diffs: Pairs of documents whose alignment is embedded in the page.
        coverages: Coverage of both documents of the pairs that were measured.
        options: Options of `dedup diff` that name the folder and the language of the run, quoted for a shell.

    Yields:
        For each story a dictionary with ``more`` (documents not shown), ``documents``, ``differing`` (numbers, with
        ``noun`` and ``values``), ``facts``, ``sources`` and ``pairs`` (of linked documents). Documents have a
        ``letter``, pairs the ``letters`` of both. Values, facts and sources have a ``name``
        and the indexes of the ``documents`` that state or credit them; a source has also those that
        are ``self`` the source.
    """
    ids = Counter({document.doc: document.id for report in reports for document in report.documents}.values())
    for report in reports:
        documents = report.documents[:MAX_DOCUMENTS]
        arguments = [
            shlex.quote(document_argument(document.id, document.doc, is_unique=ids[document.id] == 1))
            for document in documents
        ]
        yield {
            "more": len(report.documents) - len(documents),
            "documents": [
                _document(document, rank, document.doc == report.first) for rank, document in enumerate(documents)
            ],
            "differing": [
                {
                    "noun": flowing(number.noun),
                    "values": [_fact(value, len(documents)) for value in number.values],
                }
                for number in report.differing
            ],
            "facts": [_fact(fact, len(documents)) for fact in report.facts],
            "sources": [
                {**_fact(source, len(documents)), "self": _itself(source.name, documents)} for source in report.sources
            ],
            "pairs": [
                {
                    **_pair(pair, coverages.get(StoryPair(report.number, pair.left, pair.right))),
                    "embedded": StoryPair(report.number, pair.left, pair.right) in diffs,
                    "command": f"dedup diff {arguments[pair.left]} {arguments[pair.right]} {options} --html diff.html",
                }
                for pair in sorted(report.pairs, key=lambda pair: (-pair.links, -pair.score, pair.left, pair.right))
                if pair.right < len(documents)
            ],
        }


def story_name(document: ReportDocument) -> str:
    """Return the heading of a document: its outlet, date and title; see `document_label`."""
    identity = document_name(document.id, document.path, document.row)
    label = document_label(document.outlet, document.time, document.date, document.title, document.opening, identity)
    return ", ".join(filter(None, label))


def _pair(pair: LinkedPair, coverage: tuple[float, float] | None) -> dict[str, Any]:
    """Convert a pair of linked documents; without figures if its coverage was not measured."""
    return {
        "left": pair.left,
        "right": pair.right,
        "letters": [document_letter(pair.left), document_letter(pair.right)],
        "links": pair.links,
        "score": score(pair.score),
        "coverage": coverage and [round(share, 3) for share in coverage],
        "percent": coverage and list(map(percent, coverage)),
    }


def _document(document: ReportDocument, rank: int, is_first: bool) -> dict[str, Any]:
    identity = document_name(document.id, document.path, document.row)
    title = document_title(document.title, document.opening)
    return {
        "letter": document_letter(rank),
        "title": title or identity,
        "lang": document.language if title else None,
        "id": identity,
        "url": document.url if document.url and WEB_ADDRESS.fullmatch(document.url) else None,
        "outlet": document.outlet and flowing(document.outlet),
        "date": date_label(document.time, document.date) or None,
        "time": document.time,
        "start": document.start,
        "seconds": document.seconds,
        "role": document.role,
        "only": [grouped_digits(flowing(fact)) for fact in document.only],
        "first": is_first,
        "share": percent(document.story_share),
        "cites": None if document.cites is None else [flowing(name) for name in document.cites],
    }


def _fact(fact: StoryFact, documents: int) -> dict[str, Any]:
    """Convert a fact or a source, with the documents that are shown."""
    return {
        "name": grouped_digits(flowing(fact.name)),
        "documents": [index for index in fact.documents if index < documents],
    }


def _itself(source: str, documents: Sequence[ReportDocument]) -> list[int]:
    """Return the documents whose outlet is the source."""
    return [index for index, item in enumerate(documents) if item.outlet is not None and is_outlet(source, item.outlet)]
