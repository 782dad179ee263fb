"""The signals that end a run: Ctrl-C and SIGTERM, both alike.

It imports nothing heavy, since it is the first thing that the command does.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_came: list[int] = []
_deaf: list[bool] = []


def heed() -> None:
    """From now on, let either signal raise `KeyboardInterrupt` where the run stands."""
    for number in _SIGNALS:
        signal.signal(number, _interrupt)


def came() -> bool:
    """Tell whether one came: a library that we call and that calls us turns `KeyboardInterrupt` into errors of its own.

    >>> came()
    False
    """
    return bool(_came)


@contextmanager
def later() -> Iterator[None]:
    """Let them wait while a library does what it cannot be interrupted in."""
    _deaf.append(True)
    before = len(_came)
    try:
        yield
    finally:
        _deaf.pop()
    if len(_came) > before:
        raise KeyboardInterrupt


def ignore() -> None:
    """From now on, let neither disturb: the work is done, and Python is leaving, which takes a while."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: object) -> None:  # noqa: ARG001  # as Python calls it
    _came.append(number)
    if not _deaf:
        raise KeyboardInterrupt
