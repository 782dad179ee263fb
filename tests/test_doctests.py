"""The examples in docstrings run and give what they show."""

import doctest
import importlib
import pkgutil

import pytest

import dedup

NAMES = sorted(
    found.name for found in pkgutil.walk_packages(dedup.__path__, "dedup.") if not found.name.endswith("__main__")
)
# Packages of optional extras.
EXTRAS = {"trafilatura": "html"}


@pytest.mark.parametrize("name", ["dedup", *NAMES])
def test_examples_of_module(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name in EXTRAS:
            pytest.skip(f"{error.name} is not installed; it comes with the extra {EXTRAS[error.name]!r}")
        raise
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_public_functions_have_examples() -> None:
    tests = doctest.DocTestFinder(recurse=False).find
    bare = [
        name
        for name in ("clean", "scan", "minhash")
        if not any(found.examples for found in tests(getattr(dedup, name)))
    ]
    assert bare == []
