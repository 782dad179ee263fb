"""Measure `dedup scan TRAIN --against TESTS --contained 13` beside a plain `dedup scan TRAIN`.

    python benchmarks/contained_speed.py train.jsonl tests.jsonl --rounds 3
    python benchmarks/contained_speed.py train.jsonl --items 110000 --words 100

Without TESTS, items of random words are made: `--items 110000 --words 100` have about 10,000,000 different runs.
"""

import argparse
import json
import random
import tempfile
from pathlib import Path
from statistics import median

from cost import Cost
from index_costs import DEDUP, checked, spread
from markdown_tables import markdown_table


def main() -> None:
    """Measure both commands in turn, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("tests", type=Path, nargs="?")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        tests = options.tests or write_items(Path(temp, "tests.jsonl"), options.items, options.words)
        print(measure_contained(options.train, tests, options.rounds, Path(temp)), end="")


def write_items(path: Path, items: int, words: int) -> Path:
    """Write items of random words, one JSON object in each line; return the file."""
    chosen = random.Random(1)  # noqa: S311 - not for cryptography
    with path.open("w", encoding="utf-8") as file:
        for number in range(items):
            text = " ".join(f"w{chosen.randrange(100_000)}" for _ in range(words))
            file.write(json.dumps({"id": str(number), "text": text}) + "\n")
    return path


def measure_contained(train: Path, tests: Path, rounds: int, folder: Path) -> str:
    """Run both commands in turn, and return their costs as a table in Markdown.

    Args:
        train: The documents.
        tests: The items.
        rounds: Number of rounds after the warm-up round.
        folder: An existing folder for temporary files.
    """
    scan = [*DEDUP, "scan", str(train), "--paragraphs", "within", "--quiet", "--json"]
    commands = {"scan": scan, "scan --contained 13": [*scan, "--against", str(tests), "--contained", "13"]}
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            costs[name].append(checked(command, folder))
    record = json.loads((folder / "log").read_text("utf-8"))["run"]["contained"]
    base = median(cost.cpu for cost in costs["scan"][1:])
    rows = [
        [
            name,
            spread([cost.cpu for cost in measured[1:]]),
            f"{median(cost.cpu for cost in measured[1:]) / base:.2f}",
            f"{max(cost.peak for cost in measured[1:]):.0f}",
        ]
        for name, measured in costs.items()
    ]
    found = sum(item_set["found"] for item_set in record["sets"])
    items = sum(item_set["items"] for item_set in record["sets"])
    size = record["bytes"] / max(1, record["runs"])
    table = markdown_table(["command", "CPU, s", "ratio", "peak, MB"], rows)
    return f"{table}\n{found:,} of {items:,} items found; {record['runs']:,} runs, {size:.1f} bytes each\n"


if __name__ == "__main__":
    main()
