"""Write the inputs on which `dedup align` is timed and compared with other checkouts, and list them by name.

An input is a JSON Lines file or a folder. The same data gives the same bytes, so inputs are written once to a folder
and used again.
"""

import gzip
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import grown
import numpy as np
from evaluation_sets import Mixture, Row, load
from news_sets import headlines, rewrites
from planted import edit, planted_corpus, sentences, stretches

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
# The long text and the short ones: about half of these repeat a passage of it.
LONG_SENTENCES, SHORT_TEXTS = 20_000, 150
MIN_PASSAGE, MAX_PASSAGE = 3, 8  # sentences
PASSAGE_EDITS = 0.1  # share of the words
NOVEL_START = 30_000  # code points of a novel that are compared with the other novels
# The other folders of the odd inputs contain a few files of about a megabyte.
ARCHIVES = {
    "odd": ("odd_inputs.tar.gz", "odd_inputs/chardet_tests"),
    "reading-cases": ("reading_cases.tar.gz", ""),
    "verdict-cases": ("verdict_cases.tar.gz", ""),
    "paragraph-cases": ("paragraph_cases.tar.gz", ""),
}


class Corpus(NamedTuple):
    """An input of `dedup align` that is made of the evaluation sets."""

    name: str
    write: Callable[[Path, Path], None]
    """Write the input, given the folder of the sets and the path of the input."""
    suffix: str = ".jsonl"
    """Suffix of the input, empty for a folder."""
    is_grown: bool = False
    """Whether a file of planted pairs is written beside the input."""

    def path(self, data: Path, folder: Path) -> Path:
        """Write the input unless it exists; returns its path.

        Args:
            data: Folder of the sets.
            folder: Folder of the inputs.
        """
        path = folder / f"{self.name}{self.suffix}"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            partial_path = folder / f"{self.name}.partial{self.suffix}"
            self.write(data, partial_path)
            if self.is_grown:
                grown.truth_path(partial_path).rename(grown.truth_path(path))
            partial_path.rename(path)
        return path

    def truth(self, data: Path, folder: Path) -> list[grown.Planted]:
        """Return the planted pairs, none if there is no file of them."""
        return grown.read_truth(grown.truth_path(self.path(data, folder))) if self.is_grown else []


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write rows as JSON Lines."""
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_texts(texts: Iterable[str], path: Path) -> None:
    """Write texts as JSON Lines with their numbers as ids."""
    write_rows(({"id": str(number), "text": text} for number, text in enumerate(texts)), path)


def write_semeval(data: Path, path: Path) -> None:
    """Write the distinct articles of SemEval, in order of their first occurrence."""
    rows = load(data, "semeval", "all")
    write_texts(dict.fromkeys(row[side] for row in rows for side in ("text1", "text2")), path)


def write_reuters(count: int | None, data: Path, path: Path) -> None:
    """Write the first Reuters stories, title and text.

    Args:
        count: Number of stories, None for all.
        data: Folder of the sets.
        path: File to write.
    """
    write_texts((f"{row['title']}\n\n{row['text']}" for row in load(data, "reuters", "all")[:count]), path)


def write_long(data: Path, path: Path) -> None:
    """Write a long text made of novels, and short texts of which half repeat one of its passages with some edits.

    The planted pairs are the pairs of the long text and a short one that repeats a passage.
    """
    random = np.random.default_rng(1)
    novels = [row["text"] for row in load(data, "novels", "all")]
    long: list[str] = []
    while len(long) < LONG_SENTENCES:
        long += sentences(novels.pop(0))
    long = long[:LONG_SENTENCES]
    if not novels:
        raise SystemExit("the novels are too short to make a long text and others")
    hosts = stretches(novels, random)
    vocabulary = [word for host in hosts[:SHORT_TEXTS] for word in host.split()]
    rows = [{"id": "long", "text": "".join(long)}]
    truth = []
    for number in range(SHORT_TEXTS):
        text = hosts[int(random.integers(len(hosts)))]
        if number % 2:
            count = int(random.integers(MIN_PASSAGE, MAX_PASSAGE + 1))
            first = int(random.integers(len(long) - count))
            passage = "".join(long[first : first + count]).strip()
            text = f"{text.rstrip()}\n\n{edit(passage, PASSAGE_EDITS, vocabulary, random)}\n"
            truth.append(grown.Planted(0, len(rows), "passage"))
        rows.append({"id": f"short-{number}", "text": text})
    write_rows(rows, path)
    grown.write_truth(truth, grown.truth_path(path))


def write_grown(count: int, data: Path, path: Path) -> None:
    """Write articles with planted rewrites, and the planted pairs beside them."""
    grown.write(data, path, count)


def write_set(name: str, columns: Sequence[str], data: Path, path: Path) -> None:
    """Write the distinct texts of some columns of a set; a list of sentences is a text.

    Args:
        name: Key of `evaluation_sets.EVALUATION_SETS`.
        columns: Names of columns.
        data: Folder of the sets.
        path: File to write.
    """
    separator = " " if name == "mtref" else "\n"
    values = (row[column] for row in load(data, name, "all") for column in columns)
    write_texts(dict.fromkeys(value if isinstance(value, str) else separator.join(value) for value in values), path)


def write_mixture(make: Callable[[Path], Mixture], data: Path, path: Path) -> None:
    """Write the texts of a mixture."""
    write_texts(make(data).texts, path)


def write_novels(data: Path, path: Path) -> None:
    """Write the first part of each novel."""
    write_texts((row["text"][:NOVEL_START] for row in load(data, "novels", "all")), path)


def write_planted(data: Path, path: Path) -> None:
    """Write documents in which edited passages of others are planted."""
    write_texts(planted_corpus(data).texts, path)


def write_lines(name: str, count: int | None, data: Path, path: Path) -> None:
    """Write the first rows of a file of the sets with all their columns."""
    source = data / name
    with (gzip.open if source.suffix == ".gz" else open)(source, "rt", encoding="utf-8") as lines:
        write_rows([json.loads(line) for line in lines][:count], path)


def write_story_cases(data: Path, path: Path) -> None:
    """Write each story case to a file of a folder."""
    path.mkdir()
    rows = load(data, "story-cases", "all")
    for case in dict.fromkeys(row["case"] for row in rows):
        write_rows((row for row in rows if row["case"] == case), path / f"{case}.jsonl")


def write_archive(name: str, part: str, data: Path, path: Path) -> None:
    """Unpack a folder of an archive.

    Args:
        name: File of the sets.
        part: The folder; empty for all.
        data: Folder of the sets.
        path: Folder to write.
    """
    unpacked = path.with_name(f"{path.name}-unpacked")
    with tarfile.open(data / name) as archive:
        archive.extractall(unpacked, filter="data")
    (unpacked / part).rename(path)
    shutil.rmtree(unpacked, ignore_errors=True)


def write_seeds(_data: Path, path: Path) -> None:
    """Copy the seeds."""
    shutil.copytree(SEEDS, path)


def _reuters(count: int | None) -> Corpus:
    return Corpus(f"reuters-{count}" if count else "reuters", partial(write_reuters, count))


def _set(name: str, *columns: str) -> Corpus:
    return Corpus(name, partial(write_set, name, columns))


CORPORA = {
    corpus.name: corpus
    for corpus in (
        Corpus("seeds", write_seeds, ""),
        Corpus("story-cases", partial(write_lines, "story_cases.jsonl", None)),
        Corpus("story-case-files", write_story_cases, ""),
        _set("mtref", "left", "right"),
        _set("deplain", "original", "simplification"),
        _set("clough", "text", "source"),
        Corpus("credits", partial(write_lines, "credit_cases.jsonl", None)),
        Corpus("peer-cases", partial(write_lines, "peer_cases.jsonl", None)),
        *(Corpus(name, partial(write_archive, *source), "") for name, source in ARCHIVES.items()),
        Corpus("headlines", partial(write_mixture, partial(headlines, language=None))),
        Corpus("rewrites", partial(write_mixture, partial(rewrites, level=None))),
        Corpus("planted", write_planted),
        Corpus("novels", write_novels),
        Corpus("law", partial(write_lines, "legi_fr_articles.jsonl.gz", 1000)),
        Corpus("semeval", write_semeval),
        *map(_reuters, (1000, 2000, 4000, None)),
        *(
            Corpus(f"grown-{count}", partial(write_grown, count), ".jsonl.gz", is_grown=True)
            for count in (1000, 3000, 10_000, 30_000, 100_000)
        ),
        Corpus("long", write_long, is_grown=True),
    )
}


def chosen(names: Sequence[str], default: Sequence[str]) -> list[Corpus]:
    """Return corpora by their names.

    Args:
        names: Names of corpora; empty for the default ones.
        default: Names of the default ones.
    """
    if unknown := [name for name in names if name not in CORPORA]:
        raise SystemExit(f"unknown corpus: {', '.join(unknown)}; choose from {', '.join(CORPORA)}")
    return [CORPORA[name] for name in names or default]


def data_folder(option: Path | None) -> Path:
    """Return the folder of the sets: the option, else the variable DEDUP_DATA."""
    if option is None and not os.environ.get("DEDUP_DATA"):
        raise SystemExit("Set DEDUP_DATA to the folder of the sets, or use --data.")
    return (option or Path(os.environ["DEDUP_DATA"])).absolute()


def align_command(checkout: Path, source: Path, out: Path, workers: int) -> list[str]:
    """Return the command that runs `dedup align` of a checkout, with the interpreter of this process.

    Args:
        checkout: Folder of a checkout of the project.
        source: Input.
        out: Folder to write.
        workers: Number of workers.
    """
    # `python -m` imports from its working folder first; processes that it starts import from PYTHONPATH.
    start = ["env", "-C", str(checkout), f"PYTHONPATH={checkout}", sys.executable, "-m", "dedup", "align"]
    return [*start, str(source), "-o", str(out), "--workers", str(workers), "-q", "--overwrite"]
