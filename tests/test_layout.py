"""The layout of the package: which part may import which, what is documented, and how long files may be."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from paths import ROOT, SEEDS

import dedup

# From top to bottom: a package or module imports only what is below it in this list, and itself.
LAYERS = (
    "__main__",
    "cli",
    "__init__",
    "api",
    "render",
    "reports",
    "index",
    "stories",
    "duplicates",
    "context",
    "options",
    "engine",
    "corpus",
    "outputs",
    "results",
    "contained",
    "alignment",
    "text",
    "settings",
    "runtime",
    "errors",
    "kernels",
)
MAX_FILE_LINES, MAX_FUNCTION_LINES = 500, 60
MAX_FILES_IN_A_PACKAGE, MAX_MODULES_AT_THE_TOP = 16, 10

PACKAGE = Path(dedup.__file__).parent
FILES = {
    ".".join(("dedup", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in FILES.items()}
SEED_HASHES = {
    "000_f4b1acb4378a188a.txt": "7a1bea659bf3bd52466a6694da4b37068297a77b3dc4e20a7b8d9ac7370d3033",
    "001_56b9f2641f4315ea.txt": "69b1bbce87c630f5ac4c4a27ee9b88f63f55b50a70af7cfcfbb00417e5a1a1f6",
    "002_6fccbca9a2311937.txt": "c6f2ec06579bb2be28c43af2ba733a85ed8165d1d84ef4f223ac2da3ba8305b1",
    "003_18624d297f185615.txt": "2f7e6d78ba6b5e6a4d43eed1e9349bba0b4e260107eb21c5faa5e98ba52318c9",
    "004_4fab610f3404f076.txt": "071461eccbd533f76656f6e0935a3f96fc983f47947b1db8ad6d0a9247ae0168",
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Everything a module imports, also inside functions and for type checking, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            # "from dedup.outputs import writer" imports the module dedup.outputs.writer.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from [name for name in names if name in FILES] or [str(node.module)]


OURS = {
    name: {found for found in imports(tree) if found.split(".")[0] == "dedup"} - {name} for name, tree in TREES.items()
}


def layer(name: str) -> str:
    """The part of the package that a module belongs to.

    >>> layer("dedup"), layer("dedup.kernels.text.tokens")
    ('__init__', 'kernels')
    """
    return name.split(".")[1] if "." in name else "__init__"


def test_every_module_has_a_layer() -> None:
    assert {layer(name) for name in FILES} == set(LAYERS)


@pytest.mark.parametrize("name", sorted(FILES))
def test_imports_go_down_the_layers(name: str) -> None:
    upwards = {
        found
        for found in OURS[name]
        if layer(found) != layer(name) and LAYERS.index(layer(found)) < LAYERS.index(layer(name))
    }
    assert upwards == set()


def test_no_two_modules_import_each_other() -> None:
    graph = {name: found & FILES.keys() for name, found in OURS.items()}
    assert set(TopologicalSorter(graph).static_order()) == FILES.keys()  # a cycle raises


def test_kernels_import_only_numba_its_compiler_numpy_and_each_other() -> None:
    known = sys.stdlib_module_names | {"llvmlite", "numba", "numpy"}
    for name in (name for name in FILES if layer(name) == "kernels"):
        # Imports inside functions are of development time.
        top = [
            found
            for statement in TREES[name].body
            for found in imports(statement)
            if "Import" in type(statement).__name__
        ]
        assert [found for found in top if found.split(".")[0] not in known and layer(found) != "kernels"] == [], name


def test_the_engine_is_the_only_part_that_imports_a_database_or_a_cluster() -> None:
    outside = {
        name: found
        for name, tree in TREES.items()
        if layer(name) != "engine"
        for found in imports(tree)
        if found.split(".")[0] in ("duckdb", "pyspark")
    }
    assert outside == {}


def test_packages_are_small() -> None:
    folders = {path.parent for path in FILES.values()} - {PACKAGE}
    large = {folder.name: len(list(folder.glob("*.py"))) for folder in folders}
    assert {name: count for name, count in large.items() if count > MAX_FILES_IN_A_PACKAGE} == {}
    assert len(list(PACKAGE.glob("*.py"))) <= MAX_MODULES_AT_THE_TOP


def documented(tree: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    """Public classes and functions, and public methods of those classes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"{name}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from documented(node, f"{name}.{node.name}")


@pytest.mark.parametrize("name", sorted(FILES))
def test_everything_public_has_a_docstring(name: str) -> None:
    assert [found for found, node in documented(TREES[name], name) if not ast.get_docstring(node)] == []  # type: ignore[arg-type]
    assert ast.get_docstring(TREES[name])


@pytest.mark.parametrize("name", sorted(FILES))
def test_files_and_functions_are_short(name: str) -> None:
    assert len(FILES[name].read_text("utf-8").splitlines()) <= MAX_FILE_LINES
    long = []
    for node in ast.walk(TREES[name]):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first, last = node.body[0], node.end_lineno or 0
            docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            if last - node.lineno + 1 - docstring > MAX_FUNCTION_LINES:
                long.append(node.name)
    assert long == []


def test_public_names_are_sorted_and_complete() -> None:
    imported = {
        alias.asname or alias.name
        for block in TREES["dedup"].body
        if isinstance(block, ast.If)  # of type checkers; see tests/runtime/test_lazy.py
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert all(first < second for first, second in pairwise(dedup.__all__))
    assert set(dedup.__all__) == {name for name in imported if not name.startswith("_")}
    assert [name for name in dedup.__all__ if not hasattr(dedup, name)] == []


def test_no_module_hides_a_public_name() -> None:
    assert [name for name in dedup.__all__ if f"dedup.{name}" in FILES] == []


def test_the_seeds_are_unchanged() -> None:
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.iterdir()} == SEED_HASHES


def test_tests_mirror_the_packages() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and list(path.glob("test_*.py"))}
    assert folders - {"browser", "benchmarks", "guide", "spark"} <= set(LAYERS)
