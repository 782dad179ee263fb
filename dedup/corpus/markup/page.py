"""Describe the text of a file with markup and what the file says about it, and read JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from dedup.corpus.encodings.decode import Decoded
from dedup.corpus.encodings.detect import replace_surrogates

PAGE_COLUMNS = ("title", "date", "outlet", "url", "author")
"""Columns that a page may have beside its text."""

_WHITE_SPACE_RUN = re.compile(r"\s+")
_ABSOLUTE_URL = re.compile(r"https?://\S+", re.IGNORECASE)
# Longer values are not titles, names or dates.
_MAX_VALUE_LENGTH = 2000
_MAX_AUTHORS = 100

# Marks around JSON, comments and commas without a following value, which JSON does not allow, and strings, in which
# these do not count. A string or comment without an end extends to the end, so that the time stays linear.
_CDATA_OR_COMMENT_MARK = r"(?:/[/*])?[ \t]*(?:<!\[CDATA\[|\]\]>|<!--|-->)(?:[ \t]*\*/)?"
_NOT_JSON = re.compile(rf'("(?:[^"\\]|\\.)*+"?)|{_CDATA_OR_COMMENT_MARK}|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*+[}\]])', re.DOTALL)
_BETWEEN_VALUES = re.compile(r"[\s;,]*")
_ARTICLE_TYPE = re.compile(r"(?:.*[/:#])?(?:\w*Article|Report|(?:Live)?BlogPosting)", re.DOTALL)
# Numbers are kept as they are written; `strict` would refuse line ends in strings.
_JSON = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


@dataclass(frozen=True)
class Page:
    """The text of a file with markup, and what the file says about it."""

    text: str
    columns: dict[str, str]
    """Values of "title", "date", "outlet", "url" and "author", as written; only those that are found."""
    decoded: Decoded
    """How the bytes were decoded."""
    remark: str | None = None
    """What had to be guessed to read the markup; None if nothing."""


# Values.


def clean_value(value: str) -> str:
    r"""Return a value on one line, without white space around it and without lone surrogates.

    >>> clean_value(" A\n title ")
    'A title'
    """
    return replace_surrogates(_WHITE_SPACE_RUN.sub(" ", value).strip())[0]


def is_absolute_url(value: str) -> bool:
    """Return whether a value is a URL with the scheme http or https.

    >>> is_absolute_url("https://example.org/a"), is_absolute_url("/a")
    (True, False)
    """
    return _ABSOLUTE_URL.fullmatch(value) is not None


def choose_values(sources: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, str]:
    """Choose the value of each column from what several sources say.

    Args:
        sources: Values by column, in the order of preference; a URL is neither an author nor an outlet, and
            only an absolute URL is a URL.

    Returns:
        The first value of the first source that has one; for authors all of them, joined by "; ".

    >>> choose_values([{"author": ["Ana", "Bo"], "url": ["/a"]}, {"url": ["https://example.org/a"], "author": ["Cy"]}])
    {'url': 'https://example.org/a', 'author': 'Ana; Bo'}
    """
    found: dict[str, dict[str, None]] = {}
    for source in sources:
        for column in source.keys() - found.keys():
            values = dict.fromkeys(map(clean_value, source[column]))
            valid = {value: None for value in values if _is_valid(column, value)}
            if valid:
                found[column] = valid
    chosen = {}
    for column in PAGE_COLUMNS:
        values = found.get(column, {})
        if values:
            chosen[column] = "; ".join([*values][:_MAX_AUTHORS]) if column == "author" else next(iter(values))
    return chosen


def _is_valid(column: str, value: str) -> bool:
    if not 0 < len(value) <= _MAX_VALUE_LENGTH:
        return False
    return is_absolute_url(value) == (column == "url") or column not in ("url", "author", "outlet")


# JSON-LD. Source of the names: https://schema.org/Article


def read_linked_data(scripts: Iterable[str], urls: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return what the JSON-LD of a page says about its article.

    Args:
        scripts: The contents of the scripts of type "application/ld+json"; a script that is not JSON counts only as
            far as it can be read.
        urls: URLs of the page: they decide if several articles are described.

    Returns:
        Values by column; none if there is no article, or if it is unknown which article is that of the page.

    >>> read_linked_data(['{"@type": "NewsArticle", "headline": "News", "author": [{"name": "Ana"}, "Bo"],}'])
    {'title': ['News'], 'author': ['Ana', 'Bo']}
    """
    nodes = _nodes([value for script in scripts for value in _parse_json(script)])
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    stated = [_article_values(node, by_id) for node in nodes if _is_article(node)]
    if len({tuple(article["title"]) for article in stated if article["title"]}) > 1:
        known = {_url_key(url) for url in urls}
        stated = [article for article in stated if not known.isdisjoint(map(_url_key, article["url"]))]
    merged: dict[str, list[str]] = {}
    for article in stated:  # often the same article twice
        for column, values in article.items():
            if values:
                merged.setdefault(column, values)
    return merged


def _parse_json(script: str) -> list[Any]:
    """Parse one or more JSON values, also with comments or with commas after the last value; skip invalid parts."""
    try:
        return [_JSON.decode(script)]
    except (ValueError, RecursionError):
        pass
    clean = _NOT_JSON.sub(lambda match: match[1] or " ", script)
    clean = _LAST_COMMA.sub(lambda match: match[1] or "", clean)
    values: list[Any] = []
    position = 0
    while (start := _BETWEEN_VALUES.match(clean, position).end()) < len(clean):  # type: ignore[union-attr]
        try:
            value, position = _JSON.raw_decode(clean, start)
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values


def _nodes(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the objects of lists, graphs and main entities; those inside other objects are about something else."""
    nodes = []
    pending = [*values]
    for value in pending:  # grows in the loop
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            nodes.append(value)
            pending.extend(value[key] for key in ("@graph", "mainEntity") if key in value)
    return nodes


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE_TYPE.fullmatch(kind) for kind in _strings(node.get("@type")))


def _article_values(node: dict[str, Any], by_id: dict[str, Any]) -> dict[str, list[str]]:
    entity = [by_id.get(text, {}).get("url", text) for text in _strings(node.get("mainEntityOfPage"), "@id")]
    urls = [*_strings(node.get("url"), "@id"), *_strings(entity), *_strings(node.get("mainEntityOfPage"), "url")]
    return {
        "title": _strings(node.get("headline")) or _strings(node.get("name")),
        "date": _strings(node.get("datePublished")) or _strings(node.get("dateCreated")),
        "outlet": _names(node.get("publisher"), by_id),
        "url": [url for url in urls if is_absolute_url(url) and "#" not in url],
        "author": _names(node.get("author"), by_id),
    }


def _strings(value: Any, key: str = "@value") -> list[str]:
    """Return a string, the strings of a list, or those that objects have under a key."""
    items = value if isinstance(value, list) else [value]
    texts = (item.get(key) if isinstance(item, dict) else item for item in items)
    return [unescape(text) for text in texts if isinstance(text, str) and text.strip()]


def _names(value: Any, by_id: dict[str, Any]) -> list[str]:
    """Return the names of people or organisations, which may be described elsewhere in the page."""
    names = []
    for item in value if isinstance(value, list) else [value]:
        identity = item.get("@id") if isinstance(item, dict) else None
        sources = [item, by_id.get(identity)] if isinstance(identity, str) else [item]
        for source in sources:
            if not isinstance(source, dict):
                found = _strings(source)
            else:
                given = [*_strings(source.get("givenName"))[:1], *_strings(source.get("familyName"))[:1]]
                found = _strings(source.get("name")) or ([" ".join(given)] if given else [])
            if found:
                names.extend(found)
                break
    return names


def _url_key(url: str) -> str:
    return url.partition("://")[2].rstrip("/").lower()
