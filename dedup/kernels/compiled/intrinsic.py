"""Mark functions whose instructions are given, for what Numba does not offer."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Intrinsic:
    """A function for which compiled code has given instructions. Called from Python, it is a Python function."""

    def __init__(self, function: Callable[..., Any], code: Callable[..., Any]) -> None:
        """Wrap a function.

        Args:
            function: Does the same in Python.
            code: Returns types and generates instructions, as `numba.extending.intrinsic` takes it.
        """
        functools.update_wrapper(self, function)
        self.function = function
        self.code = code

    def __call__(self, *arguments: Any) -> Any:
        """Run the Python function."""
        return self.function(*arguments)


def intrinsic(code: Callable[..., Any]) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """Give a Python function the instructions that kernels run in its place.

    >>> def code(context, word):
    ...     from numba import types
    ...     return types.uint64(types.uint64), lambda context, builder, signature, args: builder.not_(args[0])
    >>> @intrinsic(code)
    ... def inverse(word: int) -> int:
    ...     return word ^ (1 << 64) - 1
    >>> inverse(1) == 2**64 - 2
    True
    """

    def wrap(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        return cast(Callable[Arguments, Result], Intrinsic(function, code))

    return wrap
