"""Sketches to verdicts: bands, candidates, estimate, verify, decide."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.duplicates.candidates import crowded, find_buckets, find_candidates
from dedup.duplicates.identical import find_copies, mark_crowded
from dedup.duplicates.select import Verdicts, attribute, decide, make_crowd
from dedup.duplicates.shingle_sets import collect_shingles
from dedup.duplicates.units import DOC, SEQUENCE, TOKENS, Units
from dedup.duplicates.verify import units_to_read, verify_pairs
from dedup.engine.duckdb import connect, stream
from dedup.kernels.estimate import most_mismatches

if TYPE_CHECKING:
    import duckdb

# Begins a step: its name, how much there is to do if that is known, and of what.
Step = Callable[..., AbstractContextManager[None]]
TextBatches = Callable[[NDArray[np.int64]], Iterable[tuple[int, pa.LargeStringArray]]]


@dataclass(frozen=True)
class Judgement:
    """Verdicts, and the pairs behind them."""

    verdicts: Verdicts
    _database: "duckdb.DuckDBPyConnection"

    def pairs(self) -> Iterator[tuple[NDArray[np.int64], ...]]:
        """Read the verified pairs in keep order: two unit numbers, shingles shared, and of each."""
        query = "SELECT former, latter, shared, former_size, latter_size FROM pairs ORDER BY former, latter"
        return stream(self._database, query)


@contextmanager
def judge(
    units: Units,
    texts: TextBatches,
    *,
    wanted: NDArray[np.bool_],
    order: NDArray[np.int64],
    within: bool,
    n: int,
    permutations: int,
    threshold: float,
    standard_errors: float,
    memory: int,
    workers: int,
    temp: Path,
    step: Step,
) -> Iterator[Judgement]:
    """Judge all documents, or all paragraphs; the pairs can be read as long as the context lasts.

    Args:
        units: Their sketches.
        texts: Reads the texts of given documents (ascending ranks) again.
        wanted: Rows that are compared, if they have a token; shape (rows,).
        order: Rows in keep order, likewise.
        within: Compare only units of one document.
        n: Tokens in a shingle.
        permutations: Length of a signature.
        threshold: Least Jaccard.
        standard_errors: How far an estimate may fall short of it before a candidate is dropped.
        memory: Bytes that may be taken.
        workers: Threads.
        temp: Folder to spill to.
        step: Told what is being done, and how much of what there is of it.
    """
    docs = units.column(DOC)
    wanted = wanted & (units.column(TOKENS) > 0)
    number = np.empty(len(units), np.int64)
    number[order] = np.arange(len(units))
    salt = docs if within else None
    folder = temp / "judge"
    folder.mkdir()
    database = connect(folder, memory // 2, workers)
    try:
        with step("find candidates"):
            copies = find_copies(database, units.column(SEQUENCE), wanted, salt, number, memory)
            wanted[order[copies]] = False
            find_buckets(database, units.keys, wanted, salt, number, memory)
            mark_crowded(database)
            find_candidates(database, units.signature, order, most_mismatches(threshold, permutations, standard_errors))
            members, buckets = crowded(database)
            rows = np.sort(order[units_to_read(database, members)])
        with step("read candidates again", None, "documents"):
            sets = collect_shingles(texts(np.unique(docs[rows])), units, rows, n, folder, workers)
        with step("verify"):
            verify_pairs(database, sets, order, threshold, workers)
            database.execute("DROP TABLE candidates")
        with step("decide"):
            crowd = make_crowd(members, buckets, order, sets, units.signature, permutations, threshold, standard_errors)
            kept = decide(database, order, crowd, sets, units.signature, memory, workers)
            verdicts = attribute(database, kept, order, docs)
            units.signature.release()
        yield Judgement(verdicts, database)
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)
