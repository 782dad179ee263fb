"""Take screenshots of the pages.

`DEDUP_GOLDEN=1 pytest tests/browser/test_pictures.py` updates the pictures shown in the README.
"""

import os
import struct
from pathlib import Path

import pytest
from browser.conftest import DESKTOP, PHONE, Open

PICTURES = Path(__file__).parent / "pictures"


@pytest.mark.parametrize("name", ["report", "diff"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_screenshot(
    open_page: Open, seeds_report: Path, seeds_diff: Path, tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    page = open_page({"report": seeds_report, "diff": seeds_diff}[name], size)
    if name == "diff" and size == DESKTOP:
        page.locator('.box.b[data-index="8"]').focus()
    elif name == "report":
        page.evaluate("document.querySelector('.part').scrollIntoView()")
    golden = os.environ.get("DEDUP_GOLDEN") and size == DESKTOP
    picture = (PICTURES if golden else tmp_path) / f"{name}.png"
    page.screenshot(path=picture)
    content = picture.read_bytes()
    assert struct.unpack(">II", content[16:24]) == size
    assert len(content) > 20_000  # a blank page is smaller
