"""The links of all pairs of documents, as rows of a file: found by any process, read by row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.ipc
from numpy.typing import NDArray

from dedup.alignment.align import Link
from dedup.alignment.conflicts import Conflict
from dedup.outputs import schema
from dedup.runtime.matrix_file import MatrixFile
from dedup.runtime.row_groups import RowGroups, offsets_of, offsets_path
from dedup.stories.documents.comparing import LinkedPair, compare_linked
from dedup.stories.documents.store import open_documents
from dedup.stories.edges import Edge, make_edges
from dedup.stories.passages import Comparison
from dedup.text.spans import Span

_SIDES = ("left", "right")
# Columns that are those of links.parquet.
_WRITTEN = ("score", "kind", "shared", "conflicting", "left_text", "right_text")

LINK = pa.schema(
    [
        # Ranks of the documents, spans in their texts, and the first and last sentence, half-open.
        *((f"{side}_{name}", pa.int64()) for side in _SIDES for name in ("doc", "start", "end", "first", "stop")),
        ("is_template", pa.bool_()),  # whether the documents are fillings of one template
        *(schema.LINKS.field(name) for name in _WRITTEN),
    ]
)
"""A link of two documents; the links of a pair of documents follow each other."""
# The columns that `PairLink` has.
_READ = [name for name in LINK.names if name not in ("is_template", "left_text", "right_text")]


class PairLink(NamedTuple):
    """A link and the documents that it joins."""

    left: int
    """Rank of the left document."""
    right: int
    """Rank of the right document."""
    link: Link


class FoundLinks(NamedTuple):
    """The links of some pairs of documents."""

    rows: bytes
    """The links, a record batch of `LINK` in the format of Arrow."""
    edges: list[tuple[Edge, list[int]]]
    """The edges that show that two documents report the same, each with the rows of its links."""


def find_links(folder: Path, pairs: Iterable[LinkedPair]) -> FoundLinks:
    """Compare pairs of documents with links.

    Args:
        folder: Folder of the stored documents.
        pairs: The pairs and their links.
    """
    comparisons = compare_linked(folder, pairs)
    documents = open_documents(folder)
    edges = []
    first = 0
    for comparison in comparisons:
        edges += [(edge, [first + row for row in rows]) for edge, rows in make_edges(comparison)]
        first += len(comparison.links)
    rows = link_rows(comparisons, lambda doc: documents.side(doc).analysis.text)
    return FoundLinks(rows.serialize().to_pybytes(), edges)


def link_rows(comparisons: Sequence[Comparison], text: Callable[[int], str]) -> pa.RecordBatch:
    """Return the links of pairs of documents as rows of `LINK`.

    Args:
        comparisons: The pairs.
        text: Returns the text of a document.
    """
    found = [PairLink(pair.left, pair.right, link) for pair in comparisons for link in pair.links]
    lefts = [(left, *link.left, link.left_sentences.start, link.left_sentences.stop) for left, _, link in found]
    rights = [(right, *link.right, link.right_sentences.start, link.right_sentences.stop) for _, right, link in found]
    numbers = np.array([lefts, rights], np.int64).reshape(2, len(found), 5)
    columns = [
        *(numbers[side, :, column] for side in range(2) for column in range(5)),
        [pair.is_template for pair in comparisons for _ in pair.links],
        [link.score for *_, link in found],
        [link.kind for *_, link in found],
        [link.shared for *_, link in found],
        [[(item.left, item.right, item.noun) for item in link.conflicting] for *_, link in found],
        [text(left)[slice(*link.left)] for left, _, link in found],
        [text(right)[slice(*link.right)] for _, right, link in found],
    ]
    arrays = [pa.array(values, kind) for values, kind in zip(columns, LINK.types, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=LINK)


class LinkWriter:
    """Writes links to a file; see `LinkFile`."""

    def __init__(self, path: Path) -> None:
        """Create the file.

        Args:
            path: The file; the number of the first row of each batch is written beside it.
        """
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pyarrow.ipc.new_file(self._file, LINK)
        self._offsets = MatrixFile(offsets_path(path), np.int64)
        self._offsets.append(np.zeros(1, np.int64))
        self.rows = 0
        """Number of links."""

    def append(self, rows: bytes) -> None:
        """Append links, a record batch of `LINK` in the format of Arrow."""
        batch = pyarrow.ipc.read_record_batch(rows, LINK)
        if batch.num_rows:
            self._writer.write_batch(batch)
            self.rows += batch.num_rows
            self._offsets.append(np.array([self.rows], np.int64))

    def __enter__(self) -> "LinkWriter":
        """Return the writer."""
        return self

    def __exit__(self, *_: object) -> None:
        """Complete the file."""
        self._writer.close()
        self._file.close()


class LinkFile:
    """Links in a file that is complete."""

    def __init__(self, path: Path) -> None:
        """Set the file that a `LinkWriter` wrote and closed."""
        self.path = path
        self._offsets: NDArray[np.int64] = np.fromfile(offsets_path(path), np.int64)

    def __len__(self) -> int:
        """Return the number of links."""
        return int(self._offsets[-1])

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Read some columns of all links in order."""
        options = _only(columns)
        # The file is not mapped: mapped pages would count as memory of the process.
        with pa.OSFile(str(self.path)) as source, pyarrow.ipc.open_file(source, options=options) as reader:
            for index in range(reader.num_record_batches):
                yield reader.get_batch(index)

    def tables(self, rows: int, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Read some columns of all links in order, at least `rows` at a time, except the last table."""
        pending: list[pa.RecordBatch] = []
        count = 0
        for batch in self.batches(columns):
            pending.append(batch)
            count += batch.num_rows
            if count >= rows:
                yield pa.Table.from_batches(pending)
                pending, count = [], 0
        if pending:
            yield pa.Table.from_batches(pending)

    def documents(self) -> NDArray[np.int64]:
        """Return the left and right document of each link, shape (links, 2)."""
        found = (
            np.column_stack([column.to_numpy() for column in batch.columns])
            for batch in self.batches(["left_doc", "right_doc"])
        )
        return np.concatenate((np.empty((0, 2), np.int64), *found))

    def read(self, rows: NDArray[np.int64]) -> list[PairLink]:
        """Read links.

        Args:
            rows: Their rows, any order, shape (links,).
        """
        if not rows.size:
            return []
        order = np.argsort(rows, kind="stable")
        ascending = rows[order]
        batch_of = np.searchsorted(self._offsets, ascending, "right") - 1
        starts = np.flatnonzero(np.diff(batch_of, prepend=-1))
        # Mapped, since few pages of a batch are read; they are released when the file is closed.
        with pa.memory_map(str(self.path)) as source, pyarrow.ipc.open_file(source, options=_only(_READ)) as reader:
            taken = pa.Table.from_batches(
                reader.get_batch(int(batch_of[start])).take(pa.array(part - self._offsets[batch_of[start]]))
                for start, part in zip(starts, np.split(ascending, starts[1:]), strict=True)
            )
        found = _pair_links(taken)
        places = np.argsort(order)
        return [found[place] for place in places.tolist()]


def _only(columns: Sequence[str]) -> pyarrow.ipc.IpcReadOptions:
    return pyarrow.ipc.IpcReadOptions(included_fields=[LINK.get_field_index(name) for name in columns])


def _pair_links(rows: pa.Table) -> list[PairLink]:
    """Return rows as objects."""
    (left, *left_sides), (right, *right_sides) = (
        [rows[f"{side}_{name}"].to_numpy().tolist() for name in ("doc", "start", "end", "first", "stop")]
        for side in _SIDES
    )
    others = (rows[name].to_pylist() for name in ("score", "kind", "shared", "conflicting"))
    links = (
        Link(
            left=Span(*left_side[:2]),
            right=Span(*right_side[:2]),
            score=score,
            kind=kind,
            shared=tuple(shared),
            conflicting=tuple(Conflict(**conflict) for conflict in conflicting),
            left_sentences=range(*left_side[2:]),
            right_sentences=range(*right_side[2:]),
        )
        for left_side, right_side, score, kind, shared, conflicting in zip(
            zip(*left_sides, strict=True), zip(*right_sides, strict=True), *others, strict=True
        )
    )
    return list(map(PairLink, left, right, links))


class FoundEdges:
    """The edges of all pairs of documents, and the rows of their links."""

    def __init__(self) -> None:
        """Start without edges."""
        self.edges: list[Edge] = []
        """The edges."""
        self._rows: list[NDArray[np.int64]] = []
        self._sizes: list[NDArray[np.int64]] = []

    def append(self, found: Sequence[tuple[Edge, list[int]]], first: int) -> None:
        """Append edges.

        Args:
            found: Edges, each with the rows of its links.
            first: Number of the row that these are counted from.
        """
        self.edges += [edge for edge, _ in found]
        self._sizes.append(np.array([len(rows) for _, rows in found], np.int64))
        self._rows.append(np.array([row for _, rows in found for row in rows], np.int64) + first)

    def rows_of_stories(self, stories: Sequence[Sequence[int]]) -> RowGroups:
        """Return the rows of the links of each story, ascending.

        Args:
            stories: Indexes of the edges of each story; an edge is in at most one.
        """
        story_of = np.full(len(self.edges), -1, np.int64)
        for story, edges in enumerate(stories):
            story_of[edges] = story
        empty = np.empty(0, np.int64)
        story_of_row = np.repeat(story_of, np.concatenate((empty, *self._sizes)))
        rows = np.concatenate((empty, *self._rows))[story_of_row >= 0]
        story_of_row = story_of_row[story_of_row >= 0]
        order = np.lexsort((rows, story_of_row))
        return RowGroups(rows[order], offsets_of(np.bincount(story_of_row, minlength=len(stories))))
