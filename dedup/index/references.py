"""Open what `--against` names: an index, an output of `clean`, or any input."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dedup.context import RunContext
from dedup.corpus.inputs import Input, check_disjoint
from dedup.duplicates.references.base import OpenReferences, Reference, References
from dedup.duplicates.references.open import open_texts, reference_name
from dedup.index.reference import IndexReference, check_settings
from dedup.index.storage.layout import MANIFEST_FILE, SEGMENTS
from dedup.index.storage.manifest import Manifest, read_manifest
from dedup.index.storage.snapshot import open_snapshot
from dedup.runtime.storage.paths import AnyPath, parse_remote
from dedup.settings import Reading, Request


def open_references(inputs: Sequence[Input], request: Request, out: AnyPath | None) -> OpenReferences:
    """Return a function that opens the references of a run, after the checks that do not read them.

    Args:
        inputs: The inputs that they are compared with.
        request: The options of the run.
        out: The output folder.

    Raises:
        InputError: An input is also in a reference, so that all of it would be removed; or the output would replace a
            reference.
        IndexFolderError: An index cannot be used, or was made with other settings.
    """
    check_references(inputs, request, out)

    @contextmanager
    def opened(run: RunContext) -> Iterator[References]:
        with ExitStack() as stack:
            reading = request.of_references.reading
            yield References(tuple(_open(reference, run, reading, stack) for reference in request.against))

    return opened


def check_references(
    inputs: Sequence[Input], request: Request, out: AnyPath | None
) -> list[tuple[Path, Manifest] | None]:
    """Check references without reading them; see `open_references`.

    Returns:
        The folder and the manifest of each reference that is an index; None for any other.
    """
    check_disjoint(inputs, request.against, out)
    found: list[tuple[Path, Manifest] | None] = []
    for reference in request.against:
        folder = index_folder(reference)
        if folder is None:
            found.append(None)
            continue
        manifest = read_manifest(folder)
        check_settings(manifest, request.settings, reference_name(reference))
        found.append((folder, manifest))
    return found


def _open(reference: Input, run: RunContext, reading: Reading, stack: ExitStack) -> Reference:
    folder = index_folder(reference)
    if folder is None:
        return open_texts(reference, run, reading, stack)
    snapshot = stack.enter_context(open_snapshot(folder, run.resources.workers))
    return IndexReference(reference_name(reference), snapshot)


def index_folder(reference: Input) -> Path | None:
    """Return the folder of a reference that is an index; None for any other."""
    if not isinstance(reference, str | os.PathLike) or parse_remote(reference) is not None:
        return None
    folder = Path(reference)
    return folder if (folder / MANIFEST_FILE).is_file() and (folder / SEGMENTS).is_dir() else None
