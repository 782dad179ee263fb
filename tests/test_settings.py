"""Settings: validation, fingerprints, and the recall of the chosen bands."""

import math
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import DedupError, SettingsError
from dedup.kernels.estimate import most_mismatches
from dedup.kernels.text.folding import TOKEN_RULES
from dedup.settings import STANDARD_ERRORS, Resources, Settings, band_recall, choose_bands, parse_size

OTHER_VALUES: dict[str, Any] = {
    "threshold": 0.7,
    "shingle_documents": 4,
    "shingle_paragraphs": 2,
    "unit": "documents",
    "paragraphs": "all",
    "paragraphs_by": "line",
    "near_within": True,
    "tokens": "signs",
    "min_tokens": 3,
    "exact": True,
    "ignore": (r"\d+",),
    "per": "lang",
    "contained": 13,
    "contained_share": 0.5,
    "keep": "longest",
    "permutations": 128,
    "seed": 2,
}


@given(st.floats(0.4, 1.0), st.integers(64, 1024))
def test_longest_bands_with_99_percent_recall_are_chosen(threshold: float, permutations: int) -> None:
    bands, rows = choose_bands(threshold, permutations)
    assert bands * rows <= permutations
    assert band_recall(threshold, bands, rows) >= 0.99
    longer = [r for r in range(rows + 1, permutations + 1) if 1 - (1 - threshold**r) ** (permutations // r) >= 0.99]
    assert longer == []  # longer bands make fewer candidates, but none has the recall


def estimate_loss(threshold: float, permutations: int) -> float:
    """Return the probability that a pair at the threshold is dropped unverified (tail of the binomial distribution)."""
    agree = threshold + (1 - threshold) / 256
    least = permutations - most_mismatches(threshold, permutations, STANDARD_ERRORS)
    return sum(math.comb(permutations, k) * agree**k * (1 - agree) ** (permutations - k) for k in range(least))


@given(st.floats(0.3, 1.0), st.sampled_from([64, 128, 216, 512]))
def test_estimate_drops_few_pairs_at_the_threshold(threshold: float, permutations: int) -> None:
    assert estimate_loss(threshold, permutations) < 0.002


@given(st.floats(0.5, 0.95))
def test_expected_recall_includes_bands_and_estimate(threshold: float) -> None:
    settings = Settings(threshold=threshold)
    found_by_bands = band_recall(threshold, settings.bands, settings.rows)
    expected = found_by_bands * (1 - estimate_loss(threshold, settings.permutations))
    assert settings.expected_recall == pytest.approx(expected, abs=1e-4)


def test_default_settings() -> None:
    default = Settings()
    assert (default.threshold, default.min_tokens) == (0.8, 20)
    assert (default.shingle_documents, default.shingle_paragraphs) == (5, 3)
    assert (default.unit, default.keep) == ("both", "first")
    assert (default.paragraphs, default.paragraphs_by) == ("within", "auto")
    assert (default.bands, default.rows) == (27, 8)
    assert default.expected_recall > 0.9928


def test_fingerprint_depends_on_every_setting() -> None:
    assert OTHER_VALUES.keys() == {field.name for field in fields(Settings)}
    usual = dict.fromkeys(OTHER_VALUES, Settings()) | {"contained_share": Settings(contained=8)}
    fingerprints = {replace(usual[name], **{name: value}).fingerprint() for name, value in OTHER_VALUES.items()}
    assert len(fingerprints | {Settings().fingerprint()}) == 1 + len(OTHER_VALUES)


def test_fingerprint_depends_on_the_rules_for_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Settings().fingerprint()
    monkeypatch.setattr("dedup.kernels.text.folding.TOKEN_RULES", TOKEN_RULES + 1)
    assert Settings().fingerprint() != before


@pytest.mark.parametrize(
    "invalid",
    [
        *[{"threshold": value} for value in (0, 1.1, math.nan, -0.5)],
        *[{"shingle_documents": 0}, {"shingle_paragraphs": 101}, {"min_tokens": -1}, {"keep": ""}, {"keep": "-"}],
        *[{"unit": "words"}, {"paragraphs": "some"}, {"paragraphs_by": "page"}, {"tokens": "lines"}],
        *[{"permutations": 7}, {"permutations": 5000}, {"seed": -1}, {"seed": 2**32}],
        *[{"unit": "paragraphs", "paragraphs": "none"}, {"ignore": ("a", "")}],
        *[{"contained": 4}, {"contained": 101}, {"contained_share": 0.5}],
        *[{"contained": 13, **other} for other in ({"exact": True}, {"per": "year"}, {"unit": "paragraphs"})],
        *[{"exact": True, **other} for other in ({"threshold": 0.9}, {"ignore": "a"}, {"near_within": True})],
    ],
)
def test_invalid_settings_are_rejected_by_name(invalid: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(invalid)).split("_")[0]) as raised:
        Settings(**invalid)
    assert isinstance(raised.value, DedupError)


@pytest.mark.parametrize(
    "invalid", [{"workers": 0}, {"memory": 1 << 20}, {"batch_bytes": 0}, {"temp_dir": Path("/nowhere/at/all")}]
)
def test_invalid_resources_are_rejected_by_name(invalid: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(invalid)).replace("_", "[-_]")):
        Resources(**invalid)


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
def test_parse_size(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1GB", "1 XB", "1e9", "one", "1GB2", "1.GB"])
def test_parse_size_rejects_other_text(text: str) -> None:
    with pytest.raises(SettingsError, match="is not a size"):
        parse_size(text)
