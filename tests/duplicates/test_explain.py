"""Explanations of removals: the right document, the right evidence, the right words."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import SEEDS
from screens import screen

import dedup
from dedup.alignment.word_diff import diff_words
from dedup.render.terminal.explanation import show_explanations

STORY = (
    "The harbour of the old town was closed on Monday after a barge ran into the northern pier and sank within "
    "an hour, the port authority said, adding that nobody was hurt and that divers would look at the wreck once "
    "the tide allows it, while ferries leave from the southern pier until further notice."
)


@pytest.fixture(scope="module")
def seeds_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("seeds") / "out"
    dedup.clean(SEEDS, out)
    return out


@pytest.fixture(scope="module")
def odd_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clean a corpus with an id used twice, a near duplicate, a document emptied, and one cut before it serves."""
    other = STORY.replace("harbour", "station").replace("barge", "train").replace("pier", "wall")
    texts = {
        "first": f"{other}\n\n{other}\n\n{STORY} It was reported.",
        "again": STORY.replace("Monday", "Tuesday") + "\n\nA line of its own.",
        "twice": f"{other}\n\n{STORY}",
        "empty": "",
        "id-5": "Nothing like the others, this one.",
    }
    table = pa.table({"id": [*texts, "twice"], "text": [*texts.values(), "The second of that id."]})
    out = tmp_path_factory.mktemp("odd") / "out"
    dedup.clean(table, out, unit="paragraphs", paragraphs="all")
    return out


@pytest.mark.parametrize("name", ["004_4fab610f3404f076.txt", "004", "f3404f076.txt", "#4"])
def test_seed_004(seeds_out: Path, name: str) -> None:
    original = next(SEEDS.glob("004*")).read_text("utf-8")
    [found] = dedup.explain(seeds_out, name)
    assert (found.doc, found.kept, found.characters, found.replaced) == (4, True, len(original), ())
    assert [(passage.start, passage.reason, passage.scope) for passage in found.passages] == [
        (1167, "exact", "within"),
        (3141, "exact", "within"),
    ]
    for passage in found.passages:
        assert passage.kept is not None
        assert passage.text == original[passage.start : passage.end]
        assert passage.kept_text == original[passage.kept.start : passage.kept.end] == passage.text
        assert {span.tag for span in passage.words} == {"same"}


def test_unchanged_seed(seeds_out: Path) -> None:
    [found] = dedup.explain(seeds_out, "000")
    assert found.kept
    assert not found.passages


def test_near_duplicate_shows_differences(odd_out: Path) -> None:
    [found] = dedup.explain(odd_out, "again")
    [passage] = found.passages
    assert found.kept
    assert (passage.unit, passage.reason, passage.scope) == ("paragraph", "near", "across")
    assert passage.kept is not None
    assert passage.kept.id == "first"
    assert passage.jaccard is not None
    assert 0.8 <= passage.jaccard < 1
    # The kept place counts in the original of a document that was itself cut.
    assert passage.kept_text == STORY + " It was reported."
    differing = {
        (
            span.tag,
            passage.text[span.left_start : span.left_end],
            passage.kept_text[span.right_start : span.right_end],
        )
        for span in passage.words
        if span.tag != "same"
    }
    assert differing == {("replaced", "Tuesday", "Monday"), ("right only", "", ". It was reported")}


def test_emptied_document_and_repeated_id(odd_out: Path) -> None:
    removed, second = dedup.explain(odd_out, "twice")
    assert (removed.id, second.id) == ("twice", "twice")
    assert not removed.kept
    assert [passage.reason for passage in removed.passages] == ["emptied", "exact", "near"]
    assert removed.passages[0].kept is None
    assert second.kept


def test_units_removed_in_favour_of_a_document(odd_out: Path) -> None:
    [found] = dedup.explain(odd_out, "first")
    assert len(found.passages) == 1
    [others] = found.replaced
    assert (others.unit, others.count) == ("paragraph", 3)
    assert {place.id for place in others.first} == {"again", "twice"}


def test_explanation_converts_to_plain_values(odd_out: Path) -> None:
    [found] = dedup.explain(odd_out, "again")
    values = found.to_dict()
    assert values["passages"][0]["kept"]["id"] == "first"


@pytest.mark.parametrize("name", ["frist", "nobody at all", "", "#99", "#99999999999999999999999", "#x"])
def test_unknown_id_is_an_error(odd_out: Path, name: str) -> None:
    with pytest.raises(dedup.DedupError, match="No document of"):
        dedup.explain(odd_out, name)


def test_similar_ids_are_suggested(odd_out: Path) -> None:
    with pytest.raises(dedup.DedupError, match="Did you mean 'first'"):
        dedup.explain(odd_out, "frist")


def test_ambiguous_name_is_an_error(seeds_out: Path) -> None:
    with pytest.raises(dedup.DedupError, match=r"'00' matches 5 documents: '000_\w+.txt' \(#0\)"):
        dedup.explain(seeds_out, "00")


def test_tokens_of_many_scripts() -> None:
    assert [tuple(span) for span in diff_words("我喜欢猫", "我喜欢狗")] == [
        ("same", 0, 3, 0, 3),
        ("replaced", 3, 4, 3, 4),
    ]
    hindi = diff_words("यह हिन्दी है", "यह हिन्दू है")
    assert [(span.tag, span.left_start, span.left_end) for span in hindi][1] == ("replaced", 3, 9)
    assert [span.tag for span in diff_words("cafe\u0301", "caf\u00e9")] == ["same"]
    assert [span.tag for span in diff_words("ชื่อ", "ชื่อ")] == ["same"]


@given(st.text(), st.text())
def test_words_cover_both_texts_in_order(left: str, right: str) -> None:
    spans = diff_words(left, right)
    for text, places in (
        (left, [(span.left_start, span.left_end) for span in spans]),
        (right, [(span.right_start, span.right_end) for span in spans]),
    ):
        shown = "".join(text[start:end] for start, end in places)
        assert "".join(shown.split()) == "".join(text.split())
        assert all(start <= end for start, end in places)
    for span in spans:
        assert (span.tag == "left only") == (span.right_start == span.right_end)
        assert (span.tag == "right only") == (span.left_start == span.left_end)


NUMBERED = st.lists(st.sampled_from(["10", "2.5", "2024", "rose", "to", "from", "km", ","]), max_size=12).map(" ".join)


@given(NUMBERED, NUMBERED)
def test_number_of_both_texts_is_not_replaced(left: str, right: str) -> None:
    in_both = {word for word in left.split() if word in right.split() and any(map(str.isdigit, word))}
    for span in diff_words(left, right):
        if span.tag == "replaced":
            words = {*left[slice(*span[1:3])].split(), *right[slice(*span[3:5])].split()}
            assert not words & in_both


def test_memory_of_diff_on_long_texts() -> None:
    left = [f"w{n % 977}" for n in range(20_000)]
    right = [*left[:5000], "x", *left[5000:15_000], *left[15_010:]]
    spans = diff_words(" ".join(left), " ".join(right))
    assert [span.tag for span in spans] == ["same", "right only", "same", "left only", "same"]


def test_keeper_that_lost_all_its_paragraphs_is_explained(tmp_path: Path) -> None:
    parts = [" ".join(f"{letter}{at}" for at in range(30)) for letter in "abc"]
    texts = ["\n\n".join(parts), "\n\n".join(parts[:2]), "\n\n".join(parts[:2])]
    dedup.clean(pa.table({"id": ["whole", "part", "copy"], "text": texts}), tmp_path / "out", paragraphs="all")
    [part], [copy] = dedup.explain(tmp_path / "out", "part"), dedup.explain(tmp_path / "out", "copy")
    assert [passage.kept_is_emptied for passage in part.passages] == [False, False, False]
    assert [passage.kept_is_emptied for passage in copy.passages] == [True]
    lines = {}
    for found in (part, copy):
        console, output = screen(120)
        show_explanations([found], console)
        lines[found.id] = output.getvalue()
    assert "It still counts as kept for its duplicates" in lines["part"]
    assert "\n1  paragraph [0:" in lines["part"]
    assert "All paragraphs of that document were removed too" in lines["copy"]
