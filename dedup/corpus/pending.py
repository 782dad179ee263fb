"""Stand-ins of functions that are being written; removed when they exist."""
# mypy: ignore-errors

from dataclasses import dataclass

from dedup.corpus.files import format_of
from dedup.corpus.formats.encoding import Decoded
from dedup.corpus.formats.html import decode_html, extract_text
from dedup.corpus.formats.json import starts_with_object
from dedup.corpus.streams import read_stream


@dataclass(frozen=True)
class Format:
    """A format."""

    kind: str
    reason: str = ""
    note: str = ""


def detect_format(name, head, is_stream=False):
    """Detect."""
    if is_stream:
        return Format("parquet" if head.startswith(b"PAR1") else "jsonl" if starts_with_object(head) else "text")
    return Format(format_of(name))


def strip_compression(name):
    """Strip."""
    base, _, end = name.rpartition(b".")
    return base if end.lower() in (b"gz", b"zst") else name


def read_sound(stream):
    """Read."""
    return read_stream(stream), None


@dataclass(frozen=True)
class Page:
    """A page."""

    text: str
    columns: dict[str, str]
    decoded: Decoded


def read_page(content, html_text):
    """Read."""
    from dedup.corpus.report import Unreadable
    from dedup.outputs.files import PAGE_HEAD, PAGE_MARK

    if PAGE_MARK.encode() in content[:PAGE_HEAD]:
        raise Unreadable("a page written by dedup")
    decoded = decode_html(content)
    return Page(extract_text(decoded.text, html_text), {}, decoded)
