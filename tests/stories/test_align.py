"""Alignment of a corpus, end to end: stories, tables and reproducibility."""
# ruff: noqa: RUF001 - French apostrophes in the texts

import hashlib
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from paths import SEEDS

import dedup
from dedup.outputs import schema
from dedup.results import Story, StoryDocument


def by_id_prefix(story: Story) -> dict[str, StoryDocument]:
    return {(document.id or "")[:3]: document for document in story.documents}


def stretch_texts(document: StoryDocument) -> list[str]:
    text = (SEEDS / document.path).read_text("utf-8")
    return [text[start:end] for start, end in document.stretches]


def test_finds_the_story_of_the_seeds() -> None:
    stories = dedup.align(SEEDS).result.stories
    [story] = [story for story in stories if "25000" in story.facts]
    documents = by_id_prefix(story)
    assert documents.keys() == {"000", "001", "003"}
    assert documents["000"].cites == documents["001"].cites == ("NHK", "RBC-Ukraine")
    assert documents["003"].cites == ()
    assert {"25000", "Lelabouga ≈ Alabuga", "drones"} <= set(story.facts)
    assert all({"25000", "Lelabouga ≈ Alabuga"} <= set(document.facts) for document in documents.values())
    assert any("rapportée par le média japonais NHK" in stretch for stretch in stretch_texts(documents["000"]))
    assert any("jusqu’à 25 000 travailleurs nord-coréens" in stretch for stretch in stretch_texts(documents["001"]))
    [stretch] = stretch_texts(documents["003"])
    assert stretch.startswith("À l'usine d'Alabuga")
    assert stretch.endswith("test.")
    assert not any({"002", "004"} & by_id_prefix(other).keys() and "25000" in other.facts for other in stories)


def test_tables_have_their_schemas(tmp_path: Path) -> None:
    found = dedup.align(SEEDS, tmp_path / "out")
    for name, target in (
        ("stories", schema.STORIES),
        ("links", schema.LINKS),
        ("outlets", schema.OUTLETS),
        ("texts", schema.TEXTS),
    ):
        read = pq.read_schema(tmp_path / "out" / f"{name}.parquet")
        assert read.equals(target, check_metadata=True)
    stories, links = pl.read_parquet(tmp_path / "out/stories.parquet"), pl.read_parquet(tmp_path / "out/links.parquet")
    assert stories["story"].to_list() == sorted(stories["story"].to_list())
    assert set(links["story"].drop_nulls()) == set(stories["story"])
    assert (links["left_doc"] < links["right_doc"]).all()
    assert set(links["kind"]) <= {"verbatim", "light", "heavy", "related"}
    assert not links.filter(pl.col("story").is_not_null())["kind"].is_in(["related"]).any()
    for doc, start, end in (
        *links.select("left_doc", "left_start", "left_end").rows(),
        *links.select("right_doc", "right_start", "right_end").rows(),
    ):
        text = sorted(SEEDS.iterdir())[doc].read_text("utf-8")
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
    assert found.to_arrow("stories").num_rows == stories.height
    texts = pl.read_parquet(tmp_path / "out/texts.parquet")
    assert texts["doc"].to_list() == sorted(set(stories["doc"]))
    assert texts["text"].to_list() == [sorted(SEEDS.iterdir())[doc].read_bytes().decode() for doc in texts["doc"]]
    files = {"stories.parquet", "links.parquet", "outlets.parquet", "texts.parquet", "run.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == files


def test_runs_write_identical_bytes(tmp_path: Path) -> None:
    def digest(name: str, **options: object) -> list[str]:
        dedup.align(SEEDS, tmp_path / name, **options)  # type: ignore[arg-type]  # options are those of align
        files = (tmp_path / name / f"{table}.parquet" for table in ("stories", "links", "texts"))
        return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]

    assert digest("one") == digest("two", workers=1, batch_bytes=1) == digest("three", workers=3)


REPORTS = {
    "a": "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic. It will cost 25 "
    "million dollars, mayor Ruth Peaslee told Reuters.",
    "b": "A 25-million-dollar bridge will span the Miskatonic, the Kingsport council has decided, according to "
    "Reuters. It is the third one.",
    "c": "Kingsport gets its bridge: on Tuesday councillors voted for the span over the Miskatonic, which is to cost "
    "40 million dollars.",
}
OTHERS = [
    "Dogs sleep for half of the day. Their owners seldom mind.",
    "The football club of Arkham lost 3-1 on Saturday. Its coach blamed the rain.",
    "A storm is expected on the coast. Fishermen were told to stay in the harbour.",
    "Prices of wheat rose by 3 percent in March, the ministry said.",
]


def make_table() -> pa.Table:
    ids = [*REPORTS, *(f"other-{at}" for at in range(len(OTHERS)))]
    dates = ["2024-05-03", "2024-05-02", "2024-05-04", *(["2024-05-01"] * len(OTHERS))]
    outlets = ["Herald", "Times", "Post", *(["Globe"] * len(OTHERS))]
    return pa.table({"id": ids, "text": [*REPORTS.values(), *OTHERS], "date": dates, "outlet": outlets})


def test_finds_rewrites_among_other_documents() -> None:
    [story] = dedup.align(make_table()).result.stories
    assert [document.id for document in story.documents] == ["b", "a", "c"]  # by date
    assert story.first == 1
    assert [document.outlet for document in story.documents] == ["Times", "Herald", "Post"]
    assert [set(document.cites) for document in story.documents] == [{"Reuters"}, {"Reuters", "Ruth Peaslee"}, set()]
    assert any("40000000" in str(conflict) for conflict in story.conflicting)
    assert "Miskatonic" in story.facts


def test_reports_the_best_score_without_a_story() -> None:
    found = dedup.align(pa.table({"text": OTHERS})).result
    assert found.count == 0
    assert found.stories == ()
    assert found.nearest is not None
    assert found.nearest < found.threshold


def test_single_document_is_not_compared() -> None:
    found = dedup.align(pa.table({"text": OTHERS[:1]})).result
    assert (found.count, found.nearest) == (0, None)


IN_TWO_LANGUAGES = [
    "Le pont de Brest coûtera 25 millions d'euros, a dit le maire.",
    "The bridge of Brest will cost 25 million euros, the mayor said.",
]


def test_compares_only_documents_of_one_language() -> None:
    table = pa.table({"text": IN_TWO_LANGUAGES})
    assert dedup.align(table).result.nearest is None
    assert dedup.align(table, language="fr").result.nearest is not None


def test_says_how_many_pairs_in_different_languages_were_not_compared() -> None:
    texts = [*IN_TWO_LANGUAGES, "Die Brücke von Brest wird 25 Millionen Euro kosten, sagte der Bürgermeister."]
    run = dedup.align(pa.table({"text": texts})).result.run
    [note] = run.notes
    assert note.startswith(
        "3 pairs of documents in different languages (guessed) were compared only for sentences with the same words: "
    )
    assert note.endswith("; if all are in one language, name it with --language")
    assert (run.counts["other_language"], run.counts["pairs"]) == (3, 0)
    given = dedup.align(pa.table({"text": texts}), language="fr").result.run
    assert (given.notes, given.counts["other_language"], given.counts["pairs"]) == ((), 0, 3)


def test_links_the_same_words_in_texts_of_different_languages() -> None:
    texts = [f"{text} Breaking news on channel five." for text in IN_TWO_LANGUAGES]
    [link] = dedup.align(pa.table({"text": texts})).links.to_pylist()
    assert texts[0][link["left_start"] : link["left_end"]] == "Breaking news on channel five."
    assert (link["kind"], link["score"]) == ("verbatim", 1.0)


def test_accepts_null_and_empty_texts() -> None:
    texts = [*REPORTS.values(), None, "", " \n", "…", "?!", "?!"]
    found = dedup.align(pa.table({"text": pa.array(texts, pa.string())})).result
    assert [len(story.documents) for story in found.stories] == [3]


@pytest.mark.parametrize("count", [60])
def test_larger_corpus_is_searched_by_rare_terms(count: int) -> None:
    filler = [f"Report {at} on village {at * 7919 % 997}: {OTHERS[at % 4]}" for at in range(count)]
    found = dedup.align(pa.table({"text": [*REPORTS.values(), *filler]})).result
    assert any({0, 1, 2} == {document.doc for document in story.documents} for story in found.stories)


def test_options_of_scan_and_clean_are_rejected() -> None:
    with pytest.raises(dedup.SettingsError, match="There is no option 'threshold'"):
        dedup.align(SEEDS, threshold=0.9)  # type: ignore[call-arg]  # the error is what is tested
