"""Tests of the generators of headlines and rewrites, and of their clusterings."""

import gzip
import json
from pathlib import Path

import baselines
import cluster_quality
import headline_templates
import news_sets
import numpy as np
import pytest
from evaluation_sets import Mixture

PAIRS = [
    ("1_2", 1.0, "Storm hits the coast of Kent  Text.", "Kent coast battered by a storm  Text."),
    ("2_3", 1.5, "Kent coast battered by a storm  Text.", "A storm over Kent  Text."),
    ("4_5", 4.0, "New mayor of Leeds elected  Text.", "Chess title goes to Oslo  Text."),
    ("6_7", 2.0, "Ignored, since the score is not clear  Text.", "Ignored too  Text."),
    ("8_9", 4.0, "NEW MAYOR of Leeds elected!  Text.", "Prices of tea rise again  Text."),
]


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a few SemEval pairs in two languages, and Reuters stories."""
    folder = tmp_path_factory.mktemp("sets")
    with gzip.open(folder / "semeval2022_news_similarity_train.jsonl.gz", "wt") as rows:
        for language in ("en", "de"):
            for pair, overall, left, right in PAIRS if language == "en" else PAIRS[:1]:
                row = {"pair_id": pair, "overall": overall, "original": True, "text1": left, "text2": right}
                rows.write(json.dumps({**row, "lang1": language, "lang2": language}) + "\n")
    random = np.random.default_rng(1)
    with gzip.open(folder / "reuters21578.jsonl.gz", "wt") as rows:
        for number in range(200):
            words = [f"w{chr(97 + rank % 26)}{rank}" for rank in random.integers(9000, size=300).tolist()]
            text = " ".join(f"{word}." if at % 12 == 0 else word for at, word in enumerate(words))
            rows.write(json.dumps({"id": str(number), "title": f"TITLE {number}", "text": text}) + "\n")
    return folder


def test_headlines(sets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Titles of the same article, rated as the same story or of the same words share a story."""
    monkeypatch.setattr(news_sets, "REPEATED", 0)
    mixture = news_sets.headlines(sets, "en")
    story_of = dict(zip(mixture.texts, mixture.stories, strict=True))
    assert len(mixture.texts) == 3 + 3 + 200
    kent = {story_of[title] for title in mixture.texts if "Kent" in title}
    assert len(kent) == 1
    assert len(set(mixture.stories)) == 1 + 3 + 200
    assert "Ignored" not in " ".join(mixture.texts)
    assert len(news_sets.headlines(sets, "de").texts) == 2


def test_repeated_headlines_keep_their_story(sets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news_sets, "REPEATED", 1)
    mixture = news_sets.headlines(sets, "en")
    assert mixture == news_sets.headlines(sets, "en")
    stories = {
        story for text, story in zip(mixture.texts, mixture.stories, strict=True) if "mayor of leeds" in text.lower()
    }
    assert len(stories) == 1
    assert 2 * 206 <= len(mixture.texts) <= 4 * 206


def test_rewrites(sets: Path) -> None:
    mixture = news_sets.rewrites(sets, "heavy")
    assert mixture == news_sets.rewrites(sets, "heavy")
    assert len(mixture.texts) == len(set(mixture.texts)) == 3 * 190
    assert set(np.bincount(mixture.stories)) == {3}
    assert set(np.bincount(news_sets.rewrites(sets, None).stories)) == {3}


def test_rewrite_keeps_names_numbers_and_the_first_sentence() -> None:
    text = "First of all came the very long sentence. In May 1987, Smith and Jones sold 25 large old houses to Brown."
    level = news_sets.Level(words=1, dropped=0, moved=1)
    rewritten = news_sets.rewrite(text, level, ["new"], np.random.default_rng(1))
    assert rewritten.startswith("First new new new new new new sentence. Smith new Jones new 25 new")
    assert rewritten.endswith(" Brown, In May 1987.")
    assert news_sets.rewrite(text, news_sets.Level(0, 0, 0), [], np.random.default_rng(1)) == text


def test_single_and_average_linkage() -> None:
    """A chain of similar texts is a cluster by single linkage, not by average linkage."""
    similarity = np.array([[1, 0.8, 0], [0.8, 1, 0.8], [0, 0.8, 1]])
    (single,) = baselines.clusterings(similarity, "single", [0.5])
    (average,) = baselines.clusterings(similarity, "average", [0.5])
    assert (len(set(single)), len(set(average))) == (1, 2)


def test_clustering_lines_choose_the_best_cut() -> None:
    texts = [
        "A fire destroyed the old market hall of Ghent on 3 May.",
        "The old market hall of Ghent was destroyed by a fire on 3 May.",
        "Bananas are rich in potassium.",
    ]
    lines = cluster_quality.clustering_lines(Mixture("m", texts, [0, 0, 1]), "goal")
    f1 = {line[2]: line[3] for line in lines}
    # Of the documents apart, recall is (1/2 + 1/2 + 1) / 3 and precision 1.
    assert f1 == {
        "dedup": "1.000",
        "tf-idf cosine, average linkage": "1.000",
        "tf-idf cosine, single linkage": "1.000",
        "equal words": "0.800",
    }


def test_french_headlines() -> None:
    """Phrasings of an event share a story and its facts; formulas with other facts are other stories."""
    titles = headline_templates.generate(stories=50, formulas=200)
    assert titles == headline_templates.generate(stories=50, formulas=200)
    assert len({title for title, _ in titles}) == len(titles)
    assert not any(set(title) & set("{}") for title, _ in titles)
    sizes = np.bincount([story for _, story in titles])
    assert sizes[:50].max() > 1
    assert sizes[50:].max() == 1
    mixture = news_sets.french_headlines()
    assert mixture == news_sets.french_headlines()
    assert len(mixture.texts) > len(set(mixture.texts)) > 1000


def test_draw_takes_different_towns_and_firms() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        values = headline_templates.draw(random)
        assert values["town"] != values["town2"]
        assert values["firm"] != values["firm2"]
