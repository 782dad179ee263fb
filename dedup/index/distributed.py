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

from dedup.corpus.inputs import Input, check_disjoint
from dedup.duplicates.distributed import runs
from dedup.duplicates.distributed.plan import Plan, Source, UnitKeys, UnitKind
from dedup.duplicates.references.base import NewUnits
from dedup.duplicates.references.open import reference_name
from dedup.engine.spark.session import SparkEngine
from dedup.index.reference import check_settings
from dedup.index.references import index_folder
from dedup.index.storage.manifest import Manifest, read_manifest
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

    def prepare(self, plan: Plan, number: int, piece: int) -> None:
        """Do nothing: an index has its sketches; see `Source.prepare`."""

    def keys(self, plan: Plan, kind: UnitKind, number: int, piece: int) -> Iterator[UnitKeys]:
        """Yield nothing: keys are looked up; see `Source.keys`."""
        yield from ()

    def shared_keys(self, plan: Plan, kind: UnitKind, new: NewUnits) -> Iterator[UnitKeys]:
        """Look up the keys of units of the corpus; see `Source.shared_keys`."""
        with open_snapshot(self.folder) as snapshot:
            for wanted in new.distinct_keys():
                for keys, units in snapshot.find_parts(kind, wanted):
                    numbers = distinct(units)
                    records, _ = snapshot.read_units(kind, numbers)
                    docs = records["doc"][np.searchsorted(numbers, units)]
                    yield UnitKeys(units, None, keys.reshape(-1, 1), docs)
