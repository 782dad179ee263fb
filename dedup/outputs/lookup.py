"""A name, as a person gives it, to the documents it means."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from dedup.errors import DocumentNotFound

if TYPE_CHECKING:
    import pyarrow as pa

# Documents named in a message.
NAMED = 5
# How alike a name must be to be suggested, of 100.
ALIKE = 60


def find(documents: Callable[[], Iterable["pa.Table"]], name: str, where: str) -> list[int]:
    """Find documents by id; else one by rank as "#7", by path, or by how path or file name begins or ends.

    Args:
        documents: Gives the columns doc, id and path of all documents, each time anew.
        name: The id, rank or path.
        where: What they are in, for messages.

    Returns:
        Ranks; several only where documents share the id.

    Raises:
        DocumentNotFound: There is none, or the path fits several.
    """
    import pyarrow.compute as pc

    ids: list[int] = []
    exact, partial = _Fitting(), _Fitting()
    for table in documents():
        path, rank = table["path"], name.removeprefix("#")
        ids += table["doc"].filter(pc.equal(table["id"], name)).to_pylist()
        ranked = name.startswith("#") and rank.isascii() and rank.isdecimal() and len(rank) < 19
        exact.add(table, pc.equal(table["doc"], int(rank)) if ranked else pc.equal(path, name))
        begins = pc.starts_with(pc.replace_substring_regex(path, "^.*/", ""), name)
        partial.add(table, pc.or_(begins, pc.or_(pc.starts_with(path, name), pc.ends_with(path, name))))
    if ids:
        return sorted(ids)
    fitting = exact if exact.count else partial
    if not name or not fitting.count:
        raise DocumentNotFound(f"No document of {where} has the id or path {name!r}.{_suggestion(documents, name)}")
    if fitting.count > 1:
        more = f" and {fitting.count - len(fitting.first):,} more" if fitting.count > len(fitting.first) else ""
        named = ", ".join(f"{row['id']!r} (#{row['doc']})" for row in fitting.first)
        raise DocumentNotFound(
            f"{name!r} fits {fitting.count:,} documents: {named}{more}. Name one by its id or its #."
        )
    return [fitting.first[0]["doc"]]


class _Fitting:
    """How many documents fit, and the first of them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self.first: list[dict[str, Any]] = []

    def add(self, table: "pa.Table", mask: "pa.ChunkedArray") -> None:
        """Add those of a table."""
        fitting = table.filter(mask)
        self.count += fitting.num_rows
        self.first += fitting.slice(0, NAMED - len(self.first)).to_pylist()


def _suggestion(documents: Callable[[], Iterable["pa.Table"]], name: str) -> str:
    """Name the ids that are most like one."""
    from rapidfuzz import fuzz, process

    near: list[tuple[float, str]] = []
    for table in documents():
        ids = [identity for identity in table["id"].to_pylist() if identity]
        found = process.extract(name, ids, scorer=fuzz.WRatio, limit=3, score_cutoff=ALIKE)
        near = sorted({*near, *((-score, identity) for identity, score, _ in found)})[:3]
    if not near:
        return " Documents can also be named by rank: #0 is the first."
    return f" Did you mean {' or '.join(repr(identity) for _, identity in near)}?"
