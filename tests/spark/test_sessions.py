"""The sessions of the tests run functions of Python on Arrow batches, and say which stage of a job runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from spark_drivers import named_stages, read_events
from spark_functions import doubled, failing

if TYPE_CHECKING:
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.session import SparkSession as ConnectSession


def test_each_kind_of_session_groups_what_functions_return(
    any_session: "SparkSession | ConnectSession", tmp_path: Path
) -> None:
    from pyspark.sql import Window, functions

    numbers = any_session.range(0, 100, 1, 4).mapInArrow(doubled, "id long").repartition(3, "id")
    numbers.write.parquet(str(tmp_path / "out"))
    stored = any_session.read.parquet(str(tmp_path / "out"))
    order = Window.partitionBy(functions.col("id") % 3).orderBy("id")
    first = stored.withColumn("rank", functions.row_number().over(order)).where("rank = 1")
    assert sorted(row["id"] for row in first.collect()) == [0, 2, 4]
    assert stored.count() == 100


@pytest.mark.parametrize("kind", ["spark", "connect"])
def test_descriptions_and_tags_of_jobs_are_logged(
    request: pytest.FixtureRequest, spark: "SparkSession", kind: str
) -> None:
    session = request.getfixturevalue(kind)
    session.conf.set("spark.job.description", f"dedup: described by {kind}")
    session.addTag(f"dedup-tagged-by-{kind}")
    session.range(10).mapInArrow(doubled, "id long").groupBy("id").count().collect()
    session.clearTags()
    session.conf.unset("spark.job.description")
    session.range(10).count()
    events = read_events(Path(spark.conf.get("spark.eventLog.dir").removeprefix("file:")).parent)
    described = named_stages(events, f"dedup: described by {kind}")
    assert described
    assert described == named_stages(events, f"dedup-tagged-by-{kind}")
    assert described < named_stages(events, "")


def test_errors_of_functions_arrive_with_their_text(any_session: "SparkSession | ConnectSession") -> None:
    from pyspark.errors import PySparkException

    with pytest.raises(PySparkException, match=r"pages\.parquet, row group \d: cannot be read"):
        any_session.range(0, 3, 1, 3).mapInArrow(failing, "id long").collect()
