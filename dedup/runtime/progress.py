"""Report the progress of a run."""


class Progress:
    """Someone who is told how a run goes; this one does not listen."""

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:
        """Tell that a step begins, and how much of what there is to do, if that is known."""

    def advance(self, amount: int) -> None:
        """Tell that so much more of the step is done."""

    def note(self, text: str) -> None:
        """Tell something worth knowing."""

    def close(self) -> None:
        """Tell that the run is over."""
