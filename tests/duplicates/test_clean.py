"""`clean` from end to end on generated corpora: equal to the reference, and true to the promises."""
# ruff: noqa: RUF001 - characters that look alike are the point

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
import reference
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

import dedup


class Expected(NamedTuple):
    """What `clean` must write, given the pairs that were found."""

    pairs: list[dict[str, Any]]
    removed: list[dict[str, Any]]
    clean: list[dict[str, Any]]
    shingle: dict[str, int]
    missed: int  # pairs at the threshold that were not found


def expected_output(corpus: strategies.Corpus, chosen: dict[str, Any], found: list[dict[str, Any]]) -> Expected:
    """Compute the output by the reference implementation; of the pairs only the units are used."""
    texts = [text or "" for text in corpus.texts]
    shingle = chosen["shingle"] or (5, 3)
    n_document, n_paragraph = shingle if isinstance(shingle, tuple) else (shingle, shingle)
    known = {(row["unit"], row["left_doc"], row["left_start"], row["right_doc"], row["right_start"]) for row in found}
    by_signs = chosen.get("tokens") == "signs"
    documents = Round(reference.document_units(texts, n_document, by_signs) if chosen["unit"] != "paragraphs" else [])
    values = corpus.columns["number"]
    documents.select(reference.keep_order(chosen["keep"], texts, values), chosen["threshold"], False, known, texts)
    kept = [doc for doc in range(len(texts)) if doc not in {row["doc"] for row in documents.removed}]
    paragraphs = Round([])
    if chosen["unit"] != "documents" and chosen["paragraphs"] != "none":
        alone = chosen["unit"] == "paragraphs"
        by, least = chosen["paragraphs_by"], chosen["min_tokens"]
        paragraphs = Round(reference.paragraph_units(texts, kept, n_paragraph, by, least, alone, by_signs))
    within = chosen["paragraphs"] == "within"
    paragraphs.select(range(len(paragraphs.units)), chosen["threshold"], within, known, texts)
    clean, emptied = [], []
    keepers = {row["kept_doc"] for row in documents.removed}
    for doc in kept:
        cuts = [row for row in paragraphs.removed if row["doc"] == doc]
        left = texts[doc]
        for row in reversed(cuts):
            left = left[: row["cut_start"]] + left[row["cut_end"] :]
        if cuts and not reference.tokens(left) and doc in keepers:  # it is kept, so its paragraphs are kept too
            paragraphs.removed = [row for row in paragraphs.removed if row["doc"] != doc]
            cuts, left = [], texts[doc]
        if cuts and not reference.tokens(left):
            emptied.append(removal("document", doc, reference.trim(texts[doc]), texts, "emptied"))
        else:
            text = None if corpus.texts[doc] is None else left
            clean.append({"doc": doc, "text": text, "removed": len(cuts), **others(corpus, doc)})
    removed = documents.removed + paragraphs.removed + emptied
    removed = [
        row | (others(corpus, row["doc"]) if row["unit"] == "document" else dict.fromkeys(("number", "input_doc")))
        for row in removed
    ]
    removed.sort(key=lambda row: (row["doc"], row["unit"] != "document", row["start"]))
    lost = documents.missed + paragraphs.missed
    return Expected(
        documents.pairs + paragraphs.pairs, removed, clean, {"document": n_document, "paragraph": n_paragraph}, lost
    )


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
        self, order: Sequence[int], threshold: float, within: bool, known: set[tuple[Any, ...]], texts: list[str]
    ) -> None:
        if not self.units:
            return
        place = {unit: at for at, unit in enumerate(order)}
        every = reference.all_pairs(self.units, threshold, within)
        found: reference.Pairs = {}
        for a, b in sorted(
            (tuple(sorted(pair, key=place.__getitem__)) for pair in every),
            key=lambda pair: [place[pair[0]], place[pair[1]]],
        ):
            left, right = self.units[a], self.units[b]
            if (left.kind, left.doc, left.span.start, right.doc, right.span.start) in known:
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
    "paragraphs_by": "auto",
    "keep": "first",
    "min_tokens": 1,
    "shingle": None,
}
ALL = DEFAULT | {"paragraphs": "all"}
BEFORE, MIDDLE, AFTER = (" ".join(f"w{at}" for at in range(first, first + 60)) for first in (0, 4, 8))
TEN = "one two three four five six seven eight nine ten"


@given(strategies.corpora(), options)
@example(a_corpus(TEN, TEN + "\n", TEN.upper() + "!", ""), DEFAULT)
@example(a_corpus(f"{TEN}\n\nother words here", f"other words here\n\n{TEN}"), ALL)
@example(a_corpus(f"{TEN}\n\nother words here", "Other words here!\n\n...", "\n \n"), ALL)
@example(a_corpus(None, "", "?", "?", "a", "a", "A"), DEFAULT)
@example(a_corpus("\ufeffa b\r\n\0\ra b\r\U0001f600 a b"), DEFAULT)
@example(
    a_corpus("> \n> a + b\n\n>\n- - -\n- - -\n\na + b", "> \n> a + b", "a - b", "- -", "- -"),
    DEFAULT | {"tokens": "signs"},
)
@example(a_corpus(f"{TEN} inter-\nnational\n\n{TEN} inter-\nnational", f"{TEN} international\n\n{TEN} in-\n"), ALL)
def test_clean_equals_the_reference(corpus: strategies.Corpus, chosen: dict[str, Any]) -> None:
    cleaned = run(corpus, chosen)
    expected = expected_output(corpus, chosen, cleaned.pairs.to_pylist())
    assert cleaned.pairs.to_pylist() == expected.pairs
    assert without(cleaned.removed.to_pylist()) == expected.removed
    assert without(cleaned.clean.to_pylist()) == expected.clean
    check_promises(corpus, chosen, cleaned, expected)


def without(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop the columns that are decided by reading."""
    return [{key: value for key, value in row.items() if key not in ("id", "kept_id", "path", "row")} for row in rows]


def check_promises(
    corpus: strategies.Corpus, chosen: dict[str, Any], cleaned: dedup.Cleaned, expected: Expected
) -> None:
    texts = [text or "" for text in corpus.texts]
    removed = cleaned.removed.to_pylist()
    # Nothing is lost.
    assert reference.rebuild(cleaned.clean.to_pylist(), removed) == dict(enumerate(texts))
    # Every removal is justified by a kept unit whose text is similar enough.
    kept = {row["doc"] for row in cleaned.clean.to_pylist()}
    removed_units = {(row["unit"], row["doc"], row["start"]) for row in removed}
    for row in removed:
        if row["reason"] == "emptied":
            assert row["kept_doc"] is row["kept_id"] is row["scope"] is row["jaccard"] is row["containment"] is None
            continue
        assert row["kept_doc"] in kept
        assert (row["unit"], row["kept_doc"], row["kept_start"]) not in removed_units
        n = expected.shingle[row["unit"]]
        by_signs = chosen.get("tokens") == "signs"
        one, other = texts[row["doc"]][row["start"] : row["end"]], texts[row["kept_doc"]]
        a = reference.shingles(reference.document_tokens(one, by_signs), n)
        other = other[row["kept_start"] : row["kept_end"]]
        b = reference.shingles(reference.document_tokens(other, by_signs), n)
        assert row["jaccard"] == reference.jaccard(a, b) >= chosen["threshold"]
        assert row["containment"] == len(a & b) / len(a)
    # Ids are those of the input, and kept_id is the id of the kept document.
    ids = {row["doc"]: row["id"] for row in [*cleaned.clean.to_pylist(), *removed]}
    assert all(row["kept_id"] == ids[row["kept_doc"]] for row in removed if row["reason"] != "emptied")
    assert all(ids[doc] == value for doc, value in enumerate(corpus.columns["id"]) if value is not None)


@strategies.FEW
@given(strategies.corpora(), options, st.sampled_from([1, 2, 4]))
@example(a_corpus(*[TEN, TEN + " a", TEN + " b", TEN] * 4), DEFAULT, 2)
@example(a_corpus("\n\n".join([TEN, TEN + " a", TEN + " b", "x"] * 3), TEN + "\n\nx"), ALL, 2)
@example(a_corpus(BEFORE, *[MIDDLE] * 5, AFTER, MIDDLE), DEFAULT, 2)
@example(a_corpus(BEFORE, *[MIDDLE] * 5, AFTER, MIDDLE), DEFAULT | {"keep": "-number"}, 4)
def test_oversized_buckets_give_the_same_verdicts(
    corpus: strategies.Corpus, chosen: dict[str, Any], largest_bucket: int
) -> None:
    plain = run(corpus, chosen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        oversized = run(corpus, chosen)
    assert oversized.removed.to_pylist() == plain.removed.to_pylist()
    assert oversized.clean.to_pylist() == plain.clean.to_pylist()
    pairs = [tuple(pair.values()) for pair in oversized.pairs.to_pylist()]
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) <= {tuple(pair.values()) for pair in plain.pairs.to_pylist()}
    named = {
        (row["unit"], *sorted([(row["doc"], row["start"]), (row["kept_doc"], row["kept_start"])]))
        for row in oversized.removed.to_pylist()
        if row["reason"] != "emptied"
    }
    assert named <= {(unit, *sorted([(a, start), (b, begin)])) for unit, a, start, _, b, begin, *_ in pairs}


@strategies.FEW
@given(strategies.corpora(most=6))
def test_cleaned_corpus_has_no_duplicates(corpus: strategies.Corpus) -> None:
    kept = dedup.clean(table(corpus), paragraphs="none").clean
    again = dedup.clean(kept.select(["text"]), paragraphs="none")
    assert again.removed.num_rows == 0
    assert again.clean["text"].to_pylist() == kept["text"].to_pylist()


@strategies.FEW
@given(strategies.corpora(most=6), options)
def test_files_have_the_documented_columns(corpus: strategies.Corpus, chosen: dict[str, Any]) -> None:
    cleaned = run(corpus, chosen)
    others = [("number", "int64"), ("input_doc", "string")]
    where = [("doc", "int64"), ("id", "string"), ("path", "string"), ("row", "int64")]
    span = [(name, "int64") for name in ("start", "end", "cut_start", "cut_end")]
    kept = [("kept_doc", "int64"), ("kept_id", "string"), ("kept_start", "int64"), ("kept_end", "int64")]
    likeness = [("jaccard", "double"), ("containment", "double")]
    sides = [(f"{side}_{name}", "int64") for side in ("left", "right") for name in ("doc", "start", "end")]
    assert columns(cleaned.clean) == [*where, ("text", "large_string"), ("removed", "int32"), *others]
    assert columns(cleaned.removed) == [
        *[*where, ("unit", "string"), *span, ("text", "large_string"), ("reason", "string"), ("scope", "string")],
        *[*kept, *likeness, *others],
    ]
    assert columns(cleaned.pairs) == [("unit", "string"), *sides, *likeness]
    assert {name: cleaned.clean.schema.metadata[name] for name in [b"dedup.schema"]} == {b"dedup.schema": b"1"}


def columns(found: pa.Table) -> list[tuple[str, str]]:
    return [(field.name, str(field.type)) for field in found.schema]


def lost(found: pa.Table) -> Iterator[tuple[str, int, str]]:
    for row in found.to_pylist():
        yield row["unit"], row["doc"], row["reason"]


def test_chain_does_not_remove_dissimilar_documents() -> None:
    cleaned = dedup.clean(table(a_corpus(BEFORE, MIDDLE, AFTER)), threshold=0.8, permutations=512)
    assert list(lost(cleaned.removed)) == [("document", 1, "near")]
    assert [(pair["left_doc"], pair["right_doc"]) for pair in cleaned.pairs.to_pylist()] == [(0, 1), (1, 2)]


def test_emptied_document_is_removed_and_named() -> None:
    texts = f"{TEN}\n\nfirst of all\n\n{TEN.replace('e', 'o')}", f"...\n\n{TEN}\n\nFirst of all!\n\n---"
    cleaned = dedup.clean(table(a_corpus(*texts)), paragraphs="all", min_tokens=1)
    assert list(lost(cleaned.removed)) == [
        ("document", 1, "emptied"),
        ("paragraph", 1, "exact"),
        ("paragraph", 1, "near"),
    ]


def test_short_paragraphs_are_kept() -> None:
    cleaned = dedup.clean(table(a_corpus("\n\n".join([TEN] * 5))), min_tokens=11)
    assert cleaned.removed.num_rows == 0
    assert cleaned.run.counts["short_paragraphs"] == 5


def test_document_of_one_paragraph_is_compared_once() -> None:
    cleaned = dedup.clean(
        table(a_corpus(TEN, f"{TEN}\n\nand more words than a few of them")), paragraphs="all", min_tokens=1
    )
    assert cleaned.removed.num_rows == cleaned.pairs.num_rows == 0


def test_folding_of_whole_texts() -> None:
    texts = [
        "Le café de l’État coûte 25 000 euros",
        "LE CAFE\u0301 DE L'E\u0301TAT COU\u0302TE 25.000 EUROS",
        "Le ca\u00adfé de l’État coûte 25,000 euros",
    ]
    assert list(lost(dedup.clean(table(a_corpus(*texts))).removed)) == [
        ("document", 1, "near"),
        ("document", 2, "near"),
    ]


def test_keeper_of_a_document_is_not_emptied() -> None:
    both = f"{TEN}\n\n{AFTER}"
    rest = " ".join(f"r{at}" for at in range(300))
    cleaned = dedup.clean(table(a_corpus(f"{both}\n\n{rest}", both, both)), paragraphs="all", min_tokens=1)
    keepers = {row["kept_doc"] for row in cleaned.removed.to_pylist() if row["unit"] == "document"} - {None}
    assert keepers <= set(cleaned.clean["doc"].to_pylist())
