"""Tests of the stories on the report page in a browser."""
# ruff: noqa: RUF001
# en dashes mark missing figures, and French has its apostrophe

import csv
import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from browser.conftest import PHONE, Open, broken_words, is_too_wide, violations, words
from generated_news import make_news
from large_story import make_large_story
from playwright.sync_api import Locator, Page, expect

import dedup
from dedup.outputs.csv import cell

WIDTHS = (1400, 800, 400)


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of generated articles of twelve outlets."""
    folder = tmp_path_factory.mktemp("news")
    columns = ("id", "outlet", "date", "title", "text")
    articles = pa.table({name: [getattr(article, name) for article in make_news(120)] for name in columns})
    dedup.align(articles, folder / "stories")
    return dedup.report(folder / "stories", folder / "report.html")


@pytest.fixture(scope="session")
def large_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of a story of 39 documents."""
    folder = tmp_path_factory.mktemp("large")
    dedup.align(make_large_story(39), folder / "stories")
    return dedup.report(folder / "stories", folder / "report.html", diffs=20)


@pytest.fixture(scope="session")
def many_stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report of 500 stories."""
    folder = tmp_path_factory.mktemp("many")
    texts = [f"Mayor Ann{words(index, 1)} of Kings{words(index, 1)} said {words(index, 14)}." for index in range(500)]
    columns = {"text": texts * 2, "title": [f"Title {index % 500}" for index in range(1000)]}
    dedup.align(pa.table(columns), folder / "stories")
    return dedup.report(folder / "stories", folder / "report.html", diffs=10)


def titles(page: Page) -> list[str]:
    """Return the headlines of the stories that are drawn."""
    return page.locator(".story h3").all_text_contents()


def listed(page: Page) -> Locator:
    """Return the line that says how many stories are listed."""
    return page.locator(".stories > .listed")


def test_story_of_seeds(open_page: Open, seeds_report: Path) -> None:
    story = open_page(seeds_report).locator(".story").first
    shared = story.locator(".shared")
    expect(shared).to_contain_text("In all 3 documents: 2 facts")
    shared.locator("summary").click()
    expect(shared).to_contain_text("Lelabouga ≈ Alabuga, 25,000")
    facts = story.get_by_role("region", name="Facts that some documents state")
    expect(facts.get_by_role("row", name="Russie")).to_contain_text("A, B")
    expect(facts.get_by_role("row", name="Lelabouga")).to_have_count(0)
    credited = story.get_by_role("region", name="Credited sources").get_by_role("row", name="RBC-Ukraine")
    expect(credited.locator(".letter:not(.not)")).to_have_text(["A", "B"])


def test_differing_numbers_and_first_document(open_page: Open, council: Path) -> None:
    page = open_page(council)
    expect(page.locator(".story .facts")).to_contain_text("≠ 1 conflicting number")
    differing = page.get_by_role("region", name="Conflicting numbers")
    expect(differing.locator(".value")).to_have_text(["25,000,000", "40,000,000"])
    expect(differing.locator("li").last.locator(".letter")).to_have_text(re.compile("C"))
    documents = page.get_by_role("region", name="Documents of the story")
    first = documents.get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile("Reuters2 May 2024A 25-million-dollar bridge .* first"))
    expect(first.get_by_role("cell", name="origin")).to_be_visible()
    credited = page.get_by_role("region", name="Credited sources").get_by_role("row", name="Reuters").last
    expect(credited).to_contain_text("A itself")


def test_timeline_keeps_times(open_page: Open, council: Path, large_story: Path) -> None:
    rows = open_page(council).locator(".timeline li")
    expect(rows).to_have_text([re.compile(r"^A 2 May 2024"), re.compile("B 3 May.* 1 d"), re.compile("C 4 May.* 2 d")])
    expect(rows.locator(".period")).to_have_count(3)  # the dates are days
    page = open_page(large_story)
    rows = page.locator(".timeline li")
    expect(rows.nth(1)).to_have_text(re.compile(r"B 2 May 2024 08:17 \+ 47 min"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        boxes = [dot.bounding_box() for dot in page.locator(".timeline circle").all()]
        lefts = [box["x"] for box in boxes if box]
        assert len(lefts) == 39
        assert lefts == sorted(lefts)
        assert lefts[0] >= 0
        assert lefts[-1] < width - 10


def test_search_sort_and_filters(open_page: Open, news: Path) -> None:
    page = open_page(news)
    stories = page.locator(".stories")
    total = int(re.sub(r"\D", "", listed(page).inner_text()))
    assert total == page.locator(".story").count() or total > 25
    sort = stories.get_by_label("Sort")
    sort.select_option("most documents first")
    sizes = [
        int(found)
        for text in page.locator(".story .facts").all_text_contents()
        for found in re.findall(r"(\d+) doc", text)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]
    sort.select_option("newest first")
    newest = titles(page)
    sort.select_option("oldest first")
    assert titles(page) != newest
    search = stories.get_by_role("searchbox", name="Search headlines")
    search.fill(newest[0])
    expect(listed(page)).to_have_text(f"1 story of {total} found")
    assert titles(page) == newest[:1]
    stories.get_by_role("button", name="Clear filters").click()
    expect(listed(page)).to_have_text(f"{total} stories")
    stories.locator("[name=outlet]").select_option("Harbour Post")
    expect(listed(page)).to_have_text(re.compile("stories of"))
    page.locator(".story:not([open]) summary").first.click()
    for table in page.locator(".story[open]").get_by_role("region", name="Documents of the story").all():
        expect(table).to_contain_text("Harbour Post")
    stories.get_by_role("button", name="Clear filters").click()
    stories.get_by_label("Until").fill("2024-10-02")
    expect(listed(page)).to_have_text(re.compile("found"))
    undated = page.evaluate("embedded('stories-1').rows.filter((row) => !row.from).length")
    assert ("left out" in listed(page).inner_text()) == bool(undated)
    assert all(re.search("[12] Oct 2024", text) for text in page.locator(".story .facts").all_text_contents())
    stories.get_by_role("button", name="Clear filters").click()
    stories.get_by_label("Minimum score").fill("1")
    expect(listed(page)).to_have_text(re.compile(f"of {total} found"))


def test_template_families_can_be_hidden(open_page: Open, tmp_path: Path) -> None:
    texts = [
        f"{name} Corp said net income rose to {number} million dollars in the first quarter from {number - 7} million "
        f"dollars a year earlier. Shares closed at {number} dollars."
        for name, number in zip(("Acme", "Borman", "Cargill", "Denton", "Elgin"), (21, 43, 65, 87, 99), strict=True)
    ]
    dedup.align(pa.table({"text": texts}), tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html"))
    families = page.locator(".templates")
    expect(families.locator("summary")).to_contain_text("Template families: 1 (not stories), 5 documents")
    page.get_by_label("Show template families").uncheck()
    expect(families).to_be_hidden()
    page.get_by_label("Show template families").check()
    families.locator("summary").click()
    expect(families).to_contain_text("net income rose")


def test_search_is_in_the_page_as_written(large_story: Path) -> None:
    html = re.sub(r"<script.*?</script>", "", large_story.read_text("utf-8"), flags=re.DOTALL)
    assert '<input type="search"' in html


def test_matrix_of_outlets(open_page: Open, news: Path) -> None:
    page = open_page(news)
    picture = page.locator(".matrix svg")
    expect(picture).to_contain_text("Harbour Post")
    picture.locator("text.choice").nth(3).click()
    detail = page.locator(".detail")
    expect(detail).to_contain_text(re.compile(r"letters taken over|no letters taken over"))
    outlets = [str(name) for name in detail.locator("bdi").all_text_contents()]
    number = int(re.sub(r"\D", "", detail.get_by_role("button").inner_text().split(" of ")[0]))
    detail.get_by_role("button").click()
    expect(listed(page)).to_have_text(re.compile(rf"^{number} stor(y|ies) of "))
    for summary in page.locator(".story").all():
        if summary.get_attribute("open") is None:
            summary.locator("summary").click()
    for table in page.get_by_role("region", name="Documents of the story").all():
        for outlet in outlets:
            expect(table).to_contain_text(outlet)
    page.locator("[name=measure]").select_option("letters rewritten")
    expect(picture).to_contain_text("letters rewritten")


def test_figures_are_those_of_outlets_parquet(open_page: Open, news: Path) -> None:
    page = open_page(news)
    page.locator(".figures-table summary").click()
    rows = page.get_by_role("region", name="What is taken over").get_by_role("row")
    pairs = pl.read_parquet(news.parent / "stories" / "outlets.parquet").to_dicts()
    columns = ("verbatim", "light", "heavy", "credited", "common_source", "uncredited", "undecided")
    for pair, row in zip(pairs[:5], rows.all()[1:6], strict=True):
        assert row.get_by_role("rowheader").inner_text() == pair["outlet"]
        cells = row.get_by_role("cell").all_inner_texts()
        assert cells[0] == pair["source"]
        assert [cell.replace(",", "") for cell in cells[4:]] == [str(pair[name] or "–") for name in columns]
    page.locator("[name=measure]").select_option("letters taken over")
    titles = page.locator(".matrix rect.choice title").all_text_contents()
    sums = [sum(pair[name] for name in ("verbatim", "light", "heavy")) for pair in pairs]
    taken = {
        f"{pair['outlet']} from {pair['source']}: {letters:,} letters taken over"
        for pair, letters in zip(pairs, sums, strict=True)
    }
    assert len(titles) > 100
    assert set(titles) <= taken


def test_export(open_page: Open, news: Path, council: Path) -> None:
    page = open_page(council)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save these stories as CSV").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [(row["letter"], row["outlet"], row["date"], row["id"]) for row in rows] == [
        ("A", "Reuters", "2024-05-02", "b"),
        ("B", "Herald", "2024-05-03", "a"),
        ("C", "Post", "2024-05-04", "c"),
    ]
    page = open_page(news)
    saved = {}
    for kind in ("SVG", "PNG"):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save as {kind}").click()
        saved[kind] = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == f"dedup-outlets-1.{kind.lower()}"
    assert b"Harbour Post" in saved["SVG"]
    width, height = struct.unpack(">II", saved["PNG"][16:24])
    assert f'width="{width // 2}" height="{height // 2}"'.encode() in saved["SVG"]


@pytest.mark.parametrize("value", ["=1+1", " -5", "+1", "@x", "\uff1d1", "\tx", "plain", 'a "b", c', "-", None])
def test_csv_is_escaped_as_that_of_align(open_page: Open, council: Path, value: str | None) -> None:
    written = open_page(council).evaluate("(value) => formatCsv([[value, 1]])", value)
    assert list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))) == [[cell(value) or "", "1"]]


def test_copied_texts(open_page: Open, council: Path) -> None:
    page = open_page(council)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    story = page.locator(".story").first
    copied = {}
    for name in ("Copy link to story 1", "Copy citation of A and B", "Copy link to A and B"):
        story.get_by_role("button", name=name).click()
        expect(story.get_by_role("status").filter(has_text="copied").first).to_be_visible()
        copied[name] = page.evaluate("navigator.clipboard.readText()")
    assert copied["Copy link to story 1"] == f"{council.as_uri()}#story-1-1"
    assert copied["Copy link to A and B"] == f"{council.as_uri()}#pair-1-1-A-B"
    citation = copied["Copy citation of A and B"]
    assert citation.startswith("A: Reuters, 2 May 2024, “A 25-million-dollar bridge")
    assert re.search(r"B: Herald, 3 May 2024, .*; best score [01]\.\d\d; \d+% of A is also in B", citation)


def test_text_to_copy_is_shown_where_copying_is_forbidden(open_page: Open, council: Path) -> None:
    page = open_page(council)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    page.locator(".story").first.get_by_role("button", name="Copy link to story 1").click()
    expect(page.get_by_role("textbox", name="Text to copy")).to_have_value(re.compile("#story-1-1$"))


def test_links_to_stories_pairs_and_groups(open_page: Open, news: Path, council: Path) -> None:
    page = open_page(news, place="#story-1-27")
    expect(page.locator("#story-1-27[open] .content")).to_be_in_viewport()
    page.evaluate("location.hash = 'pair-1-2-A-B'")
    expect(page.get_by_role("dialog").locator(".names")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("#story-1-2$"))
    expect(page.locator("#story-1-2[open]")).to_be_in_viewport()
    page.evaluate("location.hash = 'story-1-9999'")
    expect(page.get_by_role("alert")).to_contain_text("This page does not have the story of the link #story-1-9999.")
    page = open_page(council, place="#group-2-2")
    expect(page.locator(".group[open]")).to_contain_text("page-0")
    for place in ("#pair-1-1-A-Z", "#pair-1-1-toString-B", "#group-2-0", "#story-9-1", "#pair-1-1"):
        page.evaluate("(place) => { location.hash = place }", place)
        expect(page.get_by_role("alert")).to_contain_text("This page does not have the")


def test_pair_without_comparison_is_shown_in_its_story(open_page: Open, large_story: Path) -> None:
    page = open_page(large_story)
    letters = page.evaluate("embedded('contents-1-0')[0].pairs.at(-1).letters.join('-')")
    page.evaluate("(letters) => { location.hash = `pair-1-1-${letters}` }", letters)
    row = page.locator(f'[data-pair="{letters}"]')
    expect(row).to_be_in_viewport()
    expect(row.locator("code")).to_contain_text("dedup diff article-")


def opened(open_page: Open, path: Path) -> Iterator[Page]:
    """Yield a page at each width, light and dark, with its first story open."""
    page = open_page(path)
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
            page.reload()
            expect(page.locator(".story[open] .content").first).to_be_visible()
            yield page


@pytest.mark.parametrize("name", ["seeds_report", "council", "news", "large_story"])
def test_no_page_is_too_wide_and_no_word_is_broken(open_page: Open, name: str, request: pytest.FixtureRequest) -> None:
    for page in opened(open_page, request.getfixturevalue(name)):
        for details in page.locator(".figures-table, .filters, .templates, .shared").all():
            details.evaluate("(element) => { element.open = true }")
        assert not is_too_wide(page)
        assert broken_words(page) == []
        assert page.evaluate(
            "[...document.querySelectorAll('.cards')].every((table) => table.scrollWidth <= innerWidth)"
        )


def test_long_words_do_not_widen_the_page(open_page: Open, tmp_path: Path) -> None:
    long = "Wort" * 100
    texts = [f"The council of Kingsport voted for {long} and 25 million dollars, said Ruth Peaslee. {words(1)}"] * 2
    table = pa.table({"text": texts, "id": [long, f"{long}2"], "outlet": [long, f"{long}2"], "title": [long, long]})
    dedup.align(table, tmp_path / "stories")
    for page in opened(open_page, dedup.report(tmp_path / "stories", tmp_path / "report.html")):
        assert not is_too_wide(page)


@pytest.mark.parametrize("name", ["news", "large_story"])
def test_accessibility(open_page: Open, name: str, request: pytest.FixtureRequest) -> None:
    for page in opened(open_page, request.getfixturevalue(name)):
        assert violations(page) == []


def test_tables_are_cards_on_a_phone(open_page: Open, news: Path) -> None:
    page = open_page(news, PHONE)
    row = page.get_by_role("region", name="Documents of the story").get_by_role("row").nth(1)
    box = row.bounding_box()
    assert box is not None
    assert box["height"] > 120
    assert "Outlet" in page.evaluate(
        "(row) => getComputedStyle(row.children[1], '::before').content", row.element_handle()
    )


def test_500_stories_are_a_short_page(open_page: Open, many_stories: Path) -> None:
    page = open_page(many_stories)
    expect(listed(page)).to_have_text("500 stories")
    assert page.locator(".story").count() <= 50
    assert page.locator(".story .content").count() == 1
    assert page.evaluate("document.scrollingElement.scrollHeight") < 8_000
    for drawn in (30, 60):
        page.mouse.wheel(0, 100_000)
        expect(page.locator(".story").nth(drawn)).to_be_attached()
    page.locator(".stories").get_by_role("searchbox").fill("Title 499")
    expect(listed(page)).to_have_text(re.compile("^[12] stor(y|ies) of 500 found"))  # a story has the number 499
    assert any("w499x0" in title for title in titles(page))


def test_each_story_is_printed_on_its_own_page(open_page: Open, news: Path) -> None:
    page = open_page(news)
    page.locator(".stories").get_by_role("searchbox").fill("Harbour")
    expect(listed(page)).to_have_text(re.compile("found"))
    number = int(listed(page).inner_text().split()[0])
    before = page.locator(".story[open]").count()
    document = page.pdf()
    assert len(re.findall(rb"/Type\s*/Page\b", document)) >= number
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".story[open] .content").count() == number
    assert page.evaluate(
        "[...document.querySelectorAll('.story')].every((item) => getComputedStyle(item).breakBefore === 'page')"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".story[open]").count() == before


def test_language_and_direction_of_texts(open_page: Open, tmp_path: Path) -> None:
    arabic = (
        "قال رئيس البلدية إن المجلس صوت يوم الثلاثاء على بناء جسر جديد فوق النهر بتكلفة 25000 دولار في مدينة كينغسبورت"
    )
    french = "Le conseil de Kingsport a voté mardi la construction d’un pont sur le Miskatonic, pour 25000 dollars."
    table = pa.table(
        {"text": [arabic, arabic, french, french], "title": [arabic[:40], arabic[:40], "Un pont", "Un pont"]}
    )
    dedup.align(table, tmp_path / "stories")
    dedup.clean(table, tmp_path / "out", min_tokens=5)
    page = open_page(dedup.report([tmp_path / "out", tmp_path / "stories"], tmp_path / "report.html"))
    for item in page.locator(".story, .group").all():
        if item.get_attribute("open") is None:
            item.locator("summary").first.click()
    for name, direction in {"ar": "rtl", "fr": "ltr"}.items():
        for selector in (".story h3", ".story th [dir]", ".group blockquote", ".group .excerpt"):
            found = page.locator(f"{selector}[lang={name}]").first
            expect(found).to_have_attribute("dir", "auto")
            assert found.evaluate("(element) => getComputedStyle(element).direction") == direction
