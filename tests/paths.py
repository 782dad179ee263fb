"""Folders of the repository that tests read."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
BENCHMARKS = ROOT / "benchmarks"
GOLDEN = ROOT / "tests" / "golden"
GUIDE = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
