"""Packages that import their modules when a name is used for the first time."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ["dedup", "dedup.corpus"]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_name_is_that_of_the_module_that_type_checkers_see(package: str) -> None:
    module = importlib.import_module(package)
    assert module.__file__
    imports = [
        node
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module not in ("typing", "dedup.runtime.lazy")
    ]
    sources = {alias.name: node.module for node in imports for alias in node.names if node.module}
    assert sorted(sources) == sorted(module.__all__)
    for name, source in sources.items():
        assert getattr(module, name) is getattr(importlib.import_module(source), name)


@pytest.mark.parametrize("package", PACKAGES)
def test_unknown_name(package: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'unknown'"):
        importlib.import_module(package).unknown  # noqa: B018


def test_package_alone_imports_no_other_library() -> None:
    code = "import dedup, sys; print(sorted({'numpy', 'pyarrow', 'click', 'dedup.api'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout == "[]\n"
