"""Tests of the page of `tune` in a browser."""

from pathlib import Path

import pytest
from browser.conftest import Open, is_too_wide, violations
from playwright.sync_api import expect
from versions import notices

import dedup
from dedup.render.html.tuning import draw_tuning


@pytest.fixture(scope="module")
def thresholds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tune") / "page.html"
    path.write_text(draw_tuning(dedup.tune(notices())), "utf-8")
    return path


@pytest.mark.parametrize("width", [1400, 800, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_and_is_accessible(open_page: Open, thresholds: Path, width: int, scheme: str) -> None:
    page = open_page(thresholds, (width, 900))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two words
    assert not is_too_wide(page)
    assert violations(page) == []


def test_the_plot_has_a_point_for_each_threshold_and_the_table_leads_to_pairs(
    open_page: Open, thresholds: Path
) -> None:
    page = open_page(thresholds)
    expect(page.locator("svg circle")).to_have_count(10)
    expect(page.locator("svg rect")).to_have_count(10)
    heights = [float(str(point.get_attribute("cy"))) for point in page.locator("svg circle").all()]
    assert heights == sorted(heights)
    page.get_by_role("link", name="0.95").click()
    pair = page.locator("#at-0\\.95 .pair").first
    expect(pair).to_be_in_viewport()
    assert pair.locator("del, ins").count() >= 1


def test_texts_lie_side_by_side_or_one_below_the_other(open_page: Open, thresholds: Path) -> None:
    for width, beside in ((1400, True), (400, False)):
        page = open_page(thresholds, (width, 900))
        left, right = (text.bounding_box() for text in page.locator(".pair").first.locator(".text").all())
        assert left is not None
        assert right is not None
        assert (abs(left["y"] - right["y"]) < 2) == beside
