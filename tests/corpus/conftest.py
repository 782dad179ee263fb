"""A server of S3 on this machine."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from object_store import keys


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
