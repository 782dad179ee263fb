"""Terminal output of `align`: documents, facts, sources and links of stories."""
# ruff: noqa: RUF001
# French apostrophes in the texts

import re
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


def test_shows_a_table_of_the_stories_first() -> None:
    second = replace(soldier_story(), headline="Soldiers", started="2024-10-19", sources=(StorySource("NIS", (4,)),))
    text = render(Stories(make_run(), (drone_story(headline="Workers"), second), 7, 0.69, 0.54), 100)
    table = one_line(text.partition("7 stories, the 2 with the most evidence listed")[2].partition("\n\n")[0])
    assert table == (
        "headline documents outlets time sources 1 Workers 3 2 Soldiers 2 La Gazette, Le Journal "
        "19 Oct 2024 to 28 Mar 2025 NIS and 5 more stories; stories.parquet (-o OUT) has all of them"
    )
    assert text.index(" 2  Soldiers") < text.index("Story 1: Workers") < text.index("Story 2: Soldiers")
    bare = render(Stories(make_run(), (drone_story(),), 1, 0.69, 0.54))
    assert "outlets" not in bare
    assert "time" not in bare


def test_the_table_counts_further_names_and_undated_documents() -> None:
    documents = tuple(replace(document, outlet=f"Outlet {document.doc}") for document in drone_story().documents)
    story = drone_story(documents=(replace(documents[0], time="2025-06-19T12:03"), *documents[1:]), undated=2)
    story = replace(story, started="2025-06-19T12:03")
    assert "Outlet 0, 2 more 19 Jun 2025" in one_line(render(Stories(make_run(), (story,), 1, 0.6, 0.54)))
    assert "Outlet 0, Outlet 1, Outlet 3" in one_line(render(Stories(make_run(), (story,), 1, 0.6, 0.54), 140))
    assert "19 Jun 2025 12:03, 2 undated" in render(Stories(make_run(), (story,), 1, 0.6, 0.54), 140)


def test_a_narrow_terminal_has_a_list_of_the_stories_instead_of_a_table() -> None:
    second = replace(soldier_story(), headline="Soldiers", sources=(StorySource("NIS", (4,)),))
    text = render(Stories(make_run(), (drone_story(headline="Workers"), second), 2, 0.69, 0.54), 60)
    assert one_line(text.partition("2 stories\n")[2].partition("\n\n")[0]) == (
        "1 Workers 3 documents 2 Soldiers 2 documents; La Gazette, Le Journal; 19 Oct 2024 to 28 Mar 2025; sources: NIS"
    )


@pytest.mark.parametrize("details", [0, 1, 2])
def test_shows_some_stories_in_detail(details: int) -> None:
    console, output = screen(80)
    result = Stories(make_run(), (drone_story(), soldier_story()), 2, 0.69, 0.54)
    show_stories(result, console, details=details)
    assert output.getvalue().count("\nStory ") == details


def test_shows_documents_facts_and_sentences() -> None:
    text = one_line(render(Stories(make_run(), (drone_story(),), 1, 0.69, 0.54)))
    assert "Story 1 size 3 documents, 9 links shared 25,000 travailleurs (A and B) Lelabouga ≈ Alabuga, drones" in text
    length = sum(end - start for start, end in (WORKERS, PLANT))
    assert f"A {SEEDS[0].name} credits NHK, RBC-Ukraine in the story {length} characters B" in text
    assert f"C {SEEDS[3].name} credits no source in the story" in text
    assert "A and B heavy 0.68 A Cette main-d’œuvre" in text
    assert "and 7 more links; links.parquet (-o OUT) has all of them" in text
    assert "conflicting" not in text
    assert "Next" not in text


def test_facts_that_many_groups_of_documents_share_are_listed_with_the_number_of_documents() -> None:
    names = [f"Name {number}" for number in range(20)]
    documents = tuple(
        replace(make_document(doc), facts=tuple(names[index * 2 :])) for index, doc in enumerate((0, 1, 2, 3, 4) * 2)
    )
    story = drone_story(documents=documents, facts=tuple(names[::-1]), links=())
    text = one_line(render(Stories(make_run(), (story,), 1, 0.69, 0.54)))
    assert "shared Name 19 (10), Name 18 (10), Name 17 (9)," in text
    assert "Name 8 (5), and 8 more" in text


def test_each_sentence_is_shown_once_under_the_letter_of_its_document() -> None:
    links = (
        make_link((3, ALABUGA), (0, PLANT), 0.61, shared=("25000 travailleurs", "usine")),
        make_link((1, NHK), (3, ALABUGA), 0.58, shared=("25000 travailleurs",)),
        make_link((0, PLANT), (1, NHK), 0.52),
        make_link((0, PLANT), (1, (NHK[0], NHK[0] + 60)), 0.5),
    )
    for shuffled in (links, links[::-1]):
        text = one_line(render(Stories(make_run(), (drone_story(links=shuffled),), 1, 0.69, 0.54)))
        assert "A, B and C heavy 0.50 to 0.61 A C’est dans ce cadre" in text
        assert "and 5 more links" in text
        statements = text.partition("Shared words")[2].replace("*", "")
        for span, doc in ((PLANT, 0), (NHK, 1), (ALABUGA, 3)):
            assert statements.count(one_line(TEXTS[doc][slice(*span)])) == 1


def test_offsets_are_shown_only_if_wanted() -> None:
    result = Stories(make_run(), (drone_story(),), 1, 0.69, 0.54)
    assert not re.search(r"\[\d+:\d+\]", render(result))
    console, output = screen(80)
    show_stories(result, console, offsets=True)
    text = one_line(output.getvalue())
    length = sum(end - start for start, end in (WORKERS, PLANT))
    assert f"{length} characters [{WORKERS[0]}:{WORKERS[1]}] [{PLANT[0]}:{PLANT[1]}]" in text
    assert f"A [{WORKERS[0]}:{WORKERS[1]}] Cette main-d’œuvre" in text


@pytest.mark.parametrize("colour", [False, True])
def test_shared_words_are_marked(monkeypatch: pytest.MonkeyPatch, colour: bool) -> None:
    if colour:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm")
    text = render(Stories(make_run(), (drone_story(),), 1, 0.69, 0.54), 140)
    mark, end = ("\x1b[1m", "\x1b[0m") if colour else ("*", "*")
    assert f"{mark}marked{end}" in text
    assert f"{mark}Lelabouga{end}" in text
    assert ("*" in text) is not colour


def test_shows_earliest_document_and_conflicts() -> None:
    text = one_line(render(Stories(make_run(), (soldier_story(),), 1, 0.69, 0.54)))
    assert f"A La Gazette, 19 Oct 2024, Déjà, 1.500 first id {SEEDS[4].name} credits NIS" in text
    assert f"B Le Journal, 28 Mar 2025, Les troupes id {SEEDS[2].name} credits no source" in text
    assert "started 19 Oct 2024 first A, La Gazette" in text
    assert "Story 2 size 2 documents, 1 link started" in text
    assert "conflicting 3000 ≠ 1500 soldats" in text
    assert "A and B heavy 0.55, conflicting: 3000 ≠ 1500 soldats A Déjà" in text
    assert "more link" not in text


@pytest.mark.parametrize(
    ("documents", "nearest", "why"),
    [
        (5, 0.22, "No stories: the best sentence pair scores 0.22, and a link requires 0.54."),
        (5, 0.5399, "the best sentence pair scores 0.53, and a link requires 0.54."),
        (5, 0.7, "scores 0.70, and a link requires 0.54; but the linked sentences share too few facts, or only"),
        (5, None, "No stories: no two documents of the same language share rare words or facts"),
        (1, None, "No stories: a story needs two documents, and the input has one."),
        (0, None, "and the input has none."),
    ],
)
def test_explains_why_there_are_no_stories(documents: int, nearest: float | None, why: str) -> None:
    text = one_line(render(Stories(make_run(documents), (), 0, nearest, 0.54)))
    assert why in text


def test_shows_skipped_inputs_and_uncompared_pairs() -> None:
    story_run = make_run(notes=("a note",), skipped=({"path": "x", "row": 3, "line": None, "reason": "no text"},))
    story_run.counts.update(not_compared=1234, null_texts=2)
    text = one_line(render(Stories(story_run, (drone_story(),), 7, 0.69, 0.54)))
    assert "compared 10 pairs of documents" in text
    assert "not compared 1,234 pairs that share fewer rare words and facts than the compared pairs" in text
    assert "skipped 1 input or row x, row 3: no text" in text
    assert "note 2 documents without text note a note" in text
    assert "and 6 more stories; stories.parquet (-o OUT) has all of them" in text


def test_large_stories_are_shortened() -> None:
    many = tuple(StoryDocument(doc, f"doc {doc}", "", None, None, None, ((0, 9),) * 5, (), ()) for doc in range(100))
    pairs = tuple(
        StoryLink(left, 0, 9, f"text {left:>4}", right, 0, 9, f"text {right:>4}", 0.6, "light", (), ())
        for left in range(99)
        for right in (left + 1, 99)
    )
    text = render(Stories(make_run(100), (drone_story(documents=many, links=pairs, link_count=5000),), 1, 0.6, 0.54))
    assert "and 88 more documents: M to CV" in text
    assert "doc 11\n" in text
    assert "doc 12\n" not in text
    assert "45 characters" in text
    assert "A, B, C, D, E, F, G, H and 92 more  light 0.60" in text
    assert "other words in F, G, H, I, J, K, L, M and 87 more" in text
    assert "and 4,802 more links" in text


def test_documents_without_id_are_named_by_path_and_row() -> None:
    two = tuple(
        StoryDocument(doc, None, path, row, None, None, ((0, 9),), (), ())
        for doc, path, row in ((0, "a.csv", 7), (1, "b.txt", None))
    )
    text = one_line(render(Stories(make_run(2), (drone_story(documents=two, links=()),), 1, 0.6, 0.54)))
    assert "A a.csv#7 credits" in text
    assert "B b.txt credits" in text


def test_verbatim_link_is_shown_once_and_long_sentence_is_shortened() -> None:
    same = replace(make_link((0, WORKERS), (1, NHK), 1.0, "verbatim"), right_text=TEXTS[0][slice(*WORKERS)])
    long = replace(make_link((0, WORKERS), (1, NHK), 0.6), left_text="mot " * 500)
    text = one_line(render(Stories(make_run(), (drone_story(links=(same,)),), 1, 0.69, 0.54)))
    assert text.count("Cette main-d’œuvre massive") == 1
    assert "A and B verbatim Cette" in text
    assert "Shared words" not in text
    text = one_line(render(Stories(make_run(), (drone_story(links=(long,)),), 1, 0.69, 0.54)))
    assert "mot [… 1,76" in text
    assert text.count("mot ") < 100


@pytest.mark.parametrize(("width", "beside"), [(99, False), (100, True)])
def test_uses_two_columns_from_100_columns_on(width: int, beside: bool) -> None:
    lines = render(Stories(make_run(), (drone_story(),), 1, 0.69, 0.54), width).splitlines()
    assert any("Cette main-d’œuvre" in line and "D’après" in line for line in lines) is beside


def test_a_conflict_is_shown_once() -> None:
    both = (Conflict("1", "2", "customers"), Conflict("2", "1", "customers"), Conflict("2", "1", "shops"))
    story = drone_story(conflicting=both)
    text = one_line(render(Stories(make_run(), (story,), 1, 0.9, 0.35)))
    assert "conflicting 1 ≠ 2 customers, 2 ≠ 1 shops" in text


@pytest.mark.parametrize("width", [40, 80, 120])
def test_escapes_control_characters(width: int) -> None:
    documents = tuple(
        StoryDocument(doc, HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE, ((0, 9),), (HOSTILE,), (HOSTILE,)) for doc in (0, 1)
    )
    conflict = Conflict(HOSTILE, f"other {HOSTILE}", HOSTILE)
    pairs = (StoryLink(0, 0, 9, HOSTILE, 1, 0, 9, HOSTILE, 0.6, "light", (HOSTILE,), (conflict,)),)
    story = Story(0, documents, (HOSTILE,), (conflict,), pairs, 1, 0)
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
            *("uncredited", "credit_unknown", "undecided", "undecided_credited"),
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
        replace(third, doc=9, cites=None),
    )
    sources = (StorySource("NHK", (1,), (0,)), StorySource("RBC-Ukraine", (0, 1)))
    story = drone_story(
        documents=documents, headline="Workers for drones", sources=sources, started="2025-06-19T12:03Z", undated=2
    )
    text = one_line(render(Stories(make_run(), (story,), 1, 0.69, 0.54)))
    assert "Story 1: Workers for drones size 4 documents, 9 links" in text
    assert "started 19 Jun 2025 12:03 UTC or earlier (2 documents without a date)" in text
    assert "first unknown: the dates do not decide" in text
    assert (
        "credited NHK by B; it is the outlet of A RBC-Ukraine by A and B no credit in C, for text that others have"
        in text
    )
    assert f"A NHK, 19 Jun 2025 12:03 UTC, Drones origin id {SEEDS[0].name} credits NHK, RBC-Ukraine" in text
    assert "only here Tatarstan" in text
    assert "B Workers credits others" in text
    assert "changed 12,000 ouvriers" in text
    assert f"C {SEEDS[3].name} no credit credits no source" in text
    assert f"D {SEEDS[3].name} credits unknown (not read in this language)" in text


def test_lists_the_largest_templates() -> None:
    families = (TemplateFamily(24, ("a", "b"), "Profit of … rose to … in the quarter."),) * 7
    text = one_line(render(replace(Stories(make_run(), (), 0, None, 0.54), templates=families)))
    assert "Documents that share a template but not a story 24 “Profit of … rose to … in the quarter.” 24" in text
    assert "and 2 more templates with 48 documents; --json lists all" in text


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
    if width == 40:
        assert "Post from Herald stories 12; later in 8 of 10 with decided dates, by 1.5 h (median)" in text
        assert "letters 4,310: 4,310 verbatim of these 4,310 with credit to Herald" in text
    elif width == 120:
        assert "takes over from stories later delay letters verbatim credit Post Herald" in text
        assert "Post Herald 12 8/10 1.5 h 4,310 4,310 4,310 Herald Post 12 2/10 1.5 h" in text
    else:
        assert "takes over from stories later letters credit Post Herald 12 8/10 4,310 4,310" in text
    assert "Undecided: shared text; neither dates nor credits show which side took it over" in text
    if width > 40:
        assert re.search(r"left right letters with credit .* 50 20 letters in linked sentences: left / right", text)
    assert "of these, with a credit to the source (credit)." in text  # no legend of columns that are not there
    assert "outlets.parquet (-o OUT) has all 9 ordered pairs, also those that share no text" in text
    assert "not counted: 3 documents in stories that have no outlet" in text
