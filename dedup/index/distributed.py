"""Run `scan` and `clean` on Spark, also against an index."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.corpus.inputs import Input
from dedup.duplicates.distributed import runs
from dedup.duplicates.distributed.plan import Plan, Source, UnitKeys, UnitKind
from dedup.duplicates.references.open import reference_name
from dedup.engine.spark.grouping import ROW_BITS
from dedup.engine.spark.session import SparkEngine
from dedup.index.references import check_references
from dedup.index.storage.manifest import Manifest
from dedup.index.storage.snapshot import open_snapshot
from dedup.results import Run, Scan
from dedup.runtime.ordered import distinct
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Request

# Units of an index in a piece.
_PIECE_UNITS = 1 << 18


@dataclass(frozen=True)
class IndexSource:
    """The kept documents and paragraphs of an index as a reference."""

    name: str
    """The index as the user named it."""
    folder: Path
    """The index, which all machines can read."""
    manifest: Manifest
    """Its version."""

    @property
    def documents(self) -> int:
        """Number of documents that were added, kept or not."""
        return self.manifest.documents

    @property
    def kept_documents(self) -> int:
        """Number of documents that are kept."""
        return self.manifest.kept_documents

    @property
    def pieces(self) -> int:
        """Number of pieces, each of the same number of units."""
        return -(-max(self.manifest.units("documents"), self.manifest.units("paragraphs")) // _PIECE_UNITS)

    def prepare(self, _plan: Plan, _number: int, _piece: int) -> None:
        """Do nothing: an index has its sketches; see `Source.prepare`."""

    def keys(self, _plan: Plan, _kind: UnitKind, _number: int, _piece: int) -> Iterator[UnitKeys]:
        """Yield nothing: keys are looked up; see `Source.keys`."""
        yield from ()

    def shared_keys(self, kind: UnitKind, new: NDArray[np.uint64]) -> Iterator[UnitKeys]:
        """Look up the keys of units of the corpus; see `Source.shared_keys`."""
        with open_snapshot(self.folder) as snapshot:
            for keys, units in snapshot.find_parts(kind, new):
                numbers = distinct(units)
                records, _ = snapshot.read_units(kind, numbers)
                docs = records["doc"][np.searchsorted(numbers, units)]
                place = (units // _PIECE_UNITS << ROW_BITS) + units % _PIECE_UNITS
                yield UnitKeys(place, keys.reshape(-1, 1), docs)

    def records(self, _plan: Plan, kind: UnitKind, number: int, _piece: int, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Return units of a piece; see `Source.records`."""
        with open_snapshot(self.folder) as snapshot:
            records, _ = snapshot.read_units(kind, number * _PIECE_UNITS + rows)
        return records

    def read_kept(self, _: Plan) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Raise an error: `check_references` refuses an index whose documents are searched for."""
        raise NotImplementedError

    def documents_of(self, _: int) -> range:
        """Raise an error: the units of a piece may belong to any document."""
        raise NotImplementedError

    def read(
        self, plan: Plan, columns: list[str], docs: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch]]:
        """Read documents; see `Source.read`."""
        per = plan.settings.per
        names = ["per" if name == per else name for name in columns]
        with open_snapshot(self.folder) as snapshot:
            for batch in snapshot.read_documents(docs, ["doc", *names]):
                yield batch.column(0).to_numpy(), pa.RecordBatch.from_arrays(batch.columns[1:], names=columns)


def clean(inputs: Sequence[Input], out: AnyPath, request: Request, engine: SparkEngine) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    job = runs.Job("clean", inputs, out, request, _references(inputs, request, out), engine)
    return runs.clean(job)


def scan(inputs: Sequence[Input], out: AnyPath | None, request: Request, engine: SparkEngine, groups: int) -> Scan:
    """Report duplicates; see `dedup.scan`."""
    job = runs.Job("scan", inputs, out, request, _references(inputs, request, out), engine)
    return runs.scan(job, groups)


def _references(inputs: Sequence[Input], request: Request, out: AnyPath | None) -> list[Source | Input]:
    """Return what the inputs are compared with: indexes as sources, others as the user named them.

    Raises:
        InputError: An input is in a reference too, or the output would replace one.
        IndexFolderError: An index cannot be used, or was made with other settings.
    """
    indexes = check_references(inputs, request, out)
    return [
        # The path is absolute, since tasks run in other folders; links stay.
        IndexSource(reference_name(reference), Path(os.path.abspath(index[0])), index[1]) if index else reference  # noqa: PTH100
        for reference, index in zip(request.against, indexes, strict=True)
    ]
