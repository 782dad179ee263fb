"""The cells of docs/python.ipynb give the outputs stored in it. With `DEDUP_GOLDEN=1` they are written anew."""

import ast
import contextlib
import io
import json
import os
from typing import Any

import pytest
from paths import ROOT

NOTEBOOK = ROOT / "docs" / "python.ipynb"


def run_cell(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Run a cell as a notebook does; return its outputs: what is printed, and the value of the last expression."""
    statements = ast.parse(source).body
    last = statements.pop() if isinstance(statements[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(statements, []), "cell", "exec"), names)  # noqa: S102  # cells of our own
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": printed.getvalue()})
    if value is not None:
        data = {"text/plain": repr(value)}
        if hasattr(value, "_repr_html_"):
            data = {"text/html": value._repr_html_(), **data}
        outputs.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return outputs


def test_outputs_of_the_notebook_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(NOTEBOOK.parent)
    stored = json.loads(NOTEBOOK.read_text("utf-8"))
    actual = json.loads(json.dumps(stored))
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = [cell for cell in actual["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        cell |= {"execution_count": number, "outputs": run_cell(cell["source"], names, number)}
    if os.environ.get("DEDUP_GOLDEN"):
        NOTEBOOK.write_text(f"{json.dumps(actual, ensure_ascii=False, indent=1)}\n", "utf-8")
    assert actual == stored
    assert len(cells) > 10
