"""Open references that are texts: any input, or an output of `clean`."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from dedup.context import RunContext, report_bytes
from dedup.corpus import Corpus, open_corpus
from dedup.corpus.inputs import Input
from dedup.corpus.report import ReadReport
from dedup.duplicates.references.inputs import AllDocuments, KeptDocuments
from dedup.duplicates.references.texts import TextReference
from dedup.errors import ColumnNotFound, DedupError, InputError
from dedup.outputs.files import OUTPUT_NAMES
from dedup.outputs.reader import check_output, command_of
from dedup.runtime.storage.copies import local_copy
from dedup.runtime.storage.paths import AnyPath, parse_path, path_text
from dedup.settings import Reading


def open_texts(reference: Input, run: RunContext, reading: Reading, stack: ExitStack) -> TextReference:
    """Open an input, or an output of `clean`, as a reference.

    Args:
        reference: The reference as the user named it.
        run: The context of the run; it receives what could not be read.
        reading: How an input is read.
        stack: Closes what was opened.

    Raises:
        DedupError: It cannot be read, or has no document.
    """
    name = reference_name(reference)
    temp = Path(tempfile.mkdtemp(prefix="reference-", dir=run.temp))
    path = reference_path(reference)
    if path is not None:
        local = stack.enter_context(local_copy(path, OUTPUT_NAMES))
        command = command_of(local)
        if command == "clean":
            check_output(local)
            return TextReference(name, KeptDocuments(local, run.resources.batch_bytes), run.settings.per, temp)
        if command is not None:
            refuse_without_documents(name, command)
    try:
        corpus = open_corpus(
            [reference],
            temp,
            reading,
            run.resources,
            exclude=[run.folder],
            progress=report_bytes(run.progress, "read the reference"),
        )
    except DedupError as error:
        raise reference_error(name, error) from None
    run.corpus.add_report(name, reference_report(corpus))
    return TextReference(name, AllDocuments(corpus), run.settings.per, temp)


def reference_name(reference: Input) -> str:
    """Return the name of a reference for messages."""
    return path_text(reference) if isinstance(reference, str | os.PathLike) else "a table"


def refuse_without_documents(name: str, command: str) -> None:
    """Raise InputError if a command of `dedup` writes no documents."""
    if command != "clean":
        raise InputError(
            f"--against {name}: it was written by dedup {command} and has no documents. Name the input of that "
            "command, or an output of dedup clean."
        )


def reference_error(name: str, error: DedupError) -> DedupError:
    """Return the error that a reference cannot be read, with its name.

    Args:
        name: The reference as the user named it.
        error: What was raised when it was read.

    >>> print(reference_error("tests.jsonl", InputError("It is empty.")))
    --against tests.jsonl: It is empty.
    """
    message, advice = str(error), ""
    if isinstance(error, ColumnNotFound):
        message = message.replace("--text-column", "--against-text-column").removesuffix(".") + "."
        advice = (
            " --against-text-column names the text column of references only. Other options for columns apply to the "
            "input and to the references."
        )
    return type(error)(f"--against {name}: {message}{advice}")


def reference_report(corpus: Corpus) -> ReadReport:
    """Return what was noted when a reference was read, and the column that was taken for its text.

    Args:
        corpus: The documents of the reference.
    """
    columns, report = corpus.columns, corpus.report
    if "text" not in columns.found or columns.text == "text":
        return report
    return replace(report, notes=(f"the column `{columns.text}` is its text", *report.notes))


def reference_path(reference: Input) -> AnyPath | None:
    """Return the path of a reference that may be an output folder."""
    if hasattr(reference, "__arrow_c_stream__") or (isinstance(reference, str) and reference[:1] in ("", "-", "@")):
        return None
    return parse_path(reference, "--against")
