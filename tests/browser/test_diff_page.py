"""Tests of the comparison page in a browser."""

from dataclasses import replace
from pathlib import Path

import pytest
from browser.conftest import DESKTOP, PHONE, Open, broken_words, is_in_view, is_too_wide, violations
from playwright.sync_api import expect

import dedup
from dedup.alignment.diff import Pair
from dedup.text.spans import Span

LEFT = """The council met on Tuesday. It voted to build a bridge over the Miskatonic river for 25 million dollars.

The mayor was absent from the session. Dogs barked in the distance all night long.

A second vote will follow in the autumn of next year."""
RIGHT = """Dogs barked in the distance all night long. It voted to build a bridge across the Miskatonic for 40 million \
dollars.

The council met on Tuesday. Nobody knows why the mayor stayed at home.

A second vote will follow in the autumn of next year."""

# Elements in which the reader can scroll, apart from the page.
INNER_SCROLLERS = """[...document.querySelectorAll('dialog, .comparison *')]
  .filter(element => element.scrollHeight > element.clientHeight + 1)
  .filter(element => ['auto', 'scroll'].includes(getComputedStyle(element).overflowY))
  .map(element => element.tagName)"""


def write_comparison(
    folder: Path, left: str, right: str, language: str | None = "en", names: tuple[str, str] = ("A", "B")
) -> Path:
    """Write a comparison of two texts."""
    path = folder / "page.html"
    path.write_text(dedup.page(dedup.diff(left, right, language), names), "utf-8")
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a comparison of two short texts with identical, moved and changed sentences."""
    return write_comparison(tmp_path_factory.mktemp("small"), LEFT, RIGHT, names=("left.txt", "right.txt"))


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Return a colour scheme."""
    return str(request.param)


@pytest.mark.parametrize("name", ["seeds_diff", "small"])
@pytest.mark.parametrize("width", [1400, 800, 400])
def test_text_begins_at_the_top_of_the_only_scroller(
    open_page: Open, name: str, width: int, scheme: str, request: pytest.FixtureRequest
) -> None:
    page = open_page(request.getfixturevalue(name), (width, 800))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
    assert page.locator(".box .text").first.evaluate("text => text.getBoundingClientRect().top") <= 120
    assert not is_too_wide(page)
    assert page.evaluate(INNER_SCROLLERS) == []
    assert violations(page) == []


@pytest.mark.parametrize("width", [1400, 800, 400])
def test_text_begins_at_the_top_of_the_dialog(open_page: Open, seeds_report: Path, width: int) -> None:
    page = open_page(seeds_report, (width, 800))
    page.get_by_role("button", name="Compare A and B").first.click()
    [top, dialog_top] = page.evaluate(
        "['.box .text', 'dialog'].map(name => document.querySelector(name).getBoundingClientRect().top)"
    )
    assert top - dialog_top <= 120
    assert page.evaluate(INNER_SCROLLERS) == ["DIALOG"]
    assert not page.locator("dialog").evaluate("dialog => dialog.scrollWidth > dialog.clientWidth")


def test_no_word_is_broken_on_a_phone(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff, PHONE)
    assert broken_words(page) == []
    row = page.locator(".comparison-table tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    assert row.get_by_role("cell").count() == 4


def test_aligned_sentences_are_level(open_page: Open, small: Path) -> None:
    page = open_page(small)
    tops = "[...document.querySelectorAll('.row.light .box')].map(box => box.getBoundingClientRect().top)"
    left, right = page.evaluate(tops)
    assert left == right
    for side in "ab":
        indexes = [int(str(box.get_attribute("data-index"))) for box in page.locator(f".box.{side}").all()]
        assert indexes == list(range(len(indexes)))


def test_sentences_that_share_a_partner_are_level_with_it(open_page: Open, tmp_path: Path) -> None:
    texts = "A cat slept. Two dogs ran. It rained.", "Two dogs ran while a cat slept. Snow fell."
    pairs = [
        Pair(Span(*left), Span(0, 31), score, "heavy", False, (), (), ())
        for left, score in (((0, 12), 0.6), ((13, 26), 0.5))
    ]
    diff = replace(dedup.diff(*texts, "en"), pairs=tuple(pairs))
    path = tmp_path / "page.html"
    path.write_text(dedup.page(diff), "utf-8")
    page = open_page(path)
    rows = page.locator(".row")
    assert [[row.locator(f".box.{side}").count() for side in "ab"] for row in rows.all()] == [[2, 1], [1, 1]]
    expect(rows.first.locator(".jump")).to_have_text("B 1: go to it")
    rows.first.locator(".more").click()
    expect(rows.first.locator(".box.highlighted")).to_have_count(2)


def test_ribbons_join_moved_sentences_in_view(open_page: Open, small: Path) -> None:
    page = open_page(small)
    ribbons = page.locator(".ribbons path")
    expect(ribbons).to_have_count(2)
    [pair, other] = [ribbon.get_attribute("data-pair") for ribbon in ribbons.all()]
    page.locator(f'.ribbons path[data-pair="{pair}"]').dispatch_event("click")
    highlighted = page.locator(".box.highlighted")
    expect(highlighted).to_have_count(2)
    assert {box.get_attribute("data-side") for box in highlighted.all()} == {"0", "1"}
    expect(page.locator(".ribbon.highlighted")).to_have_attribute("data-pair", str(pair))
    assert pair != other
    page.keyboard.press("l")
    expect(page.locator(".ribbon-layer")).to_be_hidden()


def test_moved_sentence_leads_to_its_partner(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    assert not is_in_view(page, '.box.b[data-index="22"]')
    page.locator('.box.a[data-index="0"] .jump').click()
    expect(page.locator(".box:focus")).to_have_attribute("data-index", "22")
    assert is_in_view(page, ".box.b:focus")
    assert page.locator(".box.a.highlighted").count() == 2
    page.locator(".names").hover()
    page.locator('.box.b[data-index="0"]').hover()
    expect(page.locator(".box.highlighted")).to_have_count(0)


def test_words_are_marked_when_pointed_at(open_page: Open, small: Path) -> None:
    page = open_page(small)
    background = "word => getComputedStyle(word).backgroundColor"
    same = page.locator(".row.light .a .word.same").first
    assert same.evaluate(background) == "rgba(0, 0, 0, 0)"
    assert page.locator(".row.light .a .word.replaced").first.evaluate(background) != "rgba(0, 0, 0, 0)"
    page.locator(".box.a .word", has_text="25").first.hover()
    assert same.evaluate(background) != "rgba(0, 0, 0, 0)"
    expect(page.locator(".box.b .linked")).to_have_count(1)
    expect(page.locator(".box.b .linked")).to_contain_text("40")


def test_identical_sentences_have_no_marks(open_page: Open, small: Path) -> None:
    row = open_page(small).locator(".row.verbatim:not(.moved)")
    expect(row).to_have_count(1)
    expect(row.locator(".label")).to_have_text("= same words")
    box = row.locator(".box").first
    assert box.evaluate("box => getComputedStyle(box).borderInlineStartColor") == "rgba(0, 0, 0, 0)"
    assert box.evaluate("box => getComputedStyle(box).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_head_states_the_coverage(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    expect(page.locator(".head")).to_contain_text("7% of A is also in B")
    expect(page.locator(".head")).to_contain_text("15% of B is also in A")
    about = page.get_by_role("region", name="Legend and summary")
    expect(about).to_be_hidden()
    page.get_by_role("button", name="Legend").click()
    expect(about).to_contain_text("14 heavy (reworded)")
    expect(about.get_by_role("list", name="Legend")).to_contain_text("only in one text")


def test_arrow_keys_move_focus(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    page.locator('.box.a[data-index="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    focused = page.locator(".box:focus")
    expect(focused).to_have_attribute("data-side", "1")
    expect(focused).to_have_attribute("data-index", "22")
    assert is_in_view(page, ".box.b:focus")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".box:focus")).to_have_attribute("data-side", "0")


def test_one_tab_stop_per_text(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    assert page.locator('.box[tabindex="0"]').count() == 2
    page.locator('.box.a[data-index="5"]').focus()
    assert page.locator('.box[tabindex="0"]').count() == 2
    expect(page.locator('.box.a[tabindex="0"]')).to_have_attribute("data-index", "5")


def test_keys_step_through_differences(open_page: Open, small: Path) -> None:
    page = open_page(small)
    status = page.locator(".status")
    page.keyboard.press("n")
    expect(status).to_have_text("Difference 1 of 4")
    first = page.locator(":focus").text_content()
    page.keyboard.press("n")
    expect(status).to_have_text("Difference 2 of 4")
    assert page.locator(":focus").text_content() != first
    page.keyboard.press("p")
    assert page.locator(":focus").text_content() == first
    page.keyboard.press("p")
    expect(status).to_have_text("Difference 4 of 4")
    page.keyboard.press("l")
    page.keyboard.press("n")
    expect(status).to_have_text("Difference 1 of 4")
    assert page.locator(".by-pair .row.current .box:focus").count() == 1


def test_swap_sides(open_page: Open, small: Path) -> None:
    page = open_page(small)
    before = page.locator(".row.light .cell").first.text_content()
    assert before
    page.keyboard.press("s")
    assert page.locator(".row.light .cell").last.text_content() == before
    expect(page.locator(".names h2").first).to_have_text("B right.txt")
    page.get_by_role("button", name="Swap sides").click()
    assert page.locator(".row.light .cell").first.text_content() == before


def test_hide_identical_sentences(open_page: Open, small: Path) -> None:
    page = open_page(small)
    identical = page.locator(".row.verbatim:not(.moved)")
    expect(identical).to_have_count(1)
    page.keyboard.press("h")
    expect(identical).to_have_count(0)
    expect(page.locator(".hidden-count")).to_have_text("⋯ 1 identical pair")
    assert page.locator(".box.verbatim.moved").count() == 4
    page.keyboard.press("l")
    expect(identical).to_have_count(0)
    page.get_by_role("button", name="Hide identical sentences").click()
    expect(identical).to_have_count(1)


def test_place_is_kept_when_the_rows_change(open_page: Open, tmp_path: Path) -> None:
    sentences = [f"Sentence {number} tells of the {number}th bridge over the river." for number in range(300)]
    changed = [f"{text[:-1]} again." if number % 10 == 5 else text for number, text in enumerate(sentences)]
    page = open_page(write_comparison(tmp_path, " ".join(sentences), " ".join(changed)))
    page.evaluate("document.querySelector('.box.a[data-index=\"250\"]')?.scrollIntoView()")
    expect(page.locator('.box.a[data-index="299"]')).to_have_count(1)
    page.evaluate("document.querySelector('.box.a[data-index=\"250\"]').scrollIntoView()")
    page.keyboard.press("s")
    assert is_in_view(page, '.box.a[data-index="252"]')
    page.keyboard.press("l")
    assert is_in_view(page, '.box.a[data-index="252"]')


def test_long_texts_are_drawn_in_blocks(open_page: Open, tmp_path: Path) -> None:
    sentences = [f"Sentence {number} tells of the {number}th bridge over the river." for number in range(2000)]
    changed = [*sentences[:-1], "The last sentence tells of another bridge over the river."]
    page = open_page(write_comparison(tmp_path, " ".join(sentences), " ".join(changed)))
    page.keyboard.press("n")
    expect(page.locator(".box.a:focus")).to_have_attribute("data-index", "1999")
    assert is_in_view(page, ".box.a:focus")
    assert page.locator(".block").last.evaluate("block => getComputedStyle(block).contentVisibility") == "auto"


def test_hide_button_is_disabled_without_identical_sentences(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    expect(page.get_by_role("button", name="Hide identical sentences")).to_be_disabled()
    page.keyboard.press("h")
    expect(page.locator(".box")).to_have_count(90)


def test_marks_differ_in_more_than_colour(open_page: Open, small: Path) -> None:
    page = open_page(small)
    page.locator(".row.light .box").first.hover()
    lines = {
        kind: page.locator(f".highlighted .word.{kind}").first.evaluate("word => getComputedStyle(word).textDecoration")
        for kind in ("same", "equivalent", "replaced")
        if page.locator(f".highlighted .word.{kind}").count()
    }
    assert len(lines) > 1
    assert len(set(lines.values())) == len(lines)


def test_fact_table_shows_changes_and_sentences(open_page: Open, small: Path) -> None:
    page = open_page(small)
    changed = page.locator(".comparison-table tr.changed")
    assert changed.count() == 2
    expect(changed.first).to_contain_text("25,000,000 ≠ 40,000,000")
    changed.first.get_by_role("button").first.click()
    expect(page.locator(".box:focus")).to_contain_text("25 million")


def test_facts_that_differ_come_first(open_page: Open, small: Path) -> None:
    table = open_page(small).get_by_role("region", name="Facts", exact=True)
    expect(table).to_contain_text("25,000,000")
    expect(table).not_to_contain_text("Miskatonic")
    table.get_by_role("button", name="Show 1 fact in both texts").click()
    expect(table.get_by_role("row").last).to_contain_text("Miskatonic")


def test_facts_and_sources_are_marked_on_demand(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    marked = page.locator(".box.b .source")
    assert {"NHK", "RBC-Ukraine"} <= set(marked.all_text_contents())
    expect(page.locator(".box.b .source-label").first).to_be_hidden()
    page.keyboard.press("f")
    expect(page.locator(".box.b .source-label").first).to_be_visible()
    assert page.locator(".box.b .source-label").count() >= 2
    row = page.get_by_role("region", name="Sources of both texts").get_by_role("row", name="NHK")
    assert row.get_by_role("button").count() == 2


def test_sentence_with_several_matches_shows_each(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    box = page.locator(".box.b", has=page.locator(".more")).first
    before = box.text_content()
    box.locator(".more").click()
    assert box.text_content() != before
    expect(box.locator(".more")).to_contain_text("match 2 of")


def test_narrow_screen_shows_lines(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff, PHONE)
    expect(page.locator(".by-pair .row.heavy, .by-pair .row.related")).to_have_count(18)
    assert not is_too_wide(page)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    expect(page.locator(".in-order")).to_have_count(1)


def test_print_has_all_rows_and_the_legend(open_page: Open, tmp_path: Path) -> None:
    sentences = [f"Sentence {number} tells of the {number}th bridge over the river." for number in range(3000)]
    page = open_page(write_comparison(tmp_path, " ".join(sentences), " ".join(sentences[::-1])))
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".box").count() == 6000
    page.emulate_media(media="print")
    expect(page.get_by_role("region", name="Legend and summary")).to_be_visible()
    expect(page.get_by_role("button", name="Swap sides")).to_be_hidden()


def test_printed_dialog_is_complete(open_page: Open, seeds_report: Path) -> None:
    page = open_page(seeds_report)
    page.get_by_role("button", name="Compare A and B").first.click()
    page.emulate_media(media="print")
    expect(page.locator("main")).to_be_hidden()
    assert page.locator("dialog").evaluate("dialog => dialog.scrollHeight <= dialog.clientHeight + 1")
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize(
    ("left", "right"), [("", ""), ("One text.", "One text."), ("", "Two."), ("Cats sleep.", "Roses bloom.")]
)
def test_note_without_differences_or_aligned_sentences(open_page: Open, tmp_path: Path, left: str, right: str) -> None:
    page = open_page(write_comparison(tmp_path, left, right))
    expect(page.locator(".note")).to_have_count(1)
    page.keyboard.press("n")
    page.keyboard.press("s")


def test_right_to_left_text(open_page: Open, tmp_path: Path) -> None:
    left = "صوت المجلس على بناء جسر فوق النهر يوم الثلاثاء."
    right = "يوم الثلاثاء صوت المجلس على بناء جسر جديد فوق النهر."
    page = open_page(write_comparison(tmp_path, left, right, "ar", ("ألف", "باء")))
    assert page.locator(".box .text").first.evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert page.locator(".row .label").first.evaluate("label => getComputedStyle(label).direction") == "ltr"
    expect(page.locator(".box .text").first).to_have_attribute("lang", "ar")


def test_long_words_wrap(open_page: Open, tmp_path: Path) -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 20
    path = write_comparison(tmp_path, f"Die {word} schweigt.", f"Die {word} schweigt heute.", None, (word, word))
    assert not is_too_wide(open_page(path, PHONE))
    assert not is_too_wide(open_page(path))
