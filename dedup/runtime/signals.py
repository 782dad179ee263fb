"""Handle the signals that end a run, all in the same way: Ctrl-C (SIGINT), SIGTERM, and the end of a terminal (SIGHUP).

The command line imports this module first, so it imports nothing heavy.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []
_delaying: list[bool] = []


def install() -> None:
    """Raise `KeyboardInterrupt` in the main thread when one of the signals arrives.

    SIGHUP stays ignored if it is: a run started by nohup continues after the terminal has been closed.
    """
    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)


def interrupted() -> bool:
    """Return whether a signal arrived.

    A library that calls back into Python may replace `KeyboardInterrupt` by an error of its own.

    >>> interrupted()
    False
    """
    return bool(_received)


@contextmanager
def delayed() -> Iterator[None]:
    """Delay signals while a library runs code that cannot be interrupted; raise `KeyboardInterrupt` afterwards."""
    _delaying.append(True)
    before = len(_received)
    try:
        yield
    finally:
        _delaying.pop()
    if len(_received) > before:
        raise KeyboardInterrupt


def ignore() -> None:
    """Ignore the signals: the work is done, and the interpreter is shutting down."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: object) -> None:  # noqa: ARG001 - the signature that Python calls
    _received.append(number)
    if not _delaying:
        raise KeyboardInterrupt
