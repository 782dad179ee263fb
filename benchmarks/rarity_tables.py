"""Count how many development texts contain each stem, and write dedup/text/rarity.npz.

    python benchmarks/rarity_tables.py --data FOLDER

The texts are the news articles of SemEval-2022 Task 8, and for English and French further texts in equal number:
Reuters stories, and pieces of French novels and laws. The file contains, for each language, 32-bit hashes of the stems
that are in at least `MIN_TEXTS` texts and a byte with the rarity of each; no text can be restored from it.
"""

import argparse
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from evaluation_sets import Part, load

from dedup.text.features import term_id
from dedup.text.language import stem
from dedup.text.rarity import MAX_BITS, STEPS_PER_BIT
from dedup.text.tokens import tokens

MIN_TEXTS = 3
MIN_LANGUAGE_TEXTS = 30
PIECE_LENGTH = 1000  # code points, about as long as the articles
FURTHER_SETS = {"en": ["reuters21578.jsonl.gz"], "fr": ["french_novels.jsonl.gz", "legi_fr_articles.jsonl.gz"]}
FURTHER_TEXTS = 400  # of each set
TARGET = Path(__file__).resolve().parent.parent / "dedup" / "text" / "rarity.npz"


def read_texts(data: Path, part: Part) -> dict[str, list[str]]:
    """Read the development texts by language, each text once."""
    articles: dict[str, dict[str, None]] = {}
    for row in load(data, "semeval", part):
        for side in "12":
            articles.setdefault(row[f"lang{side}"], {})[row[f"text{side}"]] = None
    texts = {language: list(found) for language, found in articles.items()}
    for language, names in FURTHER_SETS.items():
        for name in names:
            texts.setdefault(language, []).extend(_sample_pieces(data / name))
    return texts


def _sample_pieces(path: Path) -> list[str]:
    """Return pieces of `FURTHER_TEXTS` random texts of a set."""
    choice = random.Random(1)  # noqa: S311 - reproducible, not secret
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    found = []
    for text in choice.choices(texts, k=FURTHER_TEXTS):
        start = choice.randrange(max(1, len(text) - PIECE_LENGTH))
        found.append(text[start : start + PIECE_LENGTH])
    return found


def count_rarities(texts: Iterable[str], language: str) -> Iterator[tuple[int, int]]:
    """Yield the hash and the rarity, in steps, of the stems that are in at least `MIN_TEXTS` texts."""
    stem_sets = [{stem(text[token.start : token.end], language) for token in tokens(text)} for text in texts]
    counts = Counter(term_id(found) for stems in stem_sets for found in stems)
    for stem_id, count in counts.items():
        bits = math.log2((len(stem_sets) + 1) / (count + 0.5))
        if count >= MIN_TEXTS and bits < MAX_BITS:
            yield stem_id, max(0, round(bits * STEPS_PER_BIT))


def main() -> None:
    """Parse the command line and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the evaluation sets")
    parser.add_argument("--part", choices=["all", "tune", "report"], default="all", help="articles (default: all)")
    parser.add_argument("-o", "--output", type=Path, default=TARGET, help="(default: the file of the package)")
    options = parser.parse_args()
    arrays = {}
    for language, texts in sorted(read_texts(options.data, options.part).items()):
        if len(texts) >= MIN_LANGUAGE_TEXTS:
            entries = sorted(count_rarities(texts, language))
            arrays[f"{language}_ids"] = np.array([stem_id for stem_id, _ in entries], np.uint32)
            arrays[f"{language}_steps"] = np.array([steps for _, steps in entries], np.uint8)
            print(f"{language}: {len(texts)} texts, {len(entries)} stems")
    np.savez_compressed(options.output, **arrays)


if __name__ == "__main__":
    main()
