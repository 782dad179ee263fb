"""What callers may give, as types, and how it is sorted into settings, reading and resources."""

import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, Protocol, TypedDict, TypeVar

from dedup.errors import SettingsError
from dedup.runtime.progress import Progress
from dedup.settings import Paragraphs, ParagraphsBy, Reading, Resources, Settings, Unit, parse_size


class ArrowStream(Protocol):
    """A table of any library that speaks Arrow: pyarrow, Polars, pandas 3, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Give the table as a stream of Arrow."""


Input = str | os.PathLike[str] | ArrowStream
Inputs = Input | Sequence[Input]


class InputOptions(TypedDict, total=False):
    """How input is read, and what a run may use; see `Reading` and `Resources`."""

    text_column: str | None
    id_column: str | None
    date_column: str | None
    outlet_column: str | None
    outlet_level: int | None
    html: Literal["all", "main"]
    workers: int
    memory: int | str
    temp_dir: str | os.PathLike[str]
    batch_bytes: int
    overwrite: bool
    progress: Progress


class Options(InputOptions, total=False):
    """What `scan` and `clean` take beside their input; see also `Settings`."""

    threshold: float
    shingle: int | tuple[int, int]
    """Tokens in a shingle, of documents and of paragraphs."""
    unit: Unit
    paragraphs: Paragraphs
    paragraphs_by: ParagraphsBy
    min_tokens: int
    keep: str
    permutations: int
    seed: int


def listed(inputs: Inputs) -> list[Input]:
    """Make a list of what may be one input."""
    if isinstance(inputs, (str, os.PathLike)) or hasattr(inputs, "__arrow_c_stream__"):
        return [inputs]
    return list(inputs)


T = TypeVar("T")


def sort_options(options: dict[str, Any]) -> dict[str, Any]:
    """Sort options into settings, reading and resources, and check them.

    Raises:
        SettingsError: One is unknown, or its value makes no sense.

    >>> sort_options({"shingle": 4})["settings"].shingle_paragraphs
    4
    """
    shingle = options.pop("shingle", None)
    if shingle is not None:
        both = (shingle, shingle) if isinstance(shingle, int) else tuple(shingle)
        if len(both) != 2:
            raise SettingsError(f"--shingle is {shingle}; give one number, or two: of documents and of paragraphs.")
        options["shingle_documents"], options["shingle_paragraphs"] = both
    if "memory" in options and isinstance(options["memory"], str):
        options["memory"] = parse_size(options["memory"])
    if "temp_dir" in options:
        options["temp_dir"] = Path(options["temp_dir"])
    sorted_options = {
        "settings": _take(Settings, options),
        "reading": _take(Reading, options),
        "resources": _take(Resources, options),
        "overwrite": options.pop("overwrite", False),
        "progress": options.pop("progress", None) or Progress(),
    }
    if options:
        raise SettingsError(f"There is no option {next(iter(options))!r}; see help(dedup.Options).")
    return sorted_options


def _take(kind: type[T], options: dict[str, Any]) -> T:
    names = {item.name for item in fields(kind)} & options.keys()  # type: ignore[arg-type]  # three dataclasses
    return kind(**{name: options.pop(name) for name in names})
