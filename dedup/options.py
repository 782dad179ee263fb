"""Types of inputs and options, and their conversion to a checked request."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, TypeVar, cast

from dedup.errors import InputError, SettingsError
from dedup.runtime.progress import Progress
from dedup.runtime.storage.paths import parse_local
from dedup.settings import (
    HtmlText,
    Paragraphs,
    ParagraphsBy,
    Quoting,
    Reading,
    Request,
    Resources,
    Settings,
    Tokens,
    Unit,
    option_name,
    parse_size,
)

if TYPE_CHECKING:
    from dedup.corpus.inputs import Input
    from dedup.engine.spark.session import Session, SparkEngine

Inputs: TypeAlias = "Input | Sequence[Input]"
"""One input or a sequence of inputs: paths, "-" for standard input, "@" and the path of a list of paths, or Arrow
tables of any library. A `Path` is never a list."""


class InputOptions(TypedDict, total=False):
    """Options of every function that reads a corpus; see `Reading` and `Resources` for their meaning."""

    text_column: str | None
    id_column: str | None
    date_column: str | None
    outlet_column: str | None
    title_column: str | None
    url_column: str | None
    author_column: str | None
    outlet_level: int | None
    html_text: HtmlText
    delimiter: str | None
    quoting: Quoting
    header: bool | None
    workers: int
    memory: int | str
    temp_dir: str | os.PathLike[str]
    batch_bytes: int
    overwrite: bool
    progress: Progress


class EngineOptions(TypedDict, total=False):
    """Where `scan` and `clean` are executed."""

    engine: "Literal['local', 'spark'] | Session"
    """This machine; Apache Spark; or a session of Spark, classic or of Spark Connect."""
    master: str | None
    """Master URL for ``engine="spark"``, such as "local[*]" or "spark://host:7077"."""
    spark_conf: Mapping[str, str] | Sequence[str]
    """Settings of Spark for ``engine="spark"``: by name, or each as "KEY=VALUE"."""
    resume: bool
    """Continue a run on Spark that did not end."""
    single_file: bool
    """Write each table of the output as one file, not as a folder of parts, as Spark does otherwise."""


class Options(InputOptions, total=False):
    """Options of `scan` and `clean`; see `Settings` for their meaning."""

    against: "Inputs"
    """What is compared with the inputs and always kept: an index, outputs of `clean`, or any input."""
    threshold: float
    shingle: int | tuple[int, int]
    """Tokens in a shingle: one number, or one for documents and one for paragraphs."""
    unit: Unit
    paragraphs: Paragraphs
    near_within: bool
    paragraphs_by: ParagraphsBy
    tokens: Tokens
    min_tokens: int
    exact: bool
    ignore: str | Sequence[str]
    per: str | None
    keep: str
    permutations: int
    seed: int


class RunOptions(Options, EngineOptions, total=False):
    """All options of `scan` and `clean`."""


def list_inputs(inputs: Inputs) -> "list[Input]":
    """Return the inputs as a list, also a single input.

    >>> list_inputs("articles/"), list_inputs(["a.txt", "b.txt"])
    (['articles/'], ['a.txt', 'b.txt'])
    """
    if isinstance(inputs, (str, os.PathLike)) or hasattr(inputs, "__arrow_c_stream__"):
        return [cast("Input", inputs)]
    if isinstance(inputs, bytes) or not isinstance(inputs, Iterable):
        raise InputError(f'An input is a path or a table, not {inputs!r}. Name a file, a folder, or "-".')
    return list(inputs)


def take_engine(options: dict[str, Any]) -> "SparkEngine | None":
    """Remove the options of `EngineOptions` from options, and return the engine; None for this machine.

    Raises:
        SettingsError: A value is invalid, or needs another engine.

    >>> take_engine({"engine": "local", "keep": "longest"}) is None
    True
    """
    engine = options.pop("engine", "local")
    given = {name: options.pop(name) for name in ("master", "spark_conf", "resume", "single_file") if name in options}
    if engine is None or engine == "local":
        used = [name for name, value in given.items() if value]
        if used:
            raise SettingsError(f"{option_name(used[0])} needs --engine spark. Add it, or leave the option out.")
        return None
    if isinstance(engine, str) and engine != "spark":
        raise SettingsError(f"--engine is {engine!r}; it must be local or spark.")
    if not isinstance(engine, str) and not hasattr(engine, "interruptTag"):
        raise SettingsError(f"engine is {engine!r}; it must be local, spark, or a SparkSession of pyspark 4 or later.")

    from dedup.engine.spark.session import SparkEngine, parse_settings

    settings = given.pop("spark_conf", None) or {}
    if not isinstance(settings, Mapping):
        settings = parse_settings(settings)
    return SparkEngine(None if isinstance(engine, str) else engine, settings=settings, **given)


T = TypeVar("T")


def make_request(options: Mapping[str, Any], *, settings: bool = True) -> Request:
    """Check options and group them into a request.

    Args:
        options: Options by name, as in `Options`.
        settings: Accept the options that decide verdicts, not only those of `InputOptions`.

    Returns:
        The checked options.

    Raises:
        SettingsError: An option is unknown or its value is invalid.

    >>> make_request({"shingle": 4}).settings.shingle_paragraphs
    4
    """
    remaining = dict(options)
    shingle = remaining.pop("shingle", None) if settings else None
    if shingle is not None:
        sizes = tuple(shingle) if isinstance(shingle, tuple | list) else (shingle, shingle)
        if len(sizes) != 2 or not all(isinstance(size, int) for size in sizes):
            raise SettingsError(f"--shingle is {shingle!r}; give one number, or two: for documents and for paragraphs.")
        remaining["shingle_documents"], remaining["shingle_paragraphs"] = sizes
    if isinstance(remaining.get("memory"), str):
        remaining["memory"] = parse_size(remaining["memory"])
    if "temp_dir" in remaining:
        remaining["temp_dir"] = parse_local(remaining["temp_dir"], "--temp-dir")
    against = remaining.pop("against", None) if settings else None
    request = Request(
        settings=_pop_fields(Settings, remaining) if settings else Settings(),
        reading=_pop_fields(Reading, remaining),
        resources=_pop_fields(Resources, remaining),
        overwrite=remaining.pop("overwrite", False),
        progress=Progress() if (progress := remaining.pop("progress", None)) is None else progress,
        against=() if against is None else tuple(list_inputs(against)),
    )
    if remaining:
        known = "Options" if settings else "InputOptions"
        raise SettingsError(f"There is no option {next(iter(remaining))!r}; see help(dedup.{known}).")
    return request


def _pop_fields(kind: type[T], options: dict[str, Any]) -> T:
    """Build a dataclass from the options that are named as its fields, and remove them from the options."""
    names = {item.name for item in fields(kind)} & options.keys()  # type: ignore[arg-type]  # three dataclasses
    return kind(**{name: options.pop(name) for name in names})
