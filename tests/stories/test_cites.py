"""Sources that the documents of a story credit."""

import pyarrow as pa

import dedup


def story_sources(*texts: str) -> list[set[str]]:
    table = pa.table({"id": [str(at) for at in range(len(texts))], "text": list(texts)})
    [story] = dedup.align(table).result.stories
    return [set(document.cites) for document in story.documents]


def test_story_counts_the_credit_that_its_sentence_continues() -> None:
    """A credit in the sentence before counts where the sentence of the story continues it, and not elsewhere."""
    report = "It said 317 otters had drowned in the Brackwater reservoir near Ostley on 3 May after a sluice jammed."
    other = "Some 317 otters drowned in the Brackwater reservoir near Ostley on 3 May after a sluice jammed."
    continuing = f"The Tarn Trust published its yearly review, the Wexley Gazette reported. {report}"
    separate = f"Shops in Porto will close early on Sunday, the Wexley Gazette reported. {other}"
    assert story_sources(continuing, other) == [{"Wexley Gazette"}, set()]
    assert story_sources(separate, other) == [set(), set()]
