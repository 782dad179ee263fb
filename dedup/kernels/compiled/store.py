"""Keep object code in the user's cache folder.

There is a folder for each combination of kernel sources, packages, Python and processor. A kernel that was compiled
from other sources is never found, and environments with the same sources share a folder.
"""

import fcntl
import functools
import hashlib
import importlib.util
import os
import pickle
import platform
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm
import numpy as np

from dedup.kernels.compiled.loader import ObjectCode

CACHE_VARIABLE = "DEDUP_CACHE_DIR"
PREFIX = "kernels-"
# Folders of other versions that are kept.
KEPT_FOLDERS = 5
DIGEST_BYTES = 32


@functools.cache
def folder() -> Path:
    """Return the folder of the compiled kernels, which may not exist yet."""
    return _cache() / f"{PREFIX}{_key()}"


def name_for(function: str, types: str) -> str:
    """Return the name of the file for a function and the types of its arguments.

    >>> name_for("dedup.kernels.text.hashing.hash_bytes", "int64")
    'text.hashing.hash_bytes-bc2229666b96'
    """
    short = hashlib.sha256(types.encode()).hexdigest()[:12]
    return f"{function.removeprefix('dedup.kernels.')}-{short}"


def read(name: str) -> ObjectCode | None:
    """Read object code. Return None if it is missing or damaged."""
    try:
        content = (folder() / name).read_bytes()
    except OSError:
        return None
    digest, pickled = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    if hashlib.sha256(pickled).digest() != digest:
        return None
    return ObjectCode(*pickle.loads(pickled))  # noqa: S301 - written by this user


def write(name: str, compiled: ObjectCode) -> None:
    """Write object code, completely or not at all.

    Raises:
        OSError: The folder cannot be written.
    """
    pickled = pickle.dumps(tuple(compiled))
    make_folder()
    handle, temporary = tempfile.mkstemp(dir=folder())
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(pickled).digest() + pickled)
        os.replace(temporary, folder() / name)  # noqa: PTH105 - a plain name
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - a plain name
        raise


@contextmanager
def lock(name: str, wait: bool) -> Iterator[bool]:
    """Keep other processes from compiling the same kernel; yield whether this process may compile it.

    Args:
        name: From `name_for`.
        wait: Whether to wait for another process.

    Raises:
        OSError: The folder cannot be written.
    """
    make_folder()
    with (folder() / f"{name}.lock").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@functools.cache
def warn_once() -> None:
    """Warn, once, that kernels are compiled again by each run."""
    warnings.warn(
        f"compiled kernels cannot be cached in {folder()}, so each run compiles them again; set {CACHE_VARIABLE} to "
        "a folder that can be written",
        RuntimeWarning,
        stacklevel=2,
    )


def make_folder() -> None:
    """Create the folder and remove those of other versions that were used longest ago.

    Raises:
        OSError: It cannot be created.
    """
    if folder().is_dir():
        return
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    others = sorted(folder().parent.glob(f"{PREFIX}*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEPT_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)


def _cache() -> Path:
    """Return the folder for caches of the program."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    try:
        home = Path.home()
    except RuntimeError:  # the user has no home folder, as in some containers: nothing can be cached
        home = Path(os.devnull)
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "dedup"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "dedup"


def _key() -> str:
    """Return a hash of everything that compiled code depends on."""
    digest = hashlib.sha256()
    sources = Path(__file__).parents[1]
    for path in sorted(sources.rglob("*.py")):
        digest.update(f"{path.relative_to(sources)}\0".encode() + path.read_bytes())
    numba = importlib.util.find_spec("numba")
    if numba and numba.origin:
        digest.update((Path(numba.origin).parent / "_version.py").read_bytes())
    features = llvm.get_host_cpu_features().flatten()
    settings = sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_"))
    versions = (llvmlite.__version__, np.__version__, sys.version, platform.machine(), llvm.get_host_cpu_name())
    digest.update(repr((versions, features, settings)).encode())
    return digest.hexdigest()[:16]
