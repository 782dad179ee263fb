"""Compiled kernels: what is stored where, and what a run compiles."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from paths import SEEDS

from dedup.kernels.compiled import build, store
from dedup.kernels.compiled.kernel import Kernel, inlined, kernel
from dedup.kernels.hash_sets import make_table
from dedup.kernels.usual import containment_calls, duplicate_calls, story_calls

MODULES = "import sys, dedup; dedup.scan({}); print(sorted({{'numba', 'scipy'}} & sys.modules.keys()))"
TEXT = "one two three four five six seven"
RUNS = {
    "sys.argv[1]": (duplicate_calls,),
    f"texts=['{TEXT}'], against=__import__('pyarrow').table({{'text': ['{TEXT}']}}), contained=5, paragraphs='all'": (
        duplicate_calls,
        containment_calls,
    ),
}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder."""
    monkeypatch.setenv(store.CACHE_VARIABLE, str(tmp_path / "cache"))
    store.folder.cache_clear()
    store.warn_once.cache_clear()
    yield tmp_path / "cache"
    store.folder.cache_clear()


@inlined
def twice(value: int) -> int:
    return 2 * value


@kernel
def doubled(values: np.ndarray, more: int = 1) -> np.ndarray:
    out = np.empty_like(values)
    for index in range(values.size):
        out[index] = twice(values[index]) + more
    return out


def test_a_kernel_equals_the_function(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "build_with", lambda _: None)
    for kind in (np.int64, np.int32, np.float64):
        values = np.arange(5, dtype=kind)
        found = doubled(values)
        assert found.dtype == kind
        assert found.tolist() == doubled.function(values).tolist() == [1, 3, 5, 7, 9]
    assert doubled(np.arange(3), np.int32(7)).tolist() == [7, 9, 11]
    assert len([*empty.rglob("*doubled*")]) == 3


def test_arrays_that_may_not_be_written_need_no_kernel_of_their_own(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "build_with", lambda _: None)
    values = np.arange(5)
    one = Kernel(doubled.function, inlined=False)
    one(values)
    values.flags.writeable = False
    assert one(values).tolist() == [1, 3, 5, 7, 9]
    assert len([*empty.rglob("*doubled*")]) == 1


@pytest.mark.parametrize("wrong", [np.arange(10)[::2], "text", [1, 2], None])
def test_other_arguments_are_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="a kernel takes"):
        doubled(wrong)


def test_damaged_code_is_compiled_again(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "build_with", lambda _: None)
    for damage in (b"", b"damaged", None):
        one = Kernel(doubled.function, inlined=False)
        assert one(np.arange(3)).tolist() == [1, 3, 5]
        [path] = empty.rglob("*doubled*")
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"x" if damage is None else damage)
    assert Kernel(doubled.function, inlined=False)(np.arange(3)).tolist() == [1, 3, 5]
    assert store.read(path.name)


def test_a_folder_that_cannot_be_written_costs_only_time(empty: Path) -> None:
    empty.write_text("a file")
    one = Kernel(doubled.function, inlined=False)
    with pytest.warns(RuntimeWarning, match="set DEDUP_CACHE_DIR to a folder that can be written"):
        assert one(np.arange(3)).tolist() == [1, 3, 5]


def test_a_user_without_a_home_folder_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    for name in (store.CACHE_VARIABLE, "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    store.folder.cache_clear()
    assert store.read("hash_sets.make_table-0") is None
    with pytest.raises(OSError, match="Not a directory"):
        store.make_folder()
    store.folder.cache_clear()


def test_changed_sources_and_settings_have_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    before = store.folder()
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    store.folder.cache_clear()
    assert store.folder() != before
    monkeypatch.delenv("NUMBA_BOUNDSCHECK")
    store.folder.cache_clear()
    assert store.folder() == before
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read_bytes(path) + b"#" * (path.name == "jaccard.py"))
    store.folder.cache_clear()
    assert store.folder() != before
    monkeypatch.undo()
    store.folder.cache_clear()


def test_folders_of_other_versions_are_removed(empty: Path) -> None:
    for age in range(9):
        (empty / f"kernels-{age}").mkdir(parents=True)
        os.utime(empty / f"kernels-{age}", (1000 - age, 1000 - age))
    store.make_folder()
    kept = {path.name for path in empty.iterdir()}
    assert kept == {store.folder().name, *(f"kernels-{age}" for age in range(store.KEPT_FOLDERS - 1))}


def test_kernels_are_pickled_by_name() -> None:
    assert pickle.loads(pickle.dumps(make_table)) is make_table  # noqa: S301  # our own


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("arguments", RUNS)
def test_runs_need_no_other_kernels_than_the_usual_ones_and_no_numba(arguments: str) -> None:
    usual = {called.name.removeprefix("dedup.kernels.") for calls in RUNS[arguments] for called, _ in calls()}
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", MODULES.format(arguments), SEEDS], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    stored = [path.name.split("-")[0] for path in store.folder().iterdir() if path.suffix != ".lock"]
    assert sorted(stored) == sorted(usual)  # each for one combination of types


def test_usual_kernels_are_named_once() -> None:
    names = [called.name for called, _ in (*duplicate_calls(), *containment_calls(), *story_calls())]
    assert len(set(names)) == len(names)
