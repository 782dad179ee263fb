"""Fixtures for tests in Chromium.

Without Chromium the tests are skipped; with `DEDUP_BROWSER=required` in the environment they fail.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import axe_playwright_python
import pyarrow as pa
import pytest
from paths import SEEDS
from playwright.sync_api import Browser, Page, expect, sync_playwright

import dedup

expect.set_options(timeout=30_000)  # milliseconds; the machine may have other work

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Chromium refuses to run as root with its sandbox. The other arguments stop its own network requests.
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
DESKTOP, PHONE = (1280, 900), (400, 800)
# Words of at most this many letters that are on two lines.
BROKEN_WORDS = """(longest) => {
  const broken = [], range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement, head = element.closest("thead");
    if (!element.checkVisibility() || head?.offsetWidth <= 1) continue;
    if (element.closest("script, style, code, option, .visually-hidden")) continue;
    for (const match of node.textContent.matchAll(/\\p{L}+/gu)) {
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const tops = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (match[0].length <= longest && tops.size > 1) broken.push(match[0]);
    }
  }
  return broken;
}"""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
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

COUNCIL = {
    "id": ["a", "b", "c", "d", "e"],
    "outlet": ["Herald", "Reuters", "Post", "Globe", "Globe"],
    "date": ["2024-05-03", "2024-05-02", "2024-05-04", "2024-05-01", "2024-05-01"],
    "text": [
        "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic. It will cost 25 million "
        "dollars, mayor Ruth Peaslee told Reuters.",
        "A 25-million-dollar bridge will span the Miskatonic, the Kingsport council has decided. It is the third one, "
        "mayor Ruth Peaslee said.",
        "Kingsport gets its bridge: on Tuesday councillors voted for the span over the Miskatonic, which is to cost "
        "40 million dollars.",
        "Dogs sleep for half of the day. Their owners seldom mind.",
        "A storm is expected on the coast. Fishermen were told to stay in the harbour.",
    ],
}


def is_own(url: str, path: Path) -> bool:
    """Return whether a request is for the page itself, or for a file that the page has made and saves."""
    return url.partition("#")[0] == path.as_uri() or url.startswith("blob:")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open pages; afterwards check that they caused no error, message, dialog or request."""
    opened: list[tuple[Page, list[str]]] = []

    def open_file(path: Path, size: tuple[int, int] = DESKTOP, place: str = "") -> Page:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        problems: list[str] = []
        page.on("console", lambda message: problems.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: is_own(request.url, path) or problems.append(f"request: {request.url}"))
        opened.append((page, problems))
        page.goto(path.as_uri() + place)
        return page

    yield open_file
    for page, problems in opened:
        page.close()
        assert problems == []


@pytest.fixture(scope="session")
def seeds_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of the seeds, cleaned and aligned."""
    folder = tmp_path_factory.mktemp("seeds")
    with chdir(folder):  # relative paths, because the page shows the names of the folders
        dedup.clean(SEEDS, "out")
        dedup.align(SEEDS, "stories")
        return dedup.report(["out", "stories"]).resolve()


@pytest.fixture(scope="session")
def seeds_diff(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a comparison of two seeds."""
    left, right = (path.read_text("utf-8") for path in sorted(SEEDS.iterdir())[:2])
    path = tmp_path_factory.mktemp("diff") / "diff.html"
    path.write_text(dedup.page(dedup.diff(left, right), ("000", "001")), "utf-8")
    return path


def words(number: int, length: int = 30) -> str:
    """Return a text without words of texts with another number."""
    return " ".join(f"w{number}x{index}" for index in range(length))


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of a story with outlets, dates and a changed number, and of near-duplicates of two lengths."""
    folder = tmp_path_factory.mktemp("council")
    near = [words(1, 60), words(1, 60) + " more", *[words(2, 40)] * 3, words(3)]
    dedup.align(pa.table(COUNCIL), folder / "stories")
    dedup.clean(pa.table({"id": [f"page-{index}" for index in range(6)], "text": near}), folder / "out")
    return dedup.report([folder / "out", folder / "stories"], folder / "report.html")


@pytest.fixture(scope="session")
def contained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of documents that contain the items of a reference, of which the last is too short."""
    folder = tmp_path_factory.mktemp("contained")
    texts = [f"{words(1, 60)} {words(2, 40)} {words(3, 60)}", f"{words(4, 50)} {words(2, 36)}", words(5)]
    against = pa.table({"id": ["<b>q1</b>", "q2", "q3"], "text": [words(2, 40), words(6), "Yes or no?"]})
    dedup.clean(pa.table({"text": texts}), folder / "out", against=against, contained=13)
    return dedup.report([folder / "out"], folder / "report.html")


def violations(page: Page) -> list[str]:
    """Return the serious and critical violations that axe-core finds."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:3]
    ]


def broken_words(page: Page, longest: int = 25) -> list[str]:
    """Return the words that are on two lines, of those with at most a number of letters."""
    return list(page.evaluate(BROKEN_WORDS, longest))


def is_in_view(page: Page, selector: str) -> bool:
    """Return whether an element is in the visible part of the page, below its sticky head."""
    is_inside = """element => {
      const inner = element.getBoundingClientRect(), head = document.querySelector('.head').getBoundingClientRect();
      return inner.top >= head.bottom - 1 && inner.bottom <= innerHeight + 1;
    }"""
    return bool(page.locator(selector).first.evaluate(is_inside))


def is_too_wide(page: Page) -> bool:
    """Return whether the page scrolls horizontally."""
    return bool(page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"))
