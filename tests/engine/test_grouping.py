"""Connected components of edges equal those that are found by joining sets."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.engine.spark.grouping import ROW_BITS, connect

units = st.one_of(st.integers(0, 12), st.builds(lambda piece, row: piece << ROW_BITS | row, *[st.integers(0, 3)] * 2))
edge_lists = st.lists(st.tuples(units, units), max_size=30)


def joined(edges: list[tuple[int, int]]) -> dict[int, int]:
    """Return the smallest unit of the component of each unit, by joining sets."""
    components: dict[int, set[int]] = {}
    for edge in edges:
        union = set().union(*(components.get(unit, {unit}) for unit in edge))
        components |= dict.fromkeys(union, union)
    return {unit: min(component) for unit, component in components.items()}


@given(edge_lists)
@example([(number, number + 1) for number in range(100)])
@example([(2**40, 2**40 + 1), (2**40 + 1, 0), (0, 2**62)])
def test_components_equal_those_of_sets(edges: list[tuple[int, int]]) -> None:
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    units, components = connect(pairs[:, 0], pairs[:, 1])
    assert dict(zip(units.tolist(), components.tolist(), strict=True)) == joined(edges)
    assert (np.diff(units) > 0).all()
