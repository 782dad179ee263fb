"""Tests of the report page in a browser."""

import re
from pathlib import Path

import pyarrow as pa
import pytest
from browser.conftest import DESKTOP, PHONE, Open, is_too_wide, violations, words
from browser_texts import ATTACKS
from playwright.sync_api import Page, expect

import dedup
from dedup.render.html.page import pack


def test_overview(open_page: Open, seeds_report: Path) -> None:
    page = open_page(seeds_report)
    overview = page.locator("#overview")
    expect(overview).to_contain_text("5 documents, 95 paragraphs, 28,473 characters in 5 inputs")
    expect(overview).to_contain_text("1,336 characters (4.7%)")
    label = str(overview.get_by_role("img").get_attribute("aria-label"))
    assert "Same words: 2; near-duplicates: 0; lowest similarity: 1; threshold: 0.8" in label
    expect(overview.locator(".top-groups li")).to_have_count(2)
    overview.locator(".open-group").last.click()
    opened = page.locator(".group[open]")
    expect(opened).to_contain_text("004_4fab610f3404f076.txt [2455:3140]")
    expect(opened.locator("blockquote")).to_contain_text("Sur le plan international")


def test_comparison_opens_and_closes(open_page: Open, seeds_report: Path) -> None:
    page = open_page(seeds_report)
    page.locator(".story").first.get_by_role("button", name="Compare A and B").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".box.a")).to_have_count(66)
    dialog.locator(".jump").first.click()
    expect(dialog.locator(".box:focus")).to_have_attribute("data-side", "1")
    page.keyboard.press("n")
    expect(dialog.locator(".status")).to_have_text(re.compile("Difference 1 of"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator(".map .choice").first.click()
    expect(dialog.locator(".box.b")).to_have_count(24)
    dialog.get_by_role("button", name="Back to the report").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("n")  # no effect after closing
    expect(page.locator(".status")).to_have_count(0)


def test_search_groups(open_page: Open, council: Path) -> None:
    page = open_page(council)
    expect(page.locator(".group")).to_have_count(2)
    search = page.get_by_role("searchbox", name="Search ids and texts")
    for sought, names in {
        "page-3": ["page-2"],
        "W1X7 more": ["page-0"],
        "w2x3 document": ["page-2"],
        "nothing": [],
    }.items():
        search.fill(sought)
        expect(page.locator(".groups > .listed")).to_have_text(re.compile(f"^{len(names)} groups? of 2 found$"))
        expect(page.locator(".group .kept-name bdi")).to_have_text(names)
    search.fill("")
    expect(page.locator(".group")).to_have_count(2)


def test_sort_groups(open_page: Open, council: Path) -> None:
    page = open_page(council)
    orders = {}
    for label in ("most removed units first", "most removed text first", "least similar first", "by document"):
        page.locator(".groups").get_by_label("Sort").select_option(label)
        orders[label] = page.locator(".group .kept-name bdi").all_text_contents()
    assert orders == {
        "most removed units first": ["page-2", "page-0"],
        "most removed text first": ["page-2", "page-0"],
        "least similar first": ["page-0", "page-2"],
        "by document": ["page-0", "page-2"],
    }


def test_differences_are_marked(open_page: Open, council: Path) -> None:
    page = open_page(council)
    group = page.locator(".group", has_text="page-0")
    group.locator("summary").click()
    expect(group.locator("del")).to_have_text(["more"])
    expect(group.locator("ins")).to_have_count(0)
    expect(group.locator(".members li")).to_contain_text("page-1")
    expect(group.locator(".members li")).to_contain_text("Jaccard")
    expect(group.locator("code")).to_contain_text("dedup explain")


@pytest.mark.parametrize("name", ["council", "seeds_report"])
def test_accessibility(open_page: Open, name: str, request: pytest.FixtureRequest) -> None:
    page = open_page(request.getfixturevalue(name))
    page.locator(".group summary").first.click()
    for open_dialog in (False, True):
        if open_dialog:
            page.get_by_role("button", name="Compare A and B").first.click()
        for width, height in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
                assert violations(page) == []


def test_items_found_in_documents(open_page: Open, contained: Path) -> None:
    page = open_page(contained)
    section = page.locator("section.contained")
    expect(section).to_contain_text(
        "a table: 1 of 3 items found in 2 documents (1 whole); 1 too short to be searched for"
    )
    expect(section.locator("tbody tr")).to_have_count(1)
    expect(section.locator("tbody tr")).to_contain_text("<b>q1</b>")
    page.locator(".group summary").first.click()
    members = page.locator(".group .members li")
    expect(members.nth(0)).to_contain_text("contains 100% of it")
    expect(members.nth(1)).to_contain_text("contains 85.7% of it")
    expect(members.nth(1).locator("ins")).to_contain_text("w2x36")
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        assert not is_too_wide(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
            assert violations(page) == []


def test_narrow_screen_and_print(open_page: Open, seeds_report: Path, council: Path) -> None:
    for path in (seeds_report, council):
        page = open_page(path, PHONE)
        page.locator(".group summary").first.click()
        assert not is_too_wide(page)
        assert len(page.pdf()) > 10_000


def is_harmless(page: Page) -> bool:
    """Return whether no attack was executed, and no script was added to the page."""
    return bool(
        page.evaluate("window.pwned === undefined && document.querySelectorAll('script:not([type])').length === 1")
    )


@pytest.fixture
def hostile_texts() -> list[str]:
    """Return two near-duplicates for each attack, long enough to be linked, with different numbers."""
    return [
        f"{attack} The council of Kingsport voted for {attack} and {40 + number} bridges over the Miskatonic, "
        f"said {attack}. {words(number // 2)} {number}"
        for number, attack in enumerate(attack for attack in ATTACKS for _ in range(2))
    ]


def test_hostile_text_in_report_is_not_executed(open_page: Open, tmp_path: Path, hostile_texts: list[str]) -> None:
    attacks = [attack for attack in ATTACKS for _ in range(2)]
    ids = [f"{attack} {number}" for number, attack in enumerate(attacks)]
    table = pa.table({"id": ids, "text": hostile_texts, "outlet": attacks, "date": attacks})
    dedup.clean(table, tmp_path / "out")
    dedup.align(table, tmp_path / "stories")
    page = open_page(dedup.report([tmp_path / "out", tmp_path / "stories"], tmp_path / "report.html"))
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    expect(page.locator(".story:not(:has(.content)), .group:not(:has(.content))")).to_have_count(0)
    assert page.locator(".story .content").count() + page.locator(".group .content").count() >= 2
    assert page.locator("del").count() >= len(ATTACKS) - 4
    for button in page.locator("button.compare").all()[:4]:
        button.click()
        page.keyboard.press("n")
        page.get_by_role("button", name="Back to the report").click()
    page.locator(".groups").get_by_role("searchbox").fill("<script>")
    expect(page.locator(".groups > .listed")).to_have_text(re.compile("found"))
    page.mouse.move(300, 300)
    assert is_harmless(page)
    shown = page.locator("body").inner_text()
    assert "<script>window.pwned=1</script>" in shown
    assert not set(shown) & {*map(chr, range(1, 9)), "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"}


def test_hostile_text_in_comparison_is_not_executed(open_page: Open, tmp_path: Path, hostile_texts: list[str]) -> None:
    path = tmp_path / "diff.html"
    page: Page | None = None
    for attack, left, right in zip(ATTACKS, hostile_texts[::2], hostile_texts[1::2], strict=True):
        path.write_text(dedup.page(dedup.diff(left, right, "en"), (attack, attack)), "utf-8")
        if page is None:
            page = open_page(path)
        else:
            page.reload()
        assert page.locator(".box").count() >= 2
        assert is_harmless(page)


def test_20_000_passages_are_drawn_on_demand(open_page: Open, tmp_path: Path) -> None:
    number = 20_000
    texts = [words(index, 8) for index in range(number)]
    ids = [f"copy-{index}" for index in range(2 * number)]
    dedup.clean(pa.table({"id": ids, "text": texts * 2}), tmp_path / "out")
    report = dedup.report(tmp_path / "out", tmp_path / "report.html")
    page = open_page(report)
    expect(page.locator(".groups > .listed")).to_have_text("20,000 groups")
    assert 100 <= page.locator(".group").count() <= 300
    page.mouse.wheel(0, 100_000)
    expect(page.locator(".group").nth(150)).to_be_attached()
    page.mouse.wheel(0, 100_000)
    expect(page.locator(".group").nth(250)).to_be_attached()
    page.get_by_role("searchbox").fill(f"copy-{2 * number - 1}")
    expect(page.locator(".group")).to_have_count(1)
    page.locator(".group summary").click()
    expect(page.locator(".group .members")).to_contain_text(f"copy-{2 * number - 1}")
    limited = dedup.report(tmp_path / "out", tmp_path / "limited.html", passages=50)
    page = open_page(limited)
    expect(page.locator(".groups > .listed")).to_have_text("50 groups")
    expect(page.locator(".part .hint").first).to_contain_text("This page shows 50 removed texts")
    assert limited.stat().st_size < report.stat().st_size / 40


def test_large_group_is_shown_in_parts(open_page: Open, tmp_path: Path) -> None:
    dedup.clean(pa.table({"text": [words(0)] * 60}), tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html", passages=50))
    group = page.locator(".group")
    group.locator("summary").click()
    expect(group.locator(".members li")).to_have_count(20)
    group.get_by_role("button", name="Show").click()
    group.get_by_role("button", name="Show").click()
    expect(group.locator(".members li")).to_have_count(50)
    expect(group).to_contain_text("and 9 more documents, listed in removed.parquet")


@pytest.mark.parametrize(
    "value", [None, "text", [], {}, [[]], [{"a": 1, "b": [None, {}]}, {"a": 2, "b": []}, {"b": 3}, [0, 1, True, "x"]]]
)
def test_packed_values_are_restored(open_page: Open, council: Path, value: object) -> None:
    page = open_page(council)
    assert page.evaluate("(packed) => unpack(packed)", pack(value)) == value


def test_skipped_inputs_are_listed(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text("Some words.", "utf-8")
    (tmp_path / "in" / "bad.json").write_text("{", "utf-8")
    dedup.clean(tmp_path / "in", tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html"))
    page.locator(".skipped summary").click()
    expect(page.locator(".skipped li")).to_contain_text("bad.json")


def test_overview_of_scan(open_page: Open, tmp_path: Path) -> None:
    dedup.scan(pa.table({"text": [words(0, 40), words(0, 40) + " more", words(0, 40)]}), tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html"))
    expect(page.locator("#overview")).to_contain_text("The output of a scan contains no texts")
    assert "Same words: 1; near-duplicates: 2" in str(
        page.locator("#overview").get_by_role("img").get_attribute("aria-label")
    )
    assert page.locator(".groups").count() == 0
