"""Import the modules of a package when one of its names is used for the first time."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any


def lazy_names(package: str, names: Sequence[str], modules: Sequence[str]) -> Callable[[str], Any]:
    """Return the function `__getattr__` of a package, which imports its modules when they are needed; see PEP 562.

    Args:
        package: Name of the package.
        names: The names that the package offers.
        modules: The modules that define them, in the order in which a name is looked for.

    >>> lazy_names("dedup", ["fold"], ["dedup.errors", "dedup.text.tokens"])("fold")("Été")
    'ete'
    """

    def load(name: str) -> Any:
        if name in names:
            for module in map(import_module, modules):
                if hasattr(module, name):
                    return getattr(module, name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load
