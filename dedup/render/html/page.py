"""Render templates into self-contained HTML pages and write them to files."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from dedup.errors import OutputError, OutputExists
from dedup.outputs.files import PAGE_HEAD, PAGE_MARK
from dedup.runtime.workspace import folder_beside

_PACKAGE = "dedup.render.html"


def render(template: str, scripts: tuple[str, ...], styles: tuple[str, ...], **values: Any) -> str:
    """Render a template into a page with inline scripts and style sheets.

    Args:
        template: File name of the template.
        scripts: File names of the scripts, in the order in which they run.
        styles: File names of the style sheets, in order.
        values: Variables of the template; all text is escaped.

    Returns:
        The page as HTML. Its Content-Security-Policy allows no other script, style or request.
    """
    script, style = ("\n".join(map(_read_template, names)) for names in (scripts, styles))
    sources = f"script-src {_csp_hash(script)}; style-src {_csp_hash(style)}"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    return render_fragment(template, script=script, style=style, policy=policy, **values)


def render_fragment(template: str, **values: Any) -> str:
    """Render a template.

    Args:
        template: File name of the template.
        values: Variables of the template; all text is escaped.

    Returns:
        The HTML.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["embed"] = lambda value: embed(pack(value))
    return environment.get_template(template).render(**values)


def pack(value: object) -> dict[str, Any]:
    """Pack nested dictionaries and lists so that each combination of keys is stored once.

    Pages with thousands of similar dictionaries get much smaller. `unpack` in ``dom.js`` restores the value.

    Args:
        value: A value of JSON types.

    Returns:
        ``keys``, the combinations of keys; and ``value``, in which a list is ``[0, *items]`` and a dictionary with the
        n-th combination of keys (from 1) is ``[n, *values]``.

    >>> pack([{"left": 1, "right": "a"}, {"left": 2, "right": [3]}])
    {'keys': [['left', 'right']], 'value': [0, [1, 1, 'a'], [1, 2, [0, 3]]]}
    """
    numbers: dict[tuple[str, ...], int] = {}

    def packed(item: object) -> object:
        if isinstance(item, Mapping):
            number = numbers.setdefault(tuple(item), len(numbers) + 1)
            return [number, *map(packed, item.values())]
        if isinstance(item, (list, tuple)):
            return [0, *map(packed, item)]
        return item

    content = packed(value)
    return {"keys": [list(keys) for keys in numbers], "value": content}


def embed(value: object) -> str:
    r"""Serialize a value as JSON that is safe inside an HTML script element.

    >>> print(embed(["</script>", "<!--", "\u2028"]))
    ["\u003c/script\u003e","\u003c!--","\u2028"]
    """
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # all characters with a meaning in HTML are escaped


def write_page(page: str, to: Path, *, overwrite: bool) -> None:
    """Write a page to a file, completely or not at all.

    Args:
        page: The page as HTML.
        to: The file. An existing page of dedup is replaced.
        overwrite: Replace any other existing file too.

    Raises:
        OutputExists: The path is a directory, or another file that may not be replaced.
        OutputError: The file cannot be written.
    """
    check_target(to, overwrite=overwrite)
    try:
        with folder_beside(to) as folder:
            temporary = folder / "page"
            temporary.write_text(page, "utf-8", newline="\n")
            temporary.replace(to)
    except OSError as error:
        raise OutputError(f"{to} cannot be written: {error.strerror}. Name another file.") from None


def check_target(to: Path, *, overwrite: bool) -> None:
    """Check that a page may be written to a path.

    Args:
        to: The path.
        overwrite: Allow any existing file.

    Raises:
        OutputExists: The path is a directory or a device, or an existing file that is not a page of dedup and may not
            be replaced.
        OutputError: The path is "-", or in a folder that is read-only.
    """
    if str(to) == "-":
        raise OutputError("A page cannot be written to standard output. Name a file, such as report.html.")
    if to.parent.is_dir() and not os.access(to.parent, os.W_OK):
        raise OutputError(f"{to} cannot be written: its folder is read-only. Name another file.")
    if to.is_dir():
        raise OutputExists(f"{to} is a folder. Name a file, such as {to / 'report.html'}.")
    if to.exists() and not to.is_file():  # a device or a pipe: replacing it could harm the system
        raise OutputExists(f"{to} is not a regular file. Name another file.")
    if to.exists() and not overwrite and not _is_page(to):
        raise OutputExists(
            f"{to} exists and is not a page of dedup. Name another file, or replace it with --overwrite."
        )


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        return PAGE_MARK.encode() in file.read(PAGE_HEAD)


def _read_template(name: str) -> str:
    return (files(_PACKAGE) / "templates" / name).read_text("utf-8")


def _csp_hash(text: str) -> str:
    """Return the hash of an inline script or style sheet in the notation of a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
