"""Verdicts: the kept set is the naive greedy one, and each removed unit names its most similar kept one."""

import tempfile
from pathlib import Path

import naive
import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.candidates import insert
from dedup.decide import Verdicts, attribute, decide, make_crowd, nothing_removed
from dedup.sketch import ShingleSets
from dedup.store import Spool, connect

SIZE = 60  # shingles of every unit, so that what two share decides their Jaccard


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, dict[tuple[int, int], int], list[int], list[int]]:
    """Units in keep order, what pairs of them share, their rows and the documents of the rows."""
    count = draw(st.integers(2, 14))
    edges = draw(st.dictionaries(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), st.integers(54, SIZE), max_size=40))
    shared = {(a, b): both for (a, b), both in edges.items() if a < b}
    rows = draw(st.one_of(st.just(list(range(count))), st.permutations(range(count))))
    docs = sorted(draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    return count, shared, list(rows), docs


@given(graphs())
@example((3, {(0, 1): 55, (1, 2): 59}, [0, 1, 2], [0, 1, 2]))  # a chain: the last stays
@example((4, {(0, 2): 58, (1, 2): 58, (1, 3): 58, (0, 3): 59}, [3, 1, 2, 0], [0, 0, 1, 1]))
def test_verdicts_on_verified_pairs_are_those_of_the_naive_greedy(
    graph: tuple[int, dict[tuple[int, int], int], list[int], list[int]],
) -> None:
    count, shared, rows, docs = graph
    with tempfile.TemporaryDirectory() as temp:
        verdicts = judged(shared, rows, docs, Path(temp))
    kept = naive.greedy(range(count), shared)
    units = [naive.Unit("", docs[row], naive.Span(0, 0, 0, 0), SIZE, frozenset()) for row in range(count)]
    by_row = {(rows[a], rows[b]): both / (2 * SIZE - both) for (a, b), both in shared.items()}
    expected = naive.keepers(units, {rows[unit] for unit in kept}, by_row)
    assert np.flatnonzero(verdicts.kept).tolist() == sorted(rows[unit] for unit in kept)
    assert dict(zip(verdicts.removed.tolist(), verdicts.keeper.tolist(), strict=True)) == expected
    for gone, keeper, jaccard, containment in zip(verdicts.removed, verdicts.keeper, verdicts.jaccard, verdicts.containment, strict=True):
        assert jaccard == by_row.get((gone, keeper), by_row.get((keeper, gone)))
        assert containment == shared[tuple(sorted((rows.index(gone), rows.index(keeper))))] / SIZE  # type: ignore[index]


def judged(shared: dict[tuple[int, int], int], rows: list[int], docs: list[int], folder: Path) -> Verdicts:
    """Decide on pairs that are verified already, where no bucket is crowded."""
    order = np.array(rows)
    none = np.empty(0, np.int64)
    database = connect(folder, 64 << 20, 1)
    database.execute("CREATE TABLE pairs (former BIGINT, latter BIGINT, shared BIGINT, former_size BIGINT, latter_size BIGINT)")
    database.execute("CREATE TABLE copies (unit BIGINT, original BIGINT)")
    former, latter, both = np.array([(*pair, both) for pair, both in shared.items()], np.int64).reshape(-1, 3).T.copy()
    size = np.full(former.size, SIZE)
    insert(database, "pairs", former=former, latter=latter, shared=both, former_size=size, latter_size=size)
    sets = ShingleSets(none, np.zeros(1, np.int64), Spool(folder / "shingles", np.uint64, 1))
    crowd = make_crowd(none, none, order, sets, Spool(folder / "signatures", np.uint8, 8), 0.8, 0)
    verdicts = attribute(database, decide(database, order, crowd, sets, 1), order, np.array(docs))
    database.close()
    return verdicts


def test_where_nothing_is_judged_nothing_goes() -> None:
    verdicts = nothing_removed(3)
    assert verdicts.kept.tolist() == [True] * 3
    assert verdicts.removed.size == verdicts.keeper.size == verdicts.jaccard.size == 0
