"""Grow a corpus of news of any size from the evaluation sets, plant rewrites in it, and count those that were found.

    python benchmarks/grown.py write grown.jsonl.gz --articles 100000 --data FOLDER
    dedup align grown.jsonl.gz -o out
    python benchmarks/grown.py recall grown.jsonl.gz out

A fifth of the articles are Reuters stories, as many as there are; most are written by `fillers.py` in seven languages.
Of a 25th of the articles a rewrite is planted, and a few pairs of real rewrites are planted too: SemEval articles
rated as the same story that share wording (many others were written independently), original and plain versions
(DEplain), and answers that rewrite a source (Clough and Stevenson). All are in random order. The mixture is the same in
any size, and the same size gives the same bytes.

A planted pair is found if both of its documents are in the same story. `recall` prints as well how many of the pairs
have a link that is not `related`, and how many articles that are neither planted nor from Reuters are in stories.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
from baselines import shingles
from evaluation_sets import COPIED, SAME_STORY, Row, load
from fillers import ARTICLES_PER_AFFAIR, LANGUAGES, Language, affair_names, paragraphs, read_language, write_article
from markdown_tables import markdown_table
from news_sets import LEVELS, rewrite
from planted import sentences

ARTICLES, SEED = 100_000, 1
REUTERS, REWRITES, REAL_PAIRS = 0.2, 0.04, 0.0025  # shares of the articles
LEVEL_SHARES = {"light": 0.4, "medium": 0.4, "heavy": 0.2}
MIN_SHARED_WORDING = 0.05  # share of the word 3-grams, of SemEval pairs
MIN_SOURCE = 600  # code points of an article that is rewritten
VOCABULARY = 20_000  # words to rewrite with
MOVED_PARAGRAPH, ADDED_SENTENCES = 0.5, 0.5  # shares of the rewrites
OUTLETS, DAYS = 300, 90
# How the writers of a rewrite write numbers, units and attributions; each is used in half of the rewrites.
HABITS: tuple[tuple[str, str], ...] = (
    (r"(?<=\d),(?=\d{3}\b)", ""),
    (r"\bpct\b", "percent"),
    (r"\bmln\b", "million"),
    (r"\bdlrs\b", "dollars"),
    (r"\bsaid\b", "told reporters"),
    (r"\bMillionen\b", "Mio."),
    (r"\bsagte\b", "erklärte"),
    (r"\bdijo\b", "afirmó"),
    (r"\bdit\b", "déclara"),
    (r"\bdedi\b", "söyledi"),
)


class Planted(NamedTuple):
    """A pair of documents that report the same."""

    left: int
    """Row of a document, its rank in the corpus."""
    right: int
    """Row of its rewrite."""
    kind: str
    """Where the pair comes from, or the level of a rewrite."""


class Article(NamedTuple):
    """An article and where it comes from."""

    text: str
    kind: str
    """`reuters`, `filler`, or the kind of its pair."""
    day: int
    """Day on which it was published, from 0."""


class Recall(NamedTuple):
    """Planted pairs that were found."""

    planted: int
    same_story: int
    """Pairs of which both documents are in the same story."""
    linked: int
    """Pairs with a link that is not `related`."""


def truth_path(corpus: Path) -> Path:
    """Return the path of the file of planted pairs, beside the corpus."""
    return corpus.with_name(f"{corpus.name}.pairs")


def write_truth(pairs: Iterable[Planted], path: Path) -> None:
    """Write planted pairs as JSON Lines."""
    path.write_text("".join(json.dumps(pair._asdict()) + "\n" for pair in pairs), "utf-8")


def read_truth(path: Path) -> list[Planted]:
    """Read planted pairs."""
    return [Planted(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def write(data: Path, path: Path, count: int = ARTICLES, seed: int = SEED) -> None:
    """Write a corpus as compressed JSON Lines with columns id, text, outlet, date and kind, and its planted pairs.

    Args:
        data: Folder of the sets.
        path: File to write.
        count: Number of articles.
        seed: Seed of all choices.
    """
    articles, pairs = grow(data, count, seed)
    random = np.random.default_rng((seed, count))
    order = random.permutation(len(articles)).tolist()
    row_of = {at: number for number, at in enumerate(order)}
    outlets = random.integers(OUTLETS, size=len(articles)).tolist()
    with path.open("wb") as file, gzip.GzipFile("", "wb", 6, file, 0) as rows:
        for number, at in enumerate(order):
            article = articles[at]
            date = str(np.datetime64("2024-01-01") + article.day)
            row = {"id": f"a{number}", "text": article.text, "outlet": f"Outlet {outlets[at]}", "date": date}
            rows.write((json.dumps(row | {"kind": article.kind}, ensure_ascii=False) + "\n").encode())
    write_truth((Planted(row_of[left], row_of[right], kind) for left, right, kind in pairs), truth_path(path))


def grow(data: Path, count: int, seed: int = SEED) -> tuple[list[Article], list[tuple[int, int, str]]]:
    """Make the articles of a corpus, planted ones last.

    Args:
        data: Folder of the sets.
        count: Number of articles.
        seed: Seed of all choices.

    Returns:
        The articles, and the planted pairs: indices of two articles and the kind of the pair.
    """
    random = np.random.default_rng(seed)
    real = real_pairs(data)
    chosen = [real[at] for at in random.permutation(len(real))[: round(REAL_PAIRS * count)].tolist()]
    texts = list(dict.fromkeys(text for left, right, _ in chosen for text in (left, right)))
    rewritten = round(REWRITES * count)
    stories = [row["text"] for row in load(data, "reuters", "all") if len(row["text"]) >= 200]
    wanted = random.permutation(len(stories))[: round(REUTERS * count)].tolist()
    articles = [Article(stories[at], "reuters", int(random.integers(DAYS))) for at in wanted]
    languages = {code: read_language(data, code) for code in LANGUAGES}
    fillers = count - len(articles) - rewritten - len(texts)
    languages_of = random.choice(list(LANGUAGES), fillers, p=list(LANGUAGES.values())).tolist()
    articles += [filler(languages[code], number, fillers, seed) for number, code in enumerate(languages_of)]
    codes = ["en"] * len(wanted) + languages_of
    articles, pairs = _with_rewrites(articles, codes, languages, rewritten, random)
    first = len(articles)
    articles += [Article(text, "real pair", int(random.integers(DAYS))) for text in texts]
    at = {text: first + number for number, text in enumerate(texts)}
    return articles, [*pairs, *((at[left], at[right], kind) for left, right, kind in chosen)]


def filler(language: Language, number: int, count: int, seed: int) -> Article:
    """Write an article on an affair.

    Args:
        language: Its language.
        number: Its number.
        count: Number of such articles in the corpus, which determines the number of affairs.
        seed: Seed of all choices.
    """
    random = np.random.default_rng((seed, number))
    affair = int(random.integers(max(1, count // ARTICLES_PER_AFFAIR)))
    return Article(
        write_article(language, affair_names(language, affair, seed), random), "filler", int(random.integers(DAYS))
    )


def _with_rewrites(
    articles: list[Article],
    codes: Sequence[str],
    languages: dict[str, Language],
    count: int,
    random: np.random.Generator,
) -> tuple[list[Article], list[tuple[int, int, str]]]:
    """Return the articles and rewrites of some of them, and the pairs of a source and its rewrite."""
    vocabularies = {
        code: [language.draw(False, random) for _ in range(VOCABULARY)] for code, language in languages.items()
    }
    long_enough = [at for at, article in enumerate(articles) if len(article.text) >= MIN_SOURCE]
    levels = random.choice(list(LEVEL_SHARES), count, p=list(LEVEL_SHARES.values())).tolist()
    rewrites, pairs = [], []
    for at, level in zip(random.permutation(len(long_enough)).tolist(), levels, strict=False):
        source = long_enough[at]
        text = retell(articles[source].text, level, vocabularies[codes[source]], languages[codes[source]], random)
        pairs.append((source, len(articles) + len(rewrites), level))
        rewrites.append(Article(text, level, articles[source].day + int(random.integers(3))))
    return articles + rewrites, pairs


def retell(text: str, level: str, vocabulary: Sequence[str], language: Language, random: np.random.Generator) -> str:
    """Rewrite an article: words, dropped and moved sentences, a moved paragraph, habits, and sentences of its own.

    Args:
        text: An article.
        level: Key of `news_sets.LEVELS`.
        vocabulary: Words to replace others with.
        language: Its language.
        random: Random numbers.
    """
    told = rewrite(text, LEVELS[level], vocabulary, random)
    for pattern, instead in HABITS:
        if random.random() < 0.5:
            told = re.sub(pattern, instead, told)
    parts = [sentence.strip() for sentence in sentences(told)]
    if random.random() < MOVED_PARAGRAPH and len(parts) > 4:
        at = int(random.integers(1, len(parts) - 1))
        parts = [*parts[at:], *parts[:at]]
    if random.random() < ADDED_SENTENCES:
        own = write_article(language, [], random).split("\n\n")[0]
        parts = [*parts, own]
    return paragraphs(parts, random)


def real_pairs(data: Path) -> list[tuple[str, str, str]]:
    """Return pairs of texts of which one rewrites the other or both report the same, and the name of the set."""
    pairs = [
        (row["text1"], row["text2"], "semeval")
        for row in load(data, "semeval", "all")
        if row["lang1"] == row["lang2"] and row["original"] and row["overall"] <= SAME_STORY
    ]
    pairs = [pair for pair in pairs if _shared_wording(*pair[:2]) >= MIN_SHARED_WORDING]
    pairs += [
        ("\n".join(row["original"]), "\n".join(row["simplification"]), "deplain")
        for row in load(data, "deplain", "all")
    ]
    answers = load(data, "clough", "all")
    pairs += [(row["source"], row["text"], "clough") for row in answers if row["category"] in COPIED]
    return [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]


def _shared_wording(left: str, right: str) -> float:
    """Return the share of the word 3-grams of a text that the other has too, for the one with fewer of them."""
    sets = [set(shingles(text)) for text in (left, right)]
    return len(sets[0] & sets[1]) / max(1, min(map(len, sets)))


def found_pairs(pairs: Sequence[Planted], out: Path) -> dict[str, Recall]:
    """Count the planted pairs that `align` found, by kind, and all of them as `all`.

    Args:
        pairs: The planted pairs.
        out: Folder that `align` wrote.
    """
    stories: dict[int, set[int]] = defaultdict(set)
    for row in _rows(out / "stories.parquet", ["doc", "story"]):
        stories[row["doc"]].add(row["story"])
    links = _rows(out / "links.parquet", ["left_doc", "right_doc", "kind"])
    linked = {frozenset((row["left_doc"], row["right_doc"])) for row in links if row["kind"] != "related"}
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for left, right, kind in pairs:
        result = bool(stories[left] & stories[right]), frozenset((left, right)) in linked
        found[kind].append(result)
        found["all"].append(result)
    return {
        kind: Recall(len(results), sum(story for story, _ in results), sum(link for _, link in results))
        for kind, results in sorted(found.items())
    }


def _rows(path: Path, columns: list[str]) -> Iterator[Row]:
    for batch in pq.ParquetFile(path).iter_batches(columns=columns):
        yield from batch.to_pylist()


def recall_table(corpus: Path, out: Path) -> str:
    """Return a table of the planted pairs that were found, and of the other articles that are in stories.

    Args:
        corpus: Corpus that `write` wrote.
        out: Folder that `align` wrote.
    """
    counts = found_pairs(read_truth(truth_path(corpus)), out)
    lines = [
        [kind, planted, f"{story} ({story / planted:.3f})", f"{linked} ({linked / planted:.3f})"]
        for kind, (planted, story, linked) in counts.items()
    ]
    table = markdown_table(["planted pairs", "pairs", "in the same story", "with a link but `related`"], lines)
    planted = {doc for pair in read_truth(truth_path(corpus)) for doc in pair[:2]}
    in_stories = {row["doc"] for row in _rows(out / "stories.parquet", ["doc"])}
    with gzip.open(corpus, "rt", encoding="utf-8") as rows:
        kinds = [json.loads(row)["kind"] for row in rows]
    others = [doc for doc, kind in enumerate(kinds) if kind == "filler" and doc not in planted]
    false = sum(doc in in_stories for doc in others)
    return f"{table}\nOther articles that were written: {len(others)}, of which in a story: {false}\n"


def main() -> None:
    """Parse the command line, then write a corpus or print the recall."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write", help="write a corpus and its planted pairs")
    writing.add_argument("corpus", type=Path)
    writing.add_argument("--articles", type=int, default=ARTICLES)
    writing.add_argument("--data", type=Path, required=True, help="folder of the sets")
    recall = commands.add_parser("recall", help="count the planted pairs that were found")
    recall.add_argument("corpus", type=Path)
    recall.add_argument("out", type=Path, help="folder that `dedup align` wrote")
    options = parser.parse_args()
    tasks = {
        "write": lambda: write(options.data, options.corpus, options.articles),
        "recall": lambda: print(recall_table(options.corpus, options.out)),
    }
    tasks[options.command]()


if __name__ == "__main__":
    main()
