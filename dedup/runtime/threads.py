"""Map a function over a stream on several threads."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def map_in_order(
    function: Callable[[T], R],
    items: Iterable[T],
    workers: int,
    *,
    ahead: int = 1,
    stop: Callable[[], None] | None = None,
) -> Iterator[R]:
    """Map a function over items on threads and yield the results in the order of the items.

    At most ``workers + ahead`` items are in memory at a time.

    Args:
        function: Called with each item, on any thread.
        items: Read lazily, on the calling thread.
        workers: Number of threads.
        ahead: Number of items that wait for a thread, so that threads are not idle while an item takes long to read.
        stop: Called if the results are not read to the end, to end the calls that have begun.

    Yields:
        The result for each item.

    >>> list(map_in_order(abs, [-1, 2, -3], workers=2))
    [1, 2, 3]
    """
    with ThreadPoolExecutor(workers) as pool:
        pending: deque[Future[R]] = deque()
        try:
            for item in items:
                pending.append(pool.submit(function, item))
                if len(pending) >= workers + ahead:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        except BaseException:
            for future in pending:
                future.cancel()
            if stop:
                stop()
            raise
