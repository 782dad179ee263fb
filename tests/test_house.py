"""The house: imports point down, what is public is described, and nothing outgrows a screen or two."""

import ast
import hashlib
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

import dedup

PACKAGE = Path(dedup.__file__).parent
ROOT = Path(__file__).parent.parent
FILES = {
    ".".join(("dedup", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}
TREES = {name: ast.parse(path.read_text()) for name, path in FILES.items()}
STEPS = ("sketch", "sets", "candidates", "copies", "verify", "decide")
SEEDS = {
    "000_f4b1acb4378a188a.txt": "7a1bea659bf3bd52466a6694da4b37068297a77b3dc4e20a7b8d9ac7370d3033",
    "001_56b9f2641f4315ea.txt": "69b1bbce87c630f5ac4c4a27ee9b88f63f55b50a70af7cfcfbb00417e5a1a1f6",
    "002_6fccbca9a2311937.txt": "c6f2ec06579bb2be28c43af2ba733a85ed8165d1d84ef4f223ac2da3ba8305b1",
    "003_18624d297f185615.txt": "2f7e6d78ba6b5e6a4d43eed1e9349bba0b4e260107eb21c5faa5e98ba52318c9",
    "004_4fab610f3404f076.txt": "071461eccbd533f76656f6e0935a3f96fc983f47947b1db8ad6d0a9247ae0168",
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Everything a module imports, anywhere in it, as dotted names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            # "from dedup import write" imports dedup.write; "from dedup.write import x" imports it too.
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from [name for name in below if name in FILES] or [str(node.module)]


OURS = {
    name: {found for found in imports(tree) if found.split(".")[0] == "dedup"} - {name} for name, tree in TREES.items()
}


def inside(name: str, *folders: str) -> bool:
    return any(name == f"dedup.{folder}" or name.startswith(f"dedup.{folder}.") for folder in folders)


def test_every_module_is_seen() -> None:
    assert {"dedup", "dedup.flow", "dedup.cli", "dedup.kernels.tokens", "dedup.read.corpus"} <= FILES.keys()
    assert inside("dedup.read.corpus", "read")
    assert "dedup.kernels.tokens" in OURS["dedup.kernels.segment"]


def test_kernels_import_numba_numpy_and_each_other_only() -> None:
    known = sys.stdlib_module_names | {"numba", "numpy"}
    for name in filter(lambda name: inside(name, "kernels"), FILES):
        above = {
            found
            for statement in TREES[name].body
            if isinstance(statement, (ast.Import, ast.ImportFrom))
            for found in imports(statement)
        }
        assert {
            found for found in above if found.split(".")[0] not in known and not inside(found, "kernels")
        } == set(), name
        assert {found for found in OURS[name] if not inside(found, "kernels")} == set(), name


def test_steps_know_of_no_reading_writing_showing_or_flow() -> None:
    for name in filter(lambda name: inside(name, *STEPS), FILES):
        assert {
            found
            for found in OURS[name]
            if inside(found, "read", "write", "show", "flow", "judge", "summary", "cli", "api")
        } == set(), name


def test_alignment_knows_of_no_reading_writing_showing_or_flow() -> None:
    for name in filter(lambda name: inside(name, "alignment"), FILES):
        others = ("read", "write", "show", "flow", "aligning", "storybook", "difference", "cli", "api", *STEPS)
        assert {found for found in OURS[name] if inside(found, *others)} == set(), name


def test_reading_and_showing_know_of_no_step_above_or_beside_them() -> None:
    for folder in ("read", "show"):
        for name in filter(lambda name, folder=folder: inside(name, folder), FILES):
            others = {"read", "show", "write", "flow", "judge", "cli", "api", *STEPS} - {folder}
            assert {found for found in OURS[name] if inside(found, *others)} == set(), name


def test_the_ground_floor_imports_nothing_of_the_floors_above() -> None:
    ground = ("errors", "interrupt", "model", "schema", "settings", "parallel", "store")
    for name in filter(lambda name: inside(name, *ground), FILES):
        assert {found for found in OURS[name] if not inside(found, *ground)} == set(), name


def test_nothing_imports_the_command_line_but_the_entry() -> None:
    assert {name for name, found in OURS.items() if any(inside(one, "cli") for one in found)} == {"dedup.__main__"}


def test_nothing_below_the_command_line_imports_the_way_in() -> None:
    allowed = {"dedup", "dedup.__main__", "dedup.cli", "dedup.arguments"}
    assert {name for name, found in OURS.items() if "dedup.api" in found} <= allowed


def test_no_two_modules_import_each_other() -> None:
    order = list(
        TopologicalSorter(
            {name: found & FILES.keys() - {"dedup"} for name, found in OURS.items() if name != "dedup"}
        ).static_order()
    )
    assert len(order) == len(FILES) - 1  # a cycle raises


def documented(tree: ast.AST, name: str) -> Iterator[tuple[str, ast.AST]]:
    """Public classes and functions, and public methods of those classes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield f"{name}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from documented(node, f"{name}.{node.name}")


@pytest.mark.parametrize("name", sorted(FILES))
def test_all_that_is_public_has_a_docstring(name: str) -> None:
    bare = [found for found, node in documented(TREES[name], name) if not ast.get_docstring(node)]  # type: ignore[arg-type]
    assert bare == []
    assert ast.get_docstring(TREES[name]) or not FILES[name].read_text()


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_file_is_over_320_lines_and_no_function_over_60(name: str) -> None:
    assert len(FILES[name].read_text().splitlines()) <= 320
    long = []
    for node in ast.walk(TREES[name]):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first, last = node.body[0], node.end_lineno or 0
            docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) else 0
            if last - node.lineno + 1 - docstring > 60:
                long.append(node.name)
    assert long == []


def test_the_public_names_are_sorted_and_complete() -> None:
    imported = {
        alias.asname or alias.name
        for node in TREES["dedup"].body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert all(a < b for a, b in pairwise(dedup.__all__))
    assert set(dedup.__all__) == {name for name in imported if not name.startswith("_")}
    assert [name for name in dedup.__all__ if not hasattr(dedup, name)] == []


def test_no_module_hides_a_public_name() -> None:
    assert [name for name in dedup.__all__ if f"dedup.{name}" in FILES] == []


def test_the_seeds_are_as_they_were_given() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").iterdir()}
    assert found == SEEDS
