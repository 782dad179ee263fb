"""The page of an alignment, used as a person uses it."""

from pathlib import Path

import pytest
from browser.conftest import DESKTOP, PHONE, Open, is_in_view, is_too_wide, violations
from playwright.sync_api import expect

import dedup

LEFT = """The council met on Tuesday. It voted to build a bridge over the Miskatonic river for 25 million dollars.

The mayor was absent from the session. Dogs barked in the distance all night long.

A second vote will follow in the autumn of next year."""
RIGHT = """Dogs barked in the distance all night long. It voted to build a bridge across the Miskatonic for 40 million \
dollars.

The council met on Tuesday. Nobody knows why the mayor stayed at home.

A second vote will follow in the autumn of next year."""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Align two small texts that have something identical, something moved, something changed."""
    to = tmp_path / "small.html"
    to.write_text(dedup.page(dedup.diff(LEFT, RIGHT, "en"), ("left.txt", "right.txt")), "utf-8")
    return to


def test_sentences_are_boxes_joined_by_ribbons(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    expect(page.locator(".pane.a .box")).to_have_count(66)
    expect(page.locator(".pane.b .box")).to_have_count(24)
    ribbons = page.locator(".ribbons path")
    assert ribbons.count() > 3
    assert page.locator(".ribbons path.moved").count() > 1
    moved, staying = (
        page.locator(kind).first.evaluate("path => getComputedStyle(path).stroke")
        for kind in (".ribbons path.moved", ".ribbons path.heavy:not(.moved)")
    )
    assert moved != staying
    assert (
        page.locator(".ribbons path.moved").first.evaluate("path => getComputedStyle(path).strokeDasharray") != "none"
    )


def test_a_ribbon_leads_to_both_sentences(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    pair = page.locator(".ribbons path.heavy:not(.moved)").first.get_attribute("data-pair")
    page.locator(f'.ribbons path[data-pair="{pair}"]').dispatch_event("click")
    lit = page.locator(".box.lit")
    assert lit.count() >= 2
    assert {box.get_attribute("data-side") for box in lit.all()} == {"0", "1"}
    assert is_in_view(page, ".pane.a .box.lit")
    assert is_in_view(page, ".pane.b .box.lit")
    assert "lit" in str(page.locator(f'.ribbons path[data-pair="{pair}"]').get_attribute("class"))


def test_hovering_brings_the_partner_into_view(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    assert not is_in_view(page, '.pane.b .box[data-at="22"]')
    page.locator('.pane.a .box[data-at="0"]').hover()
    expect(page.locator('.pane.b .box.lit[data-at="22"]')).to_have_count(1)
    page.wait_for_timeout(400)  # longer than a hand that only passes by
    assert is_in_view(page, '.pane.b .box[data-at="22"]')
    page.locator(".names").hover()
    expect(page.locator(".box.lit")).to_have_count(0)


def test_words_light_with_their_counterparts(open_page: Open, small: Path) -> None:
    page = open_page(small)
    word = page.locator(".pane.a .w", has_text="25").first
    word.hover()
    expect(page.locator(".pane.b .pointed")).to_have_count(1)
    assert "40" in page.locator(".pane.b .pointed").inner_text()


def test_arrows_go_through_a_text_and_to_partners(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    page.locator('.pane.a .box[data-at="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    focused = page.locator(".box:focus")
    expect(focused).to_have_attribute("data-side", "1")
    expect(focused).to_have_attribute("data-at", "22")
    assert is_in_view(page, ".pane.b .box:focus")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".box:focus")).to_have_attribute("data-side", "0")


def test_one_tab_stop_a_text(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    assert page.locator('.pane .box[tabindex="0"]').count() == 2


def test_keys_go_from_difference_to_difference(open_page: Open, small: Path) -> None:
    page = open_page(small)
    status = page.locator(".status")
    page.keyboard.press("n")
    expect(status).to_have_text("Difference 1 of 4")
    first = page.locator(":focus").inner_text()
    page.keyboard.press("n")
    expect(status).to_have_text("Difference 2 of 4")
    assert page.locator(":focus").inner_text() != first
    page.keyboard.press("p")
    assert page.locator(":focus").inner_text() == first
    page.keyboard.press("p")
    expect(status).to_have_text("Difference 4 of 4")
    page.keyboard.press("l")
    page.keyboard.press("n")
    expect(status).to_have_text("Difference 1 of 4")
    assert page.locator(".line:focus").count() == 1


def test_sides_swap(open_page: Open, small: Path) -> None:
    page = open_page(small)
    before = page.locator(".pane").first.inner_text()
    page.keyboard.press("s")
    assert page.locator(".pane").last.inner_text() == before
    page.get_by_role("button", name="Swap sides").click()
    assert page.locator(".pane").first.inner_text() == before


def test_what_is_identical_hides(open_page: Open, small: Path) -> None:
    page = open_page(small)
    identical = page.locator(".pane .box.verbatim:not(.moved)")
    count = identical.count()
    assert count == 2
    page.keyboard.press("h")
    expect(identical).to_have_count(0)
    expect(page.locator(".passed").first).to_have_text("⋯ 1 identical sentence")
    assert page.locator(".box.verbatim.moved").count() == 4
    page.keyboard.press("l")
    expect(page.locator(".line.verbatim:not(.moved)")).to_have_count(0)
    page.get_by_role("button", name="Hide what is identical").click()
    expect(page.locator(".line.verbatim:not(.moved)")).to_have_count(1)


def test_where_nothing_is_identical_the_button_says_so(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    expect(page.get_by_role("button", name="Hide what is identical")).to_be_disabled()
    page.keyboard.press("h")
    expect(page.locator(".box")).to_have_count(90)


def test_words_are_marked_not_by_colour_alone(open_page: Open, small: Path) -> None:
    page = open_page(small)
    lines = {
        kind: page.locator(f".pane .w.{kind}").first.evaluate("word => getComputedStyle(word).textDecorationStyle")
        for kind in ("same", "equivalent", "replaced")
        if page.locator(f".pane .w.{kind}").count()
    }
    assert len(lines) > 1
    assert len(set(lines.values())) == len(lines)


def test_the_ledger_tells_what_changed_and_leads_to_it(open_page: Open, small: Path) -> None:
    page = open_page(small)
    changed = page.locator(".ledger tr.changed")
    assert changed.count() == 2
    assert "25000000 ≠ 40000000" in changed.first.inner_text()
    changed.first.get_by_role("button").first.click()
    expect(page.locator(".box:focus")).to_contain_text("25 million")


def test_sources_are_marked(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    marked = page.locator(".pane.b .source")
    assert {"NHK", "RBC-Ukraine"} <= set(marked.all_inner_texts())
    assert page.locator(".pane.b .credit").count() >= 2
    row = page.get_by_role("region", name="Sources of both texts").get_by_role("row", name="NHK")
    assert row.get_by_role("button").count() == 2


def test_a_sentence_with_several_partners_shows_each(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    box = page.locator(".pane.b .box", has=page.locator(".more")).first
    before = box.inner_text()
    box.locator(".more").click()
    assert box.inner_text() != before
    expect(box.locator(".more")).to_contain_text("partner 2 of")


def test_phone_shows_lines_and_fits(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff, PHONE)
    assert page.locator(".line").count() > 18
    assert page.locator(".pane").count() == 0
    assert not is_too_wide(page)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    expect(page.locator(".pane")).to_have_count(2)


def test_paper_shows_lines(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".line").count() > 18
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".pane")).to_have_count(2)
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_no_serious_barrier(open_page: Open, seeds_diff: Path, small: Path, scheme: str, size: tuple[int, int]) -> None:
    assert violations(open_page(seeds_diff, size, scheme)) == []
    assert violations(open_page(small, size, scheme)) == []


@pytest.mark.parametrize(
    ("left", "right"), [("", ""), ("One text.", "One text."), ("", "Two."), ("Cats sleep.", "Roses bloom.")]
)
def test_nothing_to_compare_is_said(open_page: Open, tmp_path: Path, left: str, right: str) -> None:
    to = tmp_path / "page.html"
    to.write_text(dedup.page(dedup.diff(left, right, "en")), "utf-8")
    page = open_page(to)
    expect(page.locator(".note")).to_have_count(1)
    page.keyboard.press("n")
    page.keyboard.press("s")


def test_right_to_left_text_stands_right(open_page: Open, tmp_path: Path) -> None:
    to = tmp_path / "page.html"
    one, other = (
        "صوت المجلس على بناء جسر فوق النهر يوم الثلاثاء.",
        "يوم الثلاثاء صوت المجلس على بناء جسر جديد فوق النهر.",
    )
    to.write_text(dedup.page(dedup.diff(one, other, "ar"), ("ألف", "باء")), "utf-8")
    page = open_page(to)
    assert page.locator(".pane .text").first.evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert page.locator(".pane .tag").first.evaluate("text => getComputedStyle(text).direction") == "ltr"


def test_long_words_wrap(open_page: Open, tmp_path: Path) -> None:
    to = tmp_path / "page.html"
    word = "Donaudampfschifffahrtsgesellschaft" * 20
    to.write_text(dedup.page(dedup.diff(f"Die {word} schweigt.", f"Die {word} schweigt heute."), (word, word)), "utf-8")
    assert not is_too_wide(open_page(to, PHONE))
    assert not is_too_wide(open_page(to))
