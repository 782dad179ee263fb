"""Stateful test: commands in random order on a folder that changes between them.

After every command: the exit code is 0, 1 (only with --check or --strict) or 2; OUT is absent, complete or unchanged;
`restore` returns the originals; the input files are unchanged; outputs of earlier commands inside the folder are not
read as input; the temporary directory is empty.
"""

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pyarrow.parquet as pq
from click.testing import CliRunner, Result
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from strategies import FEW

import dedup
from dedup.cli.commands import cli
from dedup.outputs.files import FILES

Texts = dict[tuple[str, int | None], str | None]

LONG = "The council of {0} voted on {1} May 2024 to build a bridge of 25 000 tonnes, Reuters said, and {0} rejoiced."
PIECES = [
    *(LONG.format(place, day) for place in ("Brest", "Kiev") for day in (3, 4)),
    "Twenty words or more are what a paragraph needs to be removed at all, so here they come, one after the other, "
    "until there are enough of them.",
    *["Selon NHK, 25 000 ouvriers arrivent.", "名前と住所" * 8, "e\u0301\u00ad \u200bﬁ", "?!", "", "\x1b[31mred", ">"],
    "\U0001f469\u200d\U0001f469 =1+1 <b>&amp;</b> \u202e",
]
texts = st.lists(st.sampled_from(PIECES), max_size=5).flatmap(
    lambda parts: st.sampled_from(["\n", "\n\n", "\r\n", "\u2028", " "]).map(lambda gap: gap.join(parts))
)
# Names are shown as UTF-8; bytes that are not valid UTF-8 are shown as \xNN.
FILE_NAMES = [
    *[b"a.txt", b"b.md", b"deep/er/c.txt", b"deep/d", b"two\nlines.txt", b"\x1b[2Jcleared.txt", b"\xff\xfe.txt"],
    *["é.txt".encode(), "e\u0301.txt".encode(), b"n" * 251 + b".txt", b"-rf", b"#1.txt", b" .txt", b"%s{}'\".txt"],
]
TABLE_NAMES = [b"rows.jsonl", b"deep/rows.jsonl", b"table.csv", b"deep/run.json", b"tab.tsv"]
ODD: dict[bytes, bytes] = {
    b"noise.bin": bytes(range(256)) * 4,
    b"broken.jsonl": b'{"text": \n[]\n"x"\n{"other": 1}\n',
    b"broken.csv": b'id,text\n"1,never closed',
    b"cut.parquet": b"PAR1\0\0",
    b"cut.txt.gz": b"\x1f\x8b\x08\0",
    b".hidden.txt": b"Hidden.",
}
INSIDE, DEEPER, OUTSIDE, EXISTING_FILE = "corpus/out", "corpus/new/out", "elsewhere/out", "corpus/a.txt"
PAGES = ["corpus/drawn.html", "elsewhere/drawn.html", "corpus/web.html"]
OPTIONS: dict[str, st.SearchStrategy[str]] = {
    "--threshold": st.sampled_from(["0.5", "0.6", "0.8", "1", "2"]),
    "--shingle": st.sampled_from(["1", "3,2", "5", "2", ","]),
    "--unit": st.sampled_from(["documents", "paragraphs", "both"]),
    "--paragraphs": st.sampled_from(["none", "within", "all"]),
    "--paragraphs-by": st.sampled_from(["line", "blank-line", "auto"]),
    "--min-tokens": st.sampled_from(["0", "5", "20"]),
    "--keep": st.sampled_from(["first", "longest", "longest", "-score"]),
    "--workers": st.sampled_from(["1", "3"]),
    "--memory": st.sampled_from(["200MB", "1GB", "2GB", "lots"]),
    "--outlet-level": st.just("1"),
    "--seed": st.sampled_from(["1", "7"]),
}
READING_OPTIONS = ("--workers", "--memory", "--outlet-level")
outs = st.sampled_from([INSIDE, INSIDE, DEEPER, OUTSIDE, INSIDE, OUTSIDE, DEEPER, EXISTING_FILE])
flags = st.sampled_from(["", "", "--json", "--check --strict"]).flatmap(
    lambda some: st.sampled_from([some.split(), ["--overwrite", *some.split()], ["--overwrite", *some.split()]])
)


def options(*names: str) -> st.SearchStrategy[list[str]]:
    """Draw up to three options with values."""
    drawn = st.lists(st.sampled_from(names or tuple(OPTIONS)), unique=True, max_size=3)
    pairs = drawn.flatmap(lambda chosen: st.tuples(*(st.tuples(st.just(name), OPTIONS[name]) for name in chosen)))
    return pairs.map(lambda pairs: [part for pair in pairs for part in pair])


def displayed_name(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the hash of each file in a folder, or of a single file."""
    paths = folder.rglob("*") if folder.is_dir() else [folder]
    return {os.fsdecode(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()}


class InterruptingProgress(dedup.Progress):
    """Raises `KeyboardInterrupt` after a number of steps."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002  # signature of the base class
        self._steps -= 1
        if self._steps < 0:
            raise KeyboardInterrupt


class Commands(RuleBasedStateMachine):
    """The input folder, the texts expected from it, and the output folders."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="commands-"))
        self.corpus, self.temp = self.place / "corpus", self.place / "temp"
        for folder in (self.corpus, self.temp, self.place / "elsewhere"):
            folder.mkdir()
        self.written: dict[bytes, bytes] = {}
        self.expected: dict[bytes, Texts] = {}
        self.outs: dict[str, str] = {}  # command that wrote each output folder
        self.default_tempdir, tempfile.tempdir = tempfile.tempdir, str(self.temp)

    def teardown(self) -> None:
        tempfile.tempdir = self.default_tempdir
        shutil.rmtree(self.place)

    # Changes of the folder.

    def write(self, name: bytes, data: bytes, expected: Texts) -> None:
        path = self.corpus / os.fsdecode(name)
        if path.is_dir():  # an output folder
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.written[name], self.expected[name] = data, expected

    @initialize(given=st.lists(texts, min_size=1, max_size=4))
    def create_folder(self, given: list[str]) -> None:
        for name, text in zip(FILE_NAMES, given, strict=False):
            self.write_file(name, text)

    @rule(name=st.sampled_from(FILE_NAMES), text=texts)
    def write_file(self, name: bytes, text: str) -> None:
        self.write(name, text.encode(), {(displayed_name(name), None): text})

    @rule(name=st.sampled_from(FILE_NAMES), data=st.data())
    @precondition(lambda self: any(len(texts) == 1 for texts in self.expected.values()))
    def write_copy(self, name: bytes, data: st.DataObject) -> None:
        texts = data.draw(st.sampled_from([text for texts in self.expected.values() for text in texts.values()]))
        self.write_file(name, texts or "")

    @rule(name=st.sampled_from(TABLE_NAMES), given=st.lists(st.one_of(texts, texts, st.none()), max_size=5))
    def write_table(self, name: bytes, given: list[str | None]) -> None:
        rows = [{"id": f"{at // 2}", "text": text, "score": at % 3} for at, text in enumerate(given)]
        expected = {(displayed_name(name), at): text for at, text in enumerate(given)}
        if name.endswith((b"csv", b"tsv")):
            sheet = io.StringIO()
            writer = csv.writer(sheet, "excel-tab" if name.endswith(b"tsv") else "excel")
            writer.writerows([["id", "text", "score"], *(list(row.values()) for row in rows)])
            expected = {place: text or "" for place, text in expected.items()}
            self.write(name, sheet.getvalue().encode(), expected)
        else:
            lines = [json.dumps(row, ensure_ascii=bool(at % 2)) + "\n" for at, row in enumerate(rows)]
            self.write(name, "".join(lines).encode(), expected)

    @rule(words=st.sampled_from(["Some words", "Others"]))
    def write_web_page(self, words: str) -> None:
        self.write(b"web.html", f"<!doctype html><p>{words}".encode(), {("web.html", None): words})

    @rule(name=st.sampled_from(list(ODD)))
    def write_odd_file(self, name: bytes) -> None:
        self.write(name, ODD[name], {})

    @rule(data=st.data())
    @precondition(lambda self: len(self.written) > 1)
    def delete_file(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.written)))
        (self.corpus / os.fsdecode(name)).unlink()
        del self.written[name], self.expected[name]

    # The commands.

    def run(self, *arguments: str | Path) -> Result:
        done = CliRunner().invoke(cli, [os.fsdecode(argument) for argument in arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code in ((0, 1, 2) if {"--check", "--strict"} & {*arguments} else (0, 2)), done.output
        assert "bug in dedup" not in done.output
        assert "Traceback" not in done.output
        return done

    def run_to(self, command: str, out: str, *arguments: str) -> bool:
        """Run a command that writes OUT; check that OUT is complete or unchanged. Return whether it succeeded."""
        target = self.place / out
        before = file_hashes(target)
        done = self.run(command, self.corpus, "-o", target, "-q", "--temp-dir", self.temp, *arguments)
        if done.exit_code == 2:
            assert file_hashes(target) == before
            return False
        assert not before or "--overwrite" in arguments
        assert {path.name for path in target.iterdir()} >= {"run.json", *FILES[command]}
        assert json.loads((target / "run.json").read_text("utf-8"))["command"] == command
        if "--json" in arguments:
            json.loads(done.stdout)
        self.outs[out] = command
        return True

    def expected_texts(self) -> Texts:
        return {place: text for texts in self.expected.values() for place, text in texts.items()}

    @rule(out=st.none() | outs, given=options(), flags=flags)
    def scan(self, out: str | None, given: list[str], flags: list[str]) -> None:
        if out is None:
            self.run("scan", self.corpus, "--temp-dir", self.temp, *given, *flags)
        else:
            self.run_to("scan", out, *given, *flags)

    @rule(out=outs, given=options(), flags=flags)
    def clean(self, out: str, given: list[str], flags: list[str]) -> None:
        if self.run_to("clean", out, *given, *flags):
            folder = self.place / out
            back = {
                (row["path"], row["row"]): row["text"] for batch in dedup.restore(folder) for row in batch.to_pylist()
            }
            assert back == self.expected_texts()
            run = json.loads((folder / "run.json").read_text("utf-8"))
            assert run["counts"]["documents"] == len(back)
            # deep/run.json may be empty; pages written by dedup are skipped.
            may_be_skipped = {*map(displayed_name, ODD), "deep/run.json", "drawn.html", "web.html"}
            assert {item["path"] for item in run["skipped"]} <= may_be_skipped
            self.clean_again(folder, given)

    def clean_again(self, folder: Path, given: list[str]) -> None:
        """Clean the output again: no text is lost; if only documents were compared, none is removed."""
        again = self.place / "elsewhere" / "again"
        arguments = [*given]
        if "--unit" in arguments:
            at = arguments.index("--unit")
            del arguments[at : at + 2]
        documents_only = "documents" in given or ("none" in given and "paragraphs" not in given)
        if "--keep" in arguments or "--outlet-level" in arguments:  # the output has other columns than the input
            return
        done = self.run("clean", folder / "clean.parquet", "-o", again, "-q", "--unit", "documents", *arguments)
        cleaned = pq.read_table(folder / "clean.parquet")["text"].to_pylist()
        if done.exit_code == 2:
            assert not again.exists()
            assert "contradict" in done.output or not cleaned, done.output
            return
        assert [text for batch in dedup.restore(again) for text in batch["text"].to_pylist()] == cleaned
        if documents_only:
            assert pq.read_table(again / "removed.parquet").num_rows == 0
        shutil.rmtree(again)

    @rule(out=outs, flags=flags, given=options(*READING_OPTIONS))
    def align(self, out: str, given: list[str], flags: list[str]) -> None:
        if self.run_to("align", out, *given, *(flag for flag in flags if flag != "--check")):
            paths = pq.read_table(self.place / out / "stories.parquet")["path"].to_pylist()
            assert {*paths} <= {path for path, _ in self.expected_texts()}

    @rule(out=outs, steps=st.integers(0, 6), command=st.sampled_from([dedup.clean, dedup.align]), over=st.booleans())
    def interrupt(self, out: str, steps: int, command: Callable[..., object], over: bool) -> None:
        before = file_hashes(self.place / out)
        try:
            command(
                self.corpus, self.place / out, progress=InterruptingProgress(steps), temp_dir=self.temp, overwrite=over
            )
        except (KeyboardInterrupt, dedup.DedupError):
            assert file_hashes(self.place / out) == before

    def draw_out(self, data: st.DataObject, command: str) -> str:
        """Draw an output of a command; any existing path if there is none."""
        outs = [out for out, by in self.outs.items() if by == command]
        return data.draw(st.sampled_from(outs or [*self.outs, EXISTING_FILE]))

    @rule(data=st.data(), files=st.booleans(), over=st.booleans())
    @precondition(lambda self: self.outs)
    def restore(self, data: st.DataObject, files: bool, over: bool) -> None:
        out = self.draw_out(data, "clean")
        if not files:
            done = self.run("restore", self.place / out)
            rows = [json.loads(line) for line in done.stdout_bytes.splitlines()] if done.exit_code == 0 else []
            assert all({"path", "row", "text"} <= row.keys() for row in rows)
            return
        back = self.place / "elsewhere" / "back"
        before = file_hashes(back)
        done = self.run("restore", self.place / out, "-o", back, *["--overwrite"] * over)
        if done.exit_code == 2:
            assert file_hashes(back) == before
        else:
            for row in (row for batch in dedup.restore(self.place / out) for row in batch.to_pylist()):
                if row["row"] is None:
                    assert (back / row["path"]).read_bytes() == row["text"].encode()

    @rule(data=st.data(), name=st.sampled_from(["#0", "#1", "#2", "a.txt", "", "0", "\x1b[31m"]), flag=st.booleans())
    @precondition(lambda self: self.outs)
    def explain(self, data: st.DataObject, name: str, flag: bool) -> None:
        out = self.draw_out(data, "clean")
        done = self.run("explain", *["--json"] * flag, "--", self.place / out, name)
        if done.exit_code == 0 and flag:
            assert json.loads(done.stdout)
        assert "\x1b[31m" not in done.output

    @rule(data=st.data(), page=st.none() | st.sampled_from(PAGES), flag=st.sampled_from(["", "--json", "--overwrite"]))
    def diff(self, data: st.DataObject, page: str | None, flag: str) -> None:
        if flag == "--overwrite" and page == "corpus/web.html":
            return
        folder = data.draw(st.sampled_from([None, self.corpus, *(self.place / out for out in self.outs)]))
        if folder:
            names: list[str | Path] = ["--in", folder, "#0", "#1"]
        else:
            chosen = data.draw(st.lists(st.sampled_from(sorted(self.written)), min_size=2, max_size=2))
            names = [self.corpus / os.fsdecode(name) for name in chosen]
        drawn = ["--html", self.place / page] if page else []
        done = self.run("diff", *names, *drawn, *[flag] * bool(flag))
        assert done.exit_code or not page or (self.place / page).is_file()

    @rule(data=st.data(), page=st.sampled_from(PAGES))
    @precondition(lambda self: self.outs)
    def report(self, data: st.DataObject, page: str) -> None:
        given = data.draw(st.lists(st.sampled_from([*self.outs]), min_size=1, max_size=2, unique=True))
        done = self.run("report", *(self.place / out for out in given), "-o", self.place / page, "-q")
        assert (done.exit_code == 0) == (page != "corpus/web.html" or b"web.html" not in self.written), done.output
        assert done.exit_code or (self.place / page).is_file()

    # Checked after each command.

    @invariant()
    def input_files_are_unchanged(self) -> None:
        for name, data in self.written.items():
            assert (self.corpus / os.fsdecode(name)).read_bytes() == data

    @invariant()
    def no_temporary_files_remain(self) -> None:
        assert list(self.temp.iterdir()) == []
        assert [path for path in self.place.rglob(".*") if path.name.endswith((".part", ".old"))] == []


class TestCommands(Commands.TestCase):  # type: ignore[misc]  # created by Hypothesis
    """Runs the stateful test."""

    settings = settings(FEW, stateful_step_count=20)
