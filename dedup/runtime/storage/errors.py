"""Describe the errors of object stores: what is wrong, and what to do."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from dedup.errors import DedupError

_CREDENTIALS = {
    "s3": "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for a public bucket append "
    "?anonymous=true.",
    "gs": "Set GOOGLE_APPLICATION_CREDENTIALS; for a public bucket append ?anonymous=true.",
    "abfs": "Set AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_KEY, or sign in with `az login`.",
    "hf": "Set HF_TOKEN.",
}
_NETWORK = {
    "s3": "Check the network, and AWS_ENDPOINT_URL if the store is not Amazon S3.",
    "gs": "Check the network.",
    "abfs": "Check the network and the name of the account.",
    "hf": "Check the network.",
}
_MAX_DETAIL = 200


class StorageError(OSError):
    """An operation of an object store failed; `strerror` is the reason."""

    def __init__(self, reason: str, advice: str, *, fatal: bool) -> None:
        """Create the error.

        Args:
            reason: What is wrong, as the end of a sentence.
            advice: What to do, as a sentence.
            fatal: Whether every other operation would fail too, as without a network.
        """
        super().__init__(errno.EIO, reason)
        self.reason, self.advice, self.fatal = reason, advice, fatal


# Kinds of errors by their texts, the first match decides. Sources: the messages of the AWS, Google and Azure libraries
# in pyarrow.fs, and the classes of errors in huggingface_hub, requests and httpx.
_KINDS = (
    ("region", r"HTTP status 301|PermanentRedirect|AuthorizationHeaderMalformed"),
    ("credentials", r"OAuth2 access token|Credential|UNAUTHENTICATED|InvalidAuthenticationInfo|AuthenticationFail"),
    ("credentials", r"EXPIRED_TOKEN|ExpiredToken|INVALID_ACCESS_KEY|InvalidAccessKey|SIGNATURE|\b401\b"),
    ("network", r"NETWORK_CONNECTION|curlCode|CURL error|UNAVAILABLE|get a new connection|Could not resolve"),
    ("network", r"timed? ?out|ConnectionError|ConnectError|ConnectTimeout|ReadTimeout|MaxRetryError"),
    ("bucket", r"NO_SUCH_BUCKET|bucket does not exist|ContainerNotFound"),
    ("denied", r"ACCESS_DENIED|AccessDenied|PERMISSION_DENIED|AuthorizationFailure|GatedRepo|\b403\b"),
    ("busy", r"SLOW_DOWN|SlowDown|THROTTL|ServerBusy|RESOURCE_EXHAUSTED|\b429\b|\b503\b"),
    ("missing", r"NO_SUCH_KEY|RESOURCE_NOT_FOUND|NOT_FOUND|BlobNotFound|RepositoryNotFound|EntryNotFound|\b404\b"),
)


def describe(error: Exception, scheme: str) -> StorageError:
    """Return the description of an error that an operation of a store raised.

    >>> describe(OSError("AWS Error NO_SUCH_BUCKET during GetObject operation: no such bucket"), "s3").strerror
    'the bucket does not exist'
    """
    text = re.sub(r"'[^']*'", "", f"{type(error).__name__}: {error}")  # without the names of files
    kind = next((kind for kind, pattern in _KINDS if re.search(pattern, text)), "other")
    if isinstance(error, FileNotFoundError) and kind != "bucket":
        kind = "missing"
    elif isinstance(error, PermissionError):
        kind = "denied"
    reasons = {
        "region": ("the bucket is in another region", "Set AWS_REGION, or append ?region=NAME.", True),
        "credentials": ("the credentials are missing, wrong or expired", _CREDENTIALS[scheme], True),
        "network": (f"the store does not answer ({_detail(error)})", _NETWORK[scheme], True),
        "bucket": ("the bucket does not exist", "Check the spelling.", True),
        "denied": ("access is denied", _CREDENTIALS[scheme], False),
        "busy": (f"the store refuses more requests ({_detail(error)})", "Run again later.", True),
        "missing": ("it does not exist", "Check the spelling.", False),
        "other": (_detail(error), "Check the address and the store.", False),
    }
    reason, advice, fatal = reasons[kind]
    return StorageError(reason, advice, fatal=fatal)


def _detail(error: Exception) -> str:
    """Return the part of a message that says what happened, on one line, without the request and its id."""
    text = " ".join(str(error).split()) or type(error).__name__
    text = re.sub(r" ?\(Request ID:.*?\)", "", re.sub(r"^.*?during \w+ operation: ", "", text))
    text = re.sub(r"^google::cloud::Status\((.*?)( error_info=.*)?\)?$", r"\1", text).rstrip(". ")
    return text if len(text) <= _MAX_DETAIL else text[:_MAX_DETAIL] + "…"


@contextmanager
def described(scheme: str) -> Iterator[None]:
    """Raise StorageError for an error of an operation on a store.

    Args:
        scheme: Scheme of the store.
    """
    try:
        yield
    except (StorageError, DedupError, MemoryError):
        raise
    except Exception as error:  # file systems of fsspec raise errors of the libraries that they use for HTTP
        raise describe(error, scheme) from None
