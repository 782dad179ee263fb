"""The options of each function: visible by name and default, and known to type checkers."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT

import dedup
from dedup.options import InputOptions, Options, RunOptions, TuneOptions, default_options, make_request
from dedup.runtime.progress import Progress

FUNCTIONS: list[tuple[Callable[..., Any], Any]] = [
    (dedup.scan, RunOptions),
    (dedup.clean, RunOptions),
    (dedup.tune, TuneOptions),
    (dedup.align, InputOptions),
    (dedup.Index.add, Options),
    (dedup.Index.compare, InputOptions),
    (dedup.Index.compact, InputOptions),
]


@pytest.mark.parametrize(("function", "options"), FUNCTIONS)
def test_help_shows_all_options_with_defaults(function: Callable[..., Any], options: Any) -> None:
    parameters = inspect.signature(function).parameters
    assert options.__annotations__.keys() <= parameters.keys()
    assert not [item for item in parameters.values() if item.kind is item.VAR_KEYWORD]
    assert not [name for name in options.__annotations__ if parameters[name].default is inspect.Parameter.empty]
    shown = inspect.cleandoc(str(inspect.signature(function)))
    assert "memory: int | str = 1073741824" in shown


def test_defaults_of_functions() -> None:
    clean, scan, add = (inspect.signature(item).parameters for item in (dedup.clean, dedup.scan, dedup.Index.add))
    assert (clean["threshold"].default, clean["shingle"].default, clean["engine"].default) == (0.8, (5, 3), "local")
    assert (clean["paragraphs"].default, scan["paragraphs"].default) == ("within", "all")
    assert (add["threshold"].default, add["overwrite"].default) == (..., False)  # the index has the threshold


def test_the_defaults_shown_are_those_used() -> None:
    shown = {name: value for name, value in default_options().items() if name in Options.__annotations__}
    progress = Progress()
    assert shown.keys() == Options.__annotations__.keys()
    assert replace(make_request(shown), progress=progress) == replace(make_request({}), progress=progress)
    assert default_options().keys() == RunOptions.__annotations__.keys()


def test_type_checkers_know_the_options(tmp_path: Path) -> None:
    calls = {
        'dedup.clean("a", threshold=0.7, keep="longest", texts=None)': "",
        'dedup.clean(texts=["a", "b"], workers=None)': "",
        'dedup.scan(texts=[{"id": 1, "text": "a"}])': "",
        'dedup.clean("a", treshold=0.7)': "call-arg",
        'dedup.clean("a", threshold="high")': "arg-type",
        'dedup.clean("a", unit="sentences")': "arg-type",
        'dedup.align("a", threshold=0.7)': "call-arg",
        'dedup.tune("a", threshold=0.7)': "call-arg",
        'dedup.Index("i").compare("a", threshold=0.7)': "call-arg",
        'dedup.clean("a").to_pandas("stories")': "arg-type",
        'dedup.align("a").stories[0].documents[0].id.upper()': "union-attr",
    }
    file = tmp_path / "calls.py"
    file.write_text("\n".join(["import dedup", *calls]), "utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S603
    errors = dict(re.findall(r"^.*calls\.py:(\d+): error: .*\[(.*)\]$", done.stdout, re.MULTILINE))
    assert errors == {str(line): code for line, code in enumerate(calls.values(), 2) if code}, done.stdout


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(dedup.SettingsError, match="There is no option 'treshold'"):
        dedup.clean(texts=["a"], treshold=0.7)  # type: ignore[call-arg]
