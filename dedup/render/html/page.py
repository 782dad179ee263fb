"""Values and templates to one self-contained page that runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from dedup.errors import OutputError, OutputExists
from dedup.outputs.schema import PAGE_HEAD, PAGE_MARK
from dedup.runtime.workspace import folder_beside

_TEMPLATES = "dedup.render.html"


def render(template: str, scripts: tuple[str, ...], styles: tuple[str, ...], **values: Any) -> str:
    """Make a page.

    Args:
        template: Name of the template.
        scripts: Names of the scripts it runs, in order.
        styles: Names of its style sheets, in order.
        values: What the template shows; all text is escaped.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["embed"] = embed
    script, style = ("\n".join(map(_part, names)) for names in (scripts, styles))
    own = f"script-src {_hash(script)}; style-src {_hash(style)}"
    policy = f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
    return environment.get_template(template).render(script=script, style=style, policy=policy, **values)


def embed(value: object) -> str:
    r"""Write a value as JSON that no HTML parser takes for anything but text.

    >>> print(embed(["</script>", "<!--", "\u2028"]))
    ["\u003c/script\u003e","\u003c!--","\u2028"]
    """
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # nothing in it is markup any more


def write_page(page: str, to: Path, *, overwrite: bool) -> None:
    """Write a page, whole or not at all.

    Args:
        page: The page.
        to: The file; one that `dedup` wrote before is replaced.
        overwrite: Replace any file.

    Raises:
        OutputExists: There is another file.
        OutputError: It cannot be written.
    """
    check_target(to, overwrite=overwrite)
    try:
        with folder_beside(to) as folder:
            whole = folder / "page"
            whole.write_text(page, "utf-8", newline="\n")
            whole.replace(to)
    except OSError as error:
        raise OutputError(f"{to} cannot be written: {error.strerror}. Name another file.") from None


def check_target(to: Path, *, overwrite: bool) -> None:
    """Make sure that a page may be written to a file; see `write_page`."""
    if to.is_dir():
        raise OutputExists(f"{to} is a folder. Name a file, such as {to / 'report.html'}.")
    if to.exists() and not overwrite and not _is_page(to):
        raise OutputExists(f"{to} exists and is no page of dedup. Name another file, or replace it with --overwrite.")


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        return PAGE_MARK.encode() in file.read(PAGE_HEAD)


def _part(name: str) -> str:
    """Read a script or style sheet as it ships."""
    return (files(_TEMPLATES) / "templates" / name).read_text("utf-8")


def _hash(text: str) -> str:
    """Name a text as a Content-Security-Policy does."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
