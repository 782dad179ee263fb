"""The compared tools: how each is installed in a virtual environment, and the command that cleans a corpus with it."""

import ast
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).parent
ROOT = BENCHMARKS.parent
RUNNERS = BENCHMARKS / "runners"
CLEAN_OPTIONS = ["--unit", "documents", "--paragraphs", "none", "--threshold", "0.8", "--shingle", "5"]


@dataclass(frozen=True)
class Tool:
    """A tool that reads ids and texts from Parquet and writes those it keeps to Parquet."""

    name: str
    requirements: tuple[str, ...]
    """Arguments of `pip install`."""
    runner: str = ""
    """Script in `runners/` that runs the tool; the first line of its docstring describes the settings."""
    parallel: bool = False
    """Whether the number of workers can be set."""
    takes_folder: bool = False
    """Whether the tool distributes work by file and so takes a folder of files."""
    kept: str = "kept.parquet"
    """Glob pattern of the output files in the output folder."""
    tokens: str = ""
    """Name of the tool's tokenisation, if it is not that of dedup; tools with the same tokenisation share a name."""

    @property
    def settings(self) -> str:
        """Describe how the tool is run."""
        if not self.runner:
            return BUILT_IN[self.name]
        return (ast.get_docstring(ast.parse((RUNNERS / self.runner).read_text("utf-8"))) or "").splitlines()[0]

    def command(self, python: Path, corpus: Path, out: Path, workers: int) -> list[str]:
        """Return the command that cleans a corpus.

        Args:
            python: Interpreter of the tool's environment.
            corpus: Parquet file, or folder of Parquet files if `takes_folder`.
            out: File or folder to write.
            workers: Number of workers, ignored by tools that are not parallel.
        """
        if self is COPY:
            return [str(python), str(BENCHMARKS / "copying.py"), str(corpus), str(out)]
        workers_option = ["--workers", str(workers)]
        if self is DEDUP:
            clean = ["-m", "dedup", "clean", str(corpus), "-o", str(out), "--quiet"]
            return [str(python), *clean, *CLEAN_OPTIONS, *workers_option]
        return [str(python), str(RUNNERS / self.runner), "clean", str(corpus), str(out), *workers_option]


DEDUP = Tool("dedup", (str(ROOT),), parallel=True, kept="clean.parquet")
COPY = Tool("copy", (str(ROOT),))
BUILT_IN = {
    "dedup": f"`dedup clean {' '.join(CLEAN_OPTIONS)}`",
    "copy": "pyarrow reads the corpus and writes it, zstd level 1",
}
TOOLS = {
    tool.name: tool
    for tool in (
        DEDUP,
        Tool("text-dedup", ("text-dedup==0.4.*",), "text_dedup_minhash.py", parallel=True, tokens="text-dedup's"),
        Tool(
            "datatrove",
            ("datatrove[io,processing]==0.10.*", "spacy==3.*"),
            "datatrove_minhash.py",
            parallel=True,
            takes_folder=True,
            kept="*.parquet",
            tokens="datatrove's",
        ),
        Tool("rensa", ("rensa==0.5.*", "pyarrow"), "rensa_minhash.py", tokens="lower-cased words"),
        Tool(
            "datasketch",
            ("datasketch==2.*", "pyfarmhash", "pyarrow"),
            "datasketch_minhash.py",
            tokens="lower-cased words",
        ),
        COPY,
    )
}


def environment(tool: Tool, folder: Path) -> Path:
    """Create the virtual environment of a tool unless it exists; returns its interpreter.

    The environment of `dedup` gets the current checkout installed each time.

    Args:
        tool: The tool; `copy` uses the environment of `dedup`.
        folder: Folder of the environments.
    """
    home = folder / (DEDUP.name if tool is COPY else tool.name)
    python, installed = home / "bin" / "python", home / "requirements.txt"
    wanted = "\n".join(tool.requirements)
    if not installed.is_file() or installed.read_text("utf-8") != wanted:
        print(f"creating the environment of {tool.name}", file=sys.stderr)
        venv.create(home, clear=True, with_pip=True)
        _pip(python, "install", *tool.requirements)
        installed.write_text(wanted, "utf-8")
    elif tool is DEDUP:
        _pip(python, "install", "--no-deps", "--force-reinstall", *tool.requirements)
    return python


def _pip(python: Path, *arguments: str) -> str:
    """Run pip and return its output."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    result = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - the environment's own pip
    if result.returncode:
        last_lines = "\n".join(result.stderr.splitlines()[-5:])
        raise SystemExit(
            f"pip {' '.join(arguments)} failed:\n{last_lines}\nCheck the network, or leave the tool out with --tools."
        )
    return result.stdout


def versions(python: Path) -> dict[str, str]:
    """Return the names and versions of the packages of an environment."""
    return dict(line.split("==") for line in _pip(python, "list", "--format=freeze").splitlines() if "==" in line)
