"""Worker processes: results in order, errors, and processes that end early."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import ROOT

from dedup.errors import SettingsError, WorkerError
from dedup.runtime.processes import ProcessPool
from dedup.text.language import check_language_code

# The functions that a process calls must be importable there, which those of tests are not.
POWER = partial(pow, 2)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_are_in_the_order_of_the_items(workers: int) -> None:
    with ProcessPool(workers) as pool:
        assert list(pool.map_in_order(POWER, range(40))) == [2**number for number in range(40)]
        assert list(pool.map_in_order(POWER, [])) == []


@settings(max_examples=3)
@given(st.lists(st.binary(max_size=100_000), max_size=5))
def test_large_values_pass_unchanged(values: list[bytes]) -> None:
    with ProcessPool(2) as pool:
        assert list(pool.map_in_order(bytes, values)) == values


def test_a_call_can_be_made_while_another_is_mapped() -> None:
    """The links of a chunk need the results of other calls."""
    with ProcessPool(2) as pool:

        def items() -> Iterator[int]:
            for number in range(10):
                yield sum(pool.map_in_order(abs, [-number, number]))

        assert list(pool.map_in_order(abs, items())) == [2 * number for number in range(10)]


@settings(max_examples=10)
@given(st.integers(0, 6), st.integers(1, 4))
def test_few_items_are_mapped_in_this_process(items: int, least: int) -> None:
    getpid = partial(eval, "__import__('os').getpid()", {})
    with ProcessPool(2) as pool:
        pids = list(pool.map_in_order(getpid, [{}] * items, least))
        assert len(pids) == items
        assert (os.getpid() in pids) == (0 < items < least)
        again = list(pool.map_in_order(getpid, [{}], 5))
        assert (again == [os.getpid()]) == (items < least)


def test_processes_can_be_replaced() -> None:
    with ProcessPool(2) as pool:
        getpid = partial(eval, "__import__('os').getpid()", {})
        before = set(pool.map_in_order(getpid, [{}] * 20))
        pool.restart()
        assert before.isdisjoint(pool.map_in_order(getpid, [{}] * 20))


def test_items_are_read_lazily() -> None:
    read = []

    def items() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    with ProcessPool(2) as pool:
        results = pool.map_in_order(abs, items())
        assert next(results) == 0
        assert len(read) < 20


def test_errors_are_raised_again() -> None:
    with ProcessPool(2) as pool, pytest.raises(ZeroDivisionError):
        list(pool.map_in_order(partial(divmod, 1), [1, 0]))
    with ProcessPool(2) as pool, pytest.raises(SettingsError, match="ISO 639"):
        list(pool.map_in_order(check_language_code, ["Klingon"], 1))


def test_a_process_that_ends_early_is_named() -> None:
    with ProcessPool(2) as pool, pytest.raises(WorkerError, match=r"ended early \(status 3\).*fewer --workers"):
        list(pool.map_in_order(os._exit, [3], 1))


def test_printed_text_does_not_mix_with_results(capfd: pytest.CaptureFixture[str]) -> None:
    with ProcessPool(2) as pool:
        assert list(pool.map_in_order(print, ["printed", "too"])) == [None, None]
    assert capfd.readouterr().out == ""


SCRIPT = """
import sys
from dedup.runtime.processes import ProcessPool
print("started", flush=True)
with ProcessPool(2) as pool:
    print(list(pool.map_in_order(eval, ["__import__('os').getpid()", "2"]))[1], flush=True)
    list(pool.map_in_order(eval, ["__import__('time').sleep(20)"] * 2))
"""


def children(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if fields[1] == str(pid) and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the processes of Linux from /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_stays_behind(number: signal.Signals, tmp_path: Path) -> None:
    """The script has no ``if __name__ == "__main__"``: its processes do not run it again."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with subprocess.Popen(  # noqa: S603 - a fixed command
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["started\n", "2\n"]
        workers = children(process.pid)
        assert len(workers) == 2
        process.send_signal(number)
        process.wait(30)
        deadline = time.monotonic() + 90  # a call that has begun ends first after SIGKILL
        while any(map(is_running, workers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(map(is_running, workers))
