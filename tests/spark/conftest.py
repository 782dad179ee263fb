"""Fixtures for tests with real Spark: sessions of three kinds, and a standalone cluster.

Without Java or pyspark the tests are skipped; with `DEDUP_SPARK=required` in the environment they fail. Sail is tested
in an environment of its own, since Sail 0.7 works with no client newer than 4.2; `DEDUP_SAIL=required` requires it.

The tests are the first of a run: pytest-xdist gives each process a stretch of the tests in their order, so that all
of them are in one process as a rule, and Spark starts once.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spark_cluster import (
    LOOPBACK,
    Cluster,
    base_settings,
    executors,
    free_port,
    require_spark,
    skip_or_fail,
    standalone_cluster,
    wheel_environment,
    write_settings,
)
from spark_drivers import Driver, Start, start_driver

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.session import SparkSession as ConnectSession

HERE = Path(__file__).parent
CONNECT_MODE = "SPARK_CONNECT_MODE_ENABLED"
# A warning of pyspark itself, in each process that uses mapInArrow.
PANDAS = "ignore:PySpark does not yet fully support pandas:FutureWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder first."""
    items.sort(key=lambda item: HERE not in item.path.parents)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(PANDAS))


@pytest.fixture(scope="package")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """Start a session on two cores of this machine, which serves Spark Connect too; at the end stop its JVM."""
    require_spark()
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    served = {
        "spark.connect.grpc.binding.address": LOOPBACK,
        "spark.connect.grpc.binding.port": str(free_port()),
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
    }
    paths = [str(HERE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = write_settings(folder, base_settings(folder) | served)
    variables |= {"PYSPARK_PYTHON": sys.executable, "PYTHONPATH": os.pathsep.join(paths)}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(name, value)
        session = SparkSession.builder.master("local[2]").getOrCreate()
        yield session
        session.stop()
        gateway = SparkContext._gateway
        gateway.shutdown()
        gateway.proc.stdin.close()  # the JVM ends when its standard input does
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture
def connect(spark: "SparkSession", monkeypatch: pytest.MonkeyPatch) -> Iterator["ConnectSession"]:
    """Open a session of Spark Connect; within the test `pyspark.sql.functions` are those of Spark Connect."""
    if find_spec("grpc_status") is None:
        skip_or_fail("no grpcio: install it with `pip install '.[spark]'`", "DEDUP_SPARK")
    from pyspark.sql.connect.session import SparkSession

    port = spark.conf.get("spark.connect.grpc.binding.port")
    session = SparkSession.builder.remote(f"sc://{LOOPBACK}:{port}").create()
    monkeypatch.setenv(CONNECT_MODE, "1")
    yield session
    session.stop()


@pytest.fixture(scope="package")
def sail_port() -> Iterator[int]:
    """Start Sail, which answers Spark Connect without a JVM; return its port."""
    if find_spec("pysail") is None:
        command = "pip install --no-deps --target DIR 'pysail<0.8' 'pyspark-client<4.3'"
        skip_or_fail(f"no Sail: `{command}`, then put DIR into PYTHONPATH", "DEDUP_SAIL")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer(LOOPBACK, 0)
    server.start(background=True)
    _, port = server.listening_address
    yield port
    server.stop()


@pytest.fixture
def sail(sail_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator["ConnectSession"]:
    """Open a session of Sail."""
    from pyspark.sql.connect.session import SparkSession

    monkeypatch.setenv(CONNECT_MODE, "1")
    session = SparkSession.builder.remote(f"sc://{LOOPBACK}:{sail_port}").create()
    yield session
    session.stop()


@pytest.fixture(params=["spark", "connect", "sail"])
def any_session(request: pytest.FixtureRequest) -> "SparkSession | ConnectSession":
    """Return a session of each kind in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="package")
def wheel_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment with the wheel of dedup."""
    require_spark()
    return wheel_environment(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="package")
def cluster(wheel_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a standalone cluster with two workers of one core and 1 GB each."""
    with standalone_cluster(tmp_path_factory.mktemp("cluster"), wheel_python) as started:
        yield started
    assert executors(started) == []


@pytest.fixture
def start(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start drivers on the cluster; those that still run at the end of the test are killed."""
    with ExitStack() as stack:

        def started(*arguments: str | Path, **settings: str) -> Driver:
            driver = start_driver(cluster, arguments, tmp_path_factory.mktemp("driver"), settings)
            stack.callback(driver.kill_with_jvm)
            return driver

        yield started
