"""Measure how `align` finds reused passages in generated corpora whose reuse is known.

python benchmarks/quality.py planted books quotes --data FOLDER
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import books as hours
import measures
import planted as planting
import threads
from evaluation_sets import Part, Table, text_table
from reuse_measures import Match, letter_counts, link_matches, pair_counts, passage_counts, passage_f1, total

from dedup import align

SEED = 1
LIBRARIES = {
    "books of hours": (hours.BOOKS, hours.PSALMS, hours.POOL),
    "a book with 300 psalms": (1, 300, 300),
}
"""Numbers of books, of psalms in each, and of psalms in the pool."""
SYSTEMS = {"dedup": False, "dedup, with `related`": True}
"""Whether links of the kind `related` count."""
MEASURES = ["letters F1", "precision", "recall", "passages F1", "false pairs", "missed pairs"]


def planted(data: Path, _: Part) -> Table:
    """Measure planted passages by the level of edits, without and with links of the kind `related`."""
    corpus = planting.planted_corpus(data, seed=SEED)
    links = align(text_table(corpus.texts)).links
    systems = {name: link_matches(links, related) for name, related in SYSTEMS.items()}
    return planted_table(corpus, systems)


def planted_table(corpus: planting.PlantedCorpus, systems: dict[str, list[Match]]) -> Table:
    """Return the table of measures of systems on planted passages.

    Args:
        corpus: The corpus.
        systems: Matches found by each system.
    """
    groups = {
        **{f"{edits:.0%} of the words edited": {"edits": edits} for edits in planting.EDITS},
        "no OCR noise": {"noisy": False},
        "OCR noise": {"noisy": True},
    }
    lines = []
    for name, found in systems.items():
        gold = [passage.match for passage in corpus.passages]
        lines.append([name, f"all, {len(gold)}", *reuse_cells(corpus.texts, gold, found), "≥ .97"])
        for group, wanted in groups.items():
            chosen = [
                passage.match
                for passage in corpus.passages
                if passage.edits == wanted.get("edits", passage.edits)
                and (passage.noise > 0) == wanted.get("noisy", passage.noise > 0)
            ]
            pairs = {one.pair for one in chosen}
            cells = reuse_cells(corpus.texts, chosen, [one for one in found if one.pair in pairs])
            lines.append(["", f"{group}, {len(chosen)}", *cells, ""])
    return Table(
        "planted: passages planted in other documents",
        ["reuters", "novels"],
        [
            f"{len(corpus.texts)} documents, half English and half French, "
            f"{len(corpus.passages)} passages of "
            f"{planting.MIN_SENTENCES} to {planting.MAX_SENTENCES} sentences, seed {SEED}; OCR noise changes up to "
            f"{planting.MAX_NOISE:.0%} of the characters of half of them",
            "letters of reused passages in both documents, summed over pairs of documents; a passage is found if half "
            "of its letters are; a level of edits counts only the pairs of documents with such a passage",
        ],
        ["system", "passages", *MEASURES, "goal"],
        lines,
        whole=True,
    )


def reuse_cells(texts: Sequence[str], gold: Iterable[Match], found: Iterable[Match]) -> list[str]:
    """Format F1, precision and recall of letters, F1 of passages, and numbers of false and missed pairs."""
    true, other = list(gold), list(found)
    letters = total(letter_counts(texts, true, other).values())
    passages = passage_f1(passage_counts(texts, true, other).values())
    right, false, missed = pair_counts(true, other)
    values = [measures.f1(letters), measures.precision(letters), measures.recall(letters), passages]
    return [*(f"{value:.3f}" for value in values), str(false), f"{missed} of {right + missed}"]


def books(_data: Path, _: Part) -> Table:
    """Measure which psalms of a pool are found in which books, and a long book with hundreds of partners."""
    lines = []
    for name, (count, psalms, pool) in LIBRARIES.items():
        corpus = hours.library(count, psalms, pool, SEED)
        links = align(text_table([*corpus.psalms, *corpus.books])).links
        lines += book_lines(name, corpus, {system: link_matches(links, related) for system, related in SYSTEMS.items()})
        for method, pairs in hours.shared_grams(corpus).items():
            rows = total([measures.counts(corpus.pairs, pairs)])
            values = [f"{measure(rows):.3f}" for measure in (measures.f1, measures.precision, measures.recall)]
            missed = f"{rows[0, 2]:.0f} of {len(corpus.pairs)}"
            lines.append(["", method, *values, f"{rows[0, 1]:.0f}", missed, "", ""])
    return Table(
        "books: pairs of a book and a psalm that it contains",
        [],
        [
            f"corpora of the psalms and the books, pseudo-Latin, seed {SEED}: other spellings and abbreviations by "
            "scribe, lines broken elsewhere, punctuation lost, verses left out, the same formulas after each psalm",
            "a pair is found if there is a link between the book and the psalm; letters are counted in these pairs; "
            "links between books are not measured",
        ],
        ["corpus", "system", "pairs F1", "precision", "recall", "false pairs", "missed pairs", "letters F1", "goal"],
        lines,
    )


def book_lines(name: str, made: hours.Library, systems: dict[str, list[Match]]) -> list[list[str]]:
    """Format the measures of systems on a library.

    Args:
        name: Name of the library.
        made: The library; its corpus is the psalms followed by the books.
        systems: Matches found by each system.
    """
    gold = hours.book_matches(made)
    texts, first_book = [*made.psalms, *made.books], len(made.psalms)
    about = f"{name}: {len(made.books)}, {first_book} psalms, {sum(map(len, texts)) / 1e6:.1f} million characters"
    lines = []
    for number, (system, found) in enumerate(systems.items()):
        between = [one for one in found if one.left < first_book <= one.right]
        right, false, missed = counts = pair_counts(gold, between)
        rows = total([counts])
        values = [measure(rows) for measure in (measures.f1, measures.precision, measures.recall)]
        letters = measures.f1(total(letter_counts(texts, gold, between).values()))
        cells = [*(f"{value:.3f}" for value in values), str(false), f"{missed} of {right + missed}", f"{letters:.3f}"]
        lines.append(["" if number else about, system, *cells, "" if number else "≥ .80"])
    return lines


def quotes(data: Path, _: Part) -> Table:
    """Measure which messages quote each other, and the text that they share."""
    made = threads.newsgroup(data, seed=SEED)
    links = align(text_table(made.texts)).links
    lines = [
        [name, *quote_cells(made, link_matches(links, related)), "recall ≥ .97" if not related else ""]
        for name, related in SYSTEMS.items()
    ]
    pairs = len({one.pair for one in made.shared})
    return Table(
        "quotes: messages that quote each other",
        ["reuters"],
        [
            f"{len(made.texts)} messages in {threads.THREADS} threads, {pairs} pairs that share at least "
            f"{threads.MIN_SHARED_LINES} lines, quoted from each other or from a third message; {len(made.unclear)} "
            f"pairs that share fewer are left out; signatures of the same author are no quotes; seed {SEED}",
            "letters are counted in the lines that two messages share, without the marks of quotes",
        ],
        ["system", "pairs F1", "precision", "recall", "false", "missed", "letters F1", "precision", "recall", "goal"],
        lines,
        whole=True,
    )


def quote_cells(made: threads.Newsgroup, found: Iterable[Match]) -> list[str]:
    """Format the measures of pairs of messages and of the letters that they share."""
    measured = [one for one in found if one.pair not in made.unclear]
    right, false, missed = pair_counts(made.shared, measured)
    letters = letter_counts(made.texts, made.shared, measured).values()
    cells = [
        [f"{measure(rows):.3f}" for measure in (measures.f1, measures.precision, measures.recall)]
        for rows in (total([(right, false, missed)]), total(letters))
    ]
    return [*cells[0], str(false), f"{missed} of {right + missed}", *cells[1]]
