"""Describe kinds of XML: which elements contain text, and where the title, date, outlet, URL and author are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# ruff: noqa: SIM905
# lists of words are easier to read as strings
BLOCKS = frozenset(
    "abstract back blockquote body br caption chapter dd disp-formula disp-quote div div1 div2 div3 div4 dl dt fig"
    " figure formalpara front h1 h2 h3 h4 h5 h6 head heading item itemizedlist l lg li list list-item listitem"
    " literallayout ol orderedlist p para pre preformat programlisting row screen sec section simpara sp speaker stage"
    " table text title tr ul verse-group verse-line".split()
)
"""Elements that are always on lines of their own, in any kind of XML."""
INLINES = frozenset(
    "a abbr acronym b bold c code command corr del em emph emphasis ext-link filename foreign g hi i ins italic kbd"
    " literal mark mentioned monospace orig overline pc q ref reg roman sc sic span strike strong sub subscript sup"
    " superscript term tspan tt u ulink underline uri var w xref".split()
)
"""Elements that never begin a new line; other elements do unless they are among text."""
SPACED = frozenset("cb fn footnote lb milestone note pb s seg".split())
"""Elements that white space separates from the text around them."""
PREFORMATTED = frozenset("literallayout pre preformat programlisting screen".split())
"""Elements whose white space is text."""
EXTENSIONS = frozenset("googleplay itunes media".split())
"""Prefixes of names in feeds that are not those of a feed, although they look alike."""
_CELLS = frozenset("td th".split())
_CELLS_OF_ROWS = frozenset("cell entry".split())


class Piece(NamedTuple):
    """The text of one element inside a value."""

    name: str
    texts: list[str]


@dataclass(frozen=True)
class Rule:
    """Where the value of a column is in a kind of XML."""

    column: str
    parents: str
    """Regular expression of the names from the root to the parent of the element, joined by slashes."""
    names: str
    """Names of the element, separated by spaces."""
    attribute: str | None = None
    """Attribute with the value; None for the text of the element."""
    compose: Callable[[Sequence[Piece]], str] | None = None
    """Returns the value from its pieces; None for all text."""
    where: tuple[str, tuple[str | None, ...]] | None = None
    """An attribute, and the values that it must have; None if it may be missing."""


@dataclass(frozen=True)
class Vocabulary:
    """Which elements of a kind of XML contain text, and where its columns are."""

    rules: tuple[Rule, ...]
    """In the order of preference."""
    hidden: frozenset[str] = frozenset()
    """Elements whose content is not text, except inside a visible element."""
    visible: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    """Elements whose content is not text."""
    html: frozenset[str] = frozenset()
    """Elements whose text may be HTML."""


def is_cell(name: str, parent: str) -> bool:
    """Return whether an element is a cell of a table.

    >>> is_cell("td", "tr"), is_cell("entry", "row"), is_cell("entry", "feed")
    (True, True, False)
    """
    return name in _CELLS or (name in _CELLS_OF_ROWS and parent == "row")


def choose_vocabulary(root: str, attributes: Mapping[str, str]) -> Vocabulary:
    """Return the kind of XML with a root element; an `<article>` may later prove to be JATS.

    >>> choose_vocabulary("rss", {}) is choose_vocabulary("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    True
    """
    namespaces = " ".join(value for name, value in attributes.items() if name.startswith("xmlns")).lower()
    if (root == "RDF" and "/rss/" in namespaces) or (root in ("feed", "entry") and "atom" in namespaces):
        return _RSS
    return _BY_ROOT.get(root, OTHER)


# Values.

_GIVEN_NAMES = frozenset("firstname forename given given-names givenname".split())
_FAMILY_NAMES = frozenset("family lastname surname".split())
_NOT_NAMES = frozenset(
    "address aff affiliation bio contrib-id degrees email idno note orgName role sup uri xref".split()
)


def compose_text(pieces: Sequence[Piece]) -> str:
    """Return all text of a value.

    >>> compose_text([Piece("title", ["One "]), Piece("hi", ["two"])])
    'One two'
    """
    return "".join(text for piece in pieces for text in piece.texts)


def compose_person(pieces: Sequence[Piece]) -> str:
    """Return the name of a person in the usual order, without affiliations; the first of several forms.

    >>> compose_person([Piece("surname", ["Lind"]), Piece("given-names", ["Eva"]), Piece("email", ["e@example.org"])])
    'Eva Lind'
    """
    given: list[str] = []
    family = ""
    for piece in pieces:
        text = "".join(piece.texts)
        if piece.name in _FAMILY_NAMES:
            if family:
                break
            family = text
        elif piece.name in _GIVEN_NAMES:
            given.append(text)
    if given or family:
        return " ".join([*given, family])
    return " ".join("".join(piece.texts) for piece in pieces if piece.name not in _NOT_NAMES)


def compose_date(pieces: Sequence[Piece]) -> str:
    """Return a date whose year, month and day are elements, else its text.

    >>> compose_date([Piece("day", ["5"]), Piece("month", ["1"]), Piece("year", ["2024"])])
    '2024-01-05'
    """
    parts = {piece.name: "".join(piece.texts).strip() for piece in pieces}
    if "year" not in parts:
        return compose_text(pieces)
    return "-".join(parts[name].zfill(2) for name in ("year", "month", "day") if parts.get(name))


# Kinds of XML.

_HEADER = "[^/]+/teiHeader"
_SOURCE = _HEADER + "/fileDesc/sourceDesc(/.*)?"
_PUBLICATION = _HEADER + "/fileDesc/publicationStmt(/.*)?"
_TEI_DATES = (
    _HEADER + "/profileDesc/creation(/.*)?",
    _HEADER + "/profileDesc/settingDesc(/.*)?",
    _SOURCE,
    _PUBLICATION,
)
# Source: https://tei-c.org/release/doc/tei-p5-doc/en/html/HD.html. The source of a text says more about it than its
# electronic edition.
_TEI = Vocabulary(
    rules=(
        Rule("title", _HEADER + "/fileDesc/titleStmt", "title", where=("type", ("main",))),
        Rule("title", _HEADER + "/fileDesc/titleStmt", "title"),
        *(Rule("date", parents, "date", attribute) for parents in _TEI_DATES for attribute in ("when", None)),
        Rule("outlet", _SOURCE, "title", where=("level", ("j",))),
        Rule("outlet", _SOURCE, "publisher"),
        Rule("outlet", _PUBLICATION, "publisher"),
        Rule("url", _SOURCE, "idno"),
        Rule("url", _PUBLICATION, "idno"),
        Rule("author", _HEADER + "/fileDesc/titleStmt", "author", compose=compose_person),
        Rule("author", _SOURCE, "author", compose=compose_person),
    ),
    removed=frozenset("facsimile fw rdg sourceDoc standOff teiHeader".split()),
)
_ARTICLE = "article/front/article-meta"
# Source: https://jats.nlm.nih.gov/publishing/tag-library/
JATS = Vocabulary(
    rules=(
        Rule("title", _ARTICLE + "/title-group", "article-title"),
        Rule("date", _ARTICLE, "pub-date", "iso-8601-date"),
        Rule("date", _ARTICLE, "pub-date", None, compose_date, where=("pub-type", ("epub", "epub-ppub"))),
        Rule("date", _ARTICLE, "pub-date", None, compose_date, where=("date-type", ("pub",))),
        Rule("date", _ARTICLE, "pub-date", None, compose_date),
        Rule("outlet", "article/front/journal-meta(/journal-title-group)?", "journal-title"),
        Rule("url", _ARTICLE, "self-uri", "xlink:href"),
        Rule(
            "author", _ARTICLE + "/contrib-group", "contrib", None, compose_person, ("contrib-type", ("author", None))
        ),
    ),
    hidden=frozenset("article-meta front-stub journal-meta".split()),
    visible=frozenset("abstract title-group trans-abstract".split()),
    removed=frozenset("alt-title ref-list tex-math".split()),
)
_FEED = "(rss/channel|RDF/channel|feed|entry)"
_FEED_TEXTS = frozenset("content description encoded full-text subtitle summary title".split())
# Sources: https://www.rssboard.org/rss-specification, https://www.rfc-editor.org/rfc/rfc4287
_RSS = Vocabulary(
    rules=(
        Rule("title", _FEED, "title"),
        *(Rule("date", _FEED, name) for name in ("pubDate", "published", "date", "lastBuildDate", "updated")),
        Rule("outlet", _FEED, "title"),
        Rule("url", _FEED, "link"),
        Rule("url", _FEED, "link", "href", where=("rel", ("alternate", None))),
        Rule("author", _FEED + "/author", "name"),
        *(Rule("author", _FEED, name) for name in ("author", "creator", "managingEditor")),
    ),
    hidden=frozenset("RDF entry feed rss".split()),
    visible=_FEED_TEXTS,
    removed=frozenset("author image media:content media:group source textInput textinput".split()),
    html=_FEED_TEXTS,
)
# Source: https://iptc.org/std/NITF/
_NITF = Vocabulary(
    rules=(
        Rule("title", "nitf/body/body.head(/hedline)?", "hl1 headline"),
        Rule("title", "nitf/head", "title"),
        Rule("date", "nitf/head", "pubdata", "date.publication"),
        Rule("date", "nitf/head/docdata", "date.issue", "norm"),
        Rule("outlet", "nitf/head", "pubdata", "name"),
        Rule("url", "nitf/head", "pubdata", "ex-ref"),
        Rule("author", "nitf/body/body.head/byline", "person"),
        Rule("author", "nitf/body/body.head", "byline"),
    ),
    removed=frozenset(("head",)),
)
_SVG = Vocabulary(
    rules=(Rule("title", "svg", "title"),), removed=frozenset("defs desc metadata script style title".split())
)
_INFO = r"[^/]+(/(info|\w+info|head|header|meta|metadata))?"
OTHER = Vocabulary(
    rules=(
        Rule("title", _INFO, "title headline"),
        Rule("date", _INFO, "date pubdate pubDate published", compose=compose_date),
        Rule("outlet", _INFO, "outlet publisher publishername journal newspaper"),
        Rule("url", _INFO, "url link"),
        Rule("author", _INFO, "author creator byline", compose=compose_person),
    ),
    removed=frozenset(("script", "style")),
)
"""XML of an unknown kind, and DocBook: everything is text."""
_BY_ROOT = {
    **dict.fromkeys(("TEI", "TEI.2", "teiCorpus"), _TEI),
    "rss": _RSS,
    "nitf": _NITF,
    "svg": _SVG,
}
