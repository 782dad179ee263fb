"""Documents of a reference that stand inside longer documents: `clean` and `scan` with ``contained``."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from local_jobs import local_engine
from same_engines import check_same_clean, check_same_scan

import dedup

WORDS = ["the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "cats", "sleep", "near", "fire"]


def item(number: int, size: int) -> str:
    """Return a text of words that no other number has."""
    return " ".join(f"{WORDS[index % len(WORDS)]}{number}x{index}" for index in range(size))


def corpus(*texts: str) -> pa.Table:
    return pa.table({"id": [f"t{number}" for number in range(len(texts))], "text": list(texts)})


def questions(*texts: str) -> pa.Table:
    return pa.table({"id": [f"q{number}" for number in range(len(texts))], "text": list(texts)})


def run(train: pa.Table, against: Any, **options: Any) -> dedup.Cleaned:
    return dedup.clean(train, against=against, **{"contained": 13, **options})


FILLER = item(900, 60)
TRAIN = corpus(
    f"{FILLER} {item(1, 30)} {item(901, 40)}",
    f"{item(902, 50)}\n\n{item(903, 25)} {item(2, 8)} {item(904, 25)}\n\n{item(905, 50)}",
    item(906, 80),
    f"{item(907, 30)}\n\n{item(1, 30)}\n\n{item(908, 30)}\n\n{item(1, 30)}",
    f"{item(906, 80)}",
    "",
    "? !",
    f"{item(910, 100)} {item(2, 8)}",
    f"{item(910, 100)} {item(2, 5)}",
)
TESTS = questions(item(1, 30), item(2, 8), item(3, 40), item(4, 4), "")


def test_documents_are_removed() -> None:
    cleaned = run(TRAIN, TESTS)
    assert cleaned.clean["id"].to_pylist() == ["t2", "t5", "t6", "t8"]
    rows = {row["id"]: row for row in cleaned.removed.to_pylist()}
    assert {name: (row["reason"], row["scope"], row["kept_id"]) for name, row in rows.items()} == {
        "t0": ("contained", "reference", "q0"),
        "t1": ("contained", "reference", "q1"),
        "t3": ("contained", "reference", "q0"),
        "t4": ("exact", "across", "t2"),
        "t7": ("contained", "reference", "q1"),
    }
    first = rows["t0"]
    assert first["jaccard"] is first["containment"] is None
    assert first["kept_containment"] == 1.0
    assert TRAIN["text"][0].as_py()[first["found_start"] : first["found_end"]] == item(1, 30)
    assert rows["t4"]["kept_containment"] is None


def test_paragraphs_are_cut_out(tmp_path: Path) -> None:
    cleaned = dedup.clean(TRAIN, tmp_path / "out", against=TESTS, contained=13, paragraphs="all")
    texts = dict(zip(cleaned.clean["id"].to_pylist(), cleaned.clean["text"].to_pylist(), strict=True))
    assert texts["t1"] == f"{item(902, 50)}\n\n{item(905, 50)}"
    assert texts["t3"] == f"{item(907, 30)}\n\n{item(908, 30)}\n\n"
    assert "t0" not in texts  # its only paragraph is cut out
    originals = [text for batch in dedup.restore(tmp_path / "out") for text in batch["text"].to_pylist()]
    assert originals == TRAIN["text"].to_pylist()


def test_report() -> None:
    contained = run(TRAIN, TESTS).run.contained
    assert contained is not None
    [found] = contained.sets
    assert (found.items, found.too_short, found.only_templates, found.found) == (5, 2, 0, 2)
    assert (found.documents, found.places, found.by_share) == (4, 5, {"1.0": 2})
    assert [(best.id, best.documents, best.places, best.share) for best in found.most_copied] == [
        ("q0", 2, 3, 1.0),
        ("q1", 2, 2, 1.0),
    ]


def test_templates_are_no_evidence() -> None:
    template = item(50, 20)
    against = questions(*(f"{template} {item(60 + number, 20)}" for number in range(11)), template)
    assert run(corpus(f"{FILLER} {template}"), against).clean.num_rows == 1
    assert run(corpus(f"{FILLER} {template} {item(63, 20)}"), against).removed["kept_id"].to_pylist() == ["q3"]
    contained = run(corpus(FILLER), against).run.contained
    assert contained is not None
    assert contained.templates == 8
    assert contained.sets[0].only_templates == 1


def test_a_removed_document_is_no_reason_to_remove_another() -> None:
    """The second resembles the first, which is removed since it contains the item."""
    first = f"{item(700, 200)} {item(1, 20)}"
    second = f"{item(700, 200)} {item(1, 12)}"
    cleaned = run(corpus(first, second), questions(item(1, 20)))
    assert cleaned.clean["id"].to_pylist() == ["t1"]


def test_a_document_of_which_nothing_is_left_is_no_reason_to_remove_another() -> None:
    """The second resembles the first, whose only paragraph is cut out."""
    first = f"{item(700, 200)} {item(1, 20)}"
    second = f"{item(700, 200)} {item(1, 12)}"
    cleaned = run(corpus(first, second), questions(item(1, 20)), paragraphs="all")
    assert cleaned.clean["id"].to_pylist() == ["t1"]
    assert cleaned.removed["reason"].to_pylist() == ["emptied", "contained"]


def test_the_item_of_the_greatest_share_is_named() -> None:
    half = item(1, 40).split()
    against = questions(" ".join([*half[:30], *item(5, 5).split()]), " ".join(half[:30]))
    cleaned = run(corpus(f"{FILLER} {item(1, 40)}"), against, contained_share=0.5)
    assert cleaned.removed["kept_id"].to_pylist() == ["q1"]
    assert cleaned.to_arrow("contained")["item_id"].to_pylist() == ["q0", "q1"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"contained": 13}, "--contained searches for the documents of a reference"),
        ({"contained": 4, "against": TESTS}, "--contained is 4"),
        ({"contained_share": 0.5, "against": TESTS}, "--contained-share needs --contained"),
        ({"contained": 13, "contained_share": 0, "against": TESTS}, "--contained-share is 0"),
        ({"contained": 13, "exact": True, "against": TESTS}, "--exact compares all characters"),
        ({"contained": 13, "per": "id", "against": TESTS}, "--per has no meaning"),
        ({"contained": 13, "unit": "paragraphs", "against": TESTS}, "--contained removes documents"),
    ],
)
def test_options_without_meaning_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(dedup.DedupError, match=message):
        dedup.clean(TRAIN, **options)


@pytest.mark.parametrize("paragraphs", ["within", "all"])
@pytest.mark.parametrize("size", [1, 200, 1 << 20])
def test_spark_gives_the_same(tmp_path: Path, paragraphs: Any, size: int) -> None:
    options = {"against": TESTS, "contained": 13, "paragraphs": paragraphs, "min_tokens": 5}
    with local_engine(3, size) as session:
        check_same_clean(TRAIN, tmp_path, session, **options)
        check_same_scan(TRAIN, session, **options)


@pytest.mark.parametrize("batch_bytes", [1, 300, 1 << 20])
@pytest.mark.parametrize("workers", [1, 3])
def test_batches_do_not_matter(batch_bytes: int, workers: int) -> None:
    for paragraphs in ("within", "all"):
        usual = run(TRAIN, TESTS, paragraphs=paragraphs)
        other = run(TRAIN, TESTS, paragraphs=paragraphs, batch_bytes=batch_bytes, workers=workers)
        for name in ("clean", "removed", "contained", "items"):
            assert other.to_arrow(name) == usual.to_arrow(name)
