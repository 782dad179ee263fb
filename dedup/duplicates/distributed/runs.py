"""Run `clean` and `scan` on Spark; see `dedup.duplicates.pipeline` for one machine."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, replace
from functools import partial
from typing import Any, Literal

from dedup.context import count_inputs
from dedup.corpus import Corpus
from dedup.corpus.inputs import Input
from dedup.duplicates.columns.scope import UNFIT, note_missing_values
from dedup.duplicates.columns.values import check_column
from dedup.duplicates.containment.items import Items, index_items
from dedup.duplicates.distributed.detection import Detector
from dedup.duplicates.distributed.keep_order import find_keep_key
from dedup.duplicates.distributed.loading import load_pieces, open_sources
from dedup.duplicates.distributed.plan import Plan, Source
from dedup.duplicates.distributed.publishing import join_parts, publish_items, publish_pairs, publish_references
from dedup.duplicates.distributed.references import prepare_piece, references_of
from dedup.duplicates.distributed.scan_groups import find_groups
from dedup.duplicates.distributed.storage.contained import store_items
from dedup.duplicates.distributed.storage.output import RunFolders, run_folders
from dedup.duplicates.distributed.storage.stages import Stages
from dedup.duplicates.distributed.tasks.deciding import Decided
from dedup.duplicates.distributed.tasks.keys import id_hashes
from dedup.duplicates.distributed.tasks.sketching import PieceSketch, sketch_piece
from dedup.duplicates.distributed.tasks.writing import PieceCounts, write_piece
from dedup.duplicates.pipeline import note_columns
from dedup.duplicates.pool import note_unused_references
from dedup.duplicates.sketches.masking import check_patterns
from dedup.duplicates.summary import Totals, make_record
from dedup.engine.spark.jobs import Jobs
from dedup.engine.spark.session import SparkEngine
from dedup.engine.spark.summaries import count_repeated
from dedup.outputs.files import CLEAN_FILE, FOUND_FILE, ITEMS_FILE, PAIRS_FILE, REFERENCE_FILE, REMOVED_FILE, RUN_FILE
from dedup.outputs.parts import PARTS
from dedup.outputs.writer import write_json
from dedup.results import RemovalCounts, Run, Scan
from dedup.runtime.progress import closing
from dedup.runtime.storage.paths import AnyPath
from dedup.settings import Request


@dataclass(frozen=True)
class Job:
    """What is run on Spark, and where."""

    command: Literal["clean", "scan"]
    """The command."""
    inputs: Sequence[Input]
    """The inputs as the user named them."""
    out: AnyPath | None
    """The output folder."""
    request: Request
    """The checked options."""
    references: Sequence[Source | Input]
    """What the inputs are compared with: indexes as sources, others as the user named them."""
    engine: SparkEngine
    """Options of the engine."""

    def identity(self) -> dict[str, Any]:
        """Return what the run must have in common with the one that it continues."""
        return {
            "command": self.command,
            "inputs": [str(item) if isinstance(item, str | os.PathLike) else "a table" for item in self.inputs],
            "settings": {**asdict(self.request.settings), "ignore": list(self.request.settings.ignore)},
            "reading": asdict(self.request.reading),
            "references": [str(item) for item in self.request.against],
            "against_text_column": self.request.against_text_column,
            "single_file": self.engine.single_file,
        }


def clean(job: Job) -> Run:
    """Write the cleaned corpus and the evidence to a folder; see `dedup.clean`."""
    with _opened(job) as (folders, jobs):
        run = _DistributedRun.start(job, jobs, folders)
        return run.write(run.counts())


def scan(job: Job, groups: int) -> Scan:
    """Report duplicates; see `dedup.scan`."""
    with _opened(job) as (folders, jobs):
        run = _DistributedRun.start(job, jobs, folders)
        counts = run.counts()
        record = run.write(counts)
        found, count = find_groups(run.jobs, run.plan, run.corpus, groups)
        default = _sum_counts(item.default for item in counts if item.default)
        everything = _sum_counts(kind for item in counts for kind in item.removed.values())
        near_within = sum(item.near_within for item in counts) + sum(item.near_within for item in run.paragraphs)
        return Scan(record, default, everything, found, count, near_within)


@contextmanager
def _opened(job: Job) -> Iterator[tuple[RunFolders, Jobs]]:
    """Open the folders of a run, then its session; close its progress at the end."""
    request = job.request
    with (
        closing(request.progress),
        run_folders(
            job.out,
            job.identity(),
            overwrite=request.overwrite,
            resume=job.engine.resume,
            temp_dir=request.resources.temp_dir,
            progress=request.progress,
        ) as folders,
        job.engine.opened(request.progress, request.resources.temp_dir) as session,
    ):
        yield folders, Jobs(session, request.progress)


def _sum_counts(counts: Iterable[RemovalCounts]) -> RemovalCounts:
    """Return the sums of counts."""
    columns = list(zip(*map(astuple, counts), strict=True))
    return RemovalCounts(*map(sum, columns)) if columns else RemovalCounts()


@dataclass(frozen=True)
class _DistributedRun:
    """A run whose units were compared."""

    job: Job
    jobs: Jobs
    folders: RunFolders
    stages: Stages
    plan: Plan
    corpus: Corpus
    sketches: Sequence[PieceSketch]
    documents: Sequence[Decided]
    paragraphs: Sequence[Decided]

    @classmethod
    def start(cls, job: Job, jobs: Jobs, folders: RunFolders) -> _DistributedRun:
        """Read the inputs, sketch them, and compare their units."""
        request, settings = job.request, job.request.settings
        stages = Stages(folders.work)
        check_patterns(settings.ignore)
        jobs.check_workers()
        exclude = [job.out] if job.out else []
        corpus, pieces = stages.run("read", lambda: load_pieces(jobs, job.inputs, exclude, request, folders.work))
        memory = request.resources.memory
        tables = folders.work.child("tables") if job.engine.single_file else folders.out
        plan = Plan(job.command, settings, request.reading, memory, folders.work, tables, pieces)
        opening = partial(open_sources, jobs, job.references, request.of_references, folders.work)
        sources = stages.run("read the reference", opening)
        for source, report in sources:
            if report is not None:
                corpus.add_report(source.name, report)
        plan = replace(plan, references=tuple(source for source, _ in sources))
        if settings.per is not None:
            check_column(corpus, settings.per, f"--per {settings.per}", unfit=UNFIT)
        keep = find_keep_key(jobs, stages, plan, corpus) if settings.compares_documents else None
        plan = replace(plan, keep=keep)
        note_columns(corpus, request.reading, job.command)
        if settings.contained is not None:
            step = "index the reference"
            plan = replace(plan, items=stages.run(step, lambda: store_items(plan.work, _index(plan))))
        sketches = stages.run("sketch", lambda: jobs.tasks("sketch", plan.pieces, partial(sketch_piece, plan)))
        if plan.references:
            note_unused_references(corpus, settings)
            step = "sketch, reference"
            stages.run(step, lambda: jobs.tasks(step, plan.first_piece, partial(prepare_piece, plan)))
        detector = Detector(jobs, stages, plan, sketches)
        documents = detector.detect("documents") if settings.compares_documents else []
        paragraphs = detector.detect("paragraphs") if settings.compares_across else []
        return cls(job, jobs, folders, stages, plan, corpus, sketches, documents, paragraphs)

    def counts(self) -> list[PieceCounts]:
        """Write the parts of the pieces, and return what is removed from each."""
        plan = self.plan
        return self.stages.run("write", lambda: self.jobs.tasks("write", plan.pieces, partial(write_piece, plan)))

    def write(self, counts: Sequence[PieceCounts]) -> Run:
        """Write the output, and return the record of the run.

        Args:
            counts: What is removed from each piece.
        """
        plan, corpus = self.plan, self.corpus
        pairs = publish_pairs(self.jobs, self.stages, plan, self.documents, self.paragraphs, counts)
        self._note_values()
        numbers = {
            **_added(sketch.counts for sketch in self.sketches),
            "pairs": self._pairs(counts),
            **count_inputs(corpus),
        }
        if plan.references:
            numbers["reference_documents"] = sum(source.kept_documents for source in plan.references)
            numbers |= _added(item.in_references for item in counts)
        totals = Totals(
            numbers,
            {kind: _sum_counts(item.removed[kind] for item in counts) for kind in counts[0].removed},
            self._differing(),
        )
        contained = None if plan.items is None else publish_items(plan)
        record = make_record(
            self.job.command,
            plan.settings,
            corpus,
            totals,
            dict(self.stages.seconds),
            [source.name for source in plan.references],
            contained=contained,
        )
        parts = {PAIRS_FILE: pairs}
        if self.job.command == "clean":
            parts |= {CLEAN_FILE: plan.pieces, REMOVED_FILE: plan.pieces}
            if plan.items is not None:
                parts |= {FOUND_FILE: plan.pieces, ITEMS_FILE: 1}
            if plan.references:
                parts[REFERENCE_FILE] = publish_references(self.jobs, self.stages, plan)
        if self.job.engine.single_file:
            with self.stages.step("join the parts"):
                for name, count in parts.items():
                    self.jobs.progress.step(f"write {name}")
                    join_parts(plan, self.folders.out, name, count, corpus)
            parts = {}
        self.folders.out.remove_unfinished()
        with self.folders.out.writing(RUN_FILE) as path:
            write_json(path, record.to_dict() | ({PARTS: parts} if parts else {}))
        return record

    def _pairs(self, counts: Sequence[PieceCounts]) -> int:
        return sum(item.pairs for item in counts) + sum(item.pairs for item in (*self.documents, *self.paragraphs))

    def _differing(self) -> dict[str, int]:
        """Return the number of removed documents that differ from their kept document, by column."""
        total: Counter[int] = sum((item.differing for item in self.documents), Counter())
        return {name: total[index] for index, name in enumerate(self.plan.other_columns) if total[index]}

    def _note_values(self) -> None:
        """Add to the report what only tasks have seen: missing values, replaced bytes, repeated ids."""
        settings, corpus = self.plan.settings, self.corpus
        if settings.per is not None:
            note_missing_values(settings.per, corpus, sum(sketch.without_scope for sketch in self.sketches))
        corpus.add_replaced(
            sum(sketch.replaced_texts for sketch in self.sketches),
            sum(sketch.replaced_characters for sketch in self.sketches),
        )
        if corpus.has_given_ids:
            corpus.add_repeated_ids(self.stages.run("count ids", self._count_repeated_ids))

    def _count_repeated_ids(self) -> int:
        """Return the number of documents with the id of an earlier one, by hashes of 64 bits."""
        hashes = self.jobs.read(self.plan.pieces, partial(id_hashes, self.plan), "id bigint")
        return count_repeated(self.jobs, "count ids", hashes, "id", self.plan.pieces)


def _index(plan: Plan) -> Items:
    """Index the documents of the references that are searched for in the corpus."""
    references = references_of(plan)
    return index_items(references.contents(), references.documents, plan.settings)


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of numbers by name, in the order of the names."""
    total: dict[str, int] = {}
    for numbers in counts:
        for name, number in numbers.items():
            total[name] = total.get(name, 0) + number
    return total
