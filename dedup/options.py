"""Types of inputs and options, and their conversion to a checked request."""

import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, ForwardRef, Literal, TypeAlias, TypedDict, TypeVar, cast

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
    import pyarrow as pa

    from dedup.corpus.inputs import Input
    from dedup.engine.spark.session import Session, SparkEngine

Inputs: TypeAlias = "Input | Sequence[Input]"
"""One input or a sequence of inputs: paths, "-" for standard input, "@" and the path of a list of paths, or Arrow
tables of any library. A `Path` is never a list."""
Texts: TypeAlias = Iterable[str] | Iterable[Mapping[str, Any]]
"""Texts in memory: each as `str`, or as a mapping of the names of columns to values, such as
``{"id": "a", "text": "It rained.", "outlet": "NHK"}``."""


class InputOptions(TypedDict, total=False):
    """Options of every function that reads a corpus; `Reading` and `Resources` of `dedup.settings` describe them."""

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
    workers: int | None
    """Number of threads, or of processes for `align`; None for all cores."""
    memory: int | str
    """Memory for tables and sorting: bytes, or a size such as "2GB"."""
    temp_dir: str | os.PathLike[str] | None
    """Folder for temporary files; None for that of the system."""
    batch_bytes: int
    overwrite: bool
    """Replace an existing output folder."""
    progress: Progress | None
    """Receives the progress."""


class EngineOptions(TypedDict, total=False):
    """Where `scan` and `clean` are executed."""

    engine: "Literal['local', 'spark'] | Session"
    """This machine; Apache Spark; or a session of Spark, classic or of Spark Connect."""
    master: str | None
    """Master URL for ``engine="spark"``, such as "local[*]" or "spark://host:7077"."""
    spark_conf: Mapping[str, str] | Sequence[str] | None
    """Settings of Spark for ``engine="spark"``: by name, or each as "KEY=VALUE"."""
    resume: bool
    """Continue an unfinished run on Spark."""
    single_file: bool
    """Write each table of the output as one file; by default, Spark writes a folder of parts."""


class ThresholdOptions(TypedDict, total=False):
    """Options of `scan` and `clean` for the definition of duplicates; see `Settings` for their meaning."""

    threshold: float
    exact: bool
    against: "Inputs | None"
    """What is compared with the inputs and always kept: an index, outputs of `clean`, or any input."""
    against_text_column: str | None
    """Column of the text of what `against` names; None for `text_column`."""
    contained: int | None
    contained_share: float


class UnitOptions(TypedDict, total=False):
    """Options for the units that are compared, and their order; see `Settings` for their meaning."""

    keep: str
    unit: Unit
    paragraphs: Paragraphs
    near_within: bool
    min_tokens: int
    shingle: int | tuple[int, int]
    """Tokens in a shingle: one number, or one for documents and one for paragraphs."""
    tokens: Tokens
    paragraphs_by: ParagraphsBy
    ignore: str | Sequence[str]
    per: str | None
    permutations: int
    seed: int


class TuneOptions(UnitOptions, InputOptions, total=False):
    """Options of `tune`."""


class Options(ThresholdOptions, UnitOptions, InputOptions, total=False):
    """Options of `scan` and `clean` on any engine, and of `Index.add`; see `Settings` for their meaning."""


class RunOptions(Options, EngineOptions, total=False):
    """All options of `scan` and `clean`."""


F = TypeVar("F", bound=Callable[..., Any])


def show_options(options: Any, **defaults: Any) -> Callable[[F], F]:
    """Show the options of a function by name in its signature, as `help` displays it, instead of ``**options``.

    Args:
        options: The class of its options, such as `InputOptions`.
        defaults: Defaults of the function that differ from those of `default_options`.

    Returns:
        A decorator.

    >>> @show_options(InputOptions, memory="2GB")
    ... def read(path, **options):
    ...     ...
    >>> str(inspect.signature(read).parameters["memory"])
    "memory: int | str = '2GB'"
    """
    values = {**default_options(), **defaults}
    shown = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=values[name],
            annotation=kind.__forward_arg__ if isinstance(kind, ForwardRef) else kind,
        )
        for name, kind in options.__annotations__.items()
    ]

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        named = [item for item in signature.parameters.values() if item.kind is not item.VAR_KEYWORD]
        function.__signature__ = signature.replace(parameters=[*named, *shown])  # type: ignore[attr-defined]
        return function

    return decorate


def default_options() -> dict[str, Any]:
    """Return the default of each option, by name.

    >>> default_options()["shingle"], default_options()["engine"]
    ((5, 3), 'local')
    """
    found = {
        item.name: None if item.default is MISSING else item.default
        for kind in (Settings, Reading, Resources)
        for item in fields(kind)
    }
    shingle = found.pop("shingle_documents"), found.pop("shingle_paragraphs")
    return {
        **found,
        "shingle": shingle,
        **dict.fromkeys(("against", "against_text_column", "progress", "master", "spark_conf")),
        **dict.fromkeys(("overwrite", "resume", "single_file"), False),
        "engine": "local",
    }


def list_inputs(inputs: "Inputs | None", texts: Texts | None = None) -> "list[Input]":
    """Return one input or several as a list; or the texts as a table.

    Args:
        inputs: The inputs as the user named them.
        texts: Texts in their place.

    Raises:
        InputError: Both are given, or none, or their types are wrong.

    >>> list_inputs("articles/"), list_inputs(["a.txt", "b.txt"])
    (['articles/'], ['a.txt', 'b.txt'])
    """
    if texts is not None:
        if inputs is not None:
            raise InputError("Paths and texts are both given. Pass either the paths or texts=[…].")
        return [_text_table(texts)]
    if inputs is None:
        raise InputError("No input is given: an input is a path or a table. Name one, or pass texts=[…].")
    if isinstance(inputs, (str, os.PathLike)) or hasattr(inputs, "__arrow_c_stream__"):
        return [cast("Input", inputs)]
    if isinstance(inputs, bytes) or not isinstance(inputs, Iterable):
        raise InputError(f'An input is a path or a table, not {inputs!r}. Name a file, a folder, or "-".')
    return list(inputs)


def _text_table(texts: Texts) -> "pa.Table":
    """Return texts as a table with a row for each; a mapping has a column for each key.

    Raises:
        InputError: They are neither, or a value cannot be stored in a table.
    """
    import pyarrow as pa

    if isinstance(texts, str | bytes | Mapping) or not isinstance(texts, Iterable):
        raise InputError(f"texts is {type(texts).__name__}; it must be a list of texts. Write texts=[…].")
    rows = [{"text": item} if item is None or isinstance(item, str) else item for item in texts]
    if wrong := [item for item in rows if not isinstance(item, Mapping)]:
        raise InputError(
            f"texts has {wrong[0]!r}, which is neither text nor a mapping such as {{'text': 'It rained.'}}."
        )
    names: dict[str, None] = {}
    for row in rows:
        names |= dict.fromkeys(row)
    if not names:
        return pa.table({"text": pa.array([], pa.large_string())})
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        is_text = all(value is None or isinstance(value, str) for value in values)
        try:
            columns[name] = pa.array(values, pa.large_string() if is_text else None)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError) as error:
            raise InputError(
                f"The values of {name!r} in texts cannot be stored in one column: {error}. Convert them to one type."
            ) from None
    return pa.table(columns)


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
            raise SettingsError(f"{option_name(used[0])} needs --engine spark. Add it, or remove the option.")
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
_SYSTEM_DEFAULTS = ("workers", "temp_dir")


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
    # None is the default of these.
    remaining = {name: value for name, value in options.items() if value is not None or name not in _SYSTEM_DEFAULTS}
    shingle = remaining.pop("shingle", None) if settings else None
    if shingle is not None:
        sizes = tuple(shingle) if isinstance(shingle, tuple | list) else (shingle, shingle)
        if len(sizes) != 2 or not all(isinstance(size, int) for size in sizes):
            raise SettingsError(
                f"--shingle is {shingle!r}; it must be one number, or one for documents and one for paragraphs."
            )
        remaining["shingle_documents"], remaining["shingle_paragraphs"] = sizes
    if isinstance(remaining.get("memory"), str):
        remaining["memory"] = parse_size(remaining["memory"])
    if "temp_dir" in remaining:
        remaining["temp_dir"] = parse_local(remaining["temp_dir"], "--temp-dir")
    against, against_text_column = (
        remaining.pop(name, None) if settings else None for name in ("against", "against_text_column")
    )
    request = Request(
        settings=_pop_fields(Settings, remaining) if settings else Settings(),
        reading=_pop_fields(Reading, remaining),
        resources=_pop_fields(Resources, remaining),
        overwrite=remaining.pop("overwrite", False),
        progress=Progress() if (progress := remaining.pop("progress", None)) is None else progress,
        against=() if against is None else tuple(list_inputs(against)),
        against_text_column=against_text_column,
    )
    if remaining:
        known = "Options" if settings else "InputOptions"
        raise SettingsError(f"There is no option {next(iter(remaining))!r}; see help(dedup.{known}).")
    return request


def _pop_fields(kind: type[T], options: dict[str, Any]) -> T:
    """Build a dataclass from the options with the names of its fields, and remove these from the options."""
    names = {item.name for item in fields(kind)} & options.keys()  # type: ignore[arg-type]  # three dataclasses
    return kind(**{name: options.pop(name) for name in names})
