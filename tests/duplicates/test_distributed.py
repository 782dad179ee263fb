"""The engine spark, run in this process on any pieces and partitions, gives what the local engine gives."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies
from clean_runs import AFTER, BEFORE, MIDDLE, TEN, a_corpus, options, table
from hypothesis import example, given
from hypothesis import strategies as st
from local_jobs import local_engine
from same_engines import check_same_clean, check_same_scan
from value_columns import columns

import dedup

TWELVE = f"{TEN} eleven twelve"


class Layout(NamedTuple):
    """How a corpus reaches the engine, and how the engine divides it."""

    seed: int
    pieces: int
    """About how many."""
    cuts: tuple[int, ...]
    """Ranks at which another input begins."""
    group_rows: int | None
    """Rows of a row group of Parquet; None: the inputs are tables."""
    largest_bucket: int


layouts = st.builds(
    Layout,
    st.integers(0, 1 << 32),
    st.sampled_from([1, 2, 4, 9]),
    st.lists(st.integers(1, 20), max_size=3).map(tuple),
    st.sampled_from([None, 1, 2, 5]),
    st.sampled_from([1, 2, 64]),
)
ONE = Layout(0, 1, (), None, 64)
MANY = Layout(1, 9, (), 1, 64)


def inputs_of(whole: pa.Table, layout: Layout, folder: Path, prefix: str = "input") -> list[Any]:
    """Return a table as inputs, in the order of its rows."""
    bounds = sorted({0, whole.num_rows, *(cut for cut in layout.cuts if cut < whole.num_rows)})
    parts = [whole.slice(low, high - low) for low, high in pairwise(bounds)]
    if layout.group_rows is None:
        return parts
    paths = [folder / f"{prefix}-{number}.parquet" for number in range(len(parts))]
    for part, path in zip(parts, paths, strict=True):
        pq.write_table(part, path, row_group_size=layout.group_rows)
    return list(paths)


def run_both(check: Callable[..., Any], whole: pa.Table, layout: Layout, folder: Path, **chosen: Any) -> None:
    if not whole.num_rows:
        return
    inputs = inputs_of(whole, layout, folder)
    piece_bytes = 1 + whole["text"].nbytes // layout.pieces
    with local_engine(layout.seed, piece_bytes) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.duplicates.candidates.LARGEST_BUCKET", layout.largest_bucket)
        check(inputs, session=session, **chosen)


more_options = st.fixed_dictionaries(
    {
        "per": st.sampled_from([None, None, "number"]),
        "exact": st.sampled_from([False, False, True]),
        "ignore": st.sampled_from([(), (), ("[0-9]+", "(?m)^>.*$")]),
    }
)
# --exact has no meaning with these.
NOT_EXACT = ("threshold", "shingle", "tokens", "ignore", "near_within")


@st.composite
def every_option(draw: Callable[..., Any]) -> dict[str, Any]:
    """Draw options that may be given together."""
    chosen = {**draw(options), **draw(more_options), "workers": 1}
    left_out = NOT_EXACT if chosen["exact"] else ()
    return {name: value for name, value in chosen.items() if value is not None and name not in left_out}


ALL = {"paragraphs": "all", "min_tokens": 1}
CHAIN = [" ".join(f"w{at}" for at in range(first, first + 60)) for first in range(0, 60, 4)]


@strategies.FEW
@given(strategies.corpora(), every_option(), layouts)
@example(a_corpus(*CHAIN[::2], *CHAIN[1::2]), {"keep": "longest"}, MANY)
@example(a_corpus(*[TEN] * 5, *[f"{TWELVE} {at}" for at in range(6)]), ALL, MANY._replace(largest_bucket=1))
@example(a_corpus("", None, "?!", "x", "", "\n\n"), ALL, MANY)
@example(a_corpus(f"{TEN}\n\n{TWELVE}", TWELVE, TEN), ALL | {"unit": "paragraphs", "exact": True}, MANY)
@example(a_corpus(f"{BEFORE}\n\n{MIDDLE}\n\n{AFTER}\n\n{BEFORE}"), {"near_within": True}, ONE)
@example(a_corpus(f"{TEN}\n\n{TWELVE}", TWELVE, f"x\n\n{TEN}"), ALL | {"keep": "-number"}, MANY)
def test_the_outputs_are_equal(
    tmp_path_factory: pytest.TempPathFactory, corpus: strategies.Corpus, chosen: dict[str, Any], layout: Layout
) -> None:
    folder = tmp_path_factory.mktemp("run")

    def check(inputs: Sequence[Any], **others: Any) -> None:
        check_same_clean(inputs, folder, **others)

    run_both(check, table(corpus), layout, folder, **chosen)


@strategies.FEW
@given(strategies.corpora(most=8), every_option(), layouts)
@example(a_corpus(f"{BEFORE}\n\n{MIDDLE}\n\n{BEFORE}", f"{AFTER}\n\nx"), {"paragraphs": "within"}, MANY)
def test_scans_are_equal(
    tmp_path_factory: pytest.TempPathFactory, corpus: strategies.Corpus, chosen: dict[str, Any], layout: Layout
) -> None:
    run_both(check_same_scan, table(corpus), layout, tmp_path_factory.mktemp("run"), groups=3, **chosen)


@strategies.FEW
@given(
    strategies.corpora(most=8),
    every_option(),
    layouts,
    st.lists(st.sampled_from(["texts", "output", "index"]), min_size=1, max_size=3),
    strategies.corpora(most=5),
)
@example(a_corpus(TWELVE, f"{TWELVE} a", f"{TWELVE}\n\n{TEN}"), ALL, MANY, ["index", "output"], a_corpus(TWELVE, TEN))
def test_the_outputs_are_equal_against_references(
    tmp_path_factory: pytest.TempPathFactory,
    corpus: strategies.Corpus,
    chosen: dict[str, Any],
    layout: Layout,
    kinds: list[str],
    earlier: strategies.Corpus,
) -> None:
    folder, old = tmp_path_factory.mktemp("run"), table(earlier)
    if not old.num_rows:
        return
    references = [
        make_reference(kind, old.slice(number), chosen, layout, folder / f"old-{number}")
        for number, kind in enumerate(kinds)
        if number < old.num_rows
    ]

    def check(inputs: Sequence[Any], **others: Any) -> None:
        check_same_clean(inputs, folder, **others)

    run_both(check, table(corpus), layout, folder, **chosen, against=[item for part in references for item in part])


def make_reference(kind: str, whole: pa.Table, chosen: dict[str, Any], layout: Layout, folder: Path) -> list[Any]:
    """Return a reference of some kind that has these documents and half of those that follow from a rank."""
    folder.mkdir()
    kept_first = {name: value for name, value in chosen.items() if name != "keep"}
    if kind == "texts":
        return inputs_of(whole, layout, folder)
    if kind == "output":
        dedup.clean(whole, folder / "out", **kept_first)
        return [folder / "out"]
    index = dedup.Index(folder / "index")
    half = whole.num_rows // 2
    for part in (whole.slice(0, half), whole.slice(half)):
        if part.num_rows:
            index.add(part, **kept_first)
    return [folder / "index"]


TEXTS = [TWELVE, f"{TWELVE} a", TEN, TWELVE, f"{TEN} b", "x y z", TEN, f"{TWELVE}!", f"{TEN} c", "?", TWELVE, TEN]


@strategies.FEW
@given(columns, st.sampled_from(["value", "-value"]), layouts)
@example(pa.array([None] * 12, pa.string()), "-value", MANY)
@example(pa.array([float("nan"), None, -0.0, 0.0] * 3), "value", MANY)
@example(pa.array(['{"a": 1}', "1", "2", None] * 3), "value", MANY)
@example(pa.array([b"10", b"\xff", b"9", b"b"] * 3), "-value", MANY)
@example(pa.array([b"10", b"9", b"b", b""] * 3), "value", MANY)
def test_the_outputs_are_equal_for_columns_of_every_type(
    tmp_path_factory: pytest.TempPathFactory, column: pa.Array, keep: str, layout: Layout
) -> None:
    folder = tmp_path_factory.mktemp("run")

    def check(inputs: Sequence[Any], **others: Any) -> None:
        check_same_clean(inputs, folder, **others)

    run_both(check, pa.table({"text": TEXTS, "value": column}), layout, folder, keep=keep, threshold=0.6, workers=1)


def test_files_that_are_not_read_are_skipped_by_tasks_that_read_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in (("a", b"\x00\x01\x02\xff" * 50), ("b", TWELVE.encode()), ("c", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_bytes(content)
    with local_engine(0, 100) as session:
        monkeypatch.setattr("dedup.duplicates.distributed.loading._CHUNK_FILES", 1)
        local = check_same_clean([tmp_path / "a", tmp_path / "b", tmp_path / "c"], tmp_path, session)
    assert local is not None
    assert local.clean["text"].to_pylist() == [TWELVE]
