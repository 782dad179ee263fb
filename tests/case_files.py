"""Run the case folders of DEDUP_DATA: each has inputs in `in/` and the expected result in `expect.json`."""

from __future__ import annotations

import json
import os
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import dedup
from dedup.cli.commands import cli

DATA = Path(os.environ.get("DEDUP_DATA") or "/nonexistent")


def case_names(archive: str, *prefixes: str) -> list[str]:
    """List the cases of an archive whose names have one of some prefixes; none if the archive is absent."""
    if not (DATA / archive).is_file():
        return []
    with tarfile.open(DATA / archive) as tar:
        folders = {Path(name).parts[-2] for name in tar.getnames() if name.endswith("/expect.json")}
    return sorted(name for name in folders if name.startswith(prefixes))


def extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Extract all members of an archive."""
    if hasattr(tarfile, "data_filter"):
        tar.extractall(folder, filter="data")
    else:  # Python before 3.11.4
        tar.extractall(folder)  # noqa: S202 - the archives are those of the project


def unpack(archive: str, folder: Path) -> None:
    """Unpack an archive, or skip the test if it is absent."""
    if not (DATA / archive).is_file():
        pytest.skip(f"DEDUP_DATA does not name a folder with {archive}")
    with tarfile.open(DATA / archive) as tar:
        extract(tar, folder)


def unpack_new(archive: str, factory: pytest.TempPathFactory) -> Path:
    """Unpack an archive to a new folder, and return the folder; or skip the test if the archive is absent."""
    folder = factory.mktemp("cases")
    unpack(archive, folder)
    return folder


def expectation(case: Path) -> dict[str, Any]:
    """Return what a case expects."""
    content: dict[str, Any] = json.loads((case / "expect.json").read_text("utf-8"))
    return content


class CaseRun:
    """What `dedup clean` did with a case."""

    def __init__(self, inputs: Sequence[Path | str], out: Path, args: Sequence[str] = (), stdin: bytes = b"") -> None:
        """Run the command."""
        command = ["clean", *map(str, inputs), "-o", str(out), *args]
        result = CliRunner().invoke(cli, command, input=stdin, catch_exceptions=False)
        self.out, self.code, self.output, self.errors = out, result.exit_code, result.stdout, result.stderr
        self.run: dict[str, Any] = {}
        if self.code == 0:
            self.run = json.loads((out / "run.json").read_text("utf-8"))

    def rows(self) -> list[dict[str, Any]]:
        """All original documents, with the columns of the corpus."""
        return [row for batch in dedup.restore(self.out) for row in batch.to_pylist()]

    def documents(self) -> dict[str, int]:
        """Return the number of documents kept and removed."""
        return {"kept": len(self.kept()), "removed": len(self.rows()) - len(self.kept())}

    def kept(self) -> list[str]:
        """Ids of the kept documents."""
        import pyarrow.parquet as pq

        ids: list[str] = pq.read_table(self.out / "clean.parquet", columns=["id"])["id"].to_pylist()
        return ids

    def remarks(self) -> str:
        """Everything that the run says about its inputs."""
        said = {name: self.run.get(name) for name in ("notes", "encodings", "columns", "skipped")}
        return json.dumps(said, ensure_ascii=False) + self.output + self.errors


def simplify(text: str | None) -> str:
    """Collapse white space and drop punctuation around it: extracted text is compared loosely."""
    return re.sub(r"\s+", " ", text or "").strip()
