"""Instructions that are given for compiled code, against their Python functions."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.kernels.compiled.kernel import kernel
from dedup.kernels.text.bits import BLOCK, classify, load, store, trailing_zeros

BLOCKS = st.binary(min_size=BLOCK, max_size=BLOCK)
WORDS = st.integers(0, 2**64 - 1)


@kernel
def compiled(data: np.ndarray, at: int, word: np.uint64, out: np.ndarray) -> np.uint64:
    out[0], out[1], out[2], out[3] = classify(data, at)
    out[4] = load(data, at)
    store(data, at, word)
    return trailing_zeros(word)


@given(BLOCKS, st.binary(max_size=3), WORDS)
@example(bytes(range(64)), b"", 0)
@example(bytes(range(64, 128)), b"", 1)
@example(bytes(range(128, 192)), b"", 1 << 63)
@example(bytes(range(192, 256)), b"", 2**64 - 1)
def test_given_instructions_equal_the_python_functions(block: bytes, before: bytes, number: int) -> None:
    word = np.uint64(number)
    expected = np.frombuffer(bytearray(before + block), np.uint8)
    found, masks = expected.copy(), np.empty(5, np.uint64)
    zeros = compiled(found, len(before), word, masks)
    assert (*classify(expected, len(before)), load(expected, len(before))) == tuple(masks)
    assert trailing_zeros(word) == zeros == next((bit for bit in range(64) if number >> bit & 1), 64)
    store(expected, len(before), word)
    assert found.tolist() == expected.tolist()
    assert found[len(before) :].tolist() == [*number.to_bytes(8, "little"), *block[8:]]


@given(BLOCKS)
def test_the_bytes_of_a_block_are_classified_by_their_characters(block: bytes) -> None:
    words = classify(np.frombuffer(block, np.uint8), 0)
    plain, wide, hyphen, visible = ([int(word) >> bit & 1 == 1 for bit in range(BLOCK)] for word in words)
    assert plain == [bytes([byte]).isalnum() for byte in block]
    assert wide == [byte >= 0x80 for byte in block]
    assert hyphen == [byte == ord("-") for byte in block]
    assert visible == [0x20 < byte < 0x80 for byte in block]
