"""A real browser, Debian's Chromium; tests that need one are skipped with the reason where there is none.

With `DEDUP_BROWSER=required` in the environment they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import axe_playwright_python
import pytest
from paths import SEEDS
from playwright.sync_api import Browser, Page, sync_playwright

import dedup

NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root Chromium starts without its sandbox only; and it looks for nothing in the network by itself.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
DESKTOP, PHONE = (1280, 900), (400, 800)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        reason = "no Chromium: install it, on Debian with `apt install chromium`"
        if os.environ.get("DEDUP_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a file; afterwards nothing may have gone wrong in it, and nothing have been asked of a network."""
    opened: list[tuple[Page, list[str]]] = []

    def opens(path: Path, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Page:
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce",  # type: ignore[arg-type]  # one of two words
        )
        wrong: list[str] = []
        page.on("console", lambda message: wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request", lambda request: wrong.append(f"request: {request.url}") if request.url != path.as_uri() else None
        )
        opened.append((page, wrong))
        page.goto(path.as_uri())
        return page

    yield opens
    for page, wrong in opened:
        page.close()
        assert wrong == []


@pytest.fixture(scope="session")
def seeds_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clean and align the seeds, and report it."""
    folder = tmp_path_factory.mktemp("seeds")
    with chdir(folder):  # so that the page names no folder of this machine
        dedup.clean(SEEDS, "out")
        dedup.align(SEEDS, "stories")
        return dedup.report(["out", "stories"]).resolve()


@pytest.fixture(scope="session")
def seeds_diff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Align two seeds."""
    texts = [path.read_text("utf-8") for path in sorted(SEEDS.iterdir())]
    to = tmp_path_factory.mktemp("diff") / "diff.html"
    to.write_text(dedup.page(dedup.diff(texts[0], texts[1]), ("000", "001")), "utf-8")
    return to


def violations(page: Page) -> list[str]:
    """List what axe-core finds serious or critical."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    assert page.evaluate("axe.version")
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def is_in_view(page: Page, selector: str) -> bool:
    """Tell whether an element stands within the part of its pane that is seen."""
    return bool(
        page.evaluate(
            """(selector) => {
              const box = document.querySelector(selector), pane = box.closest(".pane");
              const inside = box.getBoundingClientRect(), outside = pane.getBoundingClientRect();
              return inside.top >= outside.top - 1 && inside.bottom <= outside.bottom + 1;
            }""",
            selector,
        )
    )


def is_too_wide(page: Page) -> bool:
    """Tell whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"))
