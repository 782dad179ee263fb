"""Pages of the guide that are written from the code."""

import os

from paths import ROOT


def compare_page(name: str, expected: str) -> None:
    """Compare a page with what it has to say; write it instead if `DEDUP_GOLDEN` is set."""
    page = ROOT / "docs" / f"{name}.md"
    if os.environ.get("DEDUP_GOLDEN"):
        page.write_text(expected, "utf-8")
    assert page.read_text("utf-8") == expected


def cell(text: str) -> str:
    """Return text on one line, as the cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
