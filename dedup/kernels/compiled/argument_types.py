"""Types of arguments: a kernel is compiled once for each combination of them."""

from typing import Any

import numpy as np

# What identifies a type within a process: hashable, and cheap to make.
Type = Any


def type_of(value: object) -> Type:
    """Return a hashable value that identifies the type of an argument of a kernel.

    Numbers of one kind have one type, and so have writable and read-only arrays, so that a kernel is compiled for few
    types. Kernels write only to arrays that are meant as output.

    Args:
        value: A number, a record, an array, or a tuple of these.

    Raises:
        TypeError: Kernels do not accept the value.

    >>> type_of(5) == type_of(np.int32(5)) == "int64"
    True
    >>> type_of(np.zeros(3, np.uint8))
    (dtype('uint8'), 1, True)
    >>> type_of((1, 2.5, np.uint64(3), True))
    (<class 'tuple'>, 'int64', 'float64', 'uint64', 'boolean')
    """
    found = _TYPES.get(type(value))
    if found:
        return found
    if isinstance(value, np.ndarray | np.void):
        flags = value.flags
        if not flags.c_contiguous:
            raise TypeError("a kernel takes contiguous arrays; convert the array with np.ascontiguousarray")
        return value.dtype, value.ndim, flags.aligned
    if isinstance(value, tuple):
        return type(value), *map(type_of, value)
    raise TypeError(f"a kernel takes numbers, records, arrays and tuples of these, not {type(value).__name__}")


def name_of(kind: Type) -> str:
    """Return a string that identifies a type in all processes.

    >>> name_of(type_of((np.zeros((2, 2), bool), 1)))
    'tuple(|b1 2 aligned, int64)'
    """
    if isinstance(kind, str):
        return kind
    first, *rest = kind
    if isinstance(first, type):
        return f"{first.__qualname__}({', '.join(map(name_of, rest))})"
    dimensions, aligned = rest
    layout = first.str if first.names is None else str(first.descr)
    return f"{layout} {dimensions} {'aligned' if aligned else 'not aligned'}"


def numba_type(value: object) -> Any:
    """Return the type that Numba compiles a kernel for.

    >>> numba_type(np.int32(5)), numba_type((np.zeros(2), 1))
    (int64, Tuple((Array(float64, 1, 'C', False, aligned=True), int64)))
    """
    import numba

    if isinstance(value, tuple):
        kinds = [numba_type(item) for item in value]
        named = hasattr(value, "_fields")
        return numba.types.NamedTuple(kinds, type(value)) if named else numba.types.Tuple(kinds)
    if isinstance(value, np.ndarray):
        return numba.typeof(value).copy(readonly=False)
    if isinstance(value, np.void):
        return numba.typeof(value)
    return getattr(numba.types, type_of(value))


_TYPES: dict[type, str] = {
    **dict.fromkeys((int, np.int8, np.int16, np.int32, np.int64), "int64"),
    **{kind: kind.__name__ for kind in (np.uint8, np.uint16, np.uint32, np.uint64, np.float32)},
    float: "float64",
    np.float64: "float64",
    bool: "boolean",
    np.bool_: "boolean",
}
