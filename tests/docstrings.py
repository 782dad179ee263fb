"""Docstrings and annotations of the package, read from its source, for docs/api.md."""

import ast
import inspect
import re
import textwrap
from dataclasses import dataclass, field
from functools import cache
from typing import Any

_SECTION = re.compile(r"(Args|Returns|Yields|Raises):")
_ENTRY = re.compile(r"(\w+): (.*)")


@dataclass(frozen=True)
class Docstring:
    """A docstring in the style of Google."""

    paragraphs: list[str]
    arguments: list[tuple[str, str]] = field(default_factory=list)
    returns: str = ""
    raises: list[tuple[str, str]] = field(default_factory=list)
    example: str = ""


@dataclass(frozen=True)
class Attribute:
    """A field of a class."""

    name: str
    type: str
    default: str
    text: str


@cache
def source(item: Any) -> Any:
    """Return the definition of a function or class."""
    return ast.parse(textwrap.dedent(inspect.getsource(item))).body[0]


def docstring(item: Any) -> Docstring:
    """Parse the docstring of a function or class."""
    text = inspect.cleandoc(item.__doc__ or "")
    text, marker, example = text.partition(">>> ")
    parts: dict[str, list[str]] = {"": []}
    name = ""
    for line in text.splitlines():
        if section := _SECTION.fullmatch(line):
            name = section[1]
            parts[name] = []
        else:
            parts[name].append(line)
    blocks = {name: textwrap.dedent("\n".join(lines)).strip() for name, lines in parts.items()}
    return Docstring(
        blocks[""].split("\n\n"),
        _entries(blocks.get("Args", "")),
        " ".join((blocks.get("Returns") or blocks.get("Yields") or "").split()),
        _entries(blocks.get("Raises", "")),
        (marker + example).rstrip(),
    )


def _entries(text: str) -> list[tuple[str, str]]:
    """Return the names of a section with what is said of them."""
    entries: list[tuple[str, str]] = []
    for line in text.splitlines():
        if found := _ENTRY.fullmatch(line):
            entries.append((found[1], found[2]))
        else:
            name, said = entries.pop()
            entries.append((name, f"{said} {line.strip()}"))
    return entries


def annotation(node: ast.expr | None) -> str:
    """Return an annotation as it reads without the quotes of names that are only known to type checkers.

    >>> annotation(ast.parse('tuple["Conflict", ...]', mode="eval").body)
    'tuple[Conflict, ...]'
    """
    if node is None:
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace("'", '"')
    text = ast.unparse(node)
    return text.replace("'", '"') if "Literal" in text else text.replace("'", "")


def expression(node: ast.expr) -> str:
    """Return a default, with the quotes that the code has."""
    return ast.unparse(node).replace("'", '"')


def signature(function: Any, name: str) -> str:
    """Return the signature of a function, on one line if it fits."""
    node = source(function)
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + given.defaults
    shown = [_argument(argument, default) for argument, default in zip(positional, defaults, strict=True)]
    shown = shown[1:] if positional and positional[0].arg in ("self", "cls") else shown
    if given.kwonlyargs:
        shown.append("*")
    shown += [_argument(*pair) for pair in zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    if given.kwarg is not None:
        shown.append(f"**{_argument(given.kwarg, None)}")
    result = f" -> {annotation(node.returns)}" if node.name != "__init__" else ""
    line = f"{name}({', '.join(shown)}){result}"
    if len(line) <= 80:
        return line
    return f"{name}(\n" + "".join(f"    {argument},\n" for argument in shown) + f"){result}"


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    kind = f": {annotation(argument.annotation)}" if argument.annotation else ""
    return f"{argument.arg}{kind}" + ("" if default is None else f" = {expression(default)}")


def attributes(kind: type) -> list[Attribute]:
    """Return the public fields that the body of a class declares, and its properties."""
    found = []
    body = source(kind).body
    for node, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id[0] != "_":
            default = "" if node.value is None else expression(node.value)
            is_text = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            text = inspect.cleandoc(following.value.value) if is_text else ""
            found.append(Attribute(node.target.id, annotation(node.annotation), default, text))
        elif isinstance(node, ast.FunctionDef) and node.name[0] != "_" and is_property(node):
            text = inspect.cleandoc(ast.get_docstring(node) or "")
            found.append(Attribute(node.name, annotation(node.returns), "", text))
    return found


def is_property(node: ast.FunctionDef) -> bool:
    """Whether a method is a property."""
    return any(isinstance(item, ast.Name) and item.id == "property" for item in node.decorator_list)


def methods(kind: type) -> list[tuple[str, Any]]:
    """Return the public methods of a class, those of its bases in dedup included."""
    bases = [base for base in kind.__mro__ if base.__module__.startswith("dedup.")]
    names = dict.fromkeys(name for base in bases for name in vars(base) if name[0] != "_")
    found = ((name, getattr(kind, name)) for name in names)
    return [(name, method) for name, method in found if inspect.isfunction(method)]
