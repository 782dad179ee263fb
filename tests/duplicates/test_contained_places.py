"""Items are found in documents where the reference implementation finds them."""

import random
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_contained import Stretch, stretches

from dedup.duplicates.containment import search
from dedup.duplicates.containment.items import index_items
from dedup.duplicates.containment.search import Searcher
from dedup.duplicates.sketches.signatures import sketch_batch, sketch_settings
from dedup.kernels.text.folding import token_tables
from dedup.kernels.text.places import PLACE, locate
from dedup.kernels.text.tokens import tokenise_document
from dedup.settings import Settings


def found_by_dedup(texts: Sequence[str], items: Sequence[str], settings: Settings) -> list[tuple[int, ...]]:
    """Return document, item, start, end and number of runs of what is found."""
    batch = pa.record_batch(
        {
            "id": pa.array([None] * len(items), pa.string()),
            "path": pa.array([""] * len(items)),
            "row": pa.array(range(len(items)), pa.int64()),
            "text": pa.array(items, pa.large_string()),
        }
    )
    indexed = index_items([(np.arange(len(items)), batch)], len(items), settings)
    array = pa.array(texts, pa.large_string())
    sketched = sketch_batch(0, array, sketch_settings(settings))
    return [tuple(map(int, row)) for row in Searcher(indexed, settings).search(array, sketched.documents).found]


def places(stretch: Stretch, text: str) -> tuple[int, ...]:
    """Return a stretch with code points in the place of words."""
    words = list(re.finditer(r"\w+", text))
    start, end = words[stretch.first].start(), words[stretch.stop - 1].end()
    return stretch.doc, stretch.item, start, end, stretch.runs


def check(documents: Sequence[Sequence[str]], items: Sequence[Sequence[str]], n: int, share: float) -> list[Stretch]:
    """Check that what is found is what the reference implementation finds; return it."""
    texts, settings = [", ".join(words) for words in documents], Settings(contained=n, contained_share=share)
    expected = stretches(documents, items, n, share)
    found = found_by_dedup(texts, [" ".join(item) for item in items], settings)
    assert found == [places(stretch, texts[stretch.doc]) for stretch in expected]
    return expected


words = st.lists(st.sampled_from("abcdé"), max_size=40)
few = st.lists(st.sampled_from("ab"), max_size=40)
texts_of_words = st.lists(words | few, max_size=14)


@given(st.data(), st.integers(5, 9), st.sampled_from([0.3, 0.5, 0.8, 1.0]))
def test_same_as_the_reference(data: st.DataObject, n: int, share: float) -> None:
    items = data.draw(texts_of_words)
    documents = data.draw(st.lists(words | st.lists(st.sampled_from(items or [[]]), max_size=4).map(_joined)))
    check(documents, items, n, share)


def _joined(parts: Sequence[Sequence[str]]) -> list[str]:
    return [word for part in parts for word in part]


@pytest.mark.parametrize("changed", [0, 1, 2, 4, 8])
@pytest.mark.parametrize("size", [6, 13, 40, 100])
def test_an_item_at_every_offset(size: int, changed: int) -> None:
    """Up to 20% of the words of the item are changed, and it is found exactly where enough of its runs are left."""
    random_ = random.Random(size * 100 + changed)  # noqa: S311 - not for cryptography
    item = [f"i{number}" for number in range(size)]
    text = [f"t{random_.randrange(200)}" for _ in range(300)]
    documents = []
    for offset in range(len(text) + 1):
        planted = list(item)
        for at in random_.sample(range(size), min(changed * size // 40, size)):
            planted[at] = "other"
        documents.append([*text[:offset], *planted, *text[offset:]])
    found = check(documents, [item, text[:20]], 13, 0.8)
    whole = [stretch for stretch in found if stretch.item == 0]
    if changed * size // 40 == 0:
        assert [(stretch.first, stretch.stop) for stretch in whole] == [(at, at + size) for at in range(len(documents))]


def test_nothing_is_found_in_other_texts() -> None:
    random_ = random.Random(1)  # noqa: S311 - not for cryptography
    items, documents = (
        [[f"w{random_.randrange(50)}" for _ in range(60)] for _ in range(count)] for count in (300, 300)
    )
    assert check(documents, items, 13, 0.8) == []


@given(st.text(st.sampled_from("ab-\u00ad\n >.é\u0301\u0e19\u0e49\u0e33\u6570\u200d_"), max_size=60), st.booleans())
def test_places_of_tokens(text: str, by_signs: bool) -> None:
    """Each token of a text stands where it is found: alone, its text is that token."""
    tables = token_tables(by_signs)
    data = np.frombuffer(text.encode(), np.uint8)
    space, tokens = np.empty(data.size + 1, np.uint64), np.empty(data.size + 1, np.uint64)
    count = tokenise_document(data, 0, data.size, tables, tokens)
    found = np.recarray(count, PLACE)
    locate(data, 0, data.size, tables, np.arange(count), np.arange(count) + 1, space, found)
    assert (found["start"][1:] >= found["end"][:-1]).all()
    assert (found["start"] < found["end"]).all()
    for number, place in enumerate(found):
        start, end = int(place["start"]), int(place["end"])
        part = text[start:end].encode()
        assert text[:start].encode() + part == data[: place["byte_end"]].tobytes()
        alone = np.frombuffer(part, np.uint8)
        own = np.empty(alone.size + 1, np.uint64)
        if "\u0e33" not in text:  # its ring belongs to the consonant before it
            assert tokenise_document(alone, 0, alone.size, tables, own) == 1
            assert own[0] == tokens[number]


def test_room_for_what_is_found_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_HITS", 1)
    monkeypatch.setattr(search, "_MATCHES", 1)
    item, other = ([f"{letter}{number}" for number in range(20)] for letter in "io")
    found = check([item * 3 + other, other, [*other, "and", *item], [], item * 9], [item, other, item], 13, 0.8)
    assert len(found) == 3 * 2 + 1 + 1 + 3 + 9 * 2


@pytest.mark.parametrize(
    ("text", "item", "options"),
    [
        ("我们今天在这里讨论一个新的问题。然后回家。", "在这里讨论一个新的问题", {}),
        ("x = a + b * (c - d) / e ** f[0]", "a + b * (c - d) / e", {"tokens": "signs"}),
        ("The Quick\nBROWN fòx -- jumps over it", "the quick brown fox jumps over", {}),
        ("[12:30] one two [12:31] three four five six", "one two three four five [9:59]", {"ignore": (r"\[.*?\]",)}),
    ],
    ids=str,
)
def test_tokens_are_compared(text: str, item: str, options: dict[str, Any]) -> None:
    [(doc, number, start, end, _)] = found_by_dedup([text], [item], Settings(contained=6, **options))
    assert (doc, number) == (0, 0)
    assert len(text[start:end]) >= len(item) - 7
