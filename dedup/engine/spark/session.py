"""Start a Spark session, or use the session of the caller."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from dedup.errors import EngineError, SettingsError
from dedup.runtime.progress import Progress
from dedup.settings import check_flag, check_text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Session: TypeAlias = "SparkSession"
"""A session of Spark, classic or of Spark Connect."""
# Lines of the log of Spark that an error message shows.
_SHOWN_LINES, _SHOWN = 3, 600
_LOCAL_DEFAULTS = {
    "spark.driver.bindAddress": "127.0.0.1",  # the host name of a laptop may not resolve
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
}
_DEFAULTS = {
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "10000",
    "spark.log.level": "ERROR",
}


@dataclass(frozen=True)
class SparkEngine:
    """Where a run on Spark is executed, and how.

    Raises:
        SettingsError: A value is invalid.
    """

    session: SparkSession | None = None
    """The session to use; None starts a session."""
    master: str | None = None
    """Master URL for a session that is started; see `open_session`."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings of Spark for a session that is started, by name."""
    resume: bool = False
    """Whether an unfinished run is continued."""
    single_file: bool = False
    """Whether each table of the output is one file, not a folder of parts."""

    def __post_init__(self) -> None:
        """Check all values."""
        check_flag("resume", self.resume)
        check_flag("single_file", self.single_file)
        if self.session is not None and (self.master is not None or self.settings):
            raise SettingsError(
                "master and spark_conf are for a session that dedup starts. Remove them: the session that you pass has "
                "its own settings."
            )
        if self.master is not None:
            check_text("--master", self.master)

    def opened(self, progress: Progress, temp_dir: Path) -> AbstractContextManager[SparkSession]:
        """Return a context that yields the session.

        Args:
            progress: Receives the step in which Spark starts.
            temp_dir: Where Spark writes temporary files, if it runs on this machine only.
        """
        if self.session is not None:
            return nullcontext(self.session)
        progress.step("start Spark")
        return open_session(self.master, {"spark.local.dir": str(temp_dir), **self.settings})


def parse_settings(pairs: Sequence[str]) -> dict[str, str]:
    """Parse settings of Spark as they are given on the command line.

    Args:
        pairs: Each as KEY=VALUE.

    Raises:
        SettingsError: One has another form.

    >>> parse_settings(["spark.executor.memory=4g", "spark.x=a=b"])
    {'spark.executor.memory': '4g', 'spark.x': 'a=b'}
    """
    found = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark or not name:
            raise SettingsError(f"--spark-conf {pair!r} is not KEY=VALUE, such as spark.executor.memory=4g.")
        found[name] = value
    return found


@contextmanager
def open_session(master: str | None, settings: Mapping[str, str]) -> Iterator[SparkSession]:
    """Start a Spark session, and stop it at the end.

    What Spark prints while it starts and runs goes to a temporary file, of which an error message shows the end.

    Args:
        master: Master URL, such as "local[*]" or "spark://host:7077"; None for that of the configuration of Spark, else
            "local[*]".
        settings: Settings of Spark by name; they override the defaults of dedup.

    Raises:
        EngineError: Spark is not installed, or does not start.
    """
    _require_spark()
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is not None:
        raise EngineError(
            "A Spark session is already active; its settings would be used instead. Pass it as engine=session, or "
            "stop it."
        )
    configured = settings.get("spark.master") or os.environ.get("MASTER") or _configured_master()
    master = master or configured or "local[*]"
    _require_java(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # otherwise the workers use another Python
    defaults = {**_DEFAULTS, **(_LOCAL_DEFAULTS if master.startswith("local") else {})}
    builder: Any = SparkSession.builder
    for name, value in {**defaults, **settings, "spark.master": master, "spark.app.name": "dedup"}.items():
        builder = builder.config(name, value)
    with tempfile.NamedTemporaryFile(prefix="dedup-spark-", suffix=".log") as log:
        try:
            with _redirected(log.fileno()):
                session = builder.getOrCreate()
        except Exception as error:
            raise EngineError(f"Spark cannot be started with --master {master}: {_reason(error, log.name)}") from None
        try:
            yield session
        finally:
            session.stop()


def _require_spark() -> None:
    """Raise EngineError if pyspark is not installed, or is too old."""
    try:
        import pyspark
    except ImportError:
        raise EngineError(
            "The engine spark needs the package pyspark. Install it: pip install 'dedup-text[spark]'."
        ) from None
    if int(pyspark.__version__.partition(".")[0]) < 4:
        raise EngineError(
            f"The engine spark needs pyspark 4 or later, not {pyspark.__version__}. Install it: pip install "
            "'dedup-text[spark]'."
        )


def _require_java(master: str) -> None:
    home = os.environ.get("JAVA_HOME")
    if (
        not master.startswith("sc://")
        and not (home and Path(home, "bin", "java").is_file())
        and not shutil.which("java")
    ):
        raise EngineError("Spark needs Java 17 or later, which was not found. Install it, or set JAVA_HOME.")


def _configured_master() -> str | None:
    """Return the master that the configuration of Spark names, as `spark-submit` reads it."""
    folder = os.environ.get("SPARK_CONF_DIR") or (
        f"{os.environ['SPARK_HOME']}/conf" if "SPARK_HOME" in os.environ else None
    )
    file = Path(folder, "spark-defaults.conf") if folder else None
    if file is None or not file.is_file():
        return None
    lines = (line.split(None, 1) for line in file.read_text("utf-8", "replace").splitlines())
    return next((line[1].strip() for line in lines if len(line) > 1 and line[0] == "spark.master"), None)


@contextmanager
def _redirected(target: int) -> Iterator[None]:
    """Start processes with another standard error; that of this process is the same again afterwards."""
    sys.stderr.flush()
    kept = os.dup(2)
    os.dup2(target, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _reason(error: Exception, log: str) -> str:
    """Return why Spark did not start."""
    lines = [line.strip() for line in Path(log).read_text("utf-8", "replace").splitlines() if line.strip()]
    errors = [line.partition(" ERROR ")[2] or line for line in lines if " ERROR " in line or "Exception" in line]
    shown = " ".join(errors[:_SHOWN_LINES]) or (lines[-1] if lines else str(error).partition("\n")[0])
    return f"{shown[:_SHOWN]} Check the address of the master, and the settings given with --spark-conf."
