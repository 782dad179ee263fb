"""Open what `--against` names: an index, an output of `clean`, or any input."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from dedup.context import RunContext
from dedup.corpus.inputs import Input, check_disjoint
from dedup.duplicates.references.base import OpenReferences, References
from dedup.duplicates.references.open import open_texts
from dedup.settings import Request


def open_references(inputs: Sequence[Input], request: Request) -> OpenReferences:
    """Return a function that opens the references of a run, after checks that need not read them.

    Args:
        inputs: The inputs that they are compared with.
        request: The options of the run.

    Raises:
        InputError: An input is in a reference too: all of it would be removed.
        SettingsError: An index was made with other settings.
    """
    check_disjoint(inputs, request.against)

    @contextmanager
    def opened(run: RunContext) -> Iterator[References]:
        with ExitStack() as stack:
            yield References(tuple(open_texts(reference, run, stack) for reference in request.against))

    return opened
