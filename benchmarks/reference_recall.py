"""Compare `dedup clean --against` with the exact Jaccard similarity of all pairs, for `index_speed.py recall`.

A new document is to be removed if a document of the reference, or a new one that comes before it and was kept, is
similar at the threshold. Documents with few tokens are to be removed only if their tokens are the same. The pairs are
found with an inverted index of all shingles (`correctness.py`). The similarity of each removal is computed again with
the reference implementation of the tests, in plain Python.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from correctness import SHINGLE, THRESHOLD, Pairs, dedup_shingles, index_shingles, similar_pairs
from markdown_tables import markdown_table
from numpy.typing import NDArray

import dedup

sys.path.append(str(Path(__file__).parent.parent / "tests"))
import reference

MIN_TOKENS = dedup.Settings().min_tokens
NOTE = """
to be removed: new documents with a document at the threshold in the reference, or among the new ones before it that
were kept. unjustified: removals whose kept text is not similar at the threshold, or is neither in the reference nor
kept. wrong Jaccard: removals whose stated Jaccard similarity differs from that in plain Python.
"""


class Recall(NamedTuple):
    """The removals of a run against a reference."""

    corpus: str
    references: int
    """Number of documents of the reference."""
    documents: int
    """Number of new documents."""
    wanted: int
    """Documents to be removed."""
    found: int
    """Documents removed of these."""
    removed: int
    """Removed documents."""
    by_reference: int
    """Documents removed for a document of the reference."""
    unjustified: int
    """Removals without a similar text that is kept."""
    wrong: int
    """Removals with a wrong Jaccard similarity."""


class Removal(NamedTuple):
    """A removed document."""

    doc: int
    """Number of the text."""
    kept: int
    """Number of the text that it names as kept."""
    kept_text: str
    """That text as the output has it."""
    by_reference: bool
    """Whether that is a text of the reference."""
    jaccard: float
    """Stated Jaccard similarity."""


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def evaluate_halves(path: Path) -> list[Recall]:
    """Evaluate the second half of the texts against the first, and every second text against the others."""
    in_order = [row["text"] for row in read_rows(path)]
    halves = {"second half": in_order, "every second": in_order[::2] + in_order[1::2]}
    return [
        evaluate_split(f"{path.name}, {name}", texts, similar(texts), -(-len(texts) // 2), len(texts))
        for name, texts in halves.items()
    ]


def evaluate_years(path: Path) -> list[Recall]:
    """Evaluate the texts of each year against those of all years before."""
    rows = sorted(read_rows(path), key=lambda row: row["date"])
    texts, years = [row["text"] for row in rows], np.array([int(row["date"][:4]) for row in rows])
    pairs = similar(texts)
    starts = [*np.flatnonzero(np.diff(years, prepend=years[:1])).tolist(), years.size]
    return [
        evaluate_split(f"{path.name}, {years[first]}", texts, pairs, first, last) for first, last in pairwise(starts)
    ]


def similar(texts: Sequence[str]) -> Pairs:
    """Return all pairs of texts of which the later may be removed for the earlier."""
    pairs = similar_pairs(index_shingles(*dedup_shingles(texts, SHINGLE)), THRESHOLD)
    allowed = np.array(
        [
            may_remove(texts[earlier], texts[later])
            for earlier, later in zip(pairs.earlier.tolist(), pairs.later.tolist(), strict=True)
        ],
        np.bool_,
    )
    return Pairs(*(values[allowed] for values in pairs))


def may_remove(earlier: str, later: str) -> bool:
    """Return whether the later of two similar documents has enough tokens, or the same tokens."""
    unit = as_unit(later)
    return unit.size >= MIN_TOKENS or unit.words == as_unit(earlier).words


@lru_cache(1 << 16)
def as_unit(text: str) -> reference.Unit:
    """Return a text as a document with its tokens and shingles, by the reference implementation."""
    (unit,) = reference.document_units([text], SHINGLE)
    return unit


def evaluate_split(corpus: str, texts: Sequence[str], pairs: Pairs, first: int, last: int) -> Recall:
    """Clean some texts against all texts before them, and evaluate the output.

    Args:
        corpus: Name of the result.
        texts: All texts.
        pairs: All pairs of texts of which the later may be removed for the earlier.
        first: Number of the first new text.
        last: One past the last new text.
    """
    with tempfile.TemporaryDirectory() as temp:
        new, before, out = (Path(temp, name) for name in ("new.parquet", "before.parquet", "out"))
        write_texts(texts, range(first), before)
        write_texts(texts, range(first, last), new)
        dedup.clean(new, out, against=before, unit="documents", paragraphs="none")
        removals = list(read_removals(out))
    return evaluate(corpus, texts, pairs, (first, last), removals)


def evaluate(
    corpus: str, texts: Sequence[str], pairs: Pairs, span: tuple[int, int], removals: Sequence[Removal]
) -> Recall:
    """Count right, missing and wrong removals.

    Args:
        corpus: Name of the result.
        texts: All texts.
        pairs: All pairs of texts of which the later may be removed for the earlier.
        span: Number of the first new text, and one past that of the last.
        removals: The removed texts.
    """
    (first, last), removed = span, {removal.doc for removal in removals}
    kept = np.array([doc not in removed for doc in range(last)], np.bool_)
    is_new = (pairs.later >= first) & (pairs.later < last)
    wanted = set(pairs.later[is_new][kept[pairs.earlier[is_new]]].tolist())
    similarities = [jaccard(texts[removal.doc], removal.kept_text) for removal in removals]
    checked = list(zip(removals, similarities, strict=True))
    return Recall(
        corpus=corpus,
        references=first,
        documents=last - first,
        wanted=len(wanted),
        found=len(wanted & removed),
        removed=len(removals),
        by_reference=sum(removal.by_reference for removal in removals),
        unjustified=sum(value < THRESHOLD or not is_kept(one, texts, kept, first) for one, value in checked),
        wrong=sum(one.jaccard != value for one, value in checked),
    )


def write_texts(texts: Sequence[str], docs: Sequence[int], path: Path) -> None:
    """Write the texts with the given numbers, with their numbers as ids."""
    table = pa.table({"id": [str(doc) for doc in docs], "text": [texts[doc] for doc in docs]})
    pq.write_table(table, path)


def read_removals(out: Path) -> Iterator[Removal]:
    """Yield the removed documents of an output, with the texts that they name from where the output has them."""
    clean = pq.read_table(out / "clean.parquet", columns=["id", "text"])
    texts = dict(zip(clean["id"].to_pylist(), clean["text"].to_pylist(), strict=True))
    references = {
        place["doc"]: row["text"]
        for row in pq.read_table(out / "reference.parquet").to_pylist()
        for place in row["removed"]
    }
    for row in pq.read_table(out / "removed.parquet").to_pylist():
        by_reference = row["scope"] == "reference"
        kept_text = (
            references[row["doc"]] if by_reference else texts[row["kept_id"]][row["kept_start"] : row["kept_end"]]
        )
        yield Removal(int(row["id"]), int(row["kept_id"]), kept_text, by_reference, row["jaccard"])


def is_kept(removal: Removal, texts: Sequence[str], kept: NDArray[np.bool_], first: int) -> bool:
    """Return whether a removal names an unchanged text of the reference, or an earlier one that was kept."""
    named = removal.kept
    in_its_place = named < first if removal.by_reference else first <= named < removal.doc and bool(kept[named])
    return in_its_place and removal.kept_text.strip() == texts[named].strip()


def jaccard(left: str, right: str) -> float:
    """Compute the Jaccard similarity of two documents by the reference implementation."""
    return reference.jaccard(as_unit(left).shingles, as_unit(right).shingles)


def recall_table(results: Sequence[Recall]) -> str:
    """Format results as Markdown."""
    header = ["corpus", "reference", "new", "to be removed", "found", "recall", "removed", "for the reference"]
    rows = []
    for result in results:
        counts = result.references, result.documents, result.wanted, result.found
        rate = f"{result.found / result.wanted:.4f}" if result.wanted else ""
        rest = result.removed, result.by_reference, result.unjustified, result.wrong
        rows.append([result.corpus, *(f"{n:,}" for n in counts), rate, *(f"{n:,}" for n in rest)])
    return markdown_table([*header, "unjustified", "wrong Jaccard"], rows) + NOTE
