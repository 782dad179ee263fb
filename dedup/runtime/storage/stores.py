"""Open the file systems of object stores, and list, read, write and delete their files."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from dedup.runtime.storage.errors import StorageError, described
from dedup.runtime.storage.paths import RemotePath

# Seconds. pyarrow waits 1 second for a connection by default, which is too short for a busy network.
_CONNECT_TIMEOUT, _REQUEST_TIMEOUT = 10.0, 30.0
_ATTEMPTS = 4
_RETRY_SECONDS = 15.0  # of Google; by default 15 minutes
_PIECE_BYTES = 16 << 20
# Variables that decide how a store is opened; it is opened again if one has changed.
_VARIABLES = (
    *("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE", "AWS_PROFILE"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "GOOGLE_APPLICATION_CREDENTIALS"),
    *("STORAGE_EMULATOR_HOST", "AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_KEY"),
    *("AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_SAS_TOKEN", "HF_TOKEN", "HF_ENDPOINT"),
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in a store."""

    path: str
    """Bucket and path in it."""
    size: int | None
    """Size in bytes; None if the store does not report it."""


@dataclass(frozen=True)
class Store:
    """The file system of an object store. Several threads may use it at the same time."""

    scheme: str
    """Scheme of its addresses."""
    filesystem: Any
    """A pyarrow.fs.FileSystem."""

    def find(self, path: RemotePath) -> StoredFile | None:
        """Return a file, or None if the address is that of a folder.

        An address that ends with a slash is that of a folder; no request is made for it.

        Raises:
            StorageError: Neither a file nor a folder has this address, or the store cannot be reached.
        """
        import pyarrow.fs

        if path.names_folder:
            return None
        with described(self.scheme):
            found = self.filesystem.get_file_info(path.store_path)
        if found.type == pyarrow.fs.FileType.NotFound:
            raise self._missing(path)
        return StoredFile(path.store_path, found.size) if found.type == pyarrow.fs.FileType.File else None

    def is_file(self, path: RemotePath) -> bool:
        """Return whether a file has exactly this address; raises StorageError if the store cannot be reached."""
        import pyarrow.fs

        with described(self.scheme):
            return bool(self.filesystem.get_file_info(path.store_path).type == pyarrow.fs.FileType.File)

    def _missing(self, path: RemotePath) -> StorageError:
        """Return the error for an address that does not exist."""
        import pyarrow.fs

        bucket = path.store_path.partition("/")[0]
        if self.scheme != "hf":
            with described(self.scheme):
                if self.filesystem.get_file_info(bucket).type == pyarrow.fs.FileType.NotFound:
                    return StorageError("the bucket does not exist", "Check the spelling.", fatal=True)
        pattern = " Patterns with * are not expanded: name the folder." if "*" in path.key else ""
        return StorageError("it does not exist", f"Check the spelling.{pattern}", fatal=False)

    def list_files(self, folder: RemotePath, *, must_exist: bool = False) -> list[tuple[str, StoredFile]]:
        """List the files of a folder and its subfolders.

        Args:
            folder: Address of the folder.
            must_exist: Raise an error if the folder does not exist.

        Returns:
            Path below the folder, and file, in no order.

        Raises:
            StorageError: The store cannot be reached, or refuses.
        """
        import pyarrow.fs

        base = folder.store_path
        with described(self.scheme):
            selector = pyarrow.fs.FileSelector(base, allow_not_found=not must_exist, recursive=True)
            listed = self.filesystem.get_file_info(selector)
        files = ((found.path.lstrip("/"), found) for found in listed if found.type == pyarrow.fs.FileType.File)
        return [(path[len(base) + 1 :], StoredFile(path, found.size)) for path, found in files if len(path) > len(base)]

    def entries(self, folder: RemotePath) -> set[str]:
        """Return the names of the files in a folder, and of its subfolders with a slash at the end.

        A folder that does not exist has no entries. Raises StorageError if the store cannot be reached, or refuses.
        """
        import pyarrow.fs

        with described(self.scheme):
            listed = self.filesystem.get_file_info(pyarrow.fs.FileSelector(folder.store_path, allow_not_found=True))
        is_folder = pyarrow.fs.FileType.Directory
        return {found.base_name + ("/" if found.type == is_folder else "") for found in listed}

    def read(self, path: RemotePath) -> bytes:
        """Return the content of a small file; raises StorageError."""
        with described(self.scheme), self.filesystem.open_input_file(path.store_path) as file:
            return bytes(file.read())

    def download(self, path: RemotePath, target: Path) -> None:
        """Copy a file to a local file; raises StorageError, or OSError if the local file cannot be written."""
        with target.open("wb") as out:
            with described(self.scheme):
                source = self.filesystem.open_input_file(path.store_path)
            with source:
                while True:
                    with described(self.scheme):
                        piece = source.read(_PIECE_BYTES)
                    if not piece:
                        break
                    out.write(piece)

    def upload(self, source: Path, path: RemotePath, advance: Callable[[int], None] | None = None) -> None:
        """Copy a local file to a file, which is replaced if it exists.

        Args:
            source: The local file.
            path: The address to write to.
            advance: Receives the number of bytes written since the last call.

        Raises:
            StorageError: The file cannot be written.
        """
        with described(self.scheme):
            if self.scheme == "hf":
                raise StorageError("hf:// can only be read", "Write to a local folder.", fatal=True)
            with source.open("rb") as file, self.filesystem.open_output_stream(path.store_path) as out:
                while piece := file.read(_PIECE_BYTES):
                    out.write(piece)
                    if advance is not None:
                        advance(len(piece))

    def delete(self, path: RemotePath) -> None:
        """Delete a file; raises StorageError."""
        with described(self.scheme):
            self.filesystem.delete_file(path.store_path)

    def delete_folder(self, folder: RemotePath) -> None:
        """Delete a folder with all files in it; raises StorageError."""
        with described(self.scheme):
            self.filesystem.delete_dir(folder.store_path)


def open_store(path: RemotePath) -> Store:
    """Open the file system of an address. Nothing is requested yet, except the region of a bucket of Amazon.

    Raises:
        StorageError: A library is missing, or the region of the bucket cannot be determined.
    """
    bucket = RemotePath(path.scheme, path.authority, "", path.options)
    return _open_store(bucket, tuple(map(os.environ.get, _VARIABLES)))


def identity(path: RemotePath) -> str:
    """Return a text that is the same for two addresses of the same file; that of a folder is a prefix of its files'."""
    endpoint = _s3_endpoint(dict(path.options)) if path.scheme == "s3" else dict(path.options).get("endpoint_override")
    return f"{path.scheme}://{endpoint or path.account or ''}/{path.store_path}"


@lru_cache(maxsize=32)
def _open_store(bucket: RemotePath, _variables: tuple[str | None, ...]) -> Store:
    openers = {"s3": _open_s3, "gs": _open_gcs, "abfs": _open_azure, "hf": _open_hugging_face}
    with described(bucket.scheme):
        try:
            return Store(bucket.scheme, openers[bucket.scheme](bucket, dict(bucket.options)))
        except ImportError:
            raise StorageError(
                f"this installation of pyarrow has no support for {bucket.scheme}://",
                "Install pyarrow from PyPI (pip install --force-reinstall pyarrow), or copy the files to a local "
                "folder.",
                fatal=True,
            ) from None


def _variable(*names: str) -> str | None:
    """Return the value of the first environment variable that is set and not empty."""
    return next((value for name in names if (value := os.environ.get(name))), None)


def _s3_endpoint(options: dict[str, str]) -> str | None:
    return options.get("endpoint_override") or _variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


def _open_s3(bucket: RemotePath, options: dict[str, str]) -> Any:
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem, resolve_s3_region

    endpoint = _s3_endpoint(options)
    region = options.get("region") or _variable("AWS_REGION", "AWS_DEFAULT_REGION")
    if region is None:
        region = "us-east-1" if endpoint else resolve_s3_region(bucket.authority)
    authority = {"tls_ca_file_path": path} if (path := _variable("AWS_CA_BUNDLE")) else {}
    return S3FileSystem(
        anonymous=_is_true(options.get("anonymous")),
        region=region,
        scheme=options.get("scheme"),
        endpoint_override=endpoint,
        connect_timeout=_CONNECT_TIMEOUT,
        request_timeout=_REQUEST_TIMEOUT,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_ATTEMPTS),
        **authority,
    )


def _open_gcs(_: RemotePath, options: dict[str, str]) -> Any:
    from pyarrow.fs import GcsFileSystem

    return GcsFileSystem(
        anonymous=_is_true(options.get("anonymous")),
        scheme=options.get("scheme"),
        endpoint_override=options.get("endpoint_override"),
        retry_time_limit=timedelta(seconds=_RETRY_SECONDS),
    )


def _open_azure(container: RemotePath, options: dict[str, str]) -> Any:
    from pyarrow.fs import AzureFileSystem

    account = container.account or _variable("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_ACCOUNT_NAME")
    if account is None:
        raise StorageError(
            "the storage account is not named",
            "Name it: abfs://CONTAINER@ACCOUNT.dfs.core.windows.net/FOLDER, or set AZURE_STORAGE_ACCOUNT.",
            fatal=True,
        )
    key, token = _variable("AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY"), _variable("AZURE_STORAGE_SAS_TOKEN")
    credentials = {"account_key": key} if key else {"sas_token": token} if token else {}
    places = {name: value for name, value in options.items() if name != "account_name"}
    return AzureFileSystem(account, **credentials, **places)


def _open_hugging_face(_: RemotePath, __: dict[str, str]) -> Any:
    from pyarrow.fs import FSSpecHandler, PyFileSystem

    return PyFileSystem(FSSpecHandler(_hugging_face_filesystem()))


def _hugging_face_filesystem() -> Any:
    """Return the fsspec file system of huggingface_hub."""
    try:
        from huggingface_hub import HfFileSystem
    except ImportError:
        message = "hf:// needs the package huggingface_hub"
        raise StorageError(message, "Install it: pip install 'dedup-text[hf]'.", fatal=True) from None
    return HfFileSystem()


def _is_true(value: str | None) -> bool:
    return value is not None and value.lower() in ("", "1", "true", "yes")
