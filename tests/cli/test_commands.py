"""Commands: output, exit codes and messages.

Golden files have the output for `seeds`. After an intended change, run this module with `DEDUP_GOLDEN=1` and read the
difference.
"""
# ruff: noqa: S603
# the tests run only dedup itself

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from commands import all_commands
from paths import ROOT
from screens import compare_golden

from dedup import api
from dedup.cli.commands import cli

COMMAND = [sys.executable, "-m", "dedup"]


def run(*arguments: str | Path, width: int = 80) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], env={"COLUMNS": str(width)})


def process(*arguments: str | bytes | Path, **options: object) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a new process."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, **options)  # type: ignore[call-overload,no-any-return]  # options of subprocess.run


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a temporary folder that contains a link to the seeds."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    return tmp_path


@pytest.mark.parametrize("width", [80, 100, 140])
@pytest.mark.usefixtures("in_folder")
def test_output_matches_golden_files(width: int) -> None:
    for name, arguments in {
        "scan": ["scan", "seeds"],
        "clean": ["clean", "seeds", "-o", "out"],
        "explain": ["explain", "out", "004"],
        "restore": ["restore", "out", "-o", "back"],
        "align": ["align", "seeds"],
        "diff-000-001": ["diff", "--in", "seeds", "000", "001"],
        "diff-000-003": ["diff", "--in", "seeds", "000", "003"],
        "diff-002-004": ["diff", "--in", "seeds", "002", "004"],
    }.items():
        result = run(*arguments, width=width)
        assert result.exit_code == 0, result.stderr
        compare_golden(f"{name}-{width}", result.stdout)


@pytest.mark.usefixtures("in_folder")
def test_json_output() -> None:
    scanned = run("scan", "seeds", "--json", "--quiet")
    assert scanned.stderr == ""
    found = json.loads(scanned.stdout)
    assert found["run"]["removed"]["paragraphs within"]["exact"] == 2
    assert {group["kept"]["id"][:3] for group in found["groups"]} == {"004"}
    cleaned = json.loads(run("clean", "seeds", "-o", "out", "--json").stdout)
    assert cleaned == json.loads(Path("out/run.json").read_text("utf-8"))
    [explained] = json.loads(run("explain", "out", "004", "--json").stdout)
    assert len(explained["passages"]) == 2
    lines = run("restore", "out").stdout_bytes.splitlines()
    assert [json.loads(line)["text"] for line in lines] == [
        path.read_text("utf-8") for path in sorted(Path("seeds").iterdir())
    ]


@pytest.mark.usefixtures("in_folder")
def test_diff_reads_files_folders_tables_and_outputs() -> None:
    run("clean", "seeds", "-o", "cleaned")
    rows = [{"id": path.name[:3], "text": path.read_text("utf-8")} for path in sorted(Path("seeds").iterdir())]
    Path("news.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    first, fourth = sorted(Path("seeds").iterdir())[0], sorted(Path("seeds").iterdir())[4]
    shown = [
        json.loads(run("diff", *arguments, "--json").stdout)
        for arguments in (
            [first, fourth],
            ["--in", "seeds", "000", "004"],
            ["--in", "news.jsonl", "000", "#4"],
            ["--in", "cleaned", "000", "004"],
        )
    ]
    assert all(found == shown[0] for found in shown[1:])
    assert {"similarity", "coverage", "links", "facts", "cites"} <= shown[0].keys()
    run("align", "seeds", "-o", "aligned")
    refused = run("diff", "--in", "aligned", "000", "004")
    assert refused.exit_code == 2
    assert "No document of the stories of aligned has the id or path '004'" in refused.stderr
    of_both = [run("diff", "--in", folder, "000", "001", "--json").stdout for folder in ("aligned", "seeds")]
    assert of_both[0] == of_both[1]
    run("scan", "seeds", "-o", "scanned")
    refused = run("diff", "--in", "scanned", "000", "001")
    assert refused.exit_code == 2
    assert "scanned was written by dedup scan and has no texts" in refused.stderr
    assert "restore" not in refused.stderr
    assert run("restore", "aligned").exit_code == 2


@pytest.mark.usefixtures("in_folder")
def test_align_json_output() -> None:
    found = json.loads(run("align", "seeds", "--json", "--quiet", "--stories", "1").stdout)
    [story] = found["stories"]
    assert [document["id"][:3] for document in story["documents"]] == ["000", "001", "003"]
    assert found["count"] >= 1
    assert found["run"]["command"] == "align"


@pytest.mark.usefixtures("in_folder")
def test_stories_of_the_seeds_in_json_match_the_golden_file() -> None:
    found = json.loads(run("align", "seeds", "--json", "--quiet").stdout)
    del found["run"]  # with versions and durations
    compare_golden("align-json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    [story] = [story for story in found["stories"] if "25000" in story["facts"]]
    ids = {document["doc"]: document["id"][:3] for document in story["documents"]}
    assert {source["name"]: [ids[doc] for doc in source["docs"]] for source in story["sources"]} == {
        "NHK": ["000", "001"],
        "RBC-Ukraine": ["000", "001"],
    }
    roles = {document["id"][:3]: document["role"] for document in story["documents"]}
    assert roles == {"000": "credits", "001": "credits", "003": "uncredited"}


@pytest.mark.usefixtures("in_folder")
def test_align_writes_tables_as_csv() -> None:
    rows = [
        {"id": "=1+1", "outlet": "+Post", "title": "@title", "text": f"- {TEXT} A storm is expected on the coast."},
        {"id": "b", "outlet": "Herald", "title": "Two, three", "text": f"{TEXT} Dogs sleep for half of the day."},
    ]
    Path("news.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    assert run("align", "news.jsonl", "-o", "out", "--csv", "-q").exit_code == 0
    for name in ("stories", "links", "outlets", "texts"):
        assert Path(f"out/{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
        with Path(f"out/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.DictReader(file))
        table = pq.read_table(f"out/{name}.parquet").to_pylist()
        assert len(cells) == len(table) > 0
        for row, values in zip(cells, table, strict=True):
            assert row.keys() == values.keys()
            for column, value in values.items():
                if isinstance(value, list):
                    assert json.loads(row[column]) == value
                elif isinstance(value, str):
                    assert row[column].removeprefix("'") == value
                    assert not row[column].startswith(("=", "+", "-", "@"))
                else:
                    assert row[column] == ("" if value is None else str(value).lower())
    refused = run("align", "news.jsonl", "--csv")
    assert (refused.exit_code, "--csv needs -o" in refused.stderr) == (2, True)


TEXT = "The council of Kingsport voted to build a bridge of 317 metres over the Miskatonic, for 25 million dollars."


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["scan", "seeds"], 0, ""),
        (["scan", "seeds", "--check"], 1, "--check: 2 duplicates found"),
        (["scan", "seeds", "--check", "--unit", "documents"], 0, ""),
        (["clean", "seeds", "-o", "out", "--check"], 1, "--check: 2 duplicates found"),
        (["scan", "mixed"], 0, ""),
        (["scan", "mixed", "--strict"], 1, "--strict: 2 inputs or rows could not be read"),
        (["align", "seeds"], 0, ""),
        (["align", "seeds", "-o", "mixed"], 2, "already exists"),
        (["align", "mixed", "--strict"], 1, "--strict: 2 inputs or rows could not be read"),
        (["align", "empty"], 2, "Nothing to read in empty"),
        (["diff", "seeds", "nowhere"], 2, "seeds contains 5 documents"),
        (["diff", "nowhere", "seeds"], 2, "nowhere does not exist"),
        (["diff", "--in", "seeds", "000", "005"], 2, "No document of seeds has the id or path '005'"),
        (["diff", "--in", "seeds", "00", "001"], 2, "'00' matches 5 documents"),
        (["diff", "--in", "seeds", "000", "001", "--language", "French"], 2, "--language is 'French'"),
        (["align", "seeds", "--language", "French"], 2, "such as de, en"),
        (["scan"], 2, "Missing argument"),
        (["scan", "nowhere"], 2, "nowhere does not exist"),
        (["scan", "empty"], 2, "Nothing to read in empty"),
        (["clean", "seeds"], 2, "Missing option '-o'"),
        (["clean", "seeds", "-o", "mixed"], 2, "already exists"),
        (["clean", "seeds", "-o", "mixed", "--overwrite"], 2, "not written by dedup"),
        (["scan", "seeds", "--threshold", "2"], 2, "--threshold is 2.0"),
        (["scan", "seeds", "--shingle", "x"], 2, "'x' is not a number, nor two numbers"),
        (["scan", "seeds", "--shingle", "5,3,1"], 2, "--shingle is"),
        (["scan", "seeds", "--memory", "lots"], 2, "is not a size"),
        (["scan", "seeds", "--temp-dir", "nowhere"], 2, "--temp-dir nowhere"),
        (["scan", "seeds", "--text-column", "body"], 2, "body"),
        (["scan", "seeds", "--nope"], 2, "No such option"),
        (["nope"], 2, "No such command"),
        (["restore", "seeds"], 2, "not a folder that dedup clean wrote"),
        (["explain", "seeds", "004"], 2, "not a folder that dedup clean wrote"),
    ],
)
def test_exit_codes(in_folder: Path, arguments: list[str], code: int, message: str) -> None:
    (in_folder / "empty").mkdir()
    (in_folder / "mixed").mkdir()
    (in_folder / "mixed" / "a.jsonl").write_text('{"text": "one"}\n{broken\n')
    (in_folder / "mixed" / "b.bin").write_bytes(bytes(range(256)))
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert code != 2 or (result.stdout == "" and "dedup: " in result.stderr)


@pytest.mark.usefixtures("in_folder")
def test_options_are_passed_to_the_api() -> None:
    given = (
        "--threshold .9 --shingle 4,2 --unit both --paragraphs all --paragraphs-by line --min-tokens 7 "
        "--tokens signs --near-within --ignore a+ --ignore b --per path --keep longest --seed 3 "
        "--workers 1 --memory 512MB --temp-dir . --quiet --groups 1 --json"
    )
    found = json.loads(run("scan", "seeds", *given.split()).stdout)
    assert found["run"]["settings"] == {
        "threshold": 0.9,
        "shingle_documents": 4,
        "shingle_paragraphs": 2,
        "unit": "both",
        "paragraphs": "all",
        "near_within": True,
        "paragraphs_by": "line",
        "tokens": "signs",
        "min_tokens": 7,
        "exact": False,
        "ignore": ["a+", "b"],
        "per": "path",
        "contained": None,
        "contained_share": 0.8,
        "keep": "longest",
        "permutations": 216,
        "seed": 3,
    }
    assert len(found["groups"]) == 1


def test_every_command_and_option_has_help() -> None:
    of_index = {f"index {name}" for name in ("add", "query", "info", "compact")}
    assert {name for name, _ in all_commands()} == {
        *("scan", "clean", "tune", "restore", "explain", "align", "diff", "analyze", "report", "completion", "man"),
        *of_index,
    }
    for name, command in all_commands():
        *group, last = name.split()
        result = run(*group, last, "--help")
        assert result.exit_code == 0
        assert "Example:" in result.stdout
        assert f"dedup {name} " in result.stdout.partition("Example:")[2]
        assert f"  {last} " in run(*group, "--help").stdout
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.help, f"{name} {parameter.name}"
                assert parameter.opts[-1] in result.stdout


def test_every_option_of_the_api_is_a_command_line_option() -> None:
    offered = {parameter.name for name in ("scan", "clean") for parameter in cli.commands[name].params}
    # These are for tests and tuning, in Python only.
    assert api.RunOptions.__annotations__.keys() - offered == {"permutations", "batch_bytes", "progress"}


def test_help_explains_the_threshold() -> None:
    assert "one changed word in 30" in " ".join(run("scan", "--help").stdout.split())


def test_version() -> None:
    assert re.fullmatch(r"dedup \d+\.\d+\.\d+\n", run("--version").stdout)


def test_help_does_not_import_slow_packages() -> None:
    code = (
        "import sys, runpy; sys.argv = ['dedup', '--help']\ntry: runpy.run_module('dedup', run_name='__main__')\n"
        "finally: sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pyarrow", "numba", "duckdb", "datasketch", "rapidfuzz", "rich", "pandas", "polars"}
    assert not heavy & set(done.stderr.split())


@pytest.mark.usefixtures("in_folder")
def test_control_characters_in_names_are_escaped() -> None:
    hostile = "evil\x1b[2J\u202e[bold]x[/bold]\nid"
    Path("in.jsonl").write_text("".join(json.dumps({"id": hostile, "text": "the same text " * 9}) + "\n" for _ in "ab"))
    shown = [
        run("scan", "in.jsonl", "--paragraphs", "all"),
        run("clean", "in.jsonl", "-o", "out"),
        run("explain", "out", hostile),
        run("explain", "out", "evil"),
        run("restore", "out"),
        run("scan", "in.jsonl", "--json"),
        run("explain", "out", hostile, "--json"),
        run("scan", hostile),
        run("scan", "in.jsonl", f"--{hostile}"),
        run("scan", "in.jsonl", "--unit", hostile),
    ]
    for result in shown:
        assert result.exit_code in (0, 2)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", result.output)
        assert not re.search("^id", result.output, re.MULTILINE)
    assert "[bold]x[/bold]" in shown[0].stdout


@pytest.mark.usefixtures("in_folder")
def test_paths_that_are_not_utf8() -> None:
    name = b"odd\xff\x1b[31m"
    with open(name, "wb") as file:  # noqa: PTH123  # pathlib takes no bytes
        file.write(b"some text")
    for environment in ({}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}):
        env = {**os.environ, **environment}
        done = process("scan", name, env=env)
        assert done.returncode == 0, done.stderr
        assert b"1 document" in done.stdout
        missing = process("scan", name + b"x", env=env)
        assert missing.returncode == 2
        assert b"Traceback" not in missing.stderr
        assert b"\x1b" not in missing.stderr
        cleaned = process("clean", name, "-o", "out", "--overwrite", "--json", env=env)
        assert json.loads(cleaned.stdout)["counts"]["documents"] == 1
        restored = process("restore", "out", env=env)
        assert json.loads(restored.stdout)["text"] == "some text"


@pytest.mark.usefixtures("in_folder")
def test_no_colour_without_a_terminal_or_with_no_color() -> None:
    assert b"\x1b" not in process("scan", "seeds").stdout
    forced = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm"}
    assert b"\x1b[1m" in process("scan", "seeds", env=forced).stdout
    unwanted = process("scan", "seeds", env={**forced, "NO_COLOR": "1"}).stdout
    assert not re.search(rb"\x1b\[(3|4|9)\d", unwanted)


@pytest.mark.usefixtures("in_folder")
def test_closed_pipe_prints_no_error() -> None:
    run("clean", "seeds", "-o", "out")
    for command in ("scan seeds --quiet", "scan seeds --quiet --json", "restore out", "explain out 004"):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([*COMMAND, *command.split()], stdout=writing, stderr=subprocess.PIPE, check=False)
        os.close(writing)
        assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.usefixtures("in_folder")
def test_full_disk_prints_an_error() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*COMMAND, "scan", "seeds", "--quiet"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


def wait_for_folders(folder: Path) -> None:
    """Wait until the folders of a run exist and it waits for input."""
    for _ in range(200):
        if list((folder / "temp").iterdir()) and list(folder.glob(".out.*")):
            break
        time.sleep(0.05)
    time.sleep(0.3)


@pytest.mark.parametrize("command", ["scan", "clean", "align"])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupt_leaves_no_files(in_folder: Path, sent: signal.Signals, command: str) -> None:
    (in_folder / "temp").mkdir()
    os.mkfifo(in_folder / "pipe")
    with subprocess.Popen(
        [*COMMAND, command, "-", "-o", "out", "--temp-dir", "temp"],
        stdin=os.open("pipe", os.O_RDWR),
        stderr=subprocess.PIPE,
    ) as running:
        wait_for_folders(in_folder)
        running.send_signal(sent)
        _, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert b"Traceback" not in errors
    assert b"dedup: Interrupted.\n" in errors
    assert not list((in_folder / "temp").iterdir())
    assert sorted(path.name for path in in_folder.iterdir()) == ["pipe", "seeds", "temp"]


def test_closed_terminal_leaves_no_files(in_folder: Path) -> None:
    (in_folder / "temp").mkdir()
    os.mkfifo(in_folder / "pipe")
    terminal, inner = os.openpty()
    program = (  # makes the terminal that of the command, whose messages then fail when it is closed
        "import fcntl, os, runpy, sys, termios\nos.setsid()\nfcntl.ioctl(2, termios.TIOCSCTTY, 0)\n"
        "sys.argv = ['dedup', 'clean', '-', '-o', 'out', '--temp-dir', 'temp']\n"
        "runpy.run_module('dedup', run_name='__main__')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=os.open("pipe", os.O_RDWR), stdout=inner, stderr=inner
    ) as running:
        os.close(inner)
        wait_for_folders(in_folder)
        os.close(terminal)
        assert running.wait(timeout=30) == 130
    assert sorted(path.name for path in in_folder.rglob("*") if "seeds" not in path.parts) == ["pipe", "temp"]


@pytest.mark.skipif(not shutil.which("nohup"), reason="needs nohup")
def test_nohup_outlives_a_hangup(in_folder: Path) -> None:
    (in_folder / "temp").mkdir()
    os.mkfifo(in_folder / "pipe")
    pipe = os.open("pipe", os.O_RDWR)
    arguments = ["clean", "-", "-o", "out", "--temp-dir", "temp", "-q"]
    with subprocess.Popen(["nohup", *COMMAND, *arguments], stdin=pipe, stdout=subprocess.DEVNULL) as running:  # noqa: S607
        wait_for_folders(in_folder)
        running.send_signal(signal.SIGHUP)
        writing = os.open("pipe", os.O_WRONLY)
        os.write(writing, b"some text")
        time.sleep(0.3)
        assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=30) == 130
    os.close(writing)


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        ("MemoryError()", 2, "Out of memory"),
        ("OSError(28, 'No space left on device', 'x.parquet')", 2, "x.parquet: No space left on device"),
        ("PermissionError(13, 'Permission denied', 'x')", 2, "x: Permission denied"),
        ("__import__('duckdb').OutOfMemoryException('too big\\nhints')", 2, "Not enough memory or disk space: too big"),
        ("KeyError('x\\x1b')", 70, "This is probably a bug in dedup"),
    ],
)
def test_unexpected_errors_print_no_traceback(error: str, code: int, message: str) -> None:
    # A command added for the test raises the error, so that nothing has to be replaced.
    program = (
        "from dedup.cli.commands import cli\nfrom dedup import api\n@cli.command()\ndef fail():\n"
        f"    raise {error}\ncli(['fail'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    debug = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DEDUP_DEBUG": "1"},
    )
    assert "Traceback" in debug.stderr
