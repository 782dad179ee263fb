"""Corpora to measure on, grown from real text to a wanted size, the same bytes each time.

    python benchmarks/data.py ordinary french_novels.jsonl.gz ordinary.parquet --size 520
    python benchmarks/data.py template french_novels.jsonl.gz template.parquet --size 520

`ordinary` has pages of prose with every fourth word replaced, so that hardly two are near-copies. `template` has
families of pages (2 to 1,500) that differ in 0.2% to 2% of their words, in no order, and a tenth of unrelated pages.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PAGE_WORDS = 900
GROUP_BYTES = 32 << 20
Page = list[str]


def read_pages(path: Path) -> list[Page]:
    """Cut the texts of a JSONL file into pages of words and the white space between them."""
    pages = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            words = re.split(r"(\s+)", json.loads(line)["text"])
            pages += [words[start : start + 2 * PAGE_WORDS] for start in range(0, len(words), 2 * PAGE_WORDS)]
    return pages


def mutate(page: Page, rate: float, vocabulary: Page, random: np.random.Generator) -> str:
    """Replace words at a rate."""
    page = list(page)
    for word in np.flatnonzero(random.random(len(page) // 2) < rate):
        page[2 * word] = vocabulary[random.integers(len(vocabulary))]
    return "".join(page)


def ordinary(pages: list[Page], random: np.random.Generator) -> Iterator[str]:
    """Yield pages of which hardly two are near-copies."""
    vocabulary = [word for page in pages for word in page[::2] if word]
    while True:
        for page in pages:
            yield mutate(page, 0.25, vocabulary, random)


def template(pages: list[Page], random: np.random.Generator) -> Iterator[str]:
    """Yield pages of which most are near-copies of others."""
    vocabulary = [word for page in pages for word in page[::2] if word]
    sizes = random.choice([2, 5, 20, 100, 400, 1500], len(pages))
    families = np.repeat(np.arange(len(pages)), sizes)
    while True:
        for family in random.permutation(families):
            if random.random() < 0.1:
                yield mutate(pages[random.integers(len(pages))], 0.25, vocabulary, random)
            else:
                yield mutate(pages[family], random.choice([0.002, 0.005, 0.01, 0.02]), vocabulary, random)


def write(texts: Iterator[str], path: Path, size: int) -> None:
    """Write texts to Parquet until so many bytes are there."""
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    done = count = 0
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        while done < size:
            group: list[str] = []
            held = 0
            while held < GROUP_BYTES and done + held < size:
                group.append(next(texts))
                held += len(group[-1].encode())
            ids = [f"page-{count + index}" for index in range(len(group))]
            writer.write_table(pa.table([ids, group], schema=schema))
            done, count = done + held, count + len(group)


def main() -> None:
    """Read the command line and write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["ordinary", "template"])
    parser.add_argument("source", type=Path, help="JSONL, gzipped, with a column `text` of long texts")
    parser.add_argument("out", type=Path, help="Parquet file to write")
    parser.add_argument("--size", type=int, default=520, help="megabytes of text (default: 520)")
    given = parser.parse_args()
    make = {"ordinary": ordinary, "template": template}[given.kind]
    write(make(read_pages(given.source), np.random.default_rng(1)), given.out, given.size * 10**6)


if __name__ == "__main__":
    main()
