"""Sources that the documents of a story credit."""

import pyarrow as pa

import dedup


def story_sources(*texts: str) -> list[set[str]]:
    table = pa.table({"id": [str(at) for at in range(len(texts))], "text": list(texts)})
    [story] = dedup.align(table).result.stories
    return [set(document.cites or ()) for document in story.documents]


def test_story_counts_the_credit_that_its_sentence_continues() -> None:
    """A credit in the sentence before counts where the sentence of the story continues it, and not elsewhere."""
    report = "It said 317 otters had drowned in the Brackwater reservoir near Ostley on 3 May after a sluice jammed."
    other = "Some 317 otters drowned in the Brackwater reservoir near Ostley on 3 May after a sluice jammed."
    continuing = f"The Tarn Trust published its yearly review, the Wexley Gazette reported. {report}"
    separate = f"Shops in Porto will close early on Sunday, the Wexley Gazette reported. {other}"
    assert story_sources(continuing, other) == [{"Wexley Gazette"}, set()]
    assert story_sources(separate, other) == [set(), set()]


ITALIAN = (
    "Secondo l'agenzia Ansa, 317 lontre sono annegate il 3 maggio nel bacino di Roccanera vicino a Ostuni, "
    "perché una chiusa era rimasta bloccata per tutta la notte.",
    "Nel bacino di Roccanera vicino a Ostuni 317 lontre sono annegate il 3 maggio: una chiusa era rimasta bloccata "
    "durante la notte.",
)


def test_credits_are_unknown_in_a_language_in_which_they_are_not_read() -> None:
    """Such a document is neither the origin nor without credit, whatever its date."""
    days = ["2025-05-04", "2025-05-06"]
    table = pa.table({"id": ["a", "b"], "outlet": ["Corriere", "Gazzetta"], "date": days, "text": list(ITALIAN)})
    aligned = dedup.align(table, language="it")
    [story] = aligned.stories
    assert story.first == 0
    assert [(document.role, document.cites) for document in story.documents] == [("unknown", None)] * 2
    [taken] = [row for row in aligned.outlets.to_pylist() if row["credit_unknown"]]
    assert (taken["outlet"], taken["source"], taken["uncredited"]) == ("Gazzetta", "Corriere", 0)
    assert taken["credit_unknown"] == taken["verbatim"] + taken["light"] + taken["heavy"]
    assert aligned.to_arrow("stories")["sources"].to_pylist() == [None, None]
    assert any("the sources that 2 documents of stories credit are unknown" in note for note in aligned.run.notes)
