"""Exceptions raised by dedup. Each message says what is wrong, where, and what to do.

DedupError
├── SettingsError         an option has an invalid value
├── InputError            the input cannot be used
│   ├── NothingToRead     the inputs contain no document
│   ├── ColumnNotFound    a named column does not exist
│   └── InputChanged      a file changed during the run
├── DocumentNotFound      a name matches no document, or several
├── OutputError           the output cannot be written or read
│   ├── OutputExists      the output already exists
│   └── NotAnOutput       the folder was not written by dedup
├── EngineError           Spark cannot be used, or a task failed
├── WorkerError           a process of a run ended early
└── IndexFolderError      the index cannot be used
    ├── NotAnIndex        the folder is not an index
    ├── IndexMismatch     the index was made with other settings, or by another version of dedup
    ├── IndexLocked       another process writes to the index
    └── IndexDamaged      a file of the index is missing or damaged
"""


class DedupError(Exception):
    """Base class of all errors of dedup; its text is a complete message for the user."""


class SettingsError(DedupError):
    """An option has an invalid value."""


class InputError(DedupError):
    """The input cannot be used."""


class NothingToRead(InputError):
    """The inputs contain no document."""


class ColumnNotFound(InputError):
    """A named column does not exist in the input."""


class InputChanged(InputError):
    """A file changed during the run."""


class DocumentNotFound(DedupError):
    """A name matches no document, or several."""


class OutputError(DedupError):
    """The output cannot be written or read."""


class OutputExists(OutputError):
    """The output already exists."""


class NotAnOutput(OutputError):
    """The folder was not written by dedup."""


class EngineError(DedupError):
    """Spark cannot be used, or a task failed."""


class IndexFolderError(DedupError):
    """The index cannot be used."""


class NotAnIndex(IndexFolderError):
    """The folder is not an index."""


class IndexMismatch(IndexFolderError):
    """The index was made with other settings, or by another version of dedup."""


class IndexLocked(IndexFolderError):
    """Another process writes to the index."""


class IndexDamaged(IndexFolderError):
    """A file of the index is missing or damaged."""


class WorkerError(DedupError):
    """A process of a run ended early."""
