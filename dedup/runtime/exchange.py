"""Exchange two folders in one atomic step, where the system and the file system can do that.

Sources: renameat2(2) of the Linux manual, with the flag RENAME_EXCHANGE of linux/fs.h; renamex_np(2) of macOS, with the
flag RENAME_SWAP of sys/stdio.h. Python has no function for either.
"""

import errno
import os
import sys
from pathlib import Path

_AT_FDCWD = -100  # Linux: relative paths start at the working directory
_RENAME_EXCHANGE = 2  # Linux
_RENAME_SWAP = 2  # macOS
# The kernel, the file system or a sandbox does not know the call (ENOSYS; EPERM from filters of system calls) or the
# flag (EINVAL, ENOTSUP: NFS, SMB and FUSE among others).
_UNSUPPORTED = frozenset({errno.ENOSYS, errno.EPERM, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def exchange(one: Path, other: Path) -> bool:
    """Exchange two existing folders of a file system, so that both names exist at any time.

    Args:
        one: A folder.
        other: Another folder.

    Returns:
        Whether they were exchanged; False if the system cannot do that, and nothing was changed.

    Raises:
        OSError: It failed for another reason, such as a missing folder or permission.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     old, new = Path(parent, "old"), Path(parent, "new")
    ...     (old / "a").mkdir(parents=True)
    ...     new.mkdir()
    ...     exchange(old, new) == (new / "a").is_dir()
    True
    """
    code = _call(os.fsencode(one), os.fsencode(other))
    if code in _UNSUPPORTED:
        return False
    if code:
        raise OSError(code, os.strerror(code), str(one), None, str(other))
    return True


def _call(one: bytes, other: bytes) -> int:
    """Call the function of the system; return 0 or its error number, ENOSYS if the C library lacks the function."""
    import ctypes  # this import takes 10 ms, which only commands that write a folder need

    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            failed = library.renamex_np(one, other, ctypes.c_uint(_RENAME_SWAP))
        elif sys.platform == "linux":
            start = ctypes.c_int(_AT_FDCWD)
            failed = library.renameat2(start, one, start, other, ctypes.c_uint(_RENAME_EXCHANGE))
        else:
            return errno.ENOSYS
    except AttributeError:  # glibc has it since 2.28; other C libraries may lack it
        return errno.ENOSYS
    return ctypes.get_errno() if failed else 0
