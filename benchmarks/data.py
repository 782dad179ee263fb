"""Write benchmark corpora of ids and texts, either real or generated from real text.

    python benchmarks/data.py ordinary french_novels.jsonl.gz ordinary.parquet --size 520
    python benchmarks/data.py template french_novels.jsonl.gz template.parquet --size 520
    python benchmarks/data.py novels french_novels.jsonl.gz novels.parquet
    python benchmarks/data.py reuters reuters21578.jsonl.gz reuters.parquet
    python benchmarks/data.py linux linux-source-6.1/ linux.parquet --size 1300

* `ordinary`: pages of prose with every fourth word replaced, so that there are hardly any near-duplicates.
* `template`: families of 2 to 1,500 pages that differ in 0.2% to 2% of their words, in random order, and 10% unrelated
  pages.
* `novels`: the pages unchanged.
* `reuters`: the texts of a JSONL file.
* `linux`: the files of a folder in random order, so that the first megabytes are a sample of all files.

Random choices are seeded: the same command writes the same bytes. `novels`, `reuters` and `linux` omit texts without
a letter or digit, since there is nothing to compare in them.
"""
# ruff: noqa: RUF001 - the Chinese texts use full-width commas

import argparse
import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PAGE_WORDS = 900
GROUP_BYTES = 32 << 20
# Texts that tools tend to lose: very short, in other scripts, or without words. They are all different. The first
# COPIED of each kind also occur as a copy, except those without words, in which there is nothing to compare.
COPIED = 3
UNUSUAL_TEXTS = {
    "under 5 words": ["Breaking news", "Page 4 of 5", "Yes", "Read more", "Photo: archive", "To be continued"],
    "Chinese": [
        "市政府周三宣布，今年冬天将修复河上的旧桥，工程预计持续六个月。",
        "研究人员在山谷中发现了一种新的蝴蝶，它的翅膀呈蓝色。",
        "火车因大雪停运，许多旅客在车站过夜，志愿者送来了热茶。",
        "这家小书店开业四十年，老板说他会一直经营下去。",
        "昨天的比赛以平局结束，双方球员都对裁判表示不满。",
        "图书馆将在春天重新开放，届时读者可以借阅三万册图书。",
    ],
    "Thai": [
        "รัฐบาลประกาศเมื่อวันพุธว่าจะซ่อมสะพานเก่าข้ามแม่น้ำในฤดูหนาวนี้",
        "นักวิจัยพบผีเสื้อชนิดใหม่ในหุบเขาทางเหนือของประเทศ",
        "รถไฟหยุดวิ่งเพราะฝนตกหนัก ผู้โดยสารหลายคนต้องนอนที่สถานี",
        "ร้านหนังสือเล็กแห่งนี้เปิดมาสี่สิบปีแล้ว เจ้าของบอกว่าจะเปิดต่อไป",
        "ห้องสมุดจะเปิดอีกครั้งในเดือนเมษายนพร้อมหนังสือใหม่สามหมื่นเล่ม",
        "การแข่งขันเมื่อวานจบลงด้วยผลเสมอ แฟนบอลกลับบ้านอย่างผิดหวัง",
    ],
    "Arabic": [
        "أعلنت الحكومة يوم الأربعاء أنها ستصلح الجسر القديم فوق النهر هذا الشتاء",
        "اكتشف الباحثون نوعا جديدا من الفراشات في الوادي شمال البلاد",
        "توقفت القطارات بسبب الثلوج وقضى كثير من المسافرين ليلتهم في المحطة",
        "فتحت المكتبة الصغيرة أبوابها قبل أربعين عاما ويقول صاحبها إنه سيواصل العمل",
        "انتهت مباراة الأمس بالتعادل وعبر اللاعبون عن غضبهم من الحكم",
        "ستعرض المخطوطات القديمة في متحف الجامعة خلال فصل الربيع المقبل",
    ],
    "no words": ["", "***", "—", "?!"],
}
Page = list[str]
Row = tuple[str, str]


def read_pages(path: Path) -> list[Page]:
    """Split the texts of a gzipped JSONL file into pages, lists of alternating words and white space."""
    pages = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            words = re.split(r"(\s+)", json.loads(line)["text"])
            pages += [words[start : start + 2 * PAGE_WORDS] for start in range(0, len(words), 2 * PAGE_WORDS)]
    return pages


def replace_words(page: Page, rate: float, vocabulary: Page, random: np.random.Generator) -> str:
    """Replace each word of a page with the given probability; returns the text."""
    page = list(page)
    for word in np.flatnonzero(random.random(len(page) // 2) < rate):
        page[2 * word] = vocabulary[random.integers(len(vocabulary))]
    return "".join(page)


def ordinary(pages: list[Page], random: np.random.Generator) -> Iterator[str]:
    """Yield pages with hardly any near-duplicates, without end."""
    vocabulary = [word for page in pages for word in page[::2] if word]
    while True:
        for page in pages:
            yield replace_words(page, 0.25, vocabulary, random)


def template(pages: list[Page], random: np.random.Generator) -> Iterator[str]:
    """Yield pages that are mostly near-duplicates of others, without end."""
    vocabulary = [word for page in pages for word in page[::2] if word]
    sizes = random.choice([2, 5, 20, 100, 400, 1500], len(pages))
    families = np.repeat(np.arange(len(pages)), sizes)
    while True:
        for family in random.permutation(families):
            if random.random() < 0.1:
                yield replace_words(pages[random.integers(len(pages))], 0.25, vocabulary, random)
            else:
                yield replace_words(pages[family], random.choice([0.002, 0.005, 0.01, 0.02]), vocabulary, random)


def numbered(texts: Iterable[str]) -> Iterator[Row]:
    """Add ids to pages."""
    return ((f"page-{number}", text) for number, text in enumerate(texts))


def novels(pages: list[Page]) -> Iterator[Row]:
    """Yield the pages unchanged."""
    return numbered(text for text in map("".join, pages) if has_words(text))


def stories(path: Path) -> Iterator[Row]:
    """Yield the texts of a gzipped JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if has_words(row["text"]):
                yield str(row["id"]), row["text"]


def files(folder: Path) -> Iterator[Row]:
    """Yield the files of a folder in a reproducible random order; bytes that are not UTF-8 are replaced."""
    paths = sorted(Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    for index in np.random.default_rng(1).permutation(len(paths)):
        path = paths[index]
        if not path.is_symlink():
            text = path.read_text("utf-8", "replace")
            if has_words(text):
                yield path.relative_to(folder).as_posix(), text


def unusual_texts() -> Iterator[Row]:
    """Yield the unusual texts, then their copies; each id begins with the kind."""
    for kind, texts in UNUSUAL_TEXTS.items():
        yield from ((f"{kind}-{number}", text) for number, text in enumerate(texts))
    for kind, texts in UNUSUAL_TEXTS.items():
        yield from ((f"{kind}-{number}-copy", text) for number, text in enumerate(filter(has_words, texts[:COPIED])))


def has_words(text: str) -> bool:
    """Return whether the text contains a letter or digit."""
    return any(map(str.isalnum, text))


def write(rows: Iterable[Row], path: Path, size: int) -> int:
    """Write ids and texts to a Parquet file.

    Args:
        rows: Ids and texts.
        path: File to write.
        size: Bytes of text after which to stop.

    Returns:
        Bytes of text written.
    """
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    written = pending = 0
    ids: list[str] = []
    texts: list[str] = []
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        for identity, text in rows:
            ids.append(identity)
            texts.append(text)
            pending += len(text.encode())
            if pending >= GROUP_BYTES or written + pending >= size:
                writer.write_table(pa.table([ids, texts], schema=schema))
                written, pending, ids, texts = written + pending, 0, [], []
            if written >= size:
                return written
        if ids:
            writer.write_table(pa.table([ids, texts], schema=schema))
    return written + pending


def read(path: Path) -> Iterator[Row]:
    """Yield the ids and texts of a Parquet file."""
    file = pq.ParquetFile(path)
    # pyarrow 19 fails to iterate over a file without row groups.
    for batch in file.iter_batches(1000, columns=["id", "text"]) if file.num_row_groups else ():
        yield from zip(batch["id"].to_pylist(), batch["text"].to_pylist(), strict=True)


def make(kind: str, source: Path) -> Iterator[Row]:
    """Yield the rows of a corpus.

    Args:
        kind: `ordinary`, `template`, `novels`, `reuters` or `linux`.
        source: Gzipped JSONL file, or a folder for `linux`.
    """
    if kind == "linux":
        return files(source)
    if kind == "reuters":
        return stories(source)
    pages = read_pages(source)
    if kind == "novels":
        return novels(pages)
    return numbered({"ordinary": ordinary, "template": template}[kind](pages, np.random.default_rng(1)))


def main() -> None:
    """Parse the command line and write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["ordinary", "template", "novels", "reuters", "linux"])
    parser.add_argument("source", type=Path, help="gzipped JSONL file with a column `text` (for `linux`: a folder)")
    parser.add_argument("out", type=Path, help="Parquet file to write")
    parser.add_argument("--size", type=int, default=520, help="megabytes of text, at most (default: 520)")
    options = parser.parse_args()
    write(make(options.kind, options.source), options.out, options.size * 10**6)


if __name__ == "__main__":
    main()
