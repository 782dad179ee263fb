"""Settings of Hypothesis, and a server of S3 on this machine.

Hypothesis draws few examples, the same in each run; with `DEDUP_HYPOTHESIS=thorough` many new ones.
"""

import logging
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from object_store import keys

TOO_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=TOO_SLOW, derandomize=True)
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=TOO_SLOW)
settings.register_profile("unshrunk", settings.get_profile("default"), phases=(Phase.explicit, Phase.generate))
settings.load_profile(os.environ.get("DEDUP_HYPOTHESIS", "default"))


@pytest.fixture(scope="module")
def bucket() -> Iterator[Any]:
    """A client of boto3 for a bucket on a server on this machine."""
    moto_server = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="bucket")
        yield client
        client.close()
    server.stop()


@pytest.fixture
def put(bucket: Any) -> Iterator[Callable[[dict[str, bytes]], None]]:
    """Write objects; all are deleted after the test."""

    def put(objects: dict[str, bytes]) -> None:
        for key, content in objects.items():
            bucket.put_object(Bucket="bucket", Key=key, Body=content)

    yield put
    for key in keys(bucket):
        bucket.delete_object(Bucket="bucket", Key=key)
