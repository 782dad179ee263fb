"""Tests of the comparison page in a browser."""

from pathlib import Path

import pytest
from browser.conftest import DESKTOP, PHONE, Open, is_in_view, is_too_wide, violations, wait_until_in_view
from playwright.sync_api import expect

import dedup

LEFT = """The council met on Tuesday. It voted to build a bridge over the Miskatonic river for 25 million dollars.

The mayor was absent from the session. Dogs barked in the distance all night long.

A second vote will follow in the autumn of next year."""
RIGHT = """Dogs barked in the distance all night long. It voted to build a bridge across the Miskatonic for 40 million \
dollars.

The council met on Tuesday. Nobody knows why the mayor stayed at home.

A second vote will follow in the autumn of next year."""


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


def test_ribbons_join_sentences(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    expect(page.locator(".pane.a .box")).to_have_count(66)
    expect(page.locator(".pane.b .box")).to_have_count(24)
    ribbons = page.locator(".ribbons path")
    assert ribbons.count() > 3
    assert page.locator(".ribbons path.moved").count() > 1
    moved, unmoved = (
        page.locator(kind).first.evaluate("path => getComputedStyle(path).stroke")
        for kind in (".ribbons path.moved", ".ribbons path.heavy:not(.moved)")
    )
    assert moved != unmoved
    assert (
        page.locator(".ribbons path.moved").first.evaluate("path => getComputedStyle(path).strokeDasharray") != "none"
    )


def test_click_on_ribbon_shows_both_sentences(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    pair = page.locator(".ribbons path.heavy:not(.moved)").first.get_attribute("data-pair")
    page.locator(f'.ribbons path[data-pair="{pair}"]').dispatch_event("click")
    highlighted = page.locator(".box.highlighted")
    assert highlighted.count() >= 2
    assert {box.get_attribute("data-side") for box in highlighted.all()} == {"0", "1"}
    assert is_in_view(page, ".pane.a .box.highlighted")
    assert is_in_view(page, ".pane.b .box.highlighted")
    assert "highlighted" in str(page.locator(f'.ribbons path[data-pair="{pair}"]').get_attribute("class"))


def test_hover_scrolls_to_partner(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    assert not is_in_view(page, '.pane.b .box[data-index="22"]')
    page.locator('.pane.a .box[data-index="0"]').hover()
    expect(page.locator('.pane.b .box.highlighted[data-index="22"]')).to_have_count(1)
    wait_until_in_view(page, '.pane.b .box[data-index="22"]')
    page.locator(".names").hover()
    expect(page.locator(".box.highlighted")).to_have_count(0)


def test_hover_highlights_linked_words(open_page: Open, small: Path) -> None:
    page = open_page(small)
    word = page.locator(".pane.a .word", has_text="25").first
    word.hover()
    expect(page.locator(".pane.b .linked")).to_have_count(1)
    assert "40" in page.locator(".pane.b .linked").inner_text()


def test_arrow_keys_move_focus(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    page.locator('.pane.a .box[data-index="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    focused = page.locator(".box:focus")
    expect(focused).to_have_attribute("data-side", "1")
    expect(focused).to_have_attribute("data-index", "22")
    assert is_in_view(page, ".pane.b .box:focus")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".box:focus")).to_have_attribute("data-side", "0")


def test_one_tab_stop_per_text(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    assert page.locator('.pane .box[tabindex="0"]').count() == 2


def test_keys_step_through_differences(open_page: Open, small: Path) -> None:
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


def test_swap_sides(open_page: Open, small: Path) -> None:
    page = open_page(small)
    before = page.locator(".pane").first.inner_text()
    page.keyboard.press("s")
    assert page.locator(".pane").last.inner_text() == before
    page.get_by_role("button", name="Swap sides").click()
    assert page.locator(".pane").first.inner_text() == before


def test_hide_identical_sentences(open_page: Open, small: Path) -> None:
    page = open_page(small)
    identical = page.locator(".pane .box.verbatim:not(.moved)")
    count = identical.count()
    assert count == 2
    page.keyboard.press("h")
    expect(identical).to_have_count(0)
    expect(page.locator(".hidden-count").first).to_have_text("⋯ 1 identical sentence")
    assert page.locator(".box.verbatim.moved").count() == 4
    page.keyboard.press("l")
    expect(page.locator(".line.verbatim:not(.moved)")).to_have_count(0)
    page.get_by_role("button", name="Hide identical sentences").click()
    expect(page.locator(".line.verbatim:not(.moved)")).to_have_count(1)


def test_hide_button_is_disabled_without_identical_sentences(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    expect(page.get_by_role("button", name="Hide identical sentences")).to_be_disabled()
    page.keyboard.press("h")
    expect(page.locator(".box")).to_have_count(90)


def test_marks_differ_in_more_than_colour(open_page: Open, small: Path) -> None:
    page = open_page(small)
    lines = {
        kind: page.locator(f".pane .word.{kind}").first.evaluate("word => getComputedStyle(word).textDecorationStyle")
        for kind in ("same", "equivalent", "replaced")
        if page.locator(f".pane .word.{kind}").count()
    }
    assert len(lines) > 1
    assert len(set(lines.values())) == len(lines)


def test_fact_table_shows_changes_and_sentences(open_page: Open, small: Path) -> None:
    page = open_page(small)
    changed = page.locator(".comparison-table tr.changed")
    assert changed.count() == 2
    assert "25000000 ≠ 40000000" in changed.first.inner_text()
    changed.first.get_by_role("button").first.click()
    expect(page.locator(".box:focus")).to_contain_text("25 million")


def test_sources_are_marked(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    marked = page.locator(".pane.b .source")
    assert {"NHK", "RBC-Ukraine"} <= set(marked.all_inner_texts())
    assert page.locator(".pane.b .source-label").count() >= 2
    row = page.get_by_role("region", name="Sources of both texts").get_by_role("row", name="NHK")
    assert row.get_by_role("button").count() == 2


def test_sentence_with_several_matches_shows_each(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    box = page.locator(".pane.b .box", has=page.locator(".more")).first
    before = box.inner_text()
    box.locator(".more").click()
    assert box.inner_text() != before
    expect(box.locator(".more")).to_contain_text("match 2 of")


def test_narrow_screen_shows_lines(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff, PHONE)
    assert page.locator(".line").count() > 18
    assert page.locator(".pane").count() == 0
    assert not is_too_wide(page)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    expect(page.locator(".pane")).to_have_count(2)


def test_print_shows_lines(open_page: Open, seeds_diff: Path) -> None:
    page = open_page(seeds_diff)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".line").count() > 18
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".pane")).to_have_count(2)
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize("name", ["seeds_diff", "small"])
def test_accessibility(open_page: Open, name: str, request: pytest.FixtureRequest) -> None:
    page = open_page(request.getfixturevalue(name))
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".line" if width == PHONE[0] else ".pane").first).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
            assert violations(page) == []


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
    assert page.locator(".pane .text").first.evaluate("text => getComputedStyle(text).direction") == "rtl"
    assert page.locator(".pane .tag").first.evaluate("text => getComputedStyle(text).direction") == "ltr"


def test_long_words_wrap(open_page: Open, tmp_path: Path) -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 20
    path = write_comparison(tmp_path, f"Die {word} schweigt.", f"Die {word} schweigt heute.", None, (word, word))
    assert not is_too_wide(open_page(path, PHONE))
    assert not is_too_wide(open_page(path))
