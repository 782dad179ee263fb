"""What can go wrong, as a tree: every error a user can cause says what, where, and what to do.

DedupError
├── SettingsError     an option's value makes no sense
├── InputError        the input cannot be used
│   ├── NothingToRead     no path holds anything readable
│   ├── ColumnNotFound    a named column is not there
│   └── InputChanged      a file changed while the run was reading it
├── DocumentNotFound  no document has a name, or several do
└── OutputError       the output folder cannot be written or read
    ├── OutputExists      it is there already
    └── NotAnOutput       it is not a folder that `dedup` wrote
"""


class DedupError(Exception):
    """The root of the tree; its text is a whole message for the user."""


class SettingsError(DedupError):
    """An option's value makes no sense."""


class InputError(DedupError):
    """The input cannot be used."""


class NothingToRead(InputError):
    """No path holds anything readable."""


class ColumnNotFound(InputError):
    """A named column is not in the input."""


class InputChanged(InputError):
    """A file changed while the run was reading it."""


class DocumentNotFound(DedupError):
    """No document has that name, or several documents do."""


class OutputError(DedupError):
    """The output folder cannot be written or read."""


class OutputExists(OutputError):
    """The output folder is there already."""


class NotAnOutput(OutputError):
    """The folder is not one that `dedup clean` wrote."""
