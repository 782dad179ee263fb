"""Compile kernels with Numba to object code.

Numba by itself compiles each function that a kernel calls to machine code with two wrappers, as if it were called
alone. Here such functions are only linked into the kernel, which takes three fifths of the time.
"""

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FunctionType
from typing import Any, Protocol

from numba import types
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler_lock import global_compiler_lock
from numba.core.cpu import CPUContext
from numba.core.registry import CPUDispatcher, cpu_target
from numba.extending import intrinsic

from dedup.kernels.compiled.argument_types import numba_type
from dedup.kernels.compiled.intrinsic import Intrinsic
from dedup.kernels.compiled.loader import ObjectCode


class Compilable(Protocol):
    """A function to compile; see `dedup.kernels.compiled.kernel.Kernel`."""

    function: Any
    """The Python function."""
    inlined: bool
    """Whether it is inlined into the functions that call it."""


@global_compiler_lock  # type: ignore[untyped-decorator]  # Numba has no types
def compile_for(kernel: Compilable, arguments: tuple[Any, ...]) -> ObjectCode:
    """Compile a kernel for the types of arguments.

    Args:
        kernel: What to compile.
        arguments: Examples of its arguments.
    """
    argument_types = tuple(map(numba_type, arguments))
    with _only_to_link():
        dispatcher = _dispatcher(kernel, called_from_python=True)
        dispatcher.compile(argument_types)
        result = dispatcher.overloads[argument_types]
        library = result.library
        library._ensure_finalized()
        library.optimize()
    environments = [result.environment, *result._find_referenced_environments()]
    constants = {environment.env_name: list(environment.consts) for environment in environments}
    code = library.codegen._tm.emit_object(library._final_module)
    return ObjectCode(code, result.fndesc.llvm_cpython_wrapper_name, list(constants.items()))


class _Library(JITCodeLibrary):  # type: ignore[misc]  # Numba has no types
    """Code to be linked into other code, or to be emitted as object code, but not to be run in this process.

    Numba optimizes each function alone, and again as a part of each function that calls it. Here a kernel is optimized
    as a whole, once.
    """

    def optimize(self) -> None:
        """Optimize a kernel with all functions that it calls."""
        super()._optimize_final_module()

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_specific(self) -> None:
        pass


class _Codegen(JITCPUCodegen):  # type: ignore[misc]  # Numba has no types
    _library_class = _Library

    def _add_module(self, module: Any) -> None:
        pass


class _Dispatcher(CPUDispatcher):  # type: ignore[misc]  # Numba has no types
    def add_overload(self, result: Any) -> None:
        """Register a compiled function for calls from other kernels, but not for calls from Python."""
        self.overloads[tuple(result.signature.args)] = result

    def get_call_template(self, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        """Take a constant as a variable, so that a function is not compiled again for each constant."""
        return super().get_call_template(tuple(map(types.unliteral, arguments)), named)


@functools.cache
def _context() -> CPUContext:
    """Return the context of Numba for this processor, but with libraries that are not run."""
    cpu_target.target_context.refresh()  # registers what Numba implements
    return cpu_target.target_context.subtarget(
        _internal_codegen=_Codegen("dedup"),
        # Numba finds a compiled function by the built-in function that calls it from Python. In its place, each has a
        # method that cannot be called without an error.
        get_executable=lambda *_: [].index,
    )


@contextmanager
def _only_to_link() -> Iterator[None]:
    """Compile what Numba adds to kernels (the code of NumPy functions) like the functions that kernels call."""
    own, usual = _context(), cpu_target.target_context
    cpu_target._toplevel_target_context = own
    try:
        yield
    finally:
        cpu_target._toplevel_target_context = usual


_dispatchers: dict[tuple[Any, bool], Any] = {}


def _dispatcher(kernel: Compilable, called_from_python: bool) -> Any:
    """Return what Numba compiles: a copy of the function in whose module kernels are replaced in the same way."""
    key = kernel.function, called_from_python
    if key not in _dispatchers:
        function = kernel.function
        names = dict(function.__globals__)
        copy = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
        options = {
            "nopython": True,
            "nogil": True,
            "forceinline": kernel.inlined,
            "no_cfunc_wrapper": True,
            "no_cpython_wrapper": not called_from_python,
        }
        _dispatchers[key] = _Dispatcher(copy, targetoptions=options)
        for name, value in function.__globals__.items():
            if type(value) is type(kernel):
                names[name] = _dispatcher(value, called_from_python=False)
            elif isinstance(value, Intrinsic):
                names[name] = intrinsic(value.code)
    return _dispatchers[key]
