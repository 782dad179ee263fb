"""Links as rows of a file: they are read by row as they were written; edges have the rows of their links."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.alignment.align import Link
from dedup.alignment.conflicts import Conflict
from dedup.stories.edges import Edge
from dedup.stories.evidence.measure import Evidence
from dedup.stories.links import FoundEdges, LinkFile, LinkWriter, PairLink, link_rows
from dedup.stories.passages import Comparison
from dedup.text.spans import Span

NOTHING = Evidence(0, 0, 0, 1, 0, frozenset())
TEXTS = ["An oil spill off Brest. Two ships collided.", "Ölpest vor Brest: zwei Schiffe 🚢 stießen zusammen", "", "x"]

words = st.text("ab é🚢", max_size=3)
spans = st.builds(lambda start, size: Span(start, start + size), st.integers(0, 40), st.integers(0, 9))
sentences = st.builds(lambda start, size: range(start, start + size), st.integers(0, 9), st.integers(1, 3))
links = st.builds(
    Link,
    spans,
    spans,
    st.floats(0, 1),
    st.sampled_from(["verbatim", "light", "heavy", "related"]),
    st.lists(words, max_size=2).map(tuple),
    st.lists(st.builds(Conflict, words, words, words), max_size=2).map(tuple),
    sentences,
    sentences,
)
docs = st.integers(0, len(TEXTS) - 1)
comparisons = st.lists(
    st.builds(
        lambda left, right, found, is_template: Comparison(left, right, tuple(found), (), NOTHING, is_template),
        docs,
        docs,
        st.lists(links, min_size=1, max_size=3),
        st.booleans(),
    ),
    max_size=6,
)


def write(folder: str, batches: list[list[Comparison]]) -> LinkFile:
    """Write the links of comparisons in batches."""
    path = Path(folder) / "links"
    with LinkWriter(path) as writer:
        for batch in batches:
            writer.append(link_rows(batch, TEXTS.__getitem__).serialize().to_pybytes())
    return LinkFile(path)


@given(st.lists(comparisons, max_size=4), st.data())
def test_links_are_read_as_they_were_found(batches: list[list[Comparison]], data: st.DataObject) -> None:
    found = [PairLink(pair.left, pair.right, link) for batch in batches for pair in batch for link in pair.links]
    with TemporaryDirectory() as folder:
        file = write(folder, batches)
        assert len(file) == len(found)
        assert file.documents().tolist() == [[left, right] for left, right, _ in found]
        rows = data.draw(st.lists(st.integers(0, len(found) - 1), max_size=9)) if found else []
        assert file.read(np.array(rows, np.int64)) == [found[row] for row in rows]
        columns = ["score", "left_text", "right_text"]
        read = [row for table in file.tables(data.draw(st.integers(1, 5)), columns) for row in table.to_pylist()]
        assert [(row["left_text"], row["right_text"]) for row in read] == [
            (TEXTS[left][slice(*link.left)], TEXTS[right][slice(*link.right)]) for left, right, link in found
        ]
        assert [row["score"] for row in read] == [link.score for *_, link in found]


@given(st.lists(st.lists(st.integers(1, 3), max_size=4), max_size=4), st.data())
def test_rows_of_stories_are_those_of_their_edges(batches: list[list[int]], data: st.DataObject) -> None:
    """A link belongs to at most one edge; some belong to none."""
    found = FoundEdges()
    rows_of: list[list[int]] = []
    first = 0
    for sizes in batches:
        rows = iter(data.draw(st.permutations(range(sum(sizes) + 2))))
        edges = [[next(rows) for _ in range(size)] for size in sizes]
        edge = Edge(0, Span(0, 1), 1, Span(0, 1), frozenset(), 1.0)
        found.append([(edge, chosen) for chosen in edges], first)
        rows_of += [[first + row for row in chosen] for chosen in edges]
        first += sum(sizes) + 2
    count = data.draw(st.integers(1, 3))
    story_of = [data.draw(st.integers(-1, count - 1)) for _ in rows_of]
    stories = [[edge for edge, found in enumerate(story_of) if found == story] for story in range(count)]
    groups = found.rows_of_stories(stories)
    assert np.diff(groups.offsets).sum() == len(groups.rows)
    assert [
        groups.rows[start:end].tolist() for start, end in zip(groups.offsets, groups.offsets[1:], strict=False)
    ] == [sorted(row for edge in edges for row in rows_of[edge]) for edges in stories]
