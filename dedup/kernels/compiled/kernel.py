"""Mark functions that are compiled."""

import functools
import os
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from dedup.kernels.compiled.argument_types import Type, name_of, type_of

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# With this setting of Numba, kernels are run as Python functions.
INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")

_loading = threading.RLock()


class Kernel:
    """A function that is compiled for each combination of types of its arguments.

    Compiled code is loaded at the first call. What is not in the cache is compiled first, with all that is usually
    needed beside it.
    """

    def __init__(self, function: Callable[..., Any], inlined: bool) -> None:
        """Wrap a function.

        Args:
            function: Takes numbers, arrays and tuples of such; calls only kernels, intrinsics and what Numba supports.
            inlined: Whether LLVM inlines it into each kernel that calls it, however long it is.
        """
        functools.update_wrapper(self, function)
        self.function = function
        self.inlined = inlined
        self._loaded: dict[Type, Callable[..., Any]] = {}

    @property
    def name(self) -> str:
        """Module and name of the function."""
        return f"{self.function.__module__}.{self.function.__qualname__}"

    def __call__(self, *arguments: Any) -> Any:
        """Run the compiled function."""
        missing = self.function.__code__.co_argcount - len(arguments)
        if missing > 0 and self.function.__defaults__:
            arguments += self.function.__defaults__[-missing:]
        types = tuple(map(type_of, arguments))
        compiled = self._loaded.get(types)
        return compiled(*arguments) if compiled else self._load(types, arguments)(*arguments)

    def __reduce__(self) -> str:
        """Pickle by name, as functions are."""
        return self.function.__qualname__

    def compile(self, arguments: tuple[Any, ...], wait: bool) -> None:
        """Compile the function for the types of arguments and store it, unless it is stored.

        Args:
            arguments: Examples of its arguments.
            wait: Whether to wait for another process that compiles it; otherwise nothing is done then.

        Raises:
            OSError: The folder of compiled kernels cannot be written.
        """
        from dedup.kernels.compiled import store

        name = self._stored_name(tuple(map(type_of, arguments)))
        with store.lock(name, wait) as locked:
            if locked and not store.read(name):
                self._compile(name, arguments)

    def _load(self, types: Type, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        """Load the function compiled for the types of arguments; compile it first if it is not stored."""
        from dedup.kernels.compiled import build, loader, store

        name = self._stored_name(types)
        with _loading:
            if types not in self._loaded:
                compiled = store.read(name)
                if not compiled:
                    build.build_with(self.name)
                    compiled = store.read(name) or self._compile(name, arguments)
                self._loaded[types] = loader.load(compiled, self.function)
            return self._loaded[types]

    def _compile(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Compile the function in this process and store it if possible; return the object code."""
        from dedup.kernels.compiled import store
        from dedup.kernels.compiled.compiler import compile_for

        compiled = compile_for(self, arguments)
        try:
            store.write(name, compiled)
        except OSError:
            store.warn_once()
        return compiled

    def _stored_name(self, types: Type) -> str:
        from dedup.kernels.compiled import store

        return store.name_for(self.name, ", ".join(map(name_of, types)))


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function at its first call.

    >>> import numpy as np
    >>> @kernel
    ... def total(values: np.ndarray, factor: int) -> int:
    ...     return values.sum() * factor
    >>> total(np.arange(5), 2)
    20
    """
    return function if INTERPRETED else cast(Callable[Arguments, Result], Kernel(function, inlined=False))


def inlined(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function as `kernel` does; LLVM inlines it into the kernels that call it, however long it is."""
    return function if INTERPRETED else cast(Callable[Arguments, Result], Kernel(function, inlined=True))
