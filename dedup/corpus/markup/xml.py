"""Read the text of XML files and what they say about it: TEI, JATS, RSS, Atom, NITF, SVG, and others by their form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple
from xml.parsers import expat

from dedup.corpus.encodings.declared import declared_encoding
from dedup.corpus.encodings.decode import decode_declared
from dedup.corpus.encodings.detect import detect_bom
from dedup.corpus.markup.html import extract_text, is_html, read_page
from dedup.corpus.markup.page import Page, choose_values
from dedup.corpus.markup.xml_vocabularies import (
    BLOCKS,
    EXTENSIONS,
    INLINES,
    JATS,
    OTHER,
    PREFORMATTED,
    SPACED,
    Piece,
    Vocabulary,
    choose_vocabulary,
    compose_text,
    is_cell,
)
from dedup.corpus.report import Unreadable

_WHITE_SPACE = re.compile("[ \t\r\n\0]+")
# What shows that a text is HTML: "the <b> tag" is not.
_HTML = re.compile(r"</[A-Za-z]|<(?:br|hr|img|p)\b|<!|&#?\w+;", re.IGNORECASE)
# The reference to a general or a parameter entity; `&#` refers to a character.
_ENTITY_REFERENCE = re.compile(r"[&%](?!#)")
# Entities may make a text longer than the file by this factor and these characters.
_MAX_EXPANSION, _FREE_EXPANSION = 8, 1 << 20
# Elements inside more others than these have no columns.
_MAX_COLUMN_DEPTH = 32
# Beginnings of XML files: a declaration, a document type or a root element with a namespace, after comments.
_XML_START = re.compile(
    r"\s*+(?:<\?xml\s|(?:(?:<!--(?:(?!-->).)*-->|<\?[^>]*+>)\s*+)*<(?:!DOCTYPE\s+[\w:.-]+[\s>\[]"
    r"|(?:TEI(?:\.2)?|teiCorpus|rss|nitf)[\s>]|[A-Za-z_][\w:.-]*+\s(?:[^<>]*?\s)?xmlns[:=]))",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?)""")

# In TEI's <choice>: what an editor gives instead of the text as it is.
_EDITORIAL = frozenset(("corr", "expan", "reg"))
# Tokens of a text beside its characters. A number from 0 is an end of a line unless that element has text among its
# other content.
_BREAK, _START_PREFORMATTED, _END_PREFORMATTED = -1, -2, -3
_CELL = "\0"  # XML cannot contain it

_NORMAL, _BLOCK, _INLINE = range(3)
_HIDDEN, _VISIBLE, _REMOVED = range(3)


class _Capture(NamedTuple):
    """The text of an open element that a rule selects."""

    depth: int
    rule: int
    pieces: list[Piece]


def read_xml(content: bytes) -> Page:
    """Read the text of an XML file, and its title, date, outlet, URL and author.

    Elements are on lines of their own, except those among text. The metadata at the beginning of TEI, JATS and NITF,
    lists of references of JATS, and elements of feeds other than titles and texts, are left out. External entities are
    not read. XML that is not well-formed is read as far as its tags can be recognised, with a remark.

    Args:
        content: The decompressed file; a page of XHTML is read as HTML.

    Raises:
        Unreadable: The file is not text, has no text between its tags, or has too many entities.

    >>> page = read_xml(b"<TEI><teiHeader><fileDesc><titleStmt><title>A</title></titleStmt></fileDesc></teiHeader>"
    ...                 b"<text><p>One <hi>word</hi></p><p>Two</p></text></TEI>")
    >>> page.text, page.columns
    ('One word\\nTwo', {'title': 'A'})
    """
    decoded = decode_declared(content, declared_encoding(content))
    builder = _Builder(_MAX_EXPANSION * len(decoded.text) + _FREE_EXPANSION)
    remark = None
    try:
        try:
            _parse(decoded.text, builder)
        except expat.ExpatError as error:
            builder = _Builder(builder.max_size)
            _parse_loosely(decoded.text, builder)
            reason = expat.ErrorString(error.code)  # without its line, so that equal remarks on files can be counted
            remark = f"not well-formed XML ({reason}); read as far as its tags can be recognised"
    except _RootIsHtml:
        return read_page(content, "all")
    text = builder.text() if builder.has_elements else ""
    if not text:
        raise Unreadable("XML without text between its tags")
    if remark is None and builder.has_unknown_entities:
        remark = "entities that the XML file does not define are kept as they are written"
    return Page(text, choose_values(builder.columns()), decoded, remark)


def is_xml(head: bytes) -> bool:
    """Return whether a file begins as XML: with its declaration, a document type, or a root element with a namespace.

    Args:
        head: The beginning of the file. A page of XHTML is HTML.

    >>> is_xml(b'<?xml version="1.0"?><a/>'), is_xml(b"<rss><channel>"), is_xml(b'<p align="center">')
    (True, True, False)
    """
    mark_size, encoding = detect_bom(head)
    start = _XML_START.match(head[mark_size:].decode(encoding, "replace"))
    return start is not None and not is_html(head)


class _RootIsHtml(Exception):  # noqa: N818 - not an error
    """Ends the reading of XHTML as XML."""


def _parse(text: str, builder: _Builder) -> None:
    """Parse XML; raises ExpatError if it is not well-formed, and Unreadable if it has too many entities."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.add
    parser.EntityDeclHandler = _check_entity
    parser.SkippedEntityHandler = lambda name, is_parameter: None if is_parameter else builder.add_entity(name)
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    parser.UseForeignDTD(True)

    def skip_external(context: str | None, *_: str | None) -> int:
        if context is None:  # an empty document type: then entities of HTML without a definition are no error
            parser.ExternalEntityParserCreate(context).Parse(b"", True)
        else:
            builder.add_entity(context.rpartition("\f")[2])
        return 1

    parser.ExternalEntityRefHandler = skip_external
    parser.Parse(text.encode(), True)


def _check_entity(name: str, is_parameter: bool, value: str | None, *_: str | None) -> None:  # noqa: ARG001 - signature
    if value is not None and _ENTITY_REFERENCE.search(value) and ("&" in value or is_parameter):
        raise Unreadable("XML whose entities refer to other entities, which may make it very large")


def _parse_loosely(text: str, builder: _Builder) -> None:
    """Read what looks like tags as tags, and the rest as text; close elements that are open at an end tag."""
    names: list[str] = []
    opened: Counter[str] = Counter()
    for name, attributes, is_start, data in _loose_events(text):
        if not name:
            builder.add(data)
        elif is_start:
            found = _ATTRIBUTE.finditer(attributes)
            builder.start(name, {match[1]: unescape(match[2] or match[3] or "") for match in found})
            names.append(name)
            opened[name] += 1
        while not is_start and name and opened[name]:
            last = names.pop()
            opened[last] -= 1
            builder.end(last)
            if last == name:
                break
    for name in reversed(names):
        builder.end(name)


def _loose_events(text: str) -> Iterator[tuple[str, str, bool, str]]:
    """Yield the name and the attributes of each tag and whether it starts an element, or "" and a text."""
    unclosed = set()
    position = 0
    while (start := text.find("<", position)) >= 0:
        yield "", "", False, unescape(text[position:start])
        position = start + 1
        opening = next((mark for mark in _MARK_ENDS if text.startswith(mark, start)), None)
        tag = _TAG.match(text, start)
        if opening is not None and opening not in unclosed:
            closing = "]>" if _DOCUMENT_TYPE_WITH_SUBSET.match(text, start) else _MARK_ENDS[opening]
            end = text.find(closing, start)
            if end < 0:
                unclosed.add(opening)  # searching again would take quadratic time
                yield "", "", False, "<"
                continue
            if opening == "<![CDATA[":
                yield "", "", False, text[start + len(opening) : end]
            position = end + len(closing)
        elif tag is None:
            yield "", "", False, "<"
        else:
            position = tag.end()
            if not tag[1]:
                yield tag[2], tag[3], True, ""
            if tag[1] or tag[3].endswith("/"):
                yield tag[2], "", False, ""
    yield "", "", False, unescape(text[position:])


_MARK_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "<!": ">"}
_DOCUMENT_TYPE_WITH_SUBSET = re.compile(r"<!DOCTYPE[^>\[]*+\[", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z_:][^\s<>/]*+)([^<>]*+)>")


class _Element(NamedTuple):
    """An open element."""

    number: int
    name: str
    visibility: int
    start: int
    """Number of tokens before its content."""
    last_token: str | int | None
    """What its end adds to the text."""


class _Builder:
    """Builds the text and the columns from the tags and characters of a file."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size  # maximum number of characters of names, attributes and text
        self.has_unknown_entities = False
        self._size = 0
        self._vocabulary = OTHER
        self._rules: dict[str, list[int]] = {}
        self._found: list[list[str]] = []
        self._captures: list[_Capture] = []
        self._tokens: list[str | int] = []
        self._open: list[_Element] = []
        # for each element: its parent, its kind, and whether it has text among its other content
        self._parents: list[int] = []
        self._kinds = bytearray()
        self._is_mixed = bytearray()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element; raises Unreadable like `add`."""
        self._grow(len(name) + sum(map(len, attributes.values())))
        prefix, _, local = name.rpartition(":")
        parent = self._open[-1] if self._open else _Element(-1, "", _VISIBLE, 0, None)
        if not self._parents:
            if local.lower() == "html":
                raise _RootIsHtml
            self._use(choose_vocabulary(local, attributes))
        elif local == "front" and parent.name == "article":
            self._use(JATS)
        key = name if prefix in EXTENSIONS else local
        visibility = self._visibility(key, parent)
        kind = _BLOCK if local in BLOCKS else _INLINE if local in INLINES else _NORMAL
        number = len(self._parents)
        self._parents.append(parent.number)
        self._kinds.append(kind)
        self._is_mixed.append(0)
        last_token: str | int | None = None
        if visibility == _VISIBLE:
            first_token: str | int | None = None if kind == _INLINE else _BREAK if kind == _BLOCK else parent.number
            if local in SPACED:
                first_token = " " if attributes.get("break") != "no" else None
            last_token = first_token
            if is_cell(local, parent.name):
                first_token, last_token = _CELL, None
            if local in PREFORMATTED or attributes.get("xml:space") == "preserve":
                first_token, last_token = _START_PREFORMATTED, _END_PREFORMATTED
            if first_token is not None:
                self._tokens.append(first_token)
        self._open.append(_Element(number, key, visibility, len(self._tokens), last_token))
        self._start_value(local, attributes)

    def end(self, name: str) -> None:  # noqa: ARG002 - signature of the parser
        """Handle the end of an element."""
        self._end_value()
        element = self._open.pop()
        if element.visibility == _VISIBLE and element.name in self._vocabulary.html:
            self._clean_html(element)
        if element.last_token is not None:
            self._tokens.append(element.last_token)

    def add(self, data: str) -> None:
        """Handle text.

        Raises:
            Unreadable: There is much more text than in the file.
        """
        self._grow(len(data))
        for capture in self._captures:
            capture.pieces[-1].texts.append(data)
        element = self._open[-1] if self._open else None
        if element is None or element.visibility == _VISIBLE:
            self._tokens.append(data)
            if element is not None and data and not data.isspace():
                self._is_mixed[element.number] = 1

    def add_entity(self, name: str) -> None:
        """Handle a reference to an entity without a definition: one of HTML, or it is kept as it is written."""
        value = html5.get(f"{name};")
        self.has_unknown_entities |= value is None
        self.add(f"&{name};" if value is None else value)

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size > self.max_size:
            raise Unreadable("XML whose entities make it very large")

    def _use(self, vocabulary: Vocabulary) -> None:
        if vocabulary is not self._vocabulary or not self._found:
            self._vocabulary = vocabulary
            self._found = [[] for _ in vocabulary.rules]
            self._rules = {}
            for index, rule in enumerate(vocabulary.rules):
                for name in rule.names.split():
                    self._rules.setdefault(name, []).append(index)

    def _visibility(self, name: str, parent: _Element) -> int:
        vocabulary = self._vocabulary
        if parent.visibility == _REMOVED or name in vocabulary.removed:
            return _REMOVED
        if parent.name == "choice" and name in _EDITORIAL:
            return _REMOVED
        if name in vocabulary.visible:
            return _VISIBLE
        return _HIDDEN if name in vocabulary.hidden else parent.visibility

    def _clean_html(self, element: _Element) -> None:
        """Replace the content of an element by the text of the HTML in it."""
        tokens = self._tokens[element.start :]
        if element.number + 1 == len(self._parents):  # it has no elements
            source = "".join(token for token in tokens if isinstance(token, str))
            if _HTML.search(source):
                lines = extract_text(source, "all").split("\n")
                self._tokens[element.start :] = [token for line in lines for token in (line, _BREAK)]

    # Columns.

    def _start_value(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._open)
        for capture in self._captures:
            capture.pieces.append(Piece(name, []))
        if name not in self._rules or depth > _MAX_COLUMN_DEPTH:
            return
        parents = "/".join(element.name for element in self._open[:-1])
        for index in self._rules[name]:
            rule = self._vocabulary.rules[index]
            is_accepted = rule.where is None or attributes.get(rule.where[0]) in rule.where[1]
            if is_accepted and re.fullmatch(rule.parents, parents):
                if rule.attribute is None:
                    self._captures.append(_Capture(depth, index, [Piece(name, [])]))
                else:
                    self._found[index].append(attributes.get(rule.attribute, ""))

    def _end_value(self) -> None:
        depth = len(self._open)
        while self._captures and self._captures[-1].depth == depth:
            capture = self._captures.pop()
            value = (self._vocabulary.rules[capture.rule].compose or compose_text)(capture.pieces)
            self._found[capture.rule].append(unescape(value) if self._vocabulary.html else value)
        for capture in self._captures:
            capture.pieces.append(Piece(self._open[-2].name, []))

    @property
    def has_elements(self) -> bool:
        """Whether there is a tag."""
        return bool(self._parents)

    def columns(self) -> Iterator[dict[str, list[str]]]:
        """Yield the values of each rule by column."""
        return ({rule.column: values} for rule, values in zip(self._vocabulary.rules, self._found, strict=True))

    # Text.

    def text(self) -> str:
        """Return the text."""
        is_inline = bytearray()  # whether the elements in an element are in its line
        for kind, is_mixed, parent in zip(self._kinds, self._is_mixed, self._parents, strict=True):
            is_inherited = kind == _INLINE or (kind == _NORMAL and parent >= 0 and is_inline[parent])
            is_inline.append(is_mixed or is_inherited)
        lines: list[str] = []
        line: list[str] = []
        depth = 0
        for token in self._tokens:
            if isinstance(token, str):
                line.append(token)
            elif token < 0 or not is_inline[token]:
                _end_line(line, lines, is_preformatted=depth > 0)
                depth += (token == _START_PREFORMATTED) - (token == _END_PREFORMATTED)
        _end_line(line, lines, is_preformatted=depth > 0)
        return "\n".join(lines)


def _end_line(parts: list[str], lines: list[str], *, is_preformatted: bool) -> None:
    """Add a line to the lines; a blank line in it ends a line, other white space becomes a space."""
    if parts:
        text = "".join(parts)
        parts.clear()
        text = text.strip("\r\n") if is_preformatted else _WHITE_SPACE.sub(_collapse, text).strip(" \t\n")
        if text:
            lines.append(text)


def _collapse(run: re.Match[str]) -> str:
    if _CELL in run[0]:
        return "\t"
    return "\n" if run[0].count("\n") > 1 else " "
