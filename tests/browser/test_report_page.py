"""The page of what runs left, used as a person uses it."""
# ruff: noqa: RUF001
# absent facts are shown by a dash

import re
from pathlib import Path

import pyarrow as pa
import pytest
from browser.conftest import DESKTOP, PHONE, Open, is_too_wide, violations
from browser_texts import ATTACKS
from playwright.sync_api import Page, expect

import dedup

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


def words(at: int, many: int = 30) -> str:
    """Make a sentence that no other resembles."""
    return " ".join(f"w{at}x{place}" for place in range(many))


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Report on a story that has outlets, dates and a number that changes, and on near-duplicates of two sizes."""
    folder = tmp_path_factory.mktemp("council")
    near = [words(1, 60), words(1, 60) + " more", *[words(2, 40)] * 3, words(3)]
    dedup.align(pa.table(COUNCIL), folder / "stories")
    dedup.clean(pa.table({"id": [f"page-{at}" for at in range(6)], "text": near}), folder / "out")
    return dedup.report([folder / "out", folder / "stories"], folder / "report.html")


def test_the_overview_tells_what_repeats(open_page: Open, seeds_report: Path) -> None:
    page = open_page(seeds_report)
    overview = page.locator("#overview")
    expect(overview).to_contain_text("5 documents, 95 paragraphs, 28,473 characters in 5 inputs")
    expect(overview).to_contain_text("1,336 characters (4.7%)")
    plot = overview.get_by_role("img")
    assert "2 of the same words, 0 near, none under the threshold of 0.8" in str(plot.get_attribute("aria-label"))
    expect(overview.locator(".most li")).to_have_count(2)
    overview.locator(".open-group").last.click()
    opened = page.locator(".group[open]")
    expect(opened).to_contain_text("004_4fab610f3404f076.txt [2455:3140]")
    expect(opened.locator("blockquote")).to_contain_text("Sur le plan international")


def test_the_story_of_the_seeds_is_told(open_page: Open, seeds_report: Path) -> None:
    page = open_page(seeds_report)
    story = page.locator(".story").first
    expect(story).to_contain_text("Lelabouga ≈ Alabuga")
    matrix = story.get_by_role("region", name="Facts and sources by document")
    for name, cells in {"25000": "✓✓✓", "Lelabouga": "✓✓✓"}.items():
        row = matrix.get_by_role("row", name=name)
        assert re.sub(r"[^✓–]", "", row.inner_text()) == cells
    credited = matrix.get_by_role("row", name="RBC-Ukraine").last
    assert re.sub(r"[^✓–]", "", credited.inner_text()) == "✓✓–"


def test_a_pair_of_a_story_opens_and_closes(open_page: Open, seeds_report: Path) -> None:
    page = open_page(seeds_report)
    page.locator(".story").first.get_by_role("button", name="Compare A and B").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".pane.a .box")).to_have_count(66)
    assert dialog.locator(".ribbons path").count() > 2
    page.keyboard.press("n")
    expect(dialog.locator(".status")).to_have_text(re.compile("Difference 1 of"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator(".matrix .cell").first.click()
    expect(dialog.locator(".pane")).to_have_count(2)
    dialog.get_by_role("button", name="Back to the report").click()
    expect(dialog).to_be_hidden()
    page.keyboard.press("n")  # leads nowhere now
    expect(page.locator(".status")).to_have_count(0)


def test_facts_that_change_and_who_was_first(open_page: Open, council: Path) -> None:
    page = open_page(council)
    matrix = page.get_by_role("region", name="Facts and sources by document")
    expect(matrix.locator(".changed")).to_have_count(1)
    expect(matrix.locator(".changed")).to_contain_text("40000000")
    documents = page.get_by_role("region", name="Documents of the story")
    expect(documents.get_by_role("row").nth(1)).to_contain_text("b first")
    line = page.get_by_role("region", name="Time line").get_by_role("img")
    assert line.get_attribute("aria-label") == "Time line: A 2024-05-02, B 2024-05-03, C 2024-05-04"
    places = [float(str(dot.get_attribute("cx"))) for dot in line.locator("circle").all()]
    assert places == sorted(places)
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])
    reuters = matrix.get_by_role("row", name="Reuters")
    assert "itself" in reuters.inner_text()
    assert "✓" in reuters.inner_text()


def test_groups_are_searched(open_page: Open, council: Path) -> None:
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
        expect(page.locator(".groups [role=status]")).to_have_text(re.compile(f"^{len(names)} groups? of 2 fit$"))
        expect(page.locator(".group .where bdi")).to_have_text(names)
    search.fill("")
    expect(page.locator(".group")).to_have_count(2)


def test_groups_are_sorted(open_page: Open, council: Path) -> None:
    page = open_page(council)
    orders = {}
    for label in ("most repeated first", "most text removed first", "least similar first", "by document"):
        page.get_by_label("Sort").select_option(label)
        orders[label] = page.locator(".group .where bdi").all_text_contents()
    assert orders == {
        "most repeated first": ["page-2", "page-0"],
        "most text removed first": ["page-2", "page-0"],
        "least similar first": ["page-0", "page-2"],
        "by document": ["page-0", "page-2"],
    }


def test_what_differs_is_marked(open_page: Open, council: Path) -> None:
    page = open_page(council)
    group = page.locator(".group", has_text="page-0")
    group.locator("summary").click()
    expect(group.locator("del")).to_have_text(["more"])
    expect(group.locator("ins")).to_have_count(0)
    expect(group.locator(".members li")).to_contain_text("page-1")
    expect(group.locator(".members li")).to_contain_text("alike")
    expect(group.locator("code")).to_contain_text("dedup explain")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_no_serious_barrier(
    open_page: Open, council: Path, seeds_report: Path, scheme: str, size: tuple[int, int]
) -> None:
    for path in (council, seeds_report):
        page = open_page(path, size, scheme)
        page.locator(".group summary").first.click()
        assert violations(page) == []
        page.get_by_role("button", name="Compare A and B").first.click()
        assert violations(page) == []


def test_phone_and_paper(open_page: Open, seeds_report: Path, council: Path) -> None:
    for path in (seeds_report, council):
        page = open_page(path, PHONE)
        page.locator(".group summary").first.click()
        assert not is_too_wide(page)
        assert len(page.pdf()) > 10_000


def is_harmless(page: Page) -> bool:
    return bool(
        page.evaluate("window.pwned === undefined && document.querySelectorAll('script:not([type])').length === 1")
    )


def test_hostile_text_stays_text(open_page: Open, tmp_path: Path) -> None:
    attacks = [attack for attack in ATTACKS for _ in range(2)]
    # The documents are near-copies, long enough to be linked, and told the same with a number changed.
    texts = [
        f"{attack} The council of Kingsport voted for {attack} and {40 + at} bridges over the Miskatonic, "
        f"said {attack}. {words(at // 2)} {at}"
        for at, attack in enumerate(attacks)
    ]
    table = pa.table(
        {
            "id": [f"{attack} {at}" for at, attack in enumerate(attacks)],
            "text": texts,
            "outlet": attacks,
            "date": attacks,
        }
    )
    dedup.clean(table, tmp_path / "out")
    dedup.align(table, tmp_path / "stories")
    page = open_page(dedup.report([tmp_path / "out", tmp_path / "stories"], tmp_path / "report.html"))
    while page.locator("details:not([open]) > summary").count():
        page.locator("details:not([open]) > summary").first.press("Enter")
    assert page.locator(".story .opened").count() + page.locator(".group .opened").count() >= 2
    assert page.locator("del").count() >= len(ATTACKS) - 4
    for button in page.locator("button.compare").all()[:4]:
        button.click()
        page.keyboard.press("n")
        page.get_by_role("button", name="Back to the report").click()
    page.get_by_role("searchbox").fill("<script>")
    expect(page.locator(".groups [role=status]")).to_have_text(re.compile("fit"))
    page.mouse.move(300, 300)
    assert is_harmless(page)
    shown = page.locator("body").inner_text()
    assert "<script>window.pwned=1</script>" in shown
    assert not set(shown) & {*map(chr, range(1, 9)), "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"}
    other = tmp_path / "diff.html"
    for at, attack in enumerate(ATTACKS):
        other.write_text(dedup.page(dedup.diff(texts[2 * at], texts[2 * at + 1], "en"), (attack, attack)), "utf-8")
        drawn = open_page(other)
        assert drawn.locator(".box").count() >= 2
        assert is_harmless(drawn)


def test_20_000_passages_are_drawn_on_demand(open_page: Open, tmp_path: Path) -> None:
    many = 20_000
    texts = [words(at, 8) for at in range(many)]
    ids = [f"copy-{at}" for at in range(2 * many)]
    dedup.clean(pa.table({"id": ids, "text": texts * 2}), tmp_path / "out")
    to = dedup.report(tmp_path / "out", tmp_path / "report.html")
    page = open_page(to)
    expect(page.locator(".groups [role=status]")).to_have_text("20,000 groups")
    assert 100 <= page.locator(".group").count() <= 300
    page.mouse.wheel(0, 100_000)
    page.wait_for_timeout(200)
    page.mouse.wheel(0, 100_000)
    expect(page.locator(".group").nth(250)).to_be_attached()
    page.get_by_role("searchbox").fill(f"copy-{2 * many - 1}")
    expect(page.locator(".group")).to_have_count(1)
    page.locator(".group summary").click()
    expect(page.locator(".group .members")).to_contain_text(f"copy-{2 * many - 1}")
    capped = dedup.report(tmp_path / "out", tmp_path / "capped.html", passages=50)
    page = open_page(capped)
    expect(page.locator(".groups [role=status]")).to_have_text("50 groups")
    expect(page.locator(".part .hint").first).to_contain_text("Shown are 50 that went")
    assert capped.stat().st_size < to.stat().st_size / 50


def test_a_large_group_shows_some_and_says_so(open_page: Open, tmp_path: Path) -> None:
    dedup.clean(pa.table({"text": [words(0)] * 60}), tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html", passages=50))
    group = page.locator(".group")
    group.locator("summary").click()
    expect(group.locator(".members li")).to_have_count(20)
    group.get_by_role("button").click()
    group.get_by_role("button").click()
    expect(group.locator(".members li")).to_have_count(50)
    expect(group).to_contain_text("and 9 more documents, in removed.parquet")


def test_what_was_skipped_is_named(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text("Some words.", "utf-8")
    (tmp_path / "in" / "bad.json").write_text("{", "utf-8")
    dedup.clean(tmp_path / "in", tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html"))
    page.locator(".skipped summary").click()
    expect(page.locator(".skipped li")).to_contain_text("bad.json")


def test_a_scan_has_an_overview(open_page: Open, tmp_path: Path) -> None:
    dedup.scan(pa.table({"text": [words(0, 40), words(0, 40) + " more", words(0, 40)]}), tmp_path / "out")
    page = open_page(dedup.report(tmp_path / "out", tmp_path / "report.html"))
    expect(page.locator("#overview")).to_contain_text("A scan leaves no texts")
    assert "1 of the same words, 2 near" in str(
        page.locator("#overview").get_by_role("img").get_attribute("aria-label")
    )
    assert page.locator(".groups").count() == 0
