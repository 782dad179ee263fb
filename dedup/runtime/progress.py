"""The interface of progress displays."""

from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Receives the progress of a run; this base class ignores it."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Receive the start of a step.

        Args:
            name: Name of the step.
            total: Amount of work in units, if known.
            unit: Plural noun of what is counted, such as "documents".
        """

    def advance(self, amount: int) -> None:
        """Receive the number of units done since the last call."""

    def note(self, text: str) -> None:
        """Receive a message for the user."""

    def close(self) -> None:
        """Receive the end of the run."""

    def fail(self) -> None:
        """Receive the end of a run that failed, in place of `close`; by default, call `close`."""
        self.close()


@contextmanager
def closing(progress: Progress) -> Iterator[None]:
    """Report the end of a run when the context ends, and whether it failed."""
    try:
        yield
    except BaseException:
        progress.fail()
        raise
    progress.close()
