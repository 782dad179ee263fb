"""Read inputs by tasks: Parquet files stay where they are, and other formats are converted once."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from dedup.corpus import Corpus
from dedup.corpus.batches import BatchRequest
from dedup.corpus.corpus import Loaded, join_loaded
from dedup.corpus.files import InputFile
from dedup.corpus.formats.parquet import LocalParquet, ParquetPart
from dedup.corpus.inputs import Input, ResolvedInput, resolve_inputs
from dedup.corpus.load import Loader, named_inputs
from dedup.corpus.markup.html import check_mode
from dedup.corpus.report import ReadReport, ReportBuilder
from dedup.corpus.spool import CorpusPart, Spool, SpooledPart
from dedup.duplicates.distributed.plan import Source
from dedup.duplicates.distributed.references import InputContents, TextSource, output_source
from dedup.duplicates.distributed.storage.pieces import StoredPieces
from dedup.duplicates.references.open import (
    reference_error,
    reference_name,
    reference_path,
    reference_report,
    refuse_without_documents,
)
from dedup.engine.spark.jobs import Jobs
from dedup.errors import DedupError, InputError
from dedup.outputs.files import RUN_FILE
from dedup.outputs.origins import OriginRuns
from dedup.outputs.reader import check_output, command_of
from dedup.runtime.shared_folder import SharedFolder
from dedup.runtime.storage.errors import StorageError
from dedup.runtime.storage.paths import AnyPath, RemotePath
from dedup.runtime.storage.stores import open_store
from dedup.runtime.table_files import write_table
from dedup.runtime.workspace import task_folder, temporary_folder
from dedup.settings import Reading, Request

# Files that a task reads: at most this size and number, but at least one.
_CHUNK_BYTES, _CHUNK_FILES = 64 << 20, 2000
_CHUNK = pa.schema([("files", pa.binary())])


class SharedPart:
    """Documents in an Arrow file of a shared folder; see `SpooledPart`."""

    def __init__(self, folder: SharedFolder, name: str, part: SpooledPart) -> None:
        """Describe a complete file.

        Args:
            folder: Where the file is.
            name: Name of the file.
            part: The documents in the file that was copied there.
        """
        self.schema, self.blocks, self.rows = part.schema, part.blocks, part.rows
        self._folder, self._name = folder, name

    def batches(self, request: BatchRequest) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Read the file; see `CorpusPart`."""
        with self._folder.reading(self._name) as path:
            yield from SpooledPart(path, self.schema, self.blocks).batches(request)


@dataclass(frozen=True)
class SharedParquet:
    """A Parquet file that was copied to a shared folder; see `ParquetSource`."""

    folder: SharedFolder
    """Where the file is."""
    name: str
    """Name of the file."""

    @contextmanager
    def opened(self) -> Iterator[str]:
        """Yield the path of the file."""
        with self.folder.reading(self.name) as path:
            yield str(path)

    def check(self, name: str) -> None:
        """Do nothing: only this run writes to the folder."""


class _Read(NamedTuple):
    """What was read of some inputs."""

    loaded: Loaded
    report: ReportBuilder


def load_corpus(
    jobs: Jobs, inputs: Sequence[Input], exclude: Sequence[AnyPath], request: Request, folder: SharedFolder
) -> Corpus:
    """Open all documents of the inputs; files are read by tasks, tables and standard input by the driver.

    Args:
        jobs: Runs the tasks.
        inputs: The inputs as the user named them.
        exclude: Folders that are not read.
        request: How the inputs are read.
        folder: Receives what is converted.

    Raises:
        DedupError: An input cannot be read; see `dedup.corpus.open_corpus`.
    """
    check_mode(request.reading.html_text)
    report = ReportBuilder()
    resolved = [_Chunks(item) if isinstance(item, list) else item for item in resolve_inputs(inputs, exclude, report)]
    chunks = [chunk for item in resolved if isinstance(item, _Chunks) for chunk in item.chunks]
    rows = (pa.array([pickle.dumps(chunk)], pa.binary()) for chunk in chunks)
    write_table(folder, "chunks.arrow", (pa.RecordBatch.from_arrays([row], schema=_CHUNK) for row in rows), _CHUNK)
    read = iter(
        jobs.tasks("read", len(chunks), partial(read_chunk, folder, request.reading, request.resources.temp_dir))
    )
    others = [item for item in resolved if not isinstance(item, _Chunks)]
    on_driver = iter(_read_inputs(others, "driver", folder, request.reading, request.resources.temp_dir))
    parts: list[CorpusPart] = []
    origins = OriginRuns()
    for item in resolved:
        for found in islice(read, len(item.chunks)) if isinstance(item, _Chunks) else islice(on_driver, 1):
            parts += found.loaded.parts
            origins.extend(found.loaded.origins)
            report.merge(found.report)
    return join_loaded(inputs, Loaded(parts, origins), request.reading, report, request.resources)


def load_pieces(
    jobs: Jobs, inputs: Sequence[Input], exclude: Sequence[AnyPath], request: Request, folder: SharedFolder
) -> tuple[Corpus, StoredPieces]:
    """Open all documents of the inputs, and divide them into pieces; see `load_corpus`."""
    corpus = load_corpus(jobs, inputs, exclude, request, folder)
    resources = replace(request.resources, workers=1)
    return corpus, StoredPieces.write(corpus, folder, "pieces.arrow", resources, jobs.parallelism)


def open_sources(
    jobs: Jobs, references: Sequence[Source | Input], request: Request, work: SharedFolder
) -> list[tuple[Source, ReadReport | None]]:
    """Open the references of a run.

    Args:
        jobs: Runs the tasks that read inputs.
        references: Indexes as sources, others as the user named them.
        request: How references are read; see `Request.of_references`.
        work: Receives what is converted.

    Returns:
        The references, and what was noted when they were read.

    Raises:
        DedupError: A reference cannot be read, or has no document.
    """
    return [
        (reference, None) if isinstance(reference, Source) else _open_source(jobs, reference, request, work, number)
        for number, reference in enumerate(references)
    ]


def _open_source(
    jobs: Jobs, reference: Input, request: Request, work: SharedFolder, number: int
) -> tuple[Source, ReadReport | None]:
    """Open an input, or an output of `clean`, as a reference."""
    name, path = reference_name(reference), reference_path(reference)
    if isinstance(path, Path) and (command := command_of(path)) is not None:
        refuse_without_documents(name, command)
        check_output(path)
        return output_source(name, Path(os.path.abspath(path))), None  # noqa: PTH100 - links stay
    if path is not None and not isinstance(path, Path):
        refuse_remote_output(name, path)
    try:
        corpus, pieces = load_pieces(jobs, [reference], [], request, work.child(f"reference-{number}"))
    except DedupError as error:
        raise reference_error(name, error) from None
    return TextSource(name, corpus.rows, corpus.rows, InputContents(pieces)), reference_report(corpus)


def refuse_remote_output(name: str, path: RemotePath) -> None:
    """Raise InputError if a reference is an output of dedup in an object store, which tasks cannot read in place."""
    try:
        is_run = RUN_FILE in open_store(path).entries(path)
    except StorageError:
        return  # reported when it is read as an input
    if is_run:
        raise InputError(
            f"--against {name}: the engine spark cannot read an output in an object store as a reference. Copy it to a "
            "folder that all machines can read."
        )


class _Chunks:
    """Files, divided into those that a task reads."""

    def __init__(self, files: Sequence[InputFile]) -> None:
        """Divide files; their paths become absolute, since tasks run in other folders."""
        absolute = (replace(file, root=os.path.join(os.path.abspath(file.root), b"")) for file in files)  # noqa: PTH100, PTH118 - bytes
        self.chunks = list(_chunks(list(absolute)))


def _chunks(files: Sequence[InputFile]) -> Iterator[list[InputFile]]:
    """Divide files into those that a task reads."""
    chunk: list[InputFile] = []
    size = 0
    for file in files:
        bytes_of_file = file.size() or 0
        if chunk and (size + bytes_of_file > _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append(file)
        size += bytes_of_file
    if chunk:
        yield chunk


def read_chunk(folder: SharedFolder, reading: Reading, temp_dir: Path, number: int) -> _Read:
    """Read the files of a task.

    Args:
        folder: Where the list of files is, and where converted documents are written.
        reading: How they are read.
        temp_dir: Where temporary files are written; see `task_folder`.
        number: Number of the chunk.
    """
    with folder.reading("chunks.arrow") as path, pa.OSFile(str(path)) as source:
        files = pickle.loads(pa.ipc.open_file(source).get_batch(number).column(0)[0].as_py())  # noqa: S301 - our own
    with task_folder(temp_dir) as temp:
        [found] = _read_inputs([files], f"{number:05}", folder, reading, temp)
    return found


def _read_inputs(
    resolved: Sequence[ResolvedInput], name: str, folder: SharedFolder, reading: Reading, temp: Path
) -> list[_Read]:
    """Read inputs, and copy what was converted to the shared folder.

    Args:
        resolved: The inputs.
        name: Prefix of the files that are written.
        folder: Receives them.
        reading: How the inputs are read.
        temp: Directory for temporary files.
    """
    found = []
    with temporary_folder(temp) as local:
        for index, (report, loaded) in enumerate(_loaded(resolved, reading, local)):
            parts = [
                _shared(part, folder, f"inputs/{name}-{index}-{number}") for number, part in enumerate(loaded.parts)
            ]
            found.append(_Read(Loaded(parts, loaded.origins), report))
    return found


def _loaded(resolved: Sequence[ResolvedInput], reading: Reading, local: Path) -> Iterator[tuple[ReportBuilder, Loaded]]:
    """Yield each input as it was read."""
    for item, name in named_inputs(resolved):
        report = ReportBuilder()
        with Spool(local) as spool:
            loader = Loader(reading, spool, report, lambda _: None, remote_in_place=True)
            loader.load_input(item, name)
        yield report, Loaded(spool.parts, spool.origins)


def _shared(part: CorpusPart, folder: SharedFolder, name: str) -> CorpusPart:
    """Return a part that other machines can read."""
    if isinstance(part, SpooledPart):
        folder.put(part.file, f"{name}.arrow")
        return SharedPart(folder, f"{name}.arrow", part)
    if isinstance(part, ParquetPart) and isinstance(part.source, LocalParquet) and part.source.is_copy:
        folder.put(Path(part.source.path), f"{name}.parquet")
        return part.with_source(SharedParquet(folder, f"{name}.parquet"))
    return part
