"""Edges: which passages and beginnings show that two documents report the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.stories import edges as module
from dedup.stories.edges import Edge, is_tied, make_edges
from dedup.stories.evidence.measure import Evidence
from dedup.stories.passages import Comparison, LinkedPassage
from dedup.text.spans import Span

NOTHING = Evidence(0, 0, 0, 100, 0, frozenset())
SURE = Evidence(60, 0, 0, 100, 0, frozenset({1}))
# Much of what is shared, but little of what is said.
SPREAD = Evidence(250, 0, 0, 1500, 0, frozenset({2}))
# Probability between MIN_STORY_PROBABILITY and MIN_PASSAGE_PROBABILITY.
LIKELY = Evidence(27, 0, 0, 60, 0, frozenset({3}))
# A specific number, and other words.
NUMBER = Evidence(4, 4, 6.5, 80, 0, frozenset({4}))


def passage(
    evidence: Evidence = NOTHING, linked: Evidence | None = None, start: int = 50, *, is_lead: bool = False
) -> LinkedPassage:
    span = Span(start, start + 2)
    measured = [linked or evidence, evidence]
    return LinkedPassage((start,), span, Span(start + 7, start + 9), is_lead, measured.__getitem__)


def compared(lead: Evidence, *passages: LinkedPassage) -> Comparison:
    return Comparison(3, 8, (), passages, lead, False)


def edges(lead: Evidence, *passages: LinkedPassage) -> list[Edge]:
    return [edge for edge, _ in make_edges(compared(lead, *passages))]


def test_examples_are_on_both_sides_of_the_thresholds() -> None:
    assert SURE.probability > module.MIN_PASSAGE_PROBABILITY > LIKELY.probability > module.MIN_STORY_PROBABILITY
    assert SPREAD.probability > module.MIN_STORY_PROBABILITY
    assert SPREAD.coverage < module.MIN_STORY_COVERAGE < LIKELY.coverage
    assert NUMBER.probability < module.MIN_STORY_PROBABILITY


@pytest.mark.parametrize(
    ("lead", "passages", "tied"),
    [
        (NOTHING, [], False),
        (SURE, [], True),
        (LIKELY, [], True),
        (SPREAD, [], False),
        (NOTHING, [passage(SURE)], True),
        (NOTHING, [passage(LIKELY)], False),
        (NOTHING, [passage(), passage(SURE)], True),
        (NOTHING, [passage(SURE, is_lead=True)], False),  # it is in the beginnings, which show nothing as a whole
        (NOTHING, [passage(NUMBER)], True),
        (NOTHING, [passage(NUMBER, is_lead=True)], False),
        (NOTHING, [passage(NUMBER, replace(NUMBER, differing=1))], False),
        (NOTHING, [passage(NUMBER, replace(NUMBER, numbers=module.MIN_SPECIFIC_NUMBER - 0.1))], False),
        (NOTHING, [passage(NUMBER, replace(NUMBER, possible=1000))], False),
        (NOTHING, [passage(replace(NUMBER, words=0), NUMBER)], False),
    ],
)
def test_ties(lead: Evidence, passages: list[LinkedPassage], tied: bool) -> None:
    assert is_tied(lead, passages) is tied
    assert bool(edges(lead, *passages)) is (tied and bool(passages))


def test_beginnings_make_one_edge_of_all_passages() -> None:
    """It goes from the first to the last passage that says something, and has the keys of these."""
    weak = passage(start=90)
    found = list(make_edges(compared(SURE, passage(LIKELY, start=2, is_lead=True), passage(NUMBER, start=30), weak)))
    assert found == [
        (Edge(3, Span(2, 32), 8, Span(9, 39), frozenset({3, 4}), max(SURE.probability, module.NUMBER_WEIGHT)), (2, 30))
    ]


def test_passages_elsewhere_are_edges_of_their_own() -> None:
    found = list(
        make_edges(compared(NOTHING, passage(SURE, start=30), passage(LIKELY, start=50), passage(NUMBER, start=70)))
    )
    assert found == [
        (Edge(3, Span(30, 32), 8, Span(37, 39), frozenset({1}), SURE.probability), (30,)),
        (Edge(3, Span(70, 72), 8, Span(77, 79), frozenset({4}), module.NUMBER_WEIGHT), (70,)),
    ]


EVIDENCE = st.builds(
    Evidence,
    *[st.floats(0, 80)] * 3,
    possible=st.floats(1, 400),
    differing=st.integers(0, 3),
    keys=st.just(frozenset({5})),
)


@given(
    EVIDENCE, st.lists(st.builds(passage, EVIDENCE, EVIDENCE, st.integers(0, 90), is_lead=st.booleans()), max_size=4)
)
def test_edges_only_of_tied_documents(lead: Evidence, passages: list[LinkedPassage]) -> None:
    found = edges(lead, *passages)
    assert all(0 < edge.weight <= 1 for edge in found)
    if not is_tied(lead, passages):
        assert found == []
