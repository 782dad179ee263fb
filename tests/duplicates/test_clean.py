"""`clean` from end to end on generated corpora: equal to the reference, with the properties promised by the design."""
# ruff: noqa: RUF001 - characters that look alike are the point

from typing import Any

import pyarrow as pa
import pytest
import reference
import strategies
from clean_runs import (
    AFTER,
    ALL,
    BEFORE,
    DEFAULT,
    MIDDLE,
    TEN,
    Expected,
    a_corpus,
    expected_output,
    lost,
    options,
    run,
    table,
    without,
)
from hypothesis import example, given
from hypothesis import strategies as st

import dedup


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
def test_clean_equals_the_reference(corpus: strategies.Corpus, chosen: dict[str, Any]) -> None:
    cleaned = run(corpus, chosen)
    expected = expected_output(corpus, chosen, cleaned.pairs.to_pylist())
    assert cleaned.pairs.to_pylist() == expected.pairs
    assert without(cleaned.removed.to_pylist()) == expected.removed
    assert without(cleaned.clean.to_pylist()) == expected.clean
    check_promises(corpus, chosen, cleaned, expected)


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


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("messages", [{"role": "user", "content": "Is the bridge open?"}, {"role": "bot", "content": f"{TEN}."}], None),
        ("data", {"body": f"{TEN}.", "size": 3}, "data.body"),
    ],
)
def test_a_column_that_has_the_whole_text_too_is_noted(column: str, value: Any, named: str | None) -> None:
    rows = [{column: value, "number": number} for number in range(2)]
    cleaned = dedup.clean(pa.Table.from_pylist(rows), text_column=named)
    assert column in cleaned.clean.schema.names
    note = f"column `{column}` is carried unchanged, with all of its text; what is removed is cut from `text` alone"
    assert note in cleaned.run.notes
    assert note not in dedup.scan(pa.Table.from_pylist(rows), text_column=named).run.notes


def test_other_columns_are_not_noted() -> None:
    notes = dedup.clean(pa.table({"body": [TEN], "title": ["one"]})).run.notes
    assert not any("carried unchanged" in note for note in notes)
