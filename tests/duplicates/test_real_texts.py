"""Real texts with planted copies: almost none are missed, and each removed text has a similar kept text.

The data is not part of the project: name its folder in the environment variable DEDUP_DATA.
"""

import gzip
import itertools
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import reference

import dedup

DATA = Path(os.environ.get("DEDUP_DATA") or "/nonexistent")
NAMES = ("french_novels", "reuters21578", "legi_fr_articles")
LEAST, MOST = 60, 400  # tokens of a passage


def passages(name: str, most: int) -> list[str]:
    """Stretches of real text, each seen once, of a size to compare."""
    path = DATA / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"there is no {path.name} in the folder that DEDUP_DATA names ({DATA})")
    found: dict[str, None] = {}
    for text in texts_of(path):
        words = text.split()
        for first in range(0, len(words), MOST // 2):
            if len(words) - first >= LEAST:
                found[" ".join(words[first : first + MOST // 2])] = None
        if len(found) >= most:
            break
    return list(itertools.islice(found, most))


def texts_of(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in rows:
            yield json.loads(row)["text"]


def planted(random_: random.Random, text: str, vocabulary: list[str], jaccard: float, n: int) -> str:
    """A copy with some words replaced by others of the corpus, so that about this much Jaccard is left."""
    words = text.split()
    shared = 2 * jaccard / (1 + jaccard)  # of the shingles of each
    rate = 1 - shared ** (1 / n)
    return " ".join(random_.choice(vocabulary) if random_.random() < rate else word for word in words)


@pytest.mark.parametrize("name", NAMES)
def test_planted_copies_of_real_texts(name: str) -> None:
    random_ = random.Random(name)  # noqa: S311 - no secret
    originals = passages(name, 1500)
    vocabulary = " ".join(originals[:100]).split()
    copies = [planted(random_, text, vocabulary, random_.uniform(0.8, 0.96), 5) for text in originals]
    texts = [text for both in zip(originals, copies, strict=True) for text in both]
    sets = [reference.shingles(reference.tokens(text), 5) for text in texts]
    wanted = {
        (at, at + 1) for at in range(0, len(texts), 2) if 0.8 <= reference.jaccard(sets[at], sets[at + 1]) <= 0.95
    }
    cleaned = dedup.clean(pa.table({"text": texts}), paragraphs="none")
    found = {(row["left_doc"], row["right_doc"]) for row in cleaned.pairs.to_pylist()}
    assert len(wanted) > 500
    assert len(wanted & found) / len(wanted) >= 0.99
    kept = set(cleaned.clean["doc"].to_pylist())
    for row in cleaned.removed.to_pylist():
        assert row["kept_doc"] in kept
        assert row["jaccard"] == reference.jaccard(sets[row["doc"]], sets[row["kept_doc"]]) >= 0.8
    assert reference.rebuild(cleaned.clean.to_pylist(), cleaned.removed.to_pylist()) == dict(enumerate(texts))


@pytest.mark.parametrize("name", NAMES)
def test_planted_paragraphs_of_real_texts(name: str) -> None:
    random_ = random.Random(name)  # noqa: S311 - no secret
    originals = passages(name, 1200)
    vocabulary = " ".join(originals[:100]).split()
    groups = [originals[first : first + 4] for first in range(0, len(originals), 4)]
    texts = [
        "\n\n".join([*group, planted(random_, group[0], vocabulary, random_.uniform(0.8, 0.96), 3)]) for group in groups
    ]
    units = reference.paragraph_units(texts, range(len(texts)), 3, "auto", 20)
    wanted = {
        (units[a].doc, units[a].span.start, units[b].span.start)
        for (a, b), jaccard in reference.all_pairs(units, 0.8, within=True).items()
        if jaccard <= 0.95
    }
    cleaned = dedup.clean(pa.table({"text": texts}), unit="paragraphs", near_within=True)
    found = {(row["left_doc"], row["left_start"], row["right_start"]) for row in cleaned.pairs.to_pylist()}
    assert len(wanted) > 80
    assert len(wanted & found) / len(wanted) >= 0.99
    shingles = {(unit.doc, unit.span.start): unit.shingles for unit in units}
    gone = {(row["doc"], row["start"]) for row in cleaned.removed.to_pylist()}
    for row in cleaned.removed.to_pylist():
        kept = row["kept_doc"], row["kept_start"]
        assert kept not in gone
        assert row["jaccard"] == reference.jaccard(shingles[row["doc"], row["start"]], shingles[kept]) >= 0.8
    assert reference.rebuild(cleaned.clean.to_pylist(), cleaned.removed.to_pylist()) == dict(enumerate(texts))
