"""Recognise values that mark a missing value."""

# What pandas, R, SAS, Excel, SQL and MySQL write for a missing value, and what people type, in lower case.
NO_VALUE_MARKS = frozenset(
    (
        *(
            "",
            "-",
            "--",
            "---",
            "\u2013",
            "\u2014",
            "?",
            "??",
            "???",
            ".",
            "unknown",
            "missing",
            "undefined",
            "nil",
            "none",
        ),
        *("n/a", "na", "n.a.", "n.a", "n. a.", "#n/a", "#n/a n/a", "#na", "<na>", "not available", "not applicable"),
        *("null", "<null>", "(null)", "#null!", "\\n", "nan", "-nan", "nat", "1.#ind", "-1.#ind", "1.#qnan"),
        *("-1.#qnan", "0000-00-00", "0000-00-00 00:00:00"),
    )
)
_LONGEST_MARK = max(map(len, NO_VALUE_MARKS))


def is_no_value(text: str) -> bool:
    """Return whether a value is empty, white space, or a usual mark of a missing value.

    Args:
        text: The value.

    >>> [is_no_value(text) for text in ("", " N/A ", "NaN", "--", "unknown", "0", "no")]
    [True, True, True, True, True, False, False]
    """
    stripped = text.strip()
    return len(stripped) <= _LONGEST_MARK and stripped.lower() in NO_VALUE_MARKS
