"""Run `clean` on generated corpora, and compute by the reference what it must write."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import reference
import strategies
from hypothesis import strategies as st

import dedup


class Expected(NamedTuple):
    """What `clean` must write, given the pairs that were found."""

    pairs: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    clean: list[dict[str, Any]]
    shingle: dict[str, int]
    missed: int  # pairs at the threshold that were not found


def expected_output(
    corpus: strategies.Corpus, chosen: dict[str, Any], found: list[dict[str, Any]], fixed: int = 0
) -> Expected:
    """Compute the output by the reference implementation; of the pairs only the units are used.

    The first ``fixed`` documents are a reference: they are kept, and are not in the output.
    """
    texts = [text or "" for text in corpus.texts]
    shingle = chosen["shingle"] or (5, 3)
    n_document, n_paragraph = shingle if isinstance(shingle, tuple) else (shingle, shingle)
    known = {(row["unit"], row["left_doc"], row["left_start"], row["right_doc"], row["right_start"]) for row in found}
    by_signs = chosen.get("tokens") == "signs"
    documents = Round(reference.document_units(texts, n_document, by_signs) if chosen["unit"] != "paragraphs" else [])
    values = corpus.columns["number"]
    order = reference.keep_order(chosen["keep"], texts, values)
    order = sorted(order, key=lambda doc: (doc >= fixed, doc if doc < fixed else 0))
    documents.select(order, chosen, False, known, texts, fixed)
    kept = [doc for doc in range(len(texts)) if doc not in {row["doc"] for row in documents.removed}]
    within = chosen["paragraphs"] == "within"
    blocks, paragraphs = Round([]), Round([])
    if chosen["unit"] != "documents" and chosen["paragraphs"] != "none":
        of_paragraphs = (n_paragraph, chosen["paragraphs_by"], chosen["min_tokens"])
        blocks = Round(reference.block_units(texts, kept, *of_paragraphs, 1 if within else 2, by_signs))
        blocks.select(range(len(blocks.units)), chosen, within, known, texts, fixed)
        units = reference.paragraph_units(texts, kept, *of_paragraphs, by_signs)
        gone = [(row["doc"], row["start"], row["end"]) for row in blocks.removed]
        paragraphs = Round([unit for unit in units if not any(is_inside(unit, place) for place in gone)])
    paragraphs.select(range(len(paragraphs.units)), chosen, within, known, texts, fixed)
    paragraphs.removed = sorted(blocks.removed + paragraphs.removed, key=lambda row: (row["doc"], row["start"]))
    clean, emptied = [], []
    for doc in kept[fixed:]:
        cuts = [row for row in paragraphs.removed if row["doc"] == doc]
        left = texts[doc]
        for row in reversed(cuts):
            left = left[: row["cut_start"]] + left[row["cut_end"] :]
        if cuts and not reference.tokens(left):
            emptied.append(removal("document", doc, reference.trim(texts[doc]), texts, "emptied"))
        else:
            text = None if corpus.texts[doc] is None else left
            copies = sum(row["kept_doc"] == doc for row in documents.removed)
            clean.append({"doc": doc, "text": text, "removed": len(cuts), "copies": copies, **others(corpus, doc)})
    removed = documents.removed + paragraphs.removed + emptied
    removed = [
        row | (others(corpus, row["doc"]) if row["unit"] == "document" else dict.fromkeys(("number", "input_doc")))
        for row in removed
    ]
    removed.sort(key=lambda row: (row["doc"], row["unit"] != "document", row["start"]))
    lost = documents.missed + blocks.missed + paragraphs.missed
    return Expected(
        documents.pairs + blocks.pairs + paragraphs.pairs,
        removed,
        clean,
        {"document": n_document, "paragraph": n_paragraph},
        lost,
    )


def is_inside(unit: reference.Unit, place: tuple[int, int, int]) -> bool:
    doc, start, end = place
    return unit.doc == doc and start <= unit.span.start < end


def others(corpus: strategies.Corpus, doc: int) -> dict[str, Any]:
    return {"number": corpus.columns["number"][doc], "input_doc": corpus.columns["doc"][doc]}


def removal(kind: str, doc: int, span: reference.Span, texts: list[str], reason: str) -> dict[str, Any]:
    no_keeper = dict.fromkeys(("scope", "kept_doc", "kept_start", "kept_end", "jaccard", "containment"))
    return {
        "unit": kind,
        "doc": doc,
        **span._asdict(),
        "text": texts[doc][span.cut_start : span.cut_end],
        "reason": reason,
        **no_keeper,
    }


def text_of(unit: reference.Unit, texts: list[str]) -> str:
    return texts[unit.doc][unit.span.start : unit.span.end]


class Round:
    """The verdicts on all documents, or on all paragraphs."""

    def __init__(self, units: list[reference.Unit]) -> None:
        self.units = units
        self.pairs: list[dict[str, Any]] = []
        self.removed: list[dict[str, Any]] = []
        self.missed = 0

    def select(
        self,
        order: Sequence[int],
        chosen: dict[str, Any],
        within: bool,
        known: set[tuple[Any, ...]],
        texts: list[str],
        fixed: int,
    ) -> None:
        if not self.units:
            return
        place = {unit: at for at, unit in enumerate(order)}
        every = reference.all_pairs(self.units, chosen["threshold"], within)
        found: reference.Pairs = {}
        for a, b in sorted(
            (tuple(sorted(pair, key=place.__getitem__)) for pair in every),
            key=lambda pair: [place[pair[0]], place[pair[1]]],
        ):
            left, right = self.units[a], self.units[b]
            both_fixed = left.doc < fixed and right.doc < fixed
            if both_fixed or not reference.may_pair(left, right, chosen["near_within"], chosen["min_tokens"]):
                del every[min(a, b), max(a, b)]
            elif (left.kind, left.doc, left.span.start, right.doc, right.span.start) in known:
                found[a, b] = every[min(a, b), max(a, b)]
                self.pairs.append(pair_row(left, right))
        self.missed = len(every) - len(found)
        kept = reference.greedy(order, found)
        for removed, keeper in sorted(reference.keepers(self.units, kept, found).items()):
            unit, kept_unit = self.units[removed], self.units[keeper]
            same = text_of(unit, texts) == text_of(kept_unit, texts)
            row = removal(unit.kind, unit.doc, unit.span, texts, "exact" if same else "near")
            row |= {
                "scope": "within" if unit.doc == kept_unit.doc else "across",
                "kept_doc": kept_unit.doc,
                "kept_start": kept_unit.span.start,
            }
            row |= {"kept_end": kept_unit.span.end, "jaccard": reference.jaccard(unit.shingles, kept_unit.shingles)}
            row |= {"containment": len(unit.shingles & kept_unit.shingles) / len(unit.shingles)}
            self.removed.append(row)


def pair_row(left: reference.Unit, right: reference.Unit) -> dict[str, Any]:
    return {
        "unit": left.kind,
        "left_doc": left.doc,
        "left_start": left.span.start,
        "left_end": left.span.end,
        "right_doc": right.doc,
        "right_start": right.span.start,
        "right_end": right.span.end,
        "jaccard": reference.jaccard(left.shingles, right.shingles),
        "containment": len(left.shingles & right.shingles) / len(right.shingles),
    }


options = st.fixed_dictionaries(
    {
        "threshold": st.sampled_from([0.8, 0.8, 0.6, 0.9, 1.0]),
        "unit": st.sampled_from(["both", "both", "documents", "paragraphs"]),
        "paragraphs": st.sampled_from(["within", "all", "all", "none"]),
        "near_within": st.booleans(),
        "paragraphs_by": st.sampled_from(["auto", "auto", "line", "blank-line"]),
        "keep": st.sampled_from(["first", "longest", "number", "-number"]),
        "tokens": st.sampled_from(["words", "words", "signs"]),
        "min_tokens": st.sampled_from([0, 1, 5, 20]),
        "shingle": st.sampled_from([None, None, 1, (2, 4)]),
    }
).filter(lambda chosen: (chosen["unit"], chosen["paragraphs"]) != ("paragraphs", "none"))


def table(corpus: strategies.Corpus) -> pa.Table:
    types = {"id": pa.string(), "number": pa.int64(), "doc": pa.string()}
    columns = {name: pa.array(values, types[name]) for name, values in corpus.columns.items()}
    return pa.table({"text": pa.array(corpus.texts, pa.large_string()), **columns})


def run(corpus: strategies.Corpus, chosen: dict[str, Any]) -> dedup.Cleaned:
    return dedup.clean(table(corpus), **{key: value for key, value in chosen.items() if value is not None}, workers=1)


def a_corpus(*texts: str | None) -> strategies.Corpus:
    count = len(texts)
    return strategies.Corpus(list(texts), {"id": [None] * count, "number": list(range(count)), "doc": ["u"] * count})


DEFAULT = {
    "threshold": 0.8,
    "unit": "both",
    "paragraphs": "within",
    "near_within": False,
    "paragraphs_by": "auto",
    "keep": "first",
    "min_tokens": 1,
    "shingle": None,
}
ALL = DEFAULT | {"paragraphs": "all"}
BEFORE, MIDDLE, AFTER = (" ".join(f"w{at}" for at in range(first, first + 60)) for first in (0, 4, 8))
TEN = "one two three four five six seven eight nine ten"


def without(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop the columns that are decided by reading."""
    return [
        {key: value for key, value in row.items() if key not in ("id", "kept_id", "kept_path", "path", "row")}
        for row in rows
    ]


def lost(found: pa.Table) -> Iterator[tuple[str, int, str]]:
    for row in found.to_pylist():
        yield row["unit"], row["doc"], row["reason"]
