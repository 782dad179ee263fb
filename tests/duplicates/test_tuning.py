"""What `tune` reports is what `clean` removes at each threshold; estimates from a sample hold within their limits."""

import random
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import reference
import strategies
from clean_runs import TEN, options, table
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.duplicates.tuning import estimates, runs

FAMILY = " ".join(f"word{number}" for number in range(60))


def removed(found: pa.Table) -> tuple[int, int]:
    units = found["unit"].to_pylist()
    return units.count("document"), units.count("paragraph")


@strategies.FEW
@given(strategies.corpora(most=8), options, st.sets(st.integers(0, len(runs.THRESHOLDS) - 1), min_size=2, max_size=2))
def test_counts_are_those_of_clean(corpus: strategies.Corpus, chosen: dict[str, Any], checked: set[int]) -> None:
    given_options = {name: value for name, value in chosen.items() if value is not None and name != "threshold"}
    tuned = dedup.tune(table(corpus), **given_options, workers=1)
    for item in [tuned.thresholds[index] for index in checked]:
        cleaned = dedup.clean(table(corpus), **given_options, threshold=item.threshold, workers=1)
        assert (item.removed.documents, item.removed.paragraphs) == removed(cleaned.removed)
        assert item.removed.characters == sum(counts.characters for counts in cleaned.run.removed.values())
        assert item.expected_recall == cleaned.run.expected_recall
        in_clean = {(row["doc"], row["start"], row["end"], row["kept_doc"]) for row in cleaned.removed.to_pylist()}
        for pair in item.examples:
            assert (pair.removed.doc, pair.removed.start, pair.removed.end, pair.kept.doc) in in_clean


def test_counts_are_those_of_clean_where_buckets_are_oversized() -> None:
    corpus = strategies.varied_corpus(3, 300)
    tuned = dedup.tune(corpus, paragraphs="all", near_within=True)
    for item in tuned.thresholds:
        cleaned = dedup.clean(corpus, threshold=item.threshold, paragraphs="all", near_within=True)
        assert (item.removed.documents, item.removed.paragraphs) == removed(cleaned.removed)


def test_examples_only_just_reach_the_threshold() -> None:
    corpus = strategies.varied_corpus(5, 400)
    texts = corpus["text"].to_pylist()
    tuned = dedup.tune(corpus, examples=4, paragraphs="all")
    assert sum(len(item.examples) for item in tuned.thresholds) > 10
    for item, following in zip(tuned.thresholds, (*runs.THRESHOLDS[1:], 1.0), strict=True):
        similarities = [pair.jaccard for pair in item.examples]
        assert similarities == sorted(similarities)
        assert len(similarities) <= 4
        for pair in item.examples:
            assert item.threshold <= pair.jaccard < following
            n = 5 if pair.unit == "document" else 3
            left, right = (reference.shingles(reference.tokens(text), n) for text in (pair.text, pair.kept_text))
            assert pair.jaccard == pytest.approx(reference.jaccard(left, right))
            assert texts[pair.removed.doc or 0][pair.removed.start : pair.removed.end] == pair.text
            assert texts[pair.kept.doc or 0][pair.kept.start : pair.kept.end] == pair.kept_text
            assert any(word.tag != "same" for word in pair.words)
        assert len({(pair.kept.doc, pair.kept.start, pair.kept.end) for pair in item.examples}) == len(item.examples)


def test_lower_thresholds_come_first_and_recall_is_at_least_99_percent() -> None:
    tuned = dedup.tune(pa.table({"text": [TEN, TEN]}))
    assert all(left.threshold < right.threshold for left, right in pairwise(tuned.thresholds))
    assert [item.threshold for item in tuned.thresholds] == [round(0.5 + 0.05 * step, 2) for step in range(10)]
    assert min(item.expected_recall for item in tuned.thresholds) > 0.99


def test_json_has_intervals_only_for_samples() -> None:
    texts = pa.table({"text": [TEN, TEN, FAMILY, "another text"]})
    whole, part = dedup.tune(texts).to_dict(), dedup.tune(texts, sample=2).to_dict()
    names = {
        "threshold",
        "documents_removed",
        "paragraphs_removed",
        "characters_removed",
        "expected_recall",
        "examples",
    }
    assert set(whole["thresholds"][0]) == names
    assert whole["sample"] is None
    assert part["sample"] == 2
    assert set(part["thresholds"][0]) == {*names, "documents_interval", "paragraphs_interval", "characters_interval"}
    assert set(part["thresholds"][0]["documents_interval"]) == {"low", "high"}


def test_a_sample_of_all_documents_is_exact() -> None:
    corpus = strategies.varied_corpus(7, 120)
    assert dedup.tune(corpus, sample=len(corpus)).to_dict()["thresholds"] == dedup.tune(corpus).to_dict()["thresholds"]
    assert dedup.tune(corpus, sample=len(corpus)).sample is None


def test_a_sample_compares_only_the_drawn_documents() -> None:
    corpus = pa.table({"id": [f"d{number}" for number in range(40)], "text": [mutated(number) for number in range(40)]})
    tuned = dedup.tune(corpus, sample=10, examples=100, seed=4)
    drawn = set(np.random.default_rng(4).choice(40, 10, replace=False).tolist())
    shown = {place.doc for item in tuned.thresholds for pair in item.examples for place in (pair.removed, pair.kept)}
    assert shown
    assert shown <= drawn
    assert tuned.run.counts["documents"] == 40
    assert tuned.run.counts["without_tokens"] == 0


def mutated(seed: int) -> str:
    random_ = random.Random(seed)  # noqa: S311 - no secret
    return strategies.mutate(random_, FAMILY, 0.03)


@pytest.mark.parametrize("sizes", [(1,) * 9, (2, 2, 2, 2, 1), (9,), (4, 3, 1, 1), (6, 1, 1, 1)])
def test_limits_hold_for_all_samples(sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    texts = pa.table({"text": [" ".join(f"g{group}w{number}" for number in range(30)) for group in groups]})
    truth = len(groups) - len(sizes)
    lows = []
    for chosen in combinations(range(len(groups)), 4):
        sample = estimates.Sample(np.array(chosen), len(groups))
        monkeypatch.setattr(runs, "draw_sample", lambda *_arguments, sample=sample: sample)
        found = dedup.tune(texts, sample=4, examples=0, workers=1).thresholds[6].removed
        assert found.documents_interval is not None
        lows.append(found.documents_interval.low)
        assert found.documents_interval.low <= found.documents <= found.documents_interval.high
        assert truth <= found.documents_interval.high
    assert np.mean(lows) <= truth


def test_limits_hold_where_few_documents_repeat_a_paragraph() -> None:
    """A sample of 40 has one of 50 repeats in 2,000 documents on average, and often none."""
    repeated = "\nA paragraph of more than five words that comes again."
    texts = [
        " ".join(f"n{number}w{word}" for word in range(40)) + repeated * (2 * (number % 40 == 0))
        for number in range(2_000)
    ]
    found = [
        dedup.tune(texts=texts, sample=40, seed=seed, examples=0, min_tokens=5).thresholds[0].removed
        for seed in range(1, 13)
    ]
    limits = [item.paragraphs_interval for item in found if item.paragraphs_interval]
    assert any(item.paragraphs == 0 for item in found)
    assert sum(limit.low <= 50 <= limit.high for limit in limits) >= 11


def test_options_without_a_meaning_are_refused() -> None:
    corpus = pa.table({"text": ["some text"]})
    for name, value in {"threshold": 0.8, "exact": True, "against": corpus}.items():
        with pytest.raises(dedup.SettingsError, match=f"--{name} cannot be used with tune"):
            dedup.tune(corpus, **{name: value})
    with pytest.raises(dedup.SettingsError, match="--sample is 0; it must be a whole number of at least 1"):
        dedup.tune(corpus, sample=0)
