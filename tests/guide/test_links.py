"""Every relative link in the README, docs/ and the other pages of the repository leads to a file and a heading."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from paths import BENCHMARKS, GUIDE, ROOT

PAGES = [*GUIDE, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", BENCHMARKS / "README.md"]


@cache
def parse(page: Path) -> list[Token]:
    """Return the tokens of a page."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def links(page: Path) -> Iterator[str]:
    """Yield the targets of links and pictures."""
    for token in parse(page):
        for inner in token.children or []:
            target = inner.attrs.get("href") or inner.attrs.get("src")
            if target is not None:
                yield str(target)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    tokens = parse(page)
    seen: Counter[str] = Counter()
    found = set()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(inner.content for inner in inline.children or [])
            anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1
    return frozenset(found)


def is_reached(page: Path, target: str) -> bool:
    """Whether a link of a page leads somewhere; links to other sites are not followed."""
    parts = urlsplit(target)
    if parts.scheme:
        return True
    file = page.parent / unquote(parts.path) if parts.path else page
    if not file.resolve().is_relative_to(ROOT) or not file.exists():
        return False
    return not parts.fragment or (file.suffix == ".md" and unquote(parts.fragment) in anchors(file.resolve()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert [target for target in links(page) if not is_reached(page, target)] == []


def test_anchors(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# `a_b` is *it*: C-d?\n\n## x\n\n```\n# no heading\n```\n\n## [x](y.md)\n", "utf-8")
    assert anchors(page) == {"a_b-is-it-c-d", "x", "x-1"}
    assert is_reached(page, "https://example.org")
    assert not is_reached(page, "nowhere.md")
