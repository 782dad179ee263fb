"""Measure `dedup clean NEW --against REF` beside the sketching of both, for `index_speed.py against`."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cost import Cost, empty
from index_costs import checked, clean_command, peak_of, seconds_of, spread, unit_options
from markdown_tables import markdown_table

SEEDS = Path(__file__).parent.parent / "seeds"


@dataclass(frozen=True)
class CleanCosts:
    """Costs of the same run of `dedup clean` in several rounds."""

    costs: list[Cost]
    steps: list[dict[str, float]]
    """Seconds of the steps by name."""

    def sketching(self) -> list[float]:
        """Return the seconds for reading and sketching, of the reference too."""
        return [
            sum(seconds for name, seconds in steps.items() if name.partition(",")[0] in ("read", "sketch"))
            for steps in self.steps
        ]

    def add(self, command: Sequence[str], scratch: Path) -> None:
        """Measure another round.

        Args:
            command: The command; it writes to the folder `out` in the scratch folder.
            scratch: Folder for temporary files.
        """
        self.costs.append(checked(command, empty(scratch)))
        self.steps.append(json.loads((scratch / "out" / "run.json").read_text("utf-8"))["seconds"])


def measure_against(new: Path, reference: Path, paragraphs: str, rounds: int) -> dict[str, CleanCosts]:
    """Measure `dedup clean NEW --against REF`, and `dedup clean REF NEW` for the seconds of its steps, in turn.

    Args:
        new: The new documents.
        reference: The reference.
        paragraphs: Option of dedup.
        rounds: Number of rounds after the warm-up round.

    Returns:
        The costs of the former as "against", of the latter as "both".
    """
    with tempfile.TemporaryDirectory() as temp:
        scratch, out, options = Path(temp, "scratch"), Path(temp, "scratch", "out"), unit_options(paragraphs)
        commands = {
            "both": [*clean_command(reference, out, options), str(new)],
            "against": [*clean_command(new, out, options), "--against", str(reference)],
        }
        checked(clean_command(SEEDS, out, options), empty(scratch))  # compiles the kernels if they are not cached
        measured = {name: CleanCosts([], []) for name in commands}
        for _ in range(rounds + 1):
            for name, command in commands.items():
                measured[name].add(command, scratch)
    return {name: CleanCosts(run.costs[1:], run.steps[1:]) for name, run in measured.items()}


def against_table(measured: dict[str, CleanCosts]) -> str:
    """Format the costs of `clean --against` as Markdown; the ratios are to the sketching of both."""
    both, against = measured["both"], measured["against"]
    base, rows = median(both.sketching()), []
    for name, values, peak in (
        ("clean REF NEW: read and sketch", both.sketching(), ""),
        ("clean NEW --against REF: read and sketch", against.sketching(), ""),
        ("clean NEW --against REF: all steps", [sum(steps.values()) for steps in against.steps], ""),
        ("clean NEW --against REF: whole command", seconds_of(against.costs), peak_of(against.costs)),
        ("clean REF NEW: whole command", seconds_of(both.costs), peak_of(both.costs)),
    ):
        rows.append([name, spread(values), f"{median(values) / base:.2f}", peak])
    return markdown_table(["", "seconds", "ratio", "peak, MB"], rows)


def steps_table(run: CleanCosts) -> str:
    """Format the seconds of the steps of a run as Markdown."""
    names = dict.fromkeys(name for steps in run.steps for name in steps)
    rows = ([name, spread([steps.get(name, 0.0) for steps in run.steps])] for name in names)
    return markdown_table(["step", "seconds"], rows)
