"""Terminal output of `align`: documents, facts, sources and links of stories."""
# ruff: noqa: RUF001
# French apostrophes in the texts

from dataclasses import replace
from typing import Any

import paths
import pytest
from rich.cells import cell_len
from screens import HOSTILE, UNPRINTABLE, compare_golden, screen

from dedup.alignment.conflicts import Conflict
from dedup.render.terminal.stories import show_stories
from dedup.results import (
    OutletPair,
    Run,
    Stories,
    Story,
    StoryDocument,
    StoryLink,
    StorySource,
    TemplateFamily,
)

SEEDS = sorted(paths.SEEDS.iterdir())
TEXTS = [path.read_bytes().decode() for path in SEEDS]


def make_run(documents: int = 5, **changes: Any) -> Run:
    """Make the facts of a run."""
    counts = {
        "documents": documents,
        "characters": 28473,
        "pairs": 10,
        "not_compared": 0,
        "files": documents,
        "hidden": 0,
        "replaced": 0,
        "null_ids": 0,
        "repeated_ids": 0,
        "null_texts": 0,
    }
    default = Run(
        command="align",
        settings={},
        fingerprint="",
        versions={"dedup-text": "0"},
        counts=counts,
        removed={},
        seconds={},
        expected_recall=None,
        columns=dict.fromkeys(("text", "id", "date", "outlet")),
        encodings={},
    )
    return replace(default, **changes)


def find_span(doc: int, begins: str, ends: str) -> tuple[int, int]:
    """Return the span of a passage of a seed."""
    start = TEXTS[doc].index(begins)
    return start, TEXTS[doc].index(ends, start) + len(ends)


def make_document(
    doc: int,
    *stretches: tuple[int, int],
    cites: tuple[str, ...] = (),
    facts: tuple[str, ...] = (),
    outlet: str | None = None,
    date: str | None = None,
) -> StoryDocument:
    """Make a document of a story."""
    name, opening = SEEDS[doc].name, {2: "Les troupes", 4: "Déjà, 1.500"}.get(doc, "")
    return StoryDocument(doc, name, name, None, outlet, date, stretches, cites, facts, opening=opening, time=date)


def make_link(
    left: tuple[int, tuple[int, int]],
    right: tuple[int, tuple[int, int]],
    score: float,
    kind: str = "heavy",
    shared: tuple[str, ...] = (),
    conflicting: tuple[Conflict, ...] = (),
) -> StoryLink:
    """Make a link between two passages."""
    ends = [(doc, *span, TEXTS[doc][slice(*span)]) for doc, span in (left, right)]
    return StoryLink(*ends[0], *ends[1], score, kind, shared, conflicting)


WORKERS = find_span(0, "Cette main-d’œuvre massive", "Lelabouga.")
PLANT = find_span(0, "C’est dans ce cadre que l’usine", "production.")
NHK = find_span(1, "D’après des informations", "RBC-Ukraine.")
ALABUGA = find_span(3, "À l'usine d'Alabuga", "test.")
THOUSANDS = find_span(2, "D’après une source proche", "Russie.")
INFANTRY = find_span(4, "Déjà, 1.500", "octobre.")


def drone_story(**changes: Any) -> Story:
    """Make a story with three documents."""
    default = Story(
        number=1,
        documents=(
            make_document(0, WORKERS, PLANT, cites=("NHK", "RBC-Ukraine"), facts=("25000 travailleurs", "Lelabouga")),
            make_document(1, NHK, cites=("NHK", "RBC-Ukraine"), facts=("25000 travailleurs", "Lelabouga")),
            make_document(3, ALABUGA, facts=("25000 ouvriers", "Alabuga")),
        ),
        facts=("25000 travailleurs", "Lelabouga ≈ Alabuga", "drones"),
        conflicting=(),
        links=(
            make_link((0, WORKERS), (1, NHK), 0.689, shared=("NHK", "RBC-Ukraine", "Lelabouga", "usine")),
            make_link((0, PLANT), (3, ALABUGA), 0.61, shared=("25000 travailleurs", "usine")),
            make_link((1, NHK), (3, ALABUGA), 0.58, shared=("25000 travailleurs", "Lelabouga ≈ Alabuga")),
        ),
        link_count=9,
        first=None,
    )
    return replace(default, **changes)


def soldier_story() -> Story:
    """Make a story with dates, outlets and conflicting numbers."""
    conflicting = (Conflict("3000", "1500", "soldats"),)
    return Story(
        number=2,
        documents=(
            make_document(
                4, INFANTRY, cites=("NIS",), facts=("1500 militaires",), outlet="La Gazette", date="2024-10-19"
            ),
            make_document(2, THOUSANDS, facts=("3000 soldats",), outlet="Le Journal", date="2025-03-28"),
        ),
        started="2024-10-19",
        facts=(),
        conflicting=conflicting,
        link_count=1,
        first=4,
        links=(make_link((2, THOUSANDS), (4, INFANTRY), 0.55, conflicting=conflicting),),
    )


def render(stories: Stories, width: int = 80) -> str:
    """Return the terminal output of stories."""
    console, output = screen(width)
    show_stories(stories, console)
    return output.getvalue()


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [80, 100, 140])
def test_output_matches_golden_file(width: int) -> None:
    skipped = ({"path": "broken.pdf", "row": None, "line": None, "reason": "not a text"},)
    stories = Stories(make_run(skipped=skipped), (drone_story(), soldier_story()), 2, 0.69, 0.54)
    compare_golden(f"show-stories-{width}", render(stories, width))


def test_shows_documents_facts_and_links() -> None:
    text = one_line(render(Stories(make_run(), (drone_story(),), 1, 0.69, 0.54)))
    assert "Story 1: 3 documents, 9 links shared 25000 travailleurs, Lelabouga ≈ Alabuga, drones" in text
    assert f"A {SEEDS[0].name} credits NHK, RBC-Ukraine facts 25000 travailleurs, Lelabouga passages " in text
    length = sum(end - start for start, end in (WORKERS, PLANT))
    assert f"passages {length} characters: [{WORKERS[0]}:{WORKERS[1]}] [{PLANT[0]}:{PLANT[1]}] B" in text
    assert f"C {SEEDS[3].name} credits no source facts 25000 ouvriers, Alabuga" in text
    assert "A and B heavy 0.68, shared: NHK, RBC-Ukraine, Lelabouga, usine A Cette main-d’œuvre" in text
    assert "B and C heavy 0.58, shared: 25000 travailleurs, Lelabouga ≈ Alabuga B D’après" in text
    assert "and 6 more links; -o OUT writes all of them to links.parquet" in text
    assert "conflicting" not in text
    assert text.endswith(
        f"next dedup diff {SEEDS[0].name} {SEEDS[1].name} --in PATH compare these two sentence by sentence"
    )


def test_shows_earliest_document_and_conflicts() -> None:
    text = one_line(render(Stories(make_run(), (soldier_story(),), 1, 0.69, 0.54)))
    assert f"A La Gazette, 19 Oct 2024, Déjà, 1.500 first id {SEEDS[4].name} credits NIS" in text
    assert f"B Le Journal, 28 Mar 2025, Les troupes id {SEEDS[2].name} credits no source" in text
    assert "started 19 Oct 2024 first A, La Gazette" in text
    assert "Story 2: 2 documents, 1 link started" in text
    assert "conflicting 3000 ≠ 1500 soldats" in text
    assert "B and A heavy 0.55, conflicting: 3000 ≠ 1500 soldats" in text
    assert "more link" not in text


@pytest.mark.parametrize(
    ("documents", "nearest", "why"),
    [
        (5, 0.22, "No stories: the best sentence pair scores 0.22, and a link requires 0.54."),
        (5, 0.5399, "the best sentence pair scores 0.53, and a link requires 0.54."),
        (5, 0.7, "scores 0.70, and a link requires 0.54; but linked sentences share too few facts, or too common ones"),
        (5, None, "No stories: no two documents of the same language share rare words or facts"),
        (1, None, "No stories: a story needs two documents, and the input has one."),
        (0, None, "and the input has none."),
    ],
)
def test_explains_why_there_are_no_stories(documents: int, nearest: float | None, why: str) -> None:
    text = one_line(render(Stories(make_run(documents), (), 0, nearest, 0.54)))
    assert why in text
    assert "next" not in text


def test_shows_skipped_inputs_and_uncompared_pairs() -> None:
    story_run = make_run(notes=("a note",), skipped=({"path": "x", "row": 3, "line": None, "reason": "no text"},))
    story_run.counts.update(not_compared=1234, null_texts=2)
    text = one_line(render(Stories(story_run, (drone_story(),), 7, 0.69, 0.54)))
    assert "compared 10 pairs of documents" in text
    assert "not compared 1,234 pairs that share fewer rare words and facts than the compared ones" in text
    assert "skipped 1 input or row x, row 3: no text" in text
    assert "note 2 documents without text note a note" in text
    assert "and 6 more stories; -o OUT writes all of them to stories.parquet" in text


def test_large_stories_are_shortened() -> None:
    many = tuple(StoryDocument(doc, f"doc {doc}", "", None, None, None, ((0, 9),) * 5, (), ()) for doc in range(100))
    pairs = tuple(
        StoryLink(left, 0, 9, f"left {left}", right, 0, 9, "right", 0.6, "light", (), ())
        for left in range(99)
        for right in (left + 1, 99)
    )
    text = render(Stories(make_run(100), (drone_story(documents=many, links=pairs, link_count=5000),), 1, 0.6, 0.54))
    assert "and 88 more documents" in text
    assert "doc 11\n" in text
    assert "doc 12\n" not in text
    assert "45 characters: [0:9] [0:9] [0:9] and 2 more" in text
    assert text.count("light 0.60") == 11
    assert "and 4,989 more links" in text
    assert "dedup diff 'doc 0' 'doc 1' --in PATH" in one_line(text)


def test_documents_without_id_are_named_by_path_and_row() -> None:
    two = tuple(
        StoryDocument(doc, None, path, row, None, None, ((0, 9),), (), ())
        for doc, path, row in ((0, "a.csv", 7), (1, "b.txt", None))
    )
    text = one_line(render(Stories(make_run(2), (drone_story(documents=two, links=()),), 1, 0.6, 0.54)))
    assert "A a.csv#7 credits" in text
    assert "B b.txt credits" in text
    assert "dedup diff 'a.csv#7' b.txt" in text


def test_verbatim_link_is_shown_once_and_long_sentence_is_shortened() -> None:
    same = replace(make_link((0, WORKERS), (1, NHK), 1.0, "verbatim"), right_text=TEXTS[0][slice(*WORKERS)])
    long = replace(make_link((0, WORKERS), (1, NHK), 0.6), left_text="mot " * 500)
    text = one_line(render(Stories(make_run(), (drone_story(links=(same, long)),), 1, 0.69, 0.54)))
    assert text.count("Cette main-d’œuvre massive") == 1
    assert "A and B verbatim Cette" in text
    assert "mot [… 1,76" in text
    assert text.count("mot ") < 100


@pytest.mark.parametrize(("width", "beside"), [(99, False), (100, True)])
def test_uses_two_columns_from_100_columns_on(width: int, beside: bool) -> None:
    lines = render(Stories(make_run(), (drone_story(),), 1, 0.69, 0.54), width).splitlines()
    assert any("Cette main-d’œuvre" in line and "D’après" in line for line in lines) is beside


@pytest.mark.parametrize("width", [40, 80, 120])
def test_escapes_control_characters(width: int) -> None:
    documents = tuple(
        StoryDocument(doc, HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE, ((0, 9),), (HOSTILE,), (HOSTILE,)) for doc in (0, 1)
    )
    pairs = (StoryLink(0, 0, 9, HOSTILE, 1, 0, 9, HOSTILE, 0.6, "light", (HOSTILE,), (HOSTILE,)),)
    story = Story(0, documents, (HOSTILE,), (HOSTILE,), pairs, 1, 0)
    text = render(Stories(make_run(notes=(HOSTILE,)), (story,), 1, 0.6, 0.54), width)
    assert not (UNPRINTABLE - {"\n"}) & set(text)
    text.encode()
    assert "[bold]x[/bold]" in text.replace("\n", "") or width == 40
    assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("width", [40, 100])
def test_fits_the_width_with_wide_characters(width: int) -> None:
    wide = StoryLink(0, 0, 9, "汉字测试文本" * 30, 1, 0, 9, "هذا نص " * 30, 0.6, "light", ("汉字" * 40,), ())
    text = render(Stories(make_run(), (drone_story(links=(wide,)),), 1, 0.6, 0.54), width)
    assert max(map(cell_len, text.splitlines())) <= width


def make_pair(outlet: str, source: str, **changes: int) -> OutletPair:
    """Make a pair of outlets."""
    numbers = dict.fromkeys(
        (
            *("stories", "source_first", "outlet_first", "verbatim", "light", "heavy", "credited", "common_source"),
            *("uncredited", "undecided", "undecided_credited"),
        ),
        0,
    )
    return OutletPair(outlet, source, median_delay=5400.0, **{**numbers, **changes})


def test_shows_sources_roles_titles_and_facts_of_one_document() -> None:
    first, second, third = drone_story().documents
    documents = (
        replace(first, outlet="NHK", title="Drones", role="origin", time="2025-06-19T12:03Z", only=("Tatarstan",)),
        replace(second, title="Workers", role="credits", changed=("12000 ouvriers",)),
        replace(third, role="uncredited"),
    )
    sources = (StorySource("NHK", (1,), (0,)), StorySource("RBC-Ukraine", (0, 1)))
    story = drone_story(
        documents=documents, headline="Workers for drones", sources=sources, started="2025-06-19T12:03Z", undated=2
    )
    text = one_line(render(Stories(make_run(), (story,), 1, 0.69, 0.54)))
    assert "Story 1: Workers for drones 3 documents, 9 links" in text
    assert "started 19 Jun 2025 12:03 UTC, or before: 2 documents without a date" in text
    assert "first unknown: the dates do not decide" in text
    assert "credited NHK by B, the outlet of A RBC-Ukraine by A and B no credit in C, though the text repeats" in text
    assert f"A NHK, 19 Jun 2025 12:03 UTC, Drones origin id {SEEDS[0].name} credits NHK, RBC-Ukraine" in text
    assert "only here Tatarstan" in text
    assert "B Workers credits others" in text
    assert "changed 12000 ouvriers" in text
    assert f"C {SEEDS[3].name} no credit credits no source" in text


def test_folds_templates_away_in_a_line() -> None:
    families = (TemplateFamily(24, ("a", "b"), "Profit of … rose to … in the quarter."),)
    text = one_line(render(replace(Stories(make_run(), (), 0, None, 0.54), templates=families)))
    assert "24 documents share a template; not a story: “Profit of … rose to … in the quarter.”" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_shows_what_outlets_take_over(width: int) -> None:
    pairs = (
        make_pair("Post", "Herald", stories=12, source_first=8, outlet_first=2, verbatim=4310, credited=4310),
        make_pair(HOSTILE, "Post", stories=1, undecided=50, undecided_credited=20),
        make_pair("Herald", "Post", stories=12, source_first=2, outlet_first=8),
    )
    result = Stories(make_run(), (drone_story(),), 1, 0.69, 0.54, outlets=pairs, outlet_pair_count=9, without_outlet=3)
    screen_text = render(result, width)
    assert not (UNPRINTABLE - {"\n"}) & set(screen_text)
    assert max(map(cell_len, screen_text.splitlines())) <= width
    text = one_line(screen_text)
    if width == 80:
        assert "Post from Herald stories 12; later in 8 of 10 with decided dates, by 1.5 h (median)" in text
        assert "letters 4,310: 4,310 verbatim of these 4,310 with credit to Herald" in text
        assert "undecided 50 shared letters, 20 with credit, 30 without" in text
    elif width == 120:
        assert "Post Herald 12 8/10 1.5 h 4,310 4,310 0 0 4,310 0 0 0" in text
    assert "and 6 more pairs; -o OUT writes all of them to outlets.parquet" in text
    assert "3 documents of stories without an outlet not counted" in text
