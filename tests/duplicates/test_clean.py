"""`clean` from end to end on generated corpora: equal to the reference, and true to the promises."""
# ruff: noqa: RUF001 - characters that look alike are the point

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
import reference
import reference_paragraphs
import strategies
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.duplicates.sketches.masking import mask
from dedup.runtime.arrow import buffers


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
    order = reference.keep_order(chosen["keep"], texts, values)
    documents.select(order, chosen, False, known, texts)
    kept = [doc for doc in range(len(texts)) if doc not in {row["doc"] for row in documents.removed}]
    within = chosen["paragraphs"] == "within"
    blocks, paragraphs = Round([]), Round([])
    if chosen["unit"] != "documents" and chosen["paragraphs"] != "none":
        of_paragraphs = (n_paragraph, chosen["paragraphs_by"], chosen["min_tokens"])
        blocks = Round(reference.block_units(texts, kept, *of_paragraphs, 1 if within else 2, by_signs))
        blocks.select(range(len(blocks.units)), chosen, within, known, texts)
        units = reference.paragraph_units(texts, kept, *of_paragraphs, by_signs)
        gone = [(row["doc"], row["start"], row["end"]) for row in blocks.removed]
        paragraphs = Round([unit for unit in units if not any(is_inside(unit, place) for place in gone)])
    paragraphs.select(range(len(paragraphs.units)), chosen, within, known, texts)
    paragraphs.removed = sorted(blocks.removed + paragraphs.removed, key=lambda row: (row["doc"], row["start"]))
    clean, emptied = [], []
    for doc in kept:
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
        self, order: Sequence[int], chosen: dict[str, Any], within: bool, known: set[tuple[Any, ...]], texts: list[str]
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
            if not reference.may_pair(left, right, chosen["near_within"], chosen["min_tokens"]):
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
@example(a_corpus(f"1. {TEN}\n2. {TEN}!\n\nx\n\n1. {TEN}\n2. {TEN}!\n\n2. {TEN}", f"1. {TEN}\n2. {TEN}!"), ALL)
@example(a_corpus(f"1. {TEN}\n2. {TEN} y\n\nx\n\n1. {TEN}\n2. {TEN} y\n\n2. {TEN} y"), DEFAULT)
@example(a_corpus(f"1. {TEN}\n2. {TEN}!\n\nx\n\n1. {TEN}\n2. {TEN}!\n\n2. {TEN}", f"1. {TEN}\n2. {TEN}!"), ALL)
@example(a_corpus(f"1. {TEN}\n2. {TEN} y\n\nx\n\n1. {TEN}\n2. {TEN} y\n\n2. {TEN} y"), DEFAULT)
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
    return [
        {key: value for key, value in row.items() if key not in ("id", "kept_id", "kept_path", "path", "row")}
        for row in rows
    ]


def check_promises(
    corpus: strategies.Corpus, chosen: dict[str, Any], cleaned: dedup.Cleaned, expected: Expected
) -> None:
    texts = [text or "" for text in corpus.texts]
    removed = cleaned.removed.to_pylist()
    # Nothing is lost.
    assert reference.rebuild(cleaned.clean.to_pylist(), removed) == dict(enumerate(texts))
    # Every removal is justified by a kept unit whose text is similar enough.
    kept = {row["doc"] for row in cleaned.clean.to_pylist()}
    emptied = {row["doc"] for row in removed if row["reason"] == "emptied"}
    removed_units = {(row["unit"], row["doc"], row["start"], row["end"]) for row in removed}
    for row in removed:
        if row["reason"] == "emptied":
            assert row["kept_doc"] is row["kept_id"] is row["scope"] is row["jaccard"] is row["containment"] is None
            continue
        assert row["kept_doc"] in kept | emptied  # each paragraph of an emptied document or block stays elsewhere
        place = row["unit"], row["kept_doc"], row["kept_start"], row["kept_end"]
        assert place not in removed_units or (row["unit"] == "document" and row["kept_doc"] in emptied)
        if chosen["keep"] == "first" or row["unit"] == "paragraph":
            assert (row["kept_doc"], row["kept_start"]) < (row["doc"], row["start"])
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
    assert all((row["kept_path"] is None) == (row["reason"] == "emptied") for row in removed)
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
    kept = [("kept_doc", "int64"), ("kept_id", "string"), ("kept_path", "string")]
    kept += [("kept_start", "int64"), ("kept_end", "int64")]
    likeness = [("jaccard", "double"), ("containment", "double")]
    sides = [(f"{side}_{name}", "int64") for side in ("left", "right") for name in ("doc", "start", "end")]
    assert columns(cleaned.clean) == [
        *where,
        ("text", "large_string"),
        ("removed", "int32"),
        ("copies", "int32"),
        *others,
    ]
    assert columns(cleaned.removed) == [
        *[*where, ("unit", "string"), *span, ("text", "large_string"), ("reason", "string"), ("scope", "string")],
        *[*kept, *likeness, *others],
    ]
    assert columns(cleaned.pairs) == [("unit", "string"), *sides, *likeness]
    assert {name: cleaned.clean.schema.metadata[name] for name in [b"dedup.schema"]} == {b"dedup.schema": b"2"}


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


def test_document_of_one_paragraph_is_a_paragraph_like_any_other() -> None:
    longer = f"{TEN}\n\nand more words than a few of them"
    first = dedup.clean(table(a_corpus(TEN, longer)), paragraphs="all", min_tokens=1)
    assert list(lost(first.removed)) == [("paragraph", 1, "exact")]
    later = dedup.clean(table(a_corpus(longer, TEN)), paragraphs="all", min_tokens=1)
    assert list(lost(later.removed)) == [("document", 1, "emptied"), ("paragraph", 1, "exact")]
    assert later.removed["kept_doc"].to_pylist() == [None, 0]


def test_near_paragraphs_of_a_document_are_kept_unless_wanted() -> None:
    lines = f"{BEFORE}\n\n{MIDDLE}\n\n{BEFORE}"
    for paragraphs in ("within", "all"):
        kept = dedup.clean(table(a_corpus(lines)), paragraphs=paragraphs)
        assert list(lost(kept.removed)) == [("paragraph", 0, "exact")]
        near = dedup.clean(table(a_corpus(lines)), paragraphs=paragraphs, near_within=True)
        assert list(lost(near.removed)) == [("paragraph", 0, "near"), ("paragraph", 0, "exact")]
    across = dedup.clean(table(a_corpus(f"{BEFORE}\n\nx", f"{MIDDLE}\n\ny")), unit="paragraphs", paragraphs="all")
    assert list(lost(across.removed)) == [("paragraph", 1, "near")]


def test_short_documents_are_removed_only_with_the_same_tokens() -> None:
    row = "GET index page one two three four five six seven eight nine ten eleven twelve thirteen status"
    texts = [f"{row} 200", f"{row} 404", f"{row.upper()}: 200"]
    cleaned = dedup.clean(table(a_corpus(*texts)), shingle=1)
    assert list(lost(cleaned.removed)) == [("document", 2, "near")]
    cleaned = dedup.clean(table(a_corpus(*texts)), shingle=1, min_tokens=18)
    assert list(lost(cleaned.removed)) == [("document", 1, "near"), ("document", 2, "near")]


@strategies.FEW
@given(strategies.corpora(), options, st.sampled_from([1, 2, 64]))
@example(a_corpus(f"{BEFORE}\n\nx", f"{AFTER}\n\nx", f"{MIDDLE}\n\nx", BEFORE, f"{AFTER}\n\n{AFTER}"), ALL, 64)
@example(a_corpus(f"{TEN}\n\n{AFTER}\n\n{BEFORE}", f"{TEN}\n\n{AFTER}", f"{AFTER}\n\n{TEN}"), ALL, 64)
def test_later_documents_change_no_earlier_row(
    corpus: strategies.Corpus, chosen: dict[str, Any], largest_bucket: int
) -> None:
    def rows(count: int) -> list[dict[str, Any]]:
        columns = {name: values[:count] for name, values in corpus.columns.items()}
        return run(strategies.Corpus(corpus.texts[:count], columns), chosen | {"keep": "first"}).removed.to_pylist()

    whole = rows(len(corpus.texts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", largest_bucket)
        for count in range(1, len(corpus.texts)):
            assert rows(count) == [row for row in whole if row["doc"] < count]


@strategies.FEW
@given(strategies.corpora(), options)
def test_documents_are_compared_per_value(corpus: strategies.Corpus, chosen: dict[str, Any]) -> None:
    whole = dedup.clean(table(corpus), **{k: v for k, v in chosen.items() if v is not None}, per="number", workers=1)
    numbers = corpus.columns["number"]
    expected = []
    for value in {*numbers}:
        docs = [doc for doc, number in enumerate(numbers) if number == value]
        part = strategies.Corpus(
            [corpus.texts[doc] for doc in docs],
            {name: [values[doc] for doc in docs] for name, values in corpus.columns.items()},
        )
        for row in without(run(part, chosen).removed.to_pylist()):
            kept = row["kept_doc"] if row["kept_doc"] is None else docs[row["kept_doc"]]
            expected.append(row | {"doc": docs[row["doc"]], "kept_doc": kept})
    expected.sort(key=lambda row: (row["doc"], row["unit"] != "document", row["start"]))
    assert without(whole.removed.to_pylist()) == expected


def test_documents_without_a_value_are_compared_with_each_other() -> None:
    found = pa.table({"text": [TEN] * 4, "lang": ["en", None, "en", None]})
    cleaned = dedup.clean(found, per="lang")
    assert [(row["doc"], row["kept_doc"]) for row in cleaned.removed.to_pylist()] == [(2, 0), (3, 1)]
    assert [*cleaned.run.notes] == [
        "--per lang: 2 of 4 documents have no value; they are compared with each other only"
    ]


def test_columns_whose_values_cannot_be_compared_are_refused() -> None:
    found = pa.table({"text": [TEN] * 2, "tags": [["a"], ["b"]]})
    with pytest.raises(dedup.ColumnNotFound, match="Use one of: id, path, row, text, tags"):
        dedup.clean(found, per="langs")
    with pytest.raises(dedup.SettingsError, match="cannot be compared"):
        dedup.clean(found, per="tags")


def test_other_columns_that_differ_are_counted() -> None:
    found = pa.table(
        {
            "text": [TEN, TEN, TEN.upper(), AFTER],
            "label": ["pos", "neg", "pos", "neg"],
            "score": [0.5, 0.5, None, 1.0],
            "tags": [["a"], ["a"], ["b"], ["a"]],
            "same": [1, 1, 1, 1],
        }
    )
    counts = {"label": 1, "score": 1, "tags": 1}
    cleaned = dedup.clean(found)
    assert cleaned.run.differing == counts == dedup.scan(found).run.differing
    assert cleaned.clean["copies"].to_pylist() == [2, 0]


@strategies.FEW
@given(strategies.corpora(), options)
def test_exact_removes_only_texts_with_the_same_characters(corpus: strategies.Corpus, chosen: dict[str, Any]) -> None:
    exact = {name: chosen[name] for name in ("unit", "paragraphs", "paragraphs_by", "min_tokens", "keep")}
    cleaned = dedup.clean(table(corpus), exact=True, workers=1, **exact)
    texts = [text or "" for text in corpus.texts]
    assert reference.rebuild(cleaned.clean.to_pylist(), cleaned.removed.to_pylist()) == dict(enumerate(texts))
    found = {
        unit: {(row["doc"], row["start"]) for row in cleaned.removed.to_pylist() if row["unit"] == unit}
        for unit in ("document", "paragraph")
    }
    order = reference.keep_order(exact["keep"], texts, corpus.columns["number"])
    seen: set[str] = set()
    gone = set()
    for doc in order if exact["unit"] != "paragraphs" else ():
        if texts[doc].strip() in seen:
            gone.add(doc)
        seen |= {texts[doc].strip()} - {""}
    emptied = {row["doc"] for row in cleaned.removed.to_pylist() if row["reason"] == "emptied"}
    assert {doc for doc, _ in found["document"]} - emptied == gone
    expected, kept = set(), set()
    for doc in range(len(texts)):
        if doc in gone or exact["unit"] == "documents" or exact["paragraphs"] == "none":
            continue
        for span in reference.paragraphs(texts[doc], exact["paragraphs_by"]):
            text = texts[doc][span.start : span.end]
            key = (text, doc if exact["paragraphs"] == "within" else None)
            if len(reference.tokens(text)) >= max(1, exact["min_tokens"]):
                expected |= {(doc, span.start)} if key in kept else set()
                kept.add(key)
    assert found["paragraph"] == expected


def test_exact_compares_signs_and_letters() -> None:
    found = pa.table({"text": ["a + b", "a - b", " a + b\n", "A + b", "?!", "?!", "", " "]})
    cleaned = dedup.clean(found, exact=True)
    assert [(row["doc"], row["kept_doc"]) for row in cleaned.removed.to_pylist()] == [(2, 0), (5, 4)]
    assert cleaned.run.expected_recall == 1


def test_what_matches_a_pattern_is_not_compared() -> None:
    rows = [f"[12:0{at}] <user{at}> {TEN} \U0001f600{at} and {TEN.upper()}" for at in range(3)]
    assert dedup.clean(pa.table({"text": rows})).removed.num_rows == 0
    patterns = (r"^\[[0-9:]+\] <\w+>", r"\p{So}[0-9]")
    cleaned = dedup.clean(pa.table({"text": rows}), ignore=patterns)
    assert [(row["doc"], row["reason"], row["jaccard"]) for row in cleaned.removed.to_pylist()] == [
        (1, "near", 1.0),
        (2, "near", 1.0),
    ]
    assert cleaned.removed["text"].to_pylist() == rows[1:]
    text = "\n".join(rows)
    cleaned = dedup.clean(pa.table({"text": [text]}), paragraphs_by="line", ignore=[r"(?m)^\[.*?>", patterns[1]])
    assert [text[row["start"] : row["end"]] for row in cleaned.removed.to_pylist()] == [row[16:] for row in rows[1:]]
    assert reference.rebuild(cleaned.clean.to_pylist(), cleaned.removed.to_pylist()) == {0: text}


def test_patterns_are_checked() -> None:
    with pytest.raises(dedup.SettingsError, match=r"--ignore '\(' is not a pattern of RE2: missing \)"):
        dedup.clean(pa.table({"text": ["a"]}), ignore="(")


@given(
    st.lists(st.text(st.sampled_from("ab1 \n\u2028é漢\U0001f600\ufdd0\ufdd1"), max_size=12), max_size=4),
    st.sampled_from(["a", "[^a]", "b+|é", "(?i)A(b)", ".", r"\s", "", "x*"]),
)
def test_masked_characters_become_blanks(texts: list[str], pattern: str) -> None:
    blanks = {1: " ", 2: "\xa0", 3: "\u2003", 4: "\U0001fffe"}

    def blank(found: re.Match[str]) -> str:
        return "".join(char if char in reference_paragraphs.BREAKS else blanks[len(char.encode())] for char in found[0])

    array = pa.array(["first", *texts], pa.large_string())[1:]
    masked = mask(array, [pattern])
    offsets = buffers(array)[1].tolist()
    found = [bytes(masked[start:stop]).decode() for start, stop in pairwise(offsets)]
    assert found == [re.sub(pattern, blank, text) for text in texts]


def test_documents_with_only_short_paragraphs_are_counted() -> None:
    counts = dedup.clean(pa.table({"text": ["\n\n".join([TEN] * 2), "\n\n".join([TEN] * 2 + [AFTER]), TEN]})).run.counts
    assert (counts["short_paragraphs"], counts["only_short_paragraphs"]) == (5, 1)


def test_scan_counts_near_paragraphs_of_a_document() -> None:
    found = pa.table({"text": [f"{BEFORE}\n\n{MIDDLE}\n\n{BEFORE}", f"{AFTER}\n\nx"]})
    assert dedup.scan(found).near_within == dedup.scan(found, paragraphs="within").near_within == 1
    assert dedup.scan(found, near_within=True).near_within == 0


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


def test_a_document_that_another_is_removed_for_can_be_emptied() -> None:
    both = f"{TEN}\n\n{AFTER}"
    rest = " ".join(f"r{at}" for at in range(300))
    cleaned = dedup.clean(table(a_corpus(f"{both}\n\n{rest}", both, both)), paragraphs="all", min_tokens=1)
    removed = [(*row, kept) for row, kept in zip(lost(cleaned.removed), cleaned.removed["kept_doc"], strict=True)]
    assert [(unit, doc, reason, kept.as_py()) for unit, doc, reason, kept in removed] == [
        ("document", 1, "emptied", None),
        ("paragraph", 1, "exact", 0),
        ("paragraph", 1, "exact", 0),
        ("document", 2, "exact", 1),
    ]
