"""Families: documents that fill one template with other facts, in one line."""

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.alignment.align import Link
from dedup.results import TemplateFamily
from dedup.stories.description.metadata import DocumentMetadata
from dedup.stories.evidence.measure import Evidence
from dedup.stories.families import MAX_IDS, MIN_FAMILY, find_families
from dedup.stories.links import LinkFile, LinkWriter, link_rows
from dedup.stories.passages import Comparison
from dedup.text.spans import Span

NOTHING = Evidence(0, 0, 0, 1, 0, frozenset())
# The sentence of each document, at [0:5] and [6:11].
SENTENCES = Span(0, 5), Span(6, 11)


def compared(left: int, right: int, *, is_template: bool, sentence: int = 0) -> Comparison:
    span = SENTENCES[sentence]
    link = Link(span, span, 0.5, "related", (), (), range(1), range(1))
    return Comparison(left, right, (link,), (), NOTHING, is_template)


def families(comparisons: list[Comparison], documents: int) -> tuple[TemplateFamily, ...]:
    texts = [f"one{doc:02d} two{doc:02d}" for doc in range(documents)]
    metadata = [DocumentMetadata(f"id{doc}", "corpus", doc) for doc in range(documents)]
    with TemporaryDirectory() as folder:
        with LinkWriter(Path(folder) / "links") as writer:
            for first in range(0, len(comparisons), 2):
                writer.append(link_rows(comparisons[first : first + 2], texts.__getitem__).serialize().to_pybytes())
        return find_families(LinkFile(Path(folder) / "links"), metadata, texts)


@given(st.randoms(use_true_random=False), st.integers(1, 14))
def test_families_are_connected_documents(rng: random.Random, documents: int) -> None:
    pairs = [
        (left, right) for right in range(documents) for left in range(right) if rng.random() < 1.2 / max(documents, 2)
    ]
    rng.shuffle(pairs)
    groups = [{doc} for doc in range(documents)]
    for left, right in pairs:
        one, other = (next(group for group in groups if doc in group) for doc in (left, right))
        if one is not other:
            groups.remove(other)
            one |= other
    wanted = sorted(
        (sorted(group) for group in groups if len(group) >= MIN_FAMILY), key=lambda docs: (-len(docs), docs)
    )
    found = families([compared(*pair, is_template=True) for pair in pairs], documents)
    assert [family.documents for family in found] == [len(group) for group in wanted]
    assert [family.ids for family in found] == [tuple(f"id{doc}" for doc in group[:MAX_IDS]) for group in wanted]


def test_two_documents_are_not_a_family() -> None:
    assert families([compared(0, 1, is_template=True)], 2) == ()


def test_pairs_that_are_not_a_template_do_not_count() -> None:
    assert families([compared(0, 1, is_template=True), compared(1, 2, is_template=False)], 3) == ()


def test_example_is_the_sentence_with_most_links() -> None:
    pairs = [compared(0, 1, is_template=True), compared(1, 2, is_template=True, sentence=1)]
    [family] = families([*pairs, compared(0, 2, is_template=True, sentence=1)], 3)
    assert family == TemplateFamily(3, ("id0", "id1", "id2"), "two02")


def plain_example(comparisons: list[Comparison], family: list[int]) -> tuple[int, Span]:
    """Return the document and sentence with most links, counted one by one."""
    sentences = {doc: Counter[Span]() for doc in family}
    for comparison in comparisons:
        if comparison.is_template:
            sentences[comparison.left].update(link.left for link in comparison.links)
            sentences[comparison.right].update(link.right for link in comparison.links)
    doc = max(family, key=lambda doc: (max(sentences[doc].values()), -doc))
    return doc, max(sentences[doc], key=lambda span: (sentences[doc][span], -span.start))


spans = st.builds(lambda start, size: Span(start, start + size), st.integers(0, 3), st.integers(1, 3))


@given(
    st.lists(st.lists(st.tuples(spans, spans), min_size=1, max_size=3), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_example_is_that_of_plain_counting(found: list[list[tuple[Span, Span]]], swapped: list[bool]) -> None:
    """Five documents in a row; two of them are also compared without a template."""
    comparisons = []
    for left, (pairs, is_swapped) in enumerate(zip(found, swapped, strict=True)):
        links = tuple(Link(*pair, 0.5, "related", (), (), range(1), range(1)) for pair in pairs)
        docs = (left + 1, left) if is_swapped else (left, left + 1)
        comparisons.append(Comparison(*docs, links, (), NOTHING, is_template=True))
    comparisons.append(compared(1, 2, is_template=False))
    [family] = families(comparisons, 5)
    doc, span = plain_example(comparisons, list(range(5)))
    assert family.example == f"one{doc:02d} two{doc:02d}"[slice(*span)]


def test_reports_of_one_form_are_a_family() -> None:
    """Earnings of different companies make no story."""
    names = ["Norvik Steel", "Balder Foods", "Carmel Energy", "Dorado Mining"]
    texts = [
        f"{name} reported a quarterly profit of {number + 11} cents a share on Tuesday. Revenue rose "
        f"{3 * number + 2} percent to ${number * 37 + 114} million. Analysts had expected {number + 21} cents a share."
        for number, name in enumerate(names)
    ]
    found = dedup.align(pa.table({"text": texts})).result
    assert found.stories == ()
    [family] = found.templates
    assert family.documents == len(names)
    assert any(family.example in text for text in texts)
