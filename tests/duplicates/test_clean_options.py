"""Options of `clean` that limit what is compared: per value of a column, exact, without what matches a pattern."""

import re
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
import reference
import reference_paragraphs
import strategies
from clean_runs import AFTER, BEFORE, MIDDLE, TEN, options, run, table, without
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.duplicates.sketches.masking import mask
from dedup.runtime.arrow import buffers


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
        "--per lang: 2 of 4 documents have no value; they are compared only with each other"
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


@pytest.mark.parametrize(("name", "ids"), [("id", [1, 2]), ("id", ["a", "b"]), ("url", ["a", "b"])])
def test_the_id_is_no_column_in_which_duplicates_differ(name: str, ids: list[Any]) -> None:
    found = pa.table({name: ids, "text": [TEN, TEN], "label": ["pos", "neg"]})
    assert dedup.clean(found).run.differing == {"label": 1}


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
