"""Load kernels from object code without importing Numba, which takes longer than a small run.

The object code contains what Numba calls the wrapper: a C function that converts the arguments of a Python call, runs
the kernel and converts the result. It uses functions of three extension modules of Numba, which are loaded without the
rest of Numba.
"""

import builtins
import ctypes
import functools
import importlib.machinery
import importlib.util
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import llvmlite.binding as llvm

# Kernels unpickle the classes of the arrays that they return. The function of Numba imports Numba.
UNPICKLE = "numba_unpickle"
_unpickled: dict[bytes, Any] = {}


class ObjectCode(NamedTuple):
    """A compiled kernel, as it is stored."""

    code: bytes
    """Object code."""
    wrapper: str
    """Symbol of the wrapper."""
    environments: list[tuple[str, list[Any]]]
    """Symbols of the pointers to environments, with the constants of each; the first one is that of the kernel."""


def load(compiled: ObjectCode, function: Callable[..., Any]) -> Callable[..., Any]:
    """Load a compiled kernel.

    Args:
        compiled: From `compiler.compile_for`.
        function: The function that was compiled.

    Returns:
        A function of the same arguments. It does not check their types.
    """
    module = sys.modules[function.__module__]
    dynamic, helpers = _extensions()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(compiled.code))
    llvm.add_symbol(UNPICKLE, ctypes.cast(_UNPICKLE, ctypes.c_void_p).value)
    engine.finalize_object()  # binds the symbols
    llvm.add_symbol(UNPICKLE, helpers["unpickle"])
    environments = []
    for symbol, constants in compiled.environments:
        environment = dynamic.Environment(vars(module))
        environment.consts.extend(constants)
        environments.append(environment)
        # The code reads the address of the environment from a variable of this name.
        ctypes.c_void_p.from_address(engine.get_global_value_address(symbol)).value = id(environment)
    address = engine.get_function_address(compiled.wrapper)
    alive = (engine, *environments)
    made: Callable[..., Any] = dynamic.make_function(
        module, function.__name__, function.__doc__ or "", address, environments[0], alive
    )
    return made


def _unpickle(address: int, size: int, _: int) -> Any:
    """Unpickle what compiled code refers to."""
    pickled = ctypes.string_at(address, size)
    if pickled not in _unpickled:
        _unpickled[pickled] = pickle.loads(pickled)  # noqa: S301 - a part of the code
    return _unpickled[pickled]


_UNPICKLE = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(_unpickle)


@functools.cache
def _extensions() -> tuple[ModuleType, dict[str, int]]:
    """Load the extension modules of Numba whose functions kernels call.

    Returns:
        The module that makes functions, and the addresses of helpers by name.
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    dynamic, helpers, runtime = map(_extension, ("_dynfunc", "_helperlib", "core.runtime._nrt_python"))
    for module in (dynamic, helpers):
        for name, address in module.c_helpers.items():
            llvm.add_symbol(f"numba_{name}", address)
    for name, address in runtime.c_helpers.items():
        llvm.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)
    llvm.add_symbol("_Py_NoneStruct", id(None))
    for value in vars(builtins).values():
        if isinstance(value, type) and issubclass(value, BaseException):
            llvm.add_symbol(f"PyExc_{value.__name__}", id(value))
    return dynamic, helpers.c_helpers


def _extension(name: str) -> ModuleType:
    """Load an extension module of Numba without the package around it."""
    found = importlib.util.find_spec("numba")
    if found is None or found.origin is None:
        raise ImportError("Numba is not installed")
    path = Path(found.origin).parent.joinpath(*name.split("."))
    full = f"numba.{name}"
    loader = importlib.machinery.ExtensionFileLoader(full, f"{path}{importlib.machinery.EXTENSION_SUFFIXES[0]}")
    spec = importlib.util.spec_from_loader(full, loader)
    if spec is None:
        raise ImportError(f"{full} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def _target_machine() -> llvm.TargetMachine:
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(jit=True)
