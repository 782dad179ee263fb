"""The contents of a bucket of the tests."""

from typing import Any


def keys(bucket: Any) -> list[str]:
    return [found["Key"] for found in bucket.list_objects_v2(Bucket="bucket").get("Contents", [])]


def outputs(bucket: Any) -> list[str]:
    """Names of the objects in the folder out/, without the marks of folders."""
    return [key.removeprefix("out/") for key in keys(bucket) if key.startswith("out/") and not key.endswith("/")]
