"""Run `tune`: sketch a corpus once, and compare it at each threshold with its own bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.context import RunContext, count_inputs, open_run
from dedup.duplicates.pipeline import SketchedRun, find_verdicts, sketch_run
from dedup.duplicates.references.base import References
from dedup.duplicates.removals import Removals
from dedup.duplicates.sketches.signatures import sketch_settings
from dedup.duplicates.sketches.units import Units
from dedup.duplicates.summary import Totals, count_kinds, count_units, make_record
from dedup.duplicates.tuning.estimates import Sample, draw_sample, estimate
from dedup.duplicates.tuning.examples import choose_examples, read_examples
from dedup.duplicates.tuning.results import RemovedAmounts, TunedThreshold, Tuning
from dedup.duplicates.verdicts import CorpusVerdicts
from dedup.kernels.sketch import SketchSettings
from dedup.settings import Request, Settings

THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
# Texts of documents that are not in a sample are replaced by this many empty texts at a time.
EMPTY_TEXTS = 1 << 16


def tune(inputs: Sequence[Any], request: Request, sample_size: int | None, examples: int) -> Tuning:
    """Return what each threshold removes; see `dedup.tune`."""
    with open_run(inputs, None, request) as run:
        sample = draw_sample(run.corpus.rows, sample_size, run.settings.seed)
        texts = run.texts() if sample is None else _sampled_texts(run, sample)
        sketched = sketch_run(run, "tune", _sketch_for_all(run.settings), texts)
        found = []
        for threshold, following in zip(THRESHOLDS, (*THRESHOLDS[1:], 1.0), strict=True):
            with run.step(f"compare, at {threshold:.2f}"):
                verdicts = _compare(run, sketched, replace(run.settings, threshold=threshold))
                nearest = choose_examples(verdicts.removals, following, examples)
                found.append(_Found(threshold, _count(verdicts, sample, across=run.settings.compares_across), nearest))
        with run.step("read examples"):
            shown = list(read_examples(run.corpus, [item.nearest for item in found]))
        units = count_units(sketched.sketches)
        counts = {**(units if sample is None else sample.scale(units)), **count_inputs(run.corpus)}
        record = make_record("tune", run.settings, run.corpus, Totals(counts, {}, {}), run.seconds, ())
    thresholds = tuple(
        TunedThreshold(
            item.threshold, replace(run.settings, threshold=item.threshold).expected_recall, item.removed, pairs
        )
        for item, pairs in zip(found, shown, strict=True)
    )
    return Tuning(record, thresholds, None if sample is None else sample.docs.size)


@dataclass(frozen=True)
class _Found:
    """What a threshold removes."""

    threshold: float
    removed: RemovedAmounts
    nearest: Removals
    """The removals that are shown."""


def _sketch_for_all(settings: Settings) -> SketchSettings:
    """Return how to sketch for all thresholds: whole signatures, of all units that any threshold compares."""
    how = sketch_settings(replace(settings, threshold=min(THRESHOLDS)))
    return how._replace(bands=settings.permutations, band_rows=0)


def _sampled_texts(run: RunContext, sample: Sample) -> Iterator[tuple[int, pa.LargeStringArray]]:
    """Yield the texts of a sample of the documents, and empty texts, which are not compared, for the others."""
    following = 0
    for first, texts in run.texts(sample.docs):
        yield from _empty_texts(following, first)
        following = first + len(texts)
        chosen = np.isin(np.arange(first, following), sample.docs, assume_unique=True)
        yield first, pc.if_else(pa.array(chosen), texts, "")
    yield from _empty_texts(following, sample.documents)


def _empty_texts(first: int, stop: int) -> Iterator[tuple[int, pa.LargeStringArray]]:
    for start in range(first, stop, EMPTY_TEXTS):
        yield start, pa.array([""] * min(EMPTY_TEXTS, stop - start), pa.large_string())


def _compare(run: RunContext, sketched: SketchedRun, settings: Settings) -> CorpusVerdicts:
    """Return the verdicts at one threshold, exactly as `clean` finds them.

    Args:
        run: The context of the run.
        sketched: The corpus, with whole signatures.
        settings: The settings with this threshold.
    """

    def banded(units: Units, name: str) -> Units:
        return units.with_bands(settings.bands, settings.rows, run.temp / f"{name}.bands")

    sketches = sketched.sketches
    documents, paragraphs = banded(sketches.documents, "documents"), banded(sketches.paragraphs, "paragraphs")
    context = replace(run.without_steps(), settings=settings)
    at_threshold = replace(sketched, sketches=replace(sketches, documents=documents, paragraphs=paragraphs))
    return find_verdicts(at_threshold.compare(context, References()))


def _count(verdicts: CorpusVerdicts, sample: Sample | None, *, across: bool) -> RemovedAmounts:
    """Return what is removed from the corpus: counts, or estimates from a sample.

    Args:
        verdicts: The verdicts.
        sample: The documents that were compared; None for all.
        across: Whether paragraphs of different documents are compared.
    """
    if sample is not None:
        return estimate(sample, verdicts, across=across)
    counts = count_kinds(verdicts.removals)
    numbers = {kind: item.units for kind, item in counts.items()}
    return RemovedAmounts(
        documents=numbers.pop("documents"),
        paragraphs=sum(numbers.values()),
        characters=sum(item.characters for item in counts.values()),
    )
