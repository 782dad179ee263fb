"""100,000 pieces of news stories are found in the rest where the reference implementation finds them.

The data is not part of the project: name its folder in the environment variable DEDUP_DATA.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa
from reference_contained import Run, Stretch, runs_of, searched_runs_of, stretches_of
from sample_corpora import read_sample

import dedup

ITEMS, PLANTED_EACH = 100_000, 20
WORD = re.compile(r"[a-z0-9]+")


def halves() -> tuple[list[list[str]], list[list[str]]]:
    """Return pieces of the first halves of stories, and their second halves; some of these have a piece planted."""
    random_ = random.Random(1)  # noqa: S311 - not for cryptography
    stories = [WORD.findall(text.lower()) for text in read_sample("reuters21578", 0, 21578)["text"].to_pylist()]
    items: list[list[str]] = []
    for words in stories:
        half, size = words[: len(words) // 2], random_.randrange(8, 24)
        items += [half[first : first + size] for first in range(0, len(half), size)]
    items = items[:ITEMS]
    rest = [words[len(words) // 2 :] for words in stories]
    for number in range(0, len(rest), PLANTED_EACH):
        piece = list(random_.choice(items))
        for at in random_.sample(range(len(piece)), len(piece) * random_.randrange(21) // 100):
            piece[at] = "changed"
        at = random_.randrange(len(rest[number]) + 1)
        rest[number] = [*rest[number][:at], *piece, *rest[number][at:]]
    return items, rest


def expected(documents: Sequence[Sequence[str]], items: Sequence[Sequence[str]], n: int) -> list[Stretch]:
    """Return what the reference implementation finds; it looks only at the items that share a run with a document."""
    searched = searched_runs_of([set(runs_of(item, n)) for item in items])
    by_run: dict[Run, list[int]] = defaultdict(list)
    for number, runs in enumerate(searched):
        for run in runs:
            by_run[run].append(number)
    sizes = sorted({len(run) for run in by_run})
    found = []
    for doc, words in enumerate(documents):
        own = (tuple(words[at : at + size]) for size in sizes for at in range(len(words) - size + 1))
        for number in sorted({number for run in own for number in by_run.get(run, ())}):
            found += stretches_of(doc, words, number, len(items[number]), searched[number], n, 0.8)
    return found


def test_pieces_of_news_in_the_rest() -> None:
    items, rest = halves()
    train = pa.table({"text": [" ".join(words) for words in rest]})
    against = pa.table({"text": [" ".join(words) for words in items]})
    cleaned = dedup.clean(train, against=against, contained=13)
    found = cleaned.to_arrow("contained")
    wanted = expected(rest, items, 13)
    assert len(wanted) > len(rest) // PLANTED_EACH // 2
    places = [
        (
            stretch.doc,
            stretch.item,
            len(" ".join([*rest[stretch.doc][: stretch.first], ""])),
            len(" ".join(rest[stretch.doc][: stretch.stop])),
            stretch.runs,
        )
        for stretch in wanted
    ]
    columns = (found[name].to_pylist() for name in ("doc", "item", "start", "end", "runs"))
    assert list(zip(*columns, strict=True)) == places
    removed = {row["doc"] for row in cleaned.removed.to_pylist() if row["reason"] == "contained"}
    assert removed == {stretch.doc for stretch in wanted}


def test_pieces_of_news_are_not_in_novels_and_laws() -> None:
    items, _ = halves()
    against = pa.table({"text": [" ".join(words) for words in items if len(words) >= 8]})
    for name, rows in (("french_novels", 26), ("legi_fr_articles", 5000)):
        train = read_sample(name, 0, rows).select(["text"])
        contained = dedup.scan(train, against=against, contained=13).run.contained
        assert contained is not None
        assert contained.sets[0].found == 0
