"""Summarise a run of `scan` or `clean`: how much is removed, and the largest groups of duplicates."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from dedup.contained import SearchedItems
from dedup.context import RunContext, count_inputs, describe_inputs
from dedup.corpus import Corpus
from dedup.corpus.columns import OUTPUT_COLUMNS, rename_reserved
from dedup.duplicates.columns.differences import count_differences
from dedup.duplicates.containment.tables import describe_items
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import REASONS, Removals, group_by_kept
from dedup.duplicates.sketches.signatures import Sketches
from dedup.duplicates.tables import keeper_names
from dedup.duplicates.verdicts import CorpusVerdicts
from dedup.kernels.text.folding import TOKEN_RULES
from dedup.results import GroupMember, IndexVersion, RemovalCounts, Run, ScanGroup, UnitLocation
from dedup.settings import Settings

PACKAGES = ("dedup-text", "datasketch", "duckdb", "numba", "numpy", "pyarrow")
LISTED_MEMBERS = 5
EXCERPT_LENGTH = 200  # code points


def count_removals(removals: Removals, chosen: NDArray[np.bool_] | None = None) -> RemovalCounts:
    """Return the numbers of removals. Characters of a paragraph count once if its document is removed too.

    Args:
        removals: All removals.
        chosen: Whether to count each of them, shape (removals,); None: all.
    """
    take = np.ones(removals.doc.size, np.bool_) if chosen is None else chosen
    exact, near, emptied, contained = np.bincount(removals.reason[take], minlength=len(REASONS)).tolist()
    removed_docs = removals.doc[removals.is_document]
    counted = removals.place[take & (removals.is_document | ~np.isin(removals.doc, removed_docs))]
    characters = int((counted["cut_end"] - counted["cut_start"]).sum())
    return RemovalCounts(exact, near, emptied, characters, contained)


@dataclass(frozen=True)
class Totals:
    """The counts of a run; those of the parts of a corpus are added up."""

    counts: Mapping[str, int]
    """Numbers of documents, paragraphs and pairs, by name."""
    removed: Mapping[str, RemovalCounts]
    """By kind of unit."""
    differing: Mapping[str, int]
    """Number of removed documents whose value in another column is not that of the kept document, by column."""


def count_units(sketches: Sketches) -> dict[str, int]:
    """Return the numbers of documents, paragraphs and characters, by their names in ``run.json``."""
    return {
        "documents": len(sketches.documents),
        "characters": int(sketches.documents.column("cut_end").sum()),
        "paragraphs": sketches.paragraph_count,
        "short_paragraphs": sketches.short_count,
        "only_short_paragraphs": sketches.all_short_count,
        "without_tokens": int((sketches.documents.column("tokens") == 0).sum()),
    }


def count_kinds(removals: Removals) -> dict[str, RemovalCounts]:
    """Return the numbers of removals by kind of unit."""
    paragraph, within = ~removals.is_document, removals.kept_doc == removals.doc
    return {
        "documents": count_removals(removals, removals.is_document),
        "paragraphs within": count_removals(removals, paragraph & within),
        "paragraphs across": count_removals(removals, paragraph & ~within),
    }


def _id_columns(corpus: Corpus) -> list[str]:
    """Return the name in the corpus of the column of ids, in which documents differ as a rule."""
    return [] if corpus.columns.id is None else rename_reserved([corpus.columns.id], OUTPUT_COLUMNS)


def count_in_references(removals: Removals) -> dict[str, int]:
    """Return the numbers of units removed as duplicates of one of a reference, by their names in ``run.json``.

    A unit that contains an item of a reference does not count: the reference does not have its text.
    """
    in_reference = removals.in_reference & ~removals.is_contained
    return {
        "documents_in_reference": int((in_reference & removals.is_document).sum()),
        "paragraphs_in_reference": int((in_reference & ~removals.is_document).sum()),
    }


def summarise(command: str, run: RunContext, verdicts: CorpusVerdicts, index: IndexVersion | None = None) -> Run:
    """Return the record of a run, as in ``run.json``.

    Args:
        command: The command that ran.
        run: The context of the run.
        verdicts: The verdicts.
        index: The index that the documents are added to.
    """
    corpus, removals, references = run.corpus, verdicts.removals, verdicts.references
    counts = {**count_units(verdicts.sketches), "pairs": verdicts.pairs, **count_inputs(corpus)}
    if references.parts:
        counts |= {"reference_documents": references.kept_documents, **count_in_references(removals)}
    totals = Totals(counts, count_kinds(removals), count_differences(corpus, removals))
    names = [part.name for part in references.parts]
    contained = None if verdicts.searched is None else describe_items(verdicts.searched, references)
    return make_record(command, run.settings, corpus, totals, run.seconds, names, index, contained)


def make_record(
    command: str,
    settings: Settings,
    corpus: Corpus,
    totals: Totals,
    seconds: dict[str, float],
    references: Sequence[str],
    index: IndexVersion | None = None,
    contained: SearchedItems | None = None,
) -> Run:
    """Return the record of a run from its counts.

    Args:
        command: The command that ran.
        settings: The settings of the run.
        corpus: The documents.
        totals: What was counted.
        seconds: Duration of each step.
        references: What the documents were compared with, as the user named it.
        index: The index that the documents are added to.
        contained: What was found of the references inside the documents.
    """
    return Run(
        command=command,
        settings=asdict(settings),
        fingerprint=settings.fingerprint(),
        versions={**{name: version(name) for name in PACKAGES}, "token_rules": str(TOKEN_RULES)},
        counts=dict(totals.counts),
        removed=dict(totals.removed),
        seconds=seconds,
        expected_recall=settings.expected_recall,
        differing={name: number for name, number in totals.differing.items() if name not in _id_columns(corpus)},
        references=tuple(references),
        index=index,
        contained=contained,
        **describe_inputs(corpus),
    )


def find_groups(
    corpus: Corpus, references: References, removals: Removals, most: int
) -> tuple[tuple[ScanGroup, ...], int]:
    """Find the largest groups of duplicates: a kept unit and the units removed in its favour.

    Args:
        corpus: The documents.
        references: The references.
        removals: The removals.
        most: Number of groups to describe.

    Returns:
        The groups, largest first, groups of equal size by rank; and the number of all groups.
    """
    rows = np.flatnonzero(removals.has_keeper)
    groups = group_by_kept(
        ~removals.is_document[rows], removals.kept_doc[rows], removals.kept_start[rows], removals.kept_end[rows]
    )
    members = [rows[groups.group_of == group][:LISTED_MEMBERS] for group in range(min(most, groups.sizes.size))]
    return describe_groups(corpus, references, removals, members, groups.sizes[:most].tolist()), groups.sizes.size


def describe_groups(
    corpus: Corpus,
    references: References,
    removals: Removals,
    members: Sequence[NDArray[np.int64]],
    sizes: Sequence[int],
) -> tuple[ScanGroup, ...]:
    """Describe groups of duplicates with names and the beginning of the kept unit.

    Args:
        corpus: The documents.
        references: The references.
        removals: The removals.
        members: Removals of each group that are listed.
        sizes: Number of all removals of each group.
    """
    if not members:
        return ()
    listed = np.concatenate(members)
    docs = np.unique(np.concatenate((removals.doc[listed], removals.kept_doc[listed])))
    ids = keeper_names(corpus, references, docs)["id"].to_pylist()
    names = dict(zip(docs.tolist(), ids, strict=True))
    places = {(int(removals.kept_doc[found[0]]), int(removals.kept_start[found[0]])) for found in members}
    texts = read_units(corpus, references, {(doc, start, start + EXCERPT_LENGTH) for doc, start in places})
    return tuple(_group(removals, *found, names, texts) for found in zip(members, sizes, strict=True))


def _group(
    removals: Removals,
    rows: NDArray[np.int64],
    size: int,
    names: dict[int, str | None],
    texts: dict[tuple[int, int, int], str],
) -> ScanGroup:
    first = rows[0]
    doc, start = int(removals.kept_doc[first]), int(removals.kept_start[first])
    return ScanGroup(
        unit="document" if removals.is_document[first] else "paragraph",
        kept=UnitLocation(names[doc], doc if doc >= 0 else None, start, int(removals.kept_end[first])),
        members=tuple(
            GroupMember(
                UnitLocation(
                    names[int(removals.doc[row])],
                    int(removals.doc[row]),
                    int(removals.place["start"][row]),
                    int(removals.place["end"][row]),
                ),
                REASONS[removals.reason[row]],
                *(_number(values[row]) for values in (removals.jaccard, removals.kept_containment)),
            )
            for row in rows
        ),
        size=size,
        excerpt=texts[doc, start, start + EXCERPT_LENGTH],
    )


def _number(value: float) -> float | None:
    """Return a number, or None for NaN."""
    return None if np.isnan(value) else float(value)


def read_units(
    corpus: Corpus, references: References, places: Set[tuple[int, int, int]]
) -> dict[tuple[int, int, int], str]:
    """Read the texts of units by their places.

    Args:
        corpus: The documents.
        references: The references.
        places: Document, as in `Removals.kept_doc`, start and end of each unit.
    """
    wanted: dict[int, list[tuple[int, int]]] = {}
    for doc, start, end in places:
        wanted.setdefault(doc, []).append((start, end))
    docs = np.array(sorted(wanted), np.int64)
    split = np.searchsorted(docs, 0)
    of_references = references.texts(docs[:split] + references.documents)
    of_corpus = corpus.batches(["text"], docs[split:])
    found: dict[tuple[int, int, int], str] = {}
    for ranks, texts in chain(
        ((batch.docs - references.documents, batch.texts) for batch in of_references),
        ((np.arange(first, first + batch.num_rows), batch.column(0)) for first, batch in of_corpus),
    ):
        for row in np.flatnonzero(np.isin(ranks, docs)).tolist():
            doc, text = int(ranks[row]), texts[row].as_py() or ""
            found |= {(doc, start, end): text[start:end] for start, end in wanted[doc]}
    return found
