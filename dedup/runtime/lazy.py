"""Import the modules of a package when a name of theirs is used first."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the function `__getattr__` of a package, which imports a module when one of its names is used first.

    Source: PEP 562.

    Args:
        package: Name of the package.
        modules: The module of each name that the package offers.

    >>> lazy_names("dedup", {"fold": "dedup.text.tokens"})("fold")("Été")
    'ete'
    """

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(modules[name]), name)

    return load
