"""Format tables in Markdown."""

from collections.abc import Iterable


def markdown_table(header: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Format a table with columns padded to the same width.

    Args:
        header: Column headings.
        rows: Cells of each row, as many as there are headings.

    >>> print(markdown_table(["tool", "MB"], [["dedup", 543]]), end="")
    | tool  | MB  |
    | ----- | --- |
    | dedup | 543 |
    """
    lines = [[str(cell) for cell in line] for line in (header, *rows)]
    widths = [max(3, *map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in padded)
