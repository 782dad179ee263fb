"""The facts of a story: those that documents share, change, or state alone."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.stories.description.facts import FactClass, StatedWords, fact_classes
from dedup.stories.description.members import StoryMember
from dedup.text.facts.extract import label, same_fact
from dedup.text.spans import Fact, Span

NAMES = st.sampled_from(["Lavrov", "Sergei Lavrov", "Lawrow", "NHK", "Kim Jong-un", "Kim", "Alabuga", "Lelabouga", "x"])
QUOTATIONS = st.lists(st.sampled_from("we will not go back to the old days".split()), min_size=1, max_size=8)  # noqa: SIM905
FACTS = st.lists(
    st.one_of(
        st.builds(lambda name: Fact("name", 0, 1, name), NAMES),
        st.builds(lambda words: Fact("quotation", 0, 1, " ".join(words)), QUOTATIONS),
        st.builds(
            lambda value, noun, qualifier: Fact("number", 0, 1, value, noun, qualifier),
            st.sampled_from(["3", "25000", "317", "2.5"]),
            st.sampled_from(["", "men", "workers", "%", "metres"]),
            st.sampled_from(["", "ordinal"]),
        ),
    ),
    max_size=8,
)


def make_member(doc: int, facts: list[Fact]) -> StoryMember:
    """Return a document with some facts."""
    return StoryMember(doc, "en", "", (0,), (Span(0, 1),), ("",), (1,), ((),), tuple(facts), (), ())


def plain_classes(members: list[StoryMember]) -> list[tuple[str, list[int]]]:
    """Group facts as `fact_classes` does, by comparing each with all."""
    classes: list[FactClass] = []
    for member in members:
        for fact in member.facts:
            same = (found for found in classes if any(same_fact(fact, old, "en") for old in found.facts))
            matching = next(same, None)
            if matching is None:
                matching = FactClass([])
                classes.append(matching)
            matching.docs[member.doc] = None
            if all(label(fact).casefold() != label(other).casefold() for other in matching.facts):
                matching.facts.append(fact)
    return [(found.name, [*found.docs]) for found in classes]


@given(st.lists(FACTS, min_size=1, max_size=4))
def test_facts_are_grouped_as_by_plain_comparison(facts: list[list[Fact]]) -> None:
    members = [make_member(doc, found) for doc, found in enumerate(facts)]
    assert [(found.name, [*found.docs]) for found in fact_classes(members)] == plain_classes(members)


def test_shared_changed_and_single_facts() -> None:
    texts = [
        "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic, for 25 million dollars.",
        "Near Innsmouth, the council of Kingsport voted for the bridge over the Miskatonic, for 40 million dollars.",
    ]
    filler = ["Dogs sleep for half of the day. Their owners seldom mind.", "A storm is expected on the coast tomorrow."]
    [story] = dedup.align(pa.table({"text": [*texts, *filler]}), language="en").result.stories
    first, second = story.documents
    assert {"Kingsport", "Miskatonic"} <= {*first.facts} & {*second.facts} & {*story.facts}
    assert (
        ["25000000" in value for value in first.changed] == ["40000000" in value for value in second.changed] == [True]
    )
    assert "Innsmouth" in second.only
    assert not any("000000" in fact for fact in (*first.only, *second.only))


def test_stories_are_ranked_by_evidence() -> None:
    """Three documents that share many facts come before five that share a name."""
    rich = (
        "The council of Kingsport voted to build a bridge of 317 metres over the Miskatonic, said mayor Ruth Peaslee, "
        "for 25,400 dollars and 1,250 tons of Pickman steel from Dunwich."
    )
    poor = "Every market stall in Ipswich sold out of pumpkins before noon although autumn rain soaked visitors badly."
    texts = [
        *(f"{rich} {end}" for end in ("Dogs bark.", "Cats sleep.", "Rain fell.")),
        *(f"{poor} {n}" for n in range(5)),
    ]
    stories = dedup.align(pa.table({"text": texts}), language="en").result.stories
    assert [len(story.documents) for story in stories] == [3, 5]
    assert stories[0].evidence > stories[1].evidence
    assert [story.number for story in stories] == [1, 2]


SENTENCES = st.lists(
    st.sampled_from(["Noxon", "noxon", "Élan", "elan", "15.8", "15,8", "the", "of"]), min_size=1, max_size=6
)


@given(st.lists(SENTENCES, min_size=2, max_size=4), st.data())
def test_words_of_other_documents_are_found_as_by_plain_search(texts: list[list[str]], data: st.DataObject) -> None:
    members = [
        StoryMember(doc, "en", "", (0,), (Span(5, 5 + len(text)),), (text,), (1,), ((),), (), (), ())
        for doc, text in enumerate(map(" ".join, texts))
    ]
    doc = data.draw(st.integers(0, len(texts) - 1))
    first = data.draw(st.integers(0, len(texts[doc]) - 1))
    last = data.draw(st.integers(first, len(texts[doc]) - 1))
    start = 5 + len(" ".join([*texts[doc][:first], ""]))
    wanted = " ".join(texts[doc][first : last + 1])
    found = StatedWords(members).are_elsewhere(doc, Fact("name", start, start + len(wanted), wanted))
    words = plain_words(wanted)
    assert found == any(
        words == plain_words(" ".join(other))[at : at + len(words)]
        for rank, other in enumerate(texts)
        if rank != doc
        for at in range(2 * len(other))
    )


def plain_words(text: str) -> list[str]:
    return text.lower().replace("é", "e").replace(".", " ").replace(",", " ").split()


def test_a_fact_is_not_in_one_document_only_if_another_has_its_words() -> None:
    """A small number without a noun is not the same fact in both, and a name may be read in only one of them."""
    text = "At Brackwater in Ostley, 317 otters drowned on 3 May after a sluice jammed, and the level fell to 15.8."
    documents = dedup.align(texts=[text, f"{text} Ann Roe of Wexley wept."]).stories[0].documents
    assert not any("15.8" in fact for document in documents for fact in document.only)
