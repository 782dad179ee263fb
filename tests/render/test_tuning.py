"""What `tune` prints and its page."""

import json

import pytest
from screens import HOSTILE, UNPRINTABLE, compare_golden, screen
from versions import notices

import dedup
from dedup.duplicates.tuning.results import Tuning
from dedup.render.html.tuning import draw_tuning
from dedup.render.terminal.tuning import show_tuning


@pytest.fixture(scope="module")
def tuned() -> Tuning:
    return dedup.tune(notices(), examples=2)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_output_matches_golden_file(width: int, tuned: Tuning) -> None:
    console, output = screen(width)
    show_tuning(tuned, console, [("dedup clean in -o out", "remove the duplicates")])
    compare_golden(f"show-tuning-{width}", output.getvalue())


def test_a_sample_is_named_with_its_limits(tuned: Tuning) -> None:
    part = dedup.tune(notices(), sample=5, seed=2)
    console, output = screen(140)
    show_tuning(part, console)
    words = " ".join(output.getvalue().split())
    assert "estimates from 5 of 10 documents" in words
    found = part.thresholds[0].removed
    assert found.documents_interval is not None
    low, high = found.documents_interval
    assert "10 documents in 1 input, of which 5 are compared" in words
    assert f"({low} to {high})" in words
    page = draw_tuning(part)
    assert f"{found.documents} ({low} to {high})" in page
    assert "estimates from 5 of 10 documents" in page
    assert "<polygon" in page
    assert "<polygon" not in draw_tuning(tuned)


def test_nothing_to_remove() -> None:
    console, output = screen(80)
    show_tuning(dedup.tune(notices().slice(9)), console)
    assert "Pairs" not in output.getvalue()
    assert "No threshold from 0.50 to 0.95 removes anything." in " ".join(output.getvalue().split())
    assert "No pair has a similarity in this range." in draw_tuning(dedup.tune(notices().slice(9)))


def test_copies_are_removed_at_every_threshold() -> None:
    console, output = screen(80)
    show_tuning(dedup.tune(texts=["The same words again.", "the same words, again"]), console)
    text = " ".join(output.getvalue().split())
    assert "All thresholds remove the same: texts with a Jaccard of at least 0.95 to a kept text." in text


def test_hostile_texts_are_escaped() -> None:
    text = HOSTILE.encode("utf-8", "replace").decode()
    words = " ".join(f"word{number}" for number in range(30))
    import pyarrow as pa

    found = dedup.tune(pa.table({"id": [text, f"b{text}"], "text": [f"{words} {text}", f"{words} other {text}"]}))
    console, output = screen(100)
    show_tuning(found, console)
    assert not (UNPRINTABLE - {"\n"}) & set(output.getvalue())
    assert "\x1b" not in draw_tuning(found)


def test_page_has_the_numbers_and_escapes_texts(tuned: Tuning) -> None:
    page = draw_tuning(tuned)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    for item in tuned.thresholds:
        assert f'id="at-{item.threshold:.2f}"' in page
        for example in item.examples:
            assert f"{example.removed.id} removed, {example.kept.id} kept" in page
    json.dumps(tuned.to_dict())
