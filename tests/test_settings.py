"""Settings: what makes no sense is refused, and the chosen bands keep the promise of recall."""

import math
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import DedupError, SettingsError
from dedup.kernels.estimate import most_mismatches
from dedup.settings import STANDARD_ERRORS, Resources, Settings, band_recall, choose_bands, parse_size

OTHER: dict[str, Any] = {
    "threshold": 0.7,
    "shingle_documents": 4,
    "shingle_paragraphs": 2,
    "unit": "documents",
    "paragraphs": "all",
    "paragraphs_by": "line",
    "min_tokens": 3,
    "keep": "longest",
    "permutations": 128,
    "seed": 2,
}


@given(st.floats(0.4, 1.0), st.integers(64, 1024))
def test_the_bands_fit_the_signature_and_find_99_of_100_at_the_threshold(threshold: float, permutations: int) -> None:
    bands, rows = choose_bands(threshold, permutations)
    assert bands * rows <= permutations
    assert band_recall(threshold, bands, rows) >= 0.99
    longer = [r for r in range(rows + 1, permutations + 1) if 1 - (1 - threshold**r) ** (permutations // r) >= 0.99]
    assert longer == []  # longer bands, which make fewer candidates, would miss more


def loss(threshold: float, permutations: int) -> float:
    """How often a pair at the threshold is dropped unverified: the tail of the binomial distribution, summed up."""
    agree = threshold + (1 - threshold) / 256
    least = permutations - most_mismatches(threshold, permutations, STANDARD_ERRORS)
    return sum(math.comb(permutations, k) * agree**k * (1 - agree) ** (permutations - k) for k in range(least))


@given(st.floats(0.3, 1.0), st.sampled_from([64, 128, 216, 512]))
def test_the_estimate_drops_almost_no_pair_at_the_threshold(threshold: float, permutations: int) -> None:
    assert loss(threshold, permutations) < 0.002


@given(st.floats(0.5, 0.95))
def test_the_stated_recall_is_that_of_bands_and_estimate(threshold: float) -> None:
    settings = Settings(threshold=threshold)
    true = band_recall(threshold, settings.bands, settings.rows) * (1 - loss(threshold, settings.permutations))
    assert settings.expected_recall == pytest.approx(true, abs=1e-4)


def test_default_settings_are_those_of_the_design() -> None:
    found = Settings()
    assert (found.threshold, found.shingle_documents, found.shingle_paragraphs, found.min_tokens) == (0.8, 5, 3, 20)
    assert (found.unit, found.paragraphs, found.paragraphs_by, found.keep) == ("both", "within", "auto", "first")
    assert (found.bands, found.rows) == (27, 8)
    assert found.expected_recall > 0.9928


def test_the_fingerprint_tells_every_setting() -> None:
    assert OTHER.keys() == {field.name for field in fields(Settings)}
    prints = {replace(Settings(), **{name: value}).fingerprint() for name, value in OTHER.items()}
    assert len(prints | {Settings().fingerprint()}) == 1 + len(OTHER)


@pytest.mark.parametrize(
    "wrong",
    [
        *[{"threshold": value} for value in (0, 1.1, math.nan, -0.5)],
        *[{"shingle_documents": 0}, {"shingle_paragraphs": 101}, {"min_tokens": -1}, {"keep": ""}, {"keep": "-"}],
        *[{"unit": "words"}, {"paragraphs": "some"}, {"paragraphs_by": "page"}],
        *[{"permutations": 7}, {"permutations": 5000}, {"seed": -1}, {"seed": 2**32}],
        {"unit": "paragraphs", "paragraphs": "none"},
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong)).split("_")[0]) as raised:
        Settings(**wrong)
    assert isinstance(raised.value, DedupError)


@pytest.mark.parametrize(
    "wrong", [{"workers": 0}, {"memory": 1 << 20}, {"batch_bytes": 0}, {"temp_dir": Path("/nowhere/at/all")}]
)
def test_resources_that_cannot_do_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong)).replace("_", "[-_]")):
        Resources(**wrong)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1GB", 10**9),
        ("1gb", 10**9),
        (" 2 MiB ", 2 << 20),
        ("65536", 65536),
        ("1.5k", 1500),
        ("3TiB", 3 << 40),
        ("7B", 7),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1 XB", "1e9", "one", "1GB2", "1.GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="is not a size"):
        parse_size(text)
