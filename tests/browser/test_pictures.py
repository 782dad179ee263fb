"""Take screenshots of the pages.

`DEDUP_GOLDEN=1 pytest tests/browser/test_pictures.py` updates the pictures shown in the README.
"""

import os
import struct
from pathlib import Path

import pytest
from browser.conftest import DESKTOP, PHONE, Open

PICTURES = Path(__file__).parent / "pictures"


PAGES = {"story": "report", "removed": "report", "diff": "diff"}


@pytest.mark.parametrize("name", sorted(PAGES))
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_screenshot(
    open_page: Open, seeds_report: Path, seeds_diff: Path, tmp_path: Path, name: str, size: tuple[int, int]
) -> None:
    page = open_page({"report": seeds_report, "diff": seeds_diff}[PAGES[name]], size)
    if name == "diff" and size == DESKTOP:
        page.locator('.box.b[data-index="8"]').focus()
    elif name == "removed":
        page.locator(".group summary").first.click()
    shown = {"story": ".story", "removed": ".group"}.get(name, "body")
    golden = os.environ.get("DEDUP_GOLDEN") and size == DESKTOP
    picture = (PICTURES if golden else tmp_path) / f"{name}.png"
    if shown == "body":
        page.screenshot(path=picture)
    else:
        page.locator(shown).first.screenshot(path=picture)
    content = picture.read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert size[0] - 80 <= width <= size[0]
    assert height > 200
    assert len(content) > 15_000  # a blank page is smaller
