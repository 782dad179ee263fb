"""Receive the progress of a run."""


class Progress:
    """Receives the progress of a run; this base class ignores it."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Receive the start of a step.

        Args:
            name: What is being done.
            total: How much there is to do, if that is known.
            unit: What is counted.
        """

    def advance(self, amount: int) -> None:
        """Receive how much more of the step is done."""

    def note(self, text: str) -> None:
        """Receive a message for the user."""

    def close(self) -> None:
        """Receive the end of the run."""
