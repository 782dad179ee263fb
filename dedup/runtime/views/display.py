"""Short descriptions of results, and their HTML in notebooks."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping


class Displayed(ABC):
    """A result with a short `repr`, which a notebook shows as HTML.

    >>> class Found(Displayed):
    ...     def _summary(self):
    ...         return {"documents": 2, "headline": "Rain in Rome"}
    >>> Found()
    Found(documents=2, headline='Rain in Rome')
    """

    @abstractmethod
    def _summary(self) -> Mapping[str, object]:
        """Return the values that describe the result, by name."""

    def __repr__(self) -> str:
        """Return the name of the class and the values that describe the result."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._summary().items())})"

    def _repr_html_(self) -> str | None:
        """Return the result as HTML for a notebook; None if there is only the description."""
        return None if _draw is None else _draw(self)


_draw: Callable[[Displayed], str | None] | None = None


def draw_with(draw: Callable[[Displayed], str | None]) -> None:
    """Set the function that draws results in notebooks: results are defined below the package that draws them.

    Args:
        draw: Returns a result as HTML; None for a result that it does not draw.
    """
    global _draw
    _draw = draw
