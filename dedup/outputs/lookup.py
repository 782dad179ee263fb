"""Look up documents by id, rank or path."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from dedup.errors import DocumentNotFound

if TYPE_CHECKING:
    import pyarrow as pa

# Documents listed in a message.
LISTED_DOCUMENTS = 5
# Documents of the same id listed in a message.
LISTED_NAMESAKES = 20
# Minimum similarity of an id to be suggested, from 0 to 100.
LEAST_SIMILARITY = 60


def find_documents(documents: Callable[[], Iterable["pa.Table"]], name: str, where: str) -> list[int]:
    """Return the documents that a name refers to.

    A name is an id; if no document has that id, a rank such as "#7" or a path; if none matches, the beginning of a path
    or of a file name, or the end of a path.

    Args:
        documents: Returns the columns doc, id and path of all documents; may be called twice.
        name: The id, rank or path.
        where: Name of the folder that contains the documents, for messages.

    Returns:
        Ranks, ascending; several only if the documents share the id.

    Raises:
        DocumentNotFound: No document matches, or several do.
    """
    import pyarrow.compute as pc

    ids: list[int] = []
    exact, partial = _Matches(), _Matches()
    for table in documents():
        path, rank = table["path"], name.removeprefix("#")
        ids += table["doc"].filter(pc.equal(table["id"], name)).to_pylist()
        is_rank = name.startswith("#") and rank.isascii() and rank.isdecimal() and len(rank) < 19
        exact.add(table, pc.equal(table["doc"], int(rank)) if is_rank else pc.equal(path, name))
        begins = pc.starts_with(pc.replace_substring_regex(path, "^.*/", ""), name)
        partial.add(table, pc.or_(begins, pc.or_(pc.starts_with(path, name), pc.ends_with(path, name))))
    if ids:
        return sorted(ids)
    matches = exact if exact.count else partial
    if not name or not matches.count:
        raise DocumentNotFound(f"No document of {where} has the id or path {name!r}.{_suggestion(documents, name)}")
    if matches.count > 1:
        more = f" and {matches.count - len(matches.first):,} more" if matches.count > len(matches.first) else ""
        listed = ", ".join(f"{row['id']!r} (#{row['doc']})" for row in matches.first)
        raise DocumentNotFound(
            f"{name!r} matches {matches.count:,} documents: {listed}{more}. Name one of them by its id or its #."
        )
    return [matches.first[0]["doc"]]


def find_document(documents: Callable[[], Iterable["pa.Table"]], name: str, where: str) -> int:
    """Return the only document that a name refers to; see `find_documents`.

    Raises:
        DocumentNotFound: No document matches, or several do.
    """
    docs = find_documents(documents, name, where)
    if len(docs) > 1:
        import pyarrow as pa
        import pyarrow.compute as pc

        wanted = pa.array(docs, pa.int64())
        tables = (table.filter(pc.is_in(table["doc"], wanted)) for table in documents())
        raise DocumentNotFound(
            several_documents(name, [(row["doc"], row["path"]) for table in tables for row in table.to_pylist()])
        )
    return docs[0]


def several_documents(name: str, documents: Iterable[tuple[int, str]]) -> str:
    """Return the message that several documents have an id.

    Args:
        name: The id.
        documents: Rank and path of each of them.

    >>> several_documents("a", [(3, "x.csv"), (1, "y.csv")])
    "2 documents have the id 'a': #1 (y.csv), #3 (x.csv). Name one of them by its #."
    """
    listed = sorted(documents)
    shown = ", ".join(f"#{doc} ({path})" for doc, path in listed[:LISTED_NAMESAKES])
    more = f" and {len(listed) - LISTED_NAMESAKES:,} more" if len(listed) > LISTED_NAMESAKES else ""
    return f"{len(listed):,} documents have the id {name!r}: {shown}{more}. Name one of them by its #."


class _Matches:
    """The number of matching documents, and the first `LISTED_DOCUMENTS` of them."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[dict[str, Any]] = []

    def add(self, table: "pa.Table", mask: "pa.ChunkedArray") -> None:
        """Add the matching rows of a table."""
        matching = table.filter(mask)
        self.count += matching.num_rows
        self.first += matching.slice(0, LISTED_DOCUMENTS - len(self.first)).to_pylist()


def _suggestion(documents: Callable[[], Iterable["pa.Table"]], name: str) -> str:
    """Return a sentence that suggests the ids most similar to a name."""
    from rapidfuzz import fuzz, process

    similar: list[tuple[float, str]] = []
    for table in documents():
        ids = [identity for identity in table["id"].to_pylist() if identity]
        matches = process.extract(name, ids, scorer=fuzz.WRatio, limit=3, score_cutoff=LEAST_SIMILARITY)
        similar = sorted({*similar, *((-score, identity) for identity, score, _ in matches)})[:3]
    if not similar:
        first = min((doc for table in documents() for doc in table["doc"].to_pylist()), default=0)
        return f" Documents can also be named by rank: #{first} is the first."
    return f" Did you mean {' or '.join(repr(identity) for _, identity in similar)}?"
