"""Parquet files: read anew on every pass, row group by row group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dedup.corpus.files import Stamp, reason
from dedup.corpus.formats.arrow import CHUNK_ROWS, Shape, hits, large, repaired
from dedup.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.corpus.formats.arrow import Ranks


class ParquetPart:
    """A Parquet file, read again on every pass, row group by row group."""

    def __init__(self, file: str, shape: Shape, source: pa.Schema, stamp: Stamp, groups: Sequence[int]) -> None:
        """`file` is the path to open, `source` its schema, `groups` the rows of each of its row groups."""
        self.schema = shape.schema(source)
        self.rows = sum(groups)
        self.replaced: dict[int, int] = {}  # row -> characters that became U+FFFD; found when it is read
        self._file, self._shape, self._stamp, self._groups = file, shape, stamp, groups

    def batches(
        self, names: Sequence[str], wanted: Ranks | None, size: int, threads: bool
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield (first row, batch) with the columns `names`, leaving out row groups without `wanted` rows."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._shape.path
        self._stamp.check(self._file, path)
        try:
            with pq.ParquetFile(self._file) as file:
                first = 0
                for group, count in enumerate(self._groups):
                    if wanted is None or hits(wanted, first, count):
                        last = None if wanted is None else int(wanted[np.searchsorted(wanted, first + count) - 1])
                        yield from self._group(file, group, first, names, last, size, threads)
                    first += count
        except (OSError, pa.ArrowException) as error:
            self._stamp.check(self._file, path)
            raise InputError(
                f"{path} cannot be read to its end ({reason(error)}), though its footer is sound. "
                "Write it anew from its source, or leave it out."
            ) from None
        self._stamp.check(self._file, path)

    def _group(
        self,
        file: Any,
        group: int,
        first: int,
        names: Sequence[str],
        last: int | None,
        size: int,
        threads: bool,
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        sources = self._shape.sources(names)
        count = self._groups[group]
        if not sources:
            yield first, self._shape.apply(_empty(count), first, names, None)
            return
        for batch in file.iter_batches(
            self._batch_rows(file, group, names, size), [group], sources, use_threads=threads
        ):
            texts = None
            if "text" in names:
                texts, fixed = repaired(large(batch.column(self._shape.taken.text)))
                self.replaced.update((first + place, number) for place, number in fixed.items())
            yield first, self._shape.apply(batch, first, names, texts)
            first += batch.num_rows
            if last is not None and first > last:
                return

    def _batch_rows(self, file: Any, group: int, names: Sequence[str], size: int) -> int:
        if "text" not in names:
            return CHUNK_ROWS
        facts = file.metadata.row_group(group)
        average = facts.total_byte_size / max(1, facts.num_rows)
        # a dictionary hides how long its texts are: few rows at a time, then
        most = CHUNK_ROWS if average > 256 else CHUNK_ROWS // 16
        return max(1, min(most, int(size / max(1.0, average))))


def _empty(count: int) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([pa.nulls(count)], names=[""])


def null_count(file: Any, column: str) -> int:
    """Return how many rows of a Parquet file are null in a column, by its statistics where it has them."""
    leaf = next((place for place, name in enumerate(file.schema) if name.path == column), None)
    total = 0
    for group in range(file.metadata.num_row_groups):
        facts = None if leaf is None else file.metadata.row_group(group).column(leaf).statistics
        if facts is not None and facts.has_null_count:
            total += facts.null_count
        else:
            batches = file.iter_batches(CHUNK_ROWS // 16, [group], [column])
            total += sum(batch.column(0).null_count for batch in batches)
    return total
