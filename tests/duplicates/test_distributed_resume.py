"""A run on Spark that ended early is continued: finished stages are not repeated, and the output is the same."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import strategies
from local_jobs import LocalJobs, local_engine
from object_store import outputs
from same_engines import check_same_output, read_record, restored

import dedup
from dedup.engine.spark.session import SparkEngine
from dedup.errors import EngineError, OutputError, OutputExists
from dedup.index import distributed
from dedup.options import make_request
from dedup.runtime.storage.paths import parse_path

OPTIONS = {"paragraphs": "all", "keep": "-size", "per": "outlet", "workers": 1}
JOBS = ("tasks", "read", "write")


def run(corpus: pa.Table, out: Path, session: object, *, resume: bool = False, **options: Any) -> list[str]:
    """Run `clean` on Spark; return the names of its steps."""
    progress = Steps()
    request = make_request(OPTIONS | options | {"progress": progress})
    distributed.clean([corpus], out, request, SparkEngine(session, resume=resume))  # type: ignore[arg-type]  # the stand-in
    return progress.names


class Steps(dedup.Progress):
    """Notes the steps of a run."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def step(self, name: str, total: int | None = None, unit: str = "") -> None:  # noqa: ARG002 - those of the base
        self.names.append(name)


@pytest.fixture(scope="module")
def corpus() -> pa.Table:
    return strategies.varied_corpus(2, 12).slice(0, 30).drop_columns(["tags"])


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, BaseException | None], None]:
    """Return a function that lets a job of the next run fail, by its number from 1."""

    def fail(number: int, error: BaseException | None) -> None:
        counted = [0]

        def counting(function: Callable[..., Any]) -> Callable[..., Any]:
            def job(*arguments: Any) -> Any:
                counted[0] += 1
                if counted[0] == number and error is not None:
                    raise error
                return function(*arguments)

            return job

        for name in JOBS:
            monkeypatch.setattr(LocalJobs, name, counting(ORIGINAL[name]))

    return fail


ORIGINAL = {name: getattr(LocalJobs, name) for name in JOBS}


def test_a_run_is_continued_after_each_job(
    tmp_path: Path, corpus: pa.Table, fail_at: Callable[[int, BaseException | None], None]
) -> None:
    dedup.clean(corpus, tmp_path / "local", **OPTIONS)
    out, base = tmp_path / "spark", tmp_path / ".spark.spark"
    with local_engine(1, 9000) as session:
        for number in range(1, 100, 2):
            error = KeyboardInterrupt() if number % 4 == 1 else EngineError("Spark is lost.")
            fail_at(number, error)
            with suppress(type(error)):
                run(corpus, out, session)
                break
            assert not out.exists()
            done = {path.stem for path in base.glob("work/stages/*")}
            fail_at(0, None)
            names = run(corpus, out, session, resume=bool(done))
            assert not done & {name.replace(" ", "-") for name in names}
            check_same_output(out, tmp_path / "local")
            assert not base.exists()
            shutil.rmtree(out)
    assert number > 15
    check_same_output(out, tmp_path / "local")


def test_only_the_same_run_is_continued(
    tmp_path: Path, corpus: pa.Table, fail_at: Callable[[int, BaseException | None], None]
) -> None:
    out = tmp_path / "out"
    with local_engine(1, 5000) as session:
        fail_at(4, EngineError("Spark is lost."))
        with pytest.raises(EngineError, match="Spark is lost"):
            run(corpus, out, session)
        fail_at(0, None)
        with pytest.raises(OutputExists, match=r"did not finish.* --resume, or start again with --overwrite"):
            run(corpus, out, session)
        with pytest.raises(OutputError, match=r"unfinished run to .* had other settings, so it cannot be continued"):
            run(corpus, out, session, resume=True, threshold=0.7)
        with pytest.raises(OutputError, match="had other reading"):
            run(corpus, out, session, resume=True, id_column="size")
        names = run(corpus, out, session, overwrite=True, threshold=0.7)
        assert {"sketch", "write"} <= set(names)
        assert read_record(out)["settings"]["threshold"] == 0.7
        with pytest.raises(OutputExists):
            run(corpus, out, session)
        with pytest.raises(OutputError, match=r"There is no run to .* that can be continued"):
            run(corpus, out, session, resume=True, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_to_an_object_store_is_continued(
    tmp_path: Path,
    corpus: pa.Table,
    put: Callable[[dict[str, bytes]], None],
    bucket: Any,
    fail_at: Callable[[int, BaseException | None], None],
) -> None:
    put({})
    dedup.clean(corpus, tmp_path / "local", **OPTIONS)
    with local_engine(1, 5000) as session:
        fail_at(9, EngineError("Spark is lost."))
        target: Any = parse_path("s3://bucket/out")
        with pytest.raises(EngineError):
            run(corpus, target, session)
        with pytest.raises(dedup.DedupError, match="s3://bucket/out"):
            list(dedup.restore("s3://bucket/out"))
        fail_at(0, None)
        names = run(corpus, target, session, resume=True)
        assert "sketch" not in names
    assert restored("s3://bucket/out") == restored(tmp_path / "local")
    names_there = outputs(bucket)
    assert "run.json" in names_there
    assert not [name for name in names_there if name.startswith("_dedup_work")]
