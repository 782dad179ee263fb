"""Parse the addresses of files and folders in object stores, such as ``s3://bucket/folder``."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode

from dedup.errors import SettingsError

# Schemes by the name under which they are stored.
_SCHEMES = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "abfs": "abfs", "abfss": "abfs", "hf": "hf"}
# Options after "?" of each scheme. Other text after "?" belongs to the name of the file.
_OPTIONS = {
    "s3": {"anonymous", "endpoint_override", "region", "scheme"},
    "gs": {"anonymous", "endpoint_override", "scheme"},
    "abfs": {"account_name", "blob_storage_authority", "blob_storage_scheme"}
    | {"dfs_storage_authority", "dfs_storage_scheme"},
    "hf": set[str](),
}
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
# pathlib joins the slashes: Path("s3://bucket/a") is "s3:/bucket/a".
_JOINED_SLASHES = re.compile(rf"({'|'.join(_SCHEMES)}):/(?=[^/])")
_ACCOUNT = re.compile(r"([^@/]+)@([^@/.]+)\.(?:dfs|blob)\.core\.windows\.net")


@dataclass(frozen=True, slots=True)
class RemotePath:
    """The address of a file or a folder in an object store."""

    scheme: str
    """"s3", "gs", "abfs" or "hf"."""
    authority: str
    """Text between the slashes after the scheme and the first slash of the path: a bucket, or container@account."""
    key: str
    """Path in the bucket, without a slash at its ends; "" for the whole bucket."""
    options: tuple[tuple[str, str], ...] = ()
    """Options after "?", by name."""
    names_folder: bool = False
    """Whether the address ends with a slash: it is then read as a folder even if a file has the same name."""

    def __str__(self) -> str:
        """Return the address without options.

        >>> str(parse_remote("s3://bucket/a/?region=eu-west-1"))
        's3://bucket/a'
        """
        return f"{self.scheme}://{self.authority}" + (f"/{self.key}" if self.key else "")

    @property
    def store_path(self) -> str:
        """Bucket or container, and path in it, as the file systems of Arrow take them."""
        account = _ACCOUNT.fullmatch(self.authority) if self.scheme == "abfs" else None
        return "/".join(filter(None, (account[1] if account else self.authority, self.key)))

    @property
    def account(self) -> str | None:
        """Name of the Azure storage account, if the address has it."""
        account = _ACCOUNT.fullmatch(self.authority) if self.scheme == "abfs" else None
        return account[2] if account else dict(self.options).get("account_name")

    @property
    def name(self) -> str:
        """Last part of the path; the bucket if there is no other part."""
        return self.key.rpartition("/")[2] or self.authority

    def __fspath__(self) -> str:
        """Return the address with its options, so that functions that take paths take it too.

        >>> os.fspath(parse_remote("s3://bucket/a?region=eu-west-1"))
        's3://bucket/a?region=eu-west-1'
        """
        slash = "/" if self.names_folder else ""
        return f"{self}{slash}" + (f"?{urlencode(self.options)}" if self.options else "")

    def child(self, name: str) -> RemotePath:
        """Return the address of a file in this folder.

        >>> str(parse_remote("s3://bucket/out").child("run.json"))
        's3://bucket/out/run.json'
        """
        return replace(self, key=f"{self.key}/{name}" if self.key else name, names_folder=False)


AnyPath: TypeAlias = Path | RemotePath
"""A local path, or an address."""


def parse_path(text: str | os.PathLike[str], purpose: str = "A path") -> AnyPath:
    """Parse a path as the address of an object store or as a local path.

    Args:
        text: A path as the user names it.
        purpose: What the path is for, as the beginning of a sentence.

    Raises:
        SettingsError: It is not a path, or an address that is invalid or not supported.
    """
    check_path(text, purpose)
    return parse_remote(text) or Path(text)


def check_path(text: object, purpose: str) -> None:
    """Raise SettingsError if a value cannot be the path of a file.

    Args:
        text: A path as the user names it.
        purpose: What the path is for, as the beginning of a sentence.
    """
    path = os.fspath(text) if isinstance(text, str | os.PathLike) else None
    if not isinstance(path, str):
        raise SettingsError(f"{purpose} must be a str or a pathlib path, not {text!r}.")
    if not path:
        raise SettingsError(f"{purpose} is empty. Name a file or a folder; the current folder is ./")
    if "\0" in path:
        raise SettingsError(f"{purpose} is {path!r}, but a path cannot contain the character NUL.")


def path_text(path: str | os.PathLike[str]) -> str:
    r"""Return a path as text that can be written as UTF-8: other bytes are escaped.

    >>> print(path_text(os.fsdecode(b"a\xff")))
    a\xff
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def parse_local(text: str | os.PathLike[str], purpose: str) -> Path:
    """Return a local path.

    Args:
        text: A path as the user names it.
        purpose: What the path is for, as the beginning of a sentence.

    Raises:
        SettingsError: It is in an object store.
    """
    check_path(text, purpose)
    remote = parse_remote(text)
    if remote is not None:
        raise SettingsError(f"{purpose} must be local, not {remote}. Name a local path.")
    return Path(text)


def parse_remote(text: str | os.PathLike[str]) -> RemotePath | None:
    """Parse the address of a file or a folder in an object store.

    The path is taken literally: ``%20`` is not a space. A ``Path`` of an address, in which two slashes have become one,
    is accepted too.

    Args:
        text: A path as the user names it.

    Returns:
        The address, or None if the path is local.

    Raises:
        SettingsError: The address is invalid, or its scheme is not supported.

    >>> parse_remote("articles/") is None
    True
    >>> parse_remote("gs://bucket/news/2024/").key
    'news/2024'
    """
    address = os.fspath(text)
    if not isinstance(text, str):
        address = _JOINED_SLASHES.sub(r"\1://", address, count=1)
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    scheme = _SCHEMES.get(found[1].lower())
    if scheme is None:
        if os.path.lexists(address):
            return None
        raise SettingsError(
            f"{address} cannot be opened: {found[1]}:// is not supported. Copy the files to a local folder, or name an "
            "object store: s3://, gs://, abfs:// or hf://."
        )
    rest, options = _split_options(found[2], scheme)
    authority, _, key = rest.partition("/")
    names_folder, key = key.endswith("/"), key.removesuffix("/")
    _check_parts(address, scheme, authority, key)
    return RemotePath(scheme, authority, key, options, names_folder)


def _split_options(rest: str, scheme: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split an address at "?" if all that follows are known options."""
    path, mark, query = rest.rpartition("?")
    options = parse_qsl(query, keep_blank_values=True) if mark else []
    if not options or not {name for name, _ in options} <= _OPTIONS[scheme]:
        return rest, ()
    return path, tuple(sorted(dict(options).items()))


def _check_parts(address: str, scheme: str, authority: str, key: str) -> None:
    """Raise SettingsError if a part of an address is missing or not supported."""
    if not authority:
        raise SettingsError(f"{address} names no bucket. Name one: {scheme}://bucket/folder.")
    if ":" in authority or ("@" in authority and _ACCOUNT.fullmatch(authority) is None) or "\0" in address:
        # The address is not repeated: it may contain a password.
        raise SettingsError(
            f"The address {scheme}://… is invalid before its first slash: the name of a bucket contains no : "
            "or @. Give credentials in environment variables, not in the address."
        )
    if {"", ".", ".."} & {*key.split("/")} and key:
        raise SettingsError(
            f'{address} has an empty folder name, "." or ".." in its path, which object stores take literally and '
            "pyarrow cannot open. Write the path without it."
        )
    if scheme == "hf" and (authority != "datasets" or key.count("/") < 1):
        raise SettingsError(f"{address} is not a dataset of Hugging Face. Name hf://datasets/OWNER/NAME.")
