"""Instructions that Numba does not offer: to load and store a word, count zeros, and compare 64 bytes at a time.

Each has a Python function, and code in LLVM's language for vectors, which LLVM compiles for any processor.
"""
# ruff: noqa: ARG001 - Numba prescribes the arguments

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.compiled.intrinsic import intrinsic

BLOCK = 64  # bytes that `classify` reads


def _load_code(context: Any, data: Any, at: Any) -> Any:
    """Return the types and the instructions of `load`, as `numba.extending.intrinsic` takes them."""
    from numba import types

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_address(context, builder, signature, args, 64), align=1)

    return types.uint64(data, at), generate


@intrinsic(_load_code)
def load(data: NDArray[np.uint8], at: int) -> np.uint64:
    """Read eight bytes of an array as one word, lowest byte first; compiled code does not check the bounds."""
    return np.uint64(int.from_bytes(data[at : at + 8].tobytes(), "little"))


def _store_code(context: Any, data: Any, at: Any, word: Any) -> Any:
    from numba import types

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> None:
        builder.store(args[2], _address(context, builder, signature, args, 64), align=1)

    return types.void(data, at, types.uint64), generate


@intrinsic(_store_code)
def store(data: NDArray[np.uint8], at: int, word: np.uint64) -> None:
    """Write a word to eight bytes of an array, lowest byte first; compiled code does not check the bounds."""
    data[at : at + 8] = np.frombuffer(int(word).to_bytes(8, "little"), np.uint8)


def _trailing_zeros_code(context: Any, word: Any) -> Any:
    from llvmlite import ir
    from numba import types

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic(_trailing_zeros_code)
def trailing_zeros(word: np.uint64) -> np.uint64:
    """Count the zeros below the lowest bit that is set; 64 if none is."""
    return np.uint64((int(word) & -int(word)).bit_length() - 1 if word else 64)


def _classify_code(context: Any, data: Any, at: Any) -> Any:
    from llvmlite import ir
    from numba import types

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        block = builder.load(_address(context, builder, signature, args, 8, BLOCK), align=1)

        def constant(value: int) -> Any:
            return ir.Constant(block.type, [value] * BLOCK)

        def between(values: Any, first: int, last: int) -> Any:
            return builder.icmp_unsigned("<=", builder.sub(values, constant(first)), constant(last - first))

        lower = builder.or_(block, constant(0x20))
        masks = (
            builder.or_(between(lower, ord("a"), ord("z")), between(block, ord("0"), ord("9"))),
            builder.icmp_signed("<", block, constant(0)),
            builder.icmp_unsigned("==", block, constant(ord("-"))),
            between(block, 0x21, 0x7F),
        )
        words = [builder.bitcast(mask, ir.IntType(64)) for mask in masks]
        return context.make_tuple(builder, signature.return_type, words)

    return types.UniTuple(types.uint64, 4)(data, at), generate


@intrinsic(_classify_code)
def classify(data: NDArray[np.uint8], at: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Compare 64 bytes of an array, from the byte ``at`` on; compiled code does not check the bounds.

    Returns:
        Four words with a bit for each byte, the lowest for the first: whether it is an ASCII letter or digit, whether
        it is not ASCII, whether it is a hyphen, and whether it is an ASCII character but neither space nor control.
    """
    block = data[at : at + BLOCK]
    lower = block | 0x20
    masks = (
        (ord("a") <= lower) & (lower <= ord("z")) | (ord("0") <= block) & (block <= ord("9")),
        block >= 0x80,
        block == ord("-"),
        (block >= 0x21) & (block <= 0x7F),
    )
    plain, wide, hyphen, visible = np.packbits(masks, axis=1, bitorder="little").view("<u8").ravel()
    return plain, wide, hyphen, visible


def _address(context: Any, builder: Any, signature: Any, args: Any, bits: int, count: int = 0) -> Any:
    """Return the address of an element of an array, as a pointer to a word of so many bits or a vector of such."""
    from llvmlite import ir

    word = ir.IntType(bits)
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    target = ir.VectorType(word, count) if count else word
    return builder.bitcast(builder.gep(data, [args[1]]), target.as_pointer())
