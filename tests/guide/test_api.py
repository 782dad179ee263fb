"""docs/api.md says what the docstrings say. With `DEDUP_GOLDEN=1` it is written anew."""

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any, is_typeddict

from docstrings import Attribute, annotation, attributes, docstring, methods, signature, source
from pages import cell, compare_page

import dedup
import dedup.options
from dedup.alignment.conflicts import Conflict
from dedup.alignment.diff import Diff, Pair, SharedFact
from dedup.alignment.word_diff import DiffSpan
from dedup.alignment.words.align import WordLink
from dedup.errors import DedupError
from dedup.options import default_options
from dedup.settings import Reading, Resources, Settings

PUBLIC = {name: getattr(dedup, name) for name in dedup.__all__}
FUNCTIONS = [item for item in PUBLIC.values() if inspect.isfunction(item)]
OPTIONS = [item for item in PUBLIC.values() if is_typeddict(item)]
ERRORS = [item for item in PUBLIC.values() if inspect.isclass(item) and issubclass(item, DedupError)]
# What `diff` and `explain` return has parts of these types.
PARTS = [Diff, Pair, SharedFact, Conflict, WordLink, DiffSpan]
OTHERS = [dedup.Settings, dedup.Progress]
RESULTS = [item for item in PUBLIC.values() if item not in (*FUNCTIONS, *OPTIONS, *ERRORS, *OTHERS, dedup.Index)]
MEANINGS = {item.name: item.text for kind in (Settings, Reading, Resources) for item in attributes(kind)}

INTRODUCTION = """\
# Functions and classes

What `import dedup` offers, from the docstrings. [From Python](python.md) has the introduction.
"""


def title(item: Any) -> str:
    """Return the heading of a function or class."""
    name = f"dedup.{item.__name__}" if item.__name__ in PUBLIC else f"{item.__module__}.{item.__name__}"
    return name if inspect.isfunction(item) else f"class {name}"


def anchor(item: Any) -> str:
    """Return the anchor of its heading."""
    return "errors" if item in ERRORS else re.sub(r"[^\w\- ]", "", title(item).lower()).replace(" ", "-")


LINKS = {item.__name__: anchor(item) for item in (*PUBLIC.values(), *PARTS)}


def link(text: str) -> str:
    """Make a link of each public name that is marked as code."""

    def replace(match: re.Match[str]) -> str:
        name = match[1].removeprefix("dedup.")
        return f"[`{match[1]}`](#{LINKS[name]})" if name in LINKS else match[0]

    return re.sub(r"(?<!`)`([\w.]+)`(?!`)", replace, text.replace("``", "`"))


def link_type(text: str) -> str:
    """Mark a type as code, and make a link of it if there is a public class in it."""
    names = [name for name in re.findall(r"\w+", text) if name in LINKS]
    return f"[`{text}`](#{LINKS[names[0]]})" if names else f"`{text}`"


def sections(item: Any) -> Iterator[str]:
    """Yield what a docstring says, by paragraph."""
    found = docstring(item)
    yield from map(link, found.paragraphs)
    if found.arguments:
        yield "Arguments:"
        yield "\n".join(f"* `{name}`: {link(said)}" for name, said in found.arguments)
    if found.returns:
        yield f"Returns: {link(found.returns)}"
    if found.raises:
        yield "\n".join(["Raises:", "", *(f"* {link(f'`{name}`')}: {link(said)}" for name, said in found.raises)])
    if found.example:
        yield f"```pycon\n{found.example}\n```"


def function(item: Any) -> Iterator[str]:
    """Yield the section of a function."""
    yield f"### {title(item)}"
    yield f"```py\n{signature(item, f'dedup.{item.__name__}')}\n```"
    yield from sections(item)


def attribute(item: Attribute, *, has_default: bool) -> str:
    """Return a field or a property as an entry of a list."""
    default = f", default `{item.default}`" if has_default and item.default else ""
    text = link(item.text).replace("\n", "\n  ")
    return f"* **`{item.name}`** ({link_type(item.type)}{default}){f': {text}' if text else ''}"


def is_short(item: Any) -> bool:
    """Whether a method has no arguments, and its docstring is a line."""
    return source(item).args.args[1:] == [] and item.__doc__.count("\n") == 0


def short_method(name: str, item: Any) -> str:
    """Return a method without arguments as an entry of a list."""
    return f"* **`{name}()`** ({link_type(annotation(source(item).returns))}): {link(item.__doc__)}"


def method(kind: type, name: str, item: Any) -> Iterator[str]:
    """Yield the section of a method."""
    yield f"#### {kind.__name__}.{name}"
    yield f"```py\n{signature(item, name)}\n```"
    yield from sections(item)


def described(kind: type) -> Iterator[str]:
    """Yield the section of a class."""
    yield f"### {title(kind)}"
    if kind is dedup.Index:
        yield f"```py\n{signature(kind.__init__, 'dedup.Index')}\n```"
    yield from sections(kind)
    if kind is dedup.Index:
        yield from sections(kind.__init__)
    listed = [attribute(item, has_default=kind is Settings) for item in attributes(kind)]
    found = methods(kind)
    short = [(name, item) for name, item in found if is_short(item)] if listed else []
    if listed:
        yield "\n".join([*listed, *(short_method(name, item) for name, item in short)])
    for name, item in found:
        if (name, item) not in short:
            yield from method(kind, name, item)


def options(kind: Any) -> Iterator[str]:
    """Yield the section of a class of options: those that no public class among its bases declares."""
    bases = [base for base in _bases(kind) if base in OPTIONS]
    declared = [
        item for part in (kind, *(base for base in _bases(kind) if base not in OPTIONS)) for item in attributes(part)
    ]
    yield f"### {title(kind)}"
    yield from sections(kind)
    if bases:
        yield f"It has all of {' and '.join(link(f'`{base.__name__}`') for base in bases)}" + (
            ", and:" if declared else "."
        )
    if declared:
        defaults = default_options()
        rows = [
            f"| `{item.name}` | {cell(f'`{item.type}`')} | {cell(f'`{defaults.get(item.name)!r}`')} "
            f"| {link(cell(item.text or MEANINGS.get(item.name, '')))} |"
            for item in declared
        ]
        yield "\n".join(["| option | type | default | meaning |", "|---|---|---|---|", *rows])


def _bases(kind: Any) -> list[Any]:
    """Return the bases of a class of options, which Python does not keep."""
    names = (base.id for base in source(kind).bases if isinstance(base, ast.Name))
    return [getattr(dedup.options, name) for name in names if name != "TypedDict"]


def errors(kind: type = DedupError, level: int = 0) -> Iterator[str]:
    """Yield an error and those that are derived from it as entries of a list."""
    yield f"{'  ' * level}* **`{kind.__name__}`**: {docstring(kind).paragraphs[0]}"
    for inner in ERRORS:
        if kind in inner.__bases__:
            yield from errors(inner, level + 1)


def document() -> Iterator[str]:
    """Yield the paragraphs of the page."""
    yield INTRODUCTION.rstrip()
    yield "## Functions"
    for item in FUNCTIONS:
        yield from function(item)
    yield "## The index"
    yield from described(dedup.Index)
    yield "## Options"
    for kind in OPTIONS:
        yield from options(kind)
    for kind in OTHERS:
        yield from described(kind)
    yield "## Results"
    for kind in (*RESULTS, *PARTS):
        yield from described(kind)
    yield "## Errors"
    yield "\n".join(errors())


def test_page_says_what_the_docstrings_say() -> None:
    compare_page("api", "\n\n".join(document()) + "\n")
