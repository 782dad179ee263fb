"""The index as a Python object."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

from dedup.errors import SettingsError
from dedup.options import InputOptions, Inputs, Options, Texts, UnitOptions, list_inputs, make_request, show_options
from dedup.outputs.loaded import Cleaned, load_cleaned
from dedup.results import destination
from dedup.runtime.progress import Progress, closing
from dedup.runtime.storage.paths import parse_local
from dedup.settings import Request, Settings, check_flag

if TYPE_CHECKING:
    from dedup.index.results import Compaction, IndexInfo, QueryResult
    from dedup.index.storage.snapshot import IndexSnapshot

_SURROGATE = re.compile("[\ud800-\udfff]")
# Texts that are looked up at a time.
_QUERY_TEXTS = 256


class Index:
    """An index of documents across runs, in a local folder.

    Adding documents in any number of parts gives the same kept documents, cleaned texts and removed units as one run
    of `clean` on all of them.

    >>> import tempfile
    >>> import pyarrow as pa
    >>> index = Index(tempfile.mkdtemp() + "/index")
    >>> text = "The council voted on Monday to build a new bridge over the river before the end of next year."
    >>> index.add(pa.table({"id": ["a"], "text": [text]})).removed.num_rows
    0
    >>> later = index.add(pa.table({"id": ["b", "c"], "text": [text, "Something else."]}))
    >>> later.removed.select(["id", "kept_id", "scope"]).to_pylist()
    [{'id': 'b', 'kept_id': 'a', 'scope': 'across'}]
    >>> [result.known for result in index.query([text.upper(), "Nobody has said this."])]
    [True, False]
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Name an index; the first `add` creates it if it does not exist.

        Args:
            path: Its folder, which must be local.

        Raises:
            SettingsError: The path is not local.
        """
        self.path = parse_local(path, "The index")
        self._stack = ExitStack()
        self._snapshot: IndexSnapshot | None = None
        self._opened: tuple[int, int] | None = None

    @show_options(Options, **dict.fromkeys(UnitOptions.__annotations__, ...), threshold=..., exact=...)
    def add(
        self,
        inputs: Inputs | None = None,
        out: str | os.PathLike[str] | None = None,
        *,
        texts: Texts | None = None,
        again: bool = False,
        **options: Unpack[Options],
    ) -> Cleaned:
        """Add documents: compare them with those in the index and with each other, and store the kept ones.

        Args:
            inputs: As for `dedup.clean`.
            out: Folder to write as `dedup.clean` does; None keeps the tables in memory.
            texts: Texts in place of `inputs`, as for `dedup.clean`.
            again: Add inputs that are in the index already: files with the same path and content.
            options: See `Options`. The first addition fixes the settings; they need not be given again,
                so that the signature shows "..." as their default.

        Returns:
            The run and the tables, as of `dedup.clean`. ``doc`` continues from addition to addition.

        Raises:
            DedupError: An input, an option or a folder cannot be used, or another process writes to the index.
        """
        from dedup.index import add as adding

        check_flag("again", again)
        request = index_request(self.path, dict(options))
        with destination(out, request.resources.temp_dir) as folder:
            run = adding.add(self.path, list_inputs(inputs, texts), folder, request, again=again)
            return load_cleaned(run, folder, out)

    @show_options(InputOptions)
    def compare(
        self,
        inputs: Inputs | None = None,
        out: str | os.PathLike[str] | None = None,
        *,
        texts: Texts | None = None,
        **options: Unpack[InputOptions],
    ) -> Cleaned:
        """Compare documents as `add` does, without adding them: which are new, which are known, and from where.

        Args:
            inputs: As for `dedup.clean`.
            out: Folder to write as `dedup.clean` does; None keeps the tables in memory.
            texts: Texts in place of `inputs`, as for `dedup.clean`.
            options: See `InputOptions`; the settings are those of the index.

        Raises:
            DedupError: An input, an option or a folder cannot be used.
        """
        from dedup.index import add as adding

        request = index_request(self.path, dict(options), must_exist=True)
        with destination(out, request.resources.temp_dir) as folder:
            run = adding.compare(self.path, list_inputs(inputs, texts), folder, request)
            return load_cleaned(run, folder, out)

    def query(self, texts: str | Sequence[str], *, per: str | Sequence[str | None] | None = None) -> list[QueryResult]:
        """Look up single texts: which of them, and which of their paragraphs, are in the index, and where.

        The index stays open between calls, in its latest version; see `close`.

        Args:
            texts: One text or several; they are not compared with each other.
            per: The value of each text in the column that the index was made with by ``per``.

        Returns:
            A result for each text.

        Raises:
            SettingsError: An argument has the wrong type, or `per` does not fit the index.
            DedupError: There is no index, or it is damaged.
        """
        from dedup.index.query import query

        listed = [texts] if isinstance(texts, str) else list(texts)
        if not all(isinstance(text, str) for text in listed):
            raise SettingsError("texts must be one text or a sequence of texts.")
        snapshot = self._open()
        values = _check_per(per, snapshot.manifest.settings.per, len(listed))
        listed = [_SURROGATE.sub("\ufffd", text) for text in listed]  # which no file can have
        results: list[QueryResult] = []
        for first in range(0, len(listed), _QUERY_TEXTS):
            part = slice(first, first + _QUERY_TEXTS)
            results += query(snapshot, listed[part], None if values is None else values[part])
        return results

    def info(self) -> IndexInfo:
        """Return what the index contains: documents, segments, settings, sizes.

        Raises:
            DedupError: There is no index, or it is damaged.
        """
        from dedup.index.storage.info import describe

        return describe(self.path)

    @show_options(InputOptions)
    def compact(self, **options: Unpack[InputOptions]) -> Compaction:
        """Merge the segments of the index into one, so that lookups are faster.

        Args:
            options: ``workers``, ``memory``, ``temp_dir`` and ``progress`` of `InputOptions`.

        Raises:
            DedupError: There is no index, it is damaged, or another process writes to it.
        """
        from dedup.index.storage.commit import compact
        from dedup.runtime.workspace import Workspace, temporary_folder

        request = make_request(dict(options), settings=False)
        resources = request.resources
        with temporary_folder(resources.temp_dir) as temp:
            workspace = Workspace(temp, resources.memory, resources.workers, _stepper(request.progress))
            with closing(request.progress):
                return compact(self.path, workspace)

    def close(self) -> None:
        """Release the version of the index that `query` has open."""
        self._stack.close()
        self._snapshot = None

    def __enter__(self) -> Index:
        """Return the index."""
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    def __repr__(self) -> str:
        """Return the call that names the index."""
        return f"Index({str(self.path)!r})"

    def _open(self) -> IndexSnapshot:
        """Return the latest version of the index."""
        from dedup.index.storage.manifest import manifest_identity
        from dedup.index.storage.snapshot import open_snapshot

        identity = manifest_identity(self.path)
        if self._snapshot is None or identity != self._opened:
            self.close()
            self._snapshot = self._stack.enter_context(open_snapshot(self.path))
            self._opened = identity
        return self._snapshot


def index_request(path: Path, options: dict[str, Any], *, must_exist: bool = False) -> Request:
    """Check the options of a run on an index, and complete them with the settings that the index was made with.

    Args:
        path: The index.
        options: Options as of `dedup.clean`.
        must_exist: Whether there must be an index.

    Raises:
        SettingsError: An option is invalid or cannot be used.
        DedupError: There is no index, or it cannot be read.
    """
    from dedup.index.storage.layout import MANIFEST_FILE
    from dedup.index.storage.manifest import read_manifest

    if options.get("against") is not None:
        raise SettingsError(
            "--against cannot be used with an index: documents that are added are compared with those in the index. "
            "Remove --against."
        )
    if options.get("contained") is not None:
        raise SettingsError("--contained cannot be used with an index, which finds duplicates. Use clean --against.")
    if not must_exist and not (path / MANIFEST_FILE).exists():
        return make_request(options)
    return make_request({**_as_options(read_manifest(path).settings), **options})


def _check_per(per: str | Sequence[str | None] | None, column: str | None, texts: int) -> Sequence[str | None] | None:
    """Return the value of each text in the column of an index; None if the index has no column.

    Args:
        per: The values as the user gave them.
        column: The column that the index was made with by ``per``.
        texts: Number of texts.
    """
    values = [per] if isinstance(per, str) else per
    if column is None and values is not None:
        raise SettingsError("The index was made without per, so it has no column to compare. Remove per.")
    if column is not None and (values is None or len(values) != texts):
        raise SettingsError(
            f"The index compares only documents with the same value in {column!r}: pass per, a value for each text."
        )
    return values


def _as_options(settings: Settings) -> dict[str, Any]:
    """Return settings as options of `make_request`."""
    options = asdict(settings)
    options["shingle"] = options.pop("shingle_documents"), options.pop("shingle_paragraphs")
    return options


def _stepper(progress: Progress) -> Callable[..., AbstractContextManager[None]]:
    """Return a function that reports a step."""

    def step(name: str, total: int | None = None, unit: str = "") -> AbstractContextManager[None]:
        progress.step(name, total, unit)
        return nullcontext()

    return step
