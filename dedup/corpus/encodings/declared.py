"""Find the encoding that a file declares."""

from __future__ import annotations

import codecs
import re

# First bytes of a file in which its encoding may be declared; pages may have long comments and scripts before it.
_DECLARATION_BYTES = 16 << 10
# Patterns of declarations: XML; HTML; a header of Project Gutenberg, of an e-mail or of a PO file; LaTeX; CSS; and a
# comment for Emacs or Python in the first two lines.
_DECLARATIONS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rb"""\A\s*<\?xml[^<>]*?\sencoding\s*=\s*["']([^"'<>\n]+)""",
        rb"""<meta\s[^<>]*?charset\s*=\s*(?:["']\s*)?([\w:.-]+)""",
        rb"""^[ \t]*character set encoding:[ \t]*([^\r\n]+)""",
        rb"""^"?content-type:[ \t]*text/[^\r\n]*?charset=["']?([\w:.-]+)""",
        rb"""^[ \t]*\\usepackage\[([\w-]+)\]\{inputenc\}""",
        rb"""\A@charset "([\w:.-]+)";""",
        rb"""\A(?:[^\n]*\n)?[^\n]*?coding[:=][ \t]*([\w.-]+)""",
    )
)
# Names of encodings that Python does not know, without "x-", and how they are to be read.
_LABELS = {
    "ansi": "cp1252",
    "ansinew": "cp1252",
    "applemac": "mac_roman",
    "dos-874": "cp874",
    "gb_2312-80": "gb2312",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-8-i": "iso8859_8",
    "logical": "iso8859_8",
    "sjis": "cp932",
    "unicode": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
}
# Browsers read these encodings as a superset, whose characters files use.
# Source: https://encoding.spec.whatwg.org/#names-and-labels
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
# Text codecs of Python that are not encodings of files.
_CODECS_NOT_FOR_FILES = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))


def declared_encoding(data: bytes) -> str | None:
    r"""Return Python's name of the encoding that a file declares.

    A declaration is that of XML or HTML, a header of Project Gutenberg, of an e-mail or of a PO file, a package option
    of LaTeX, or a comment for Emacs or Python.

    Args:
        data: The file, or its beginning.

    Returns:
        The name; "utf-8" for any form of Unicode; None if nothing or an unknown encoding is declared.

    >>> declared_encoding(b'<?xml version="1.0" encoding="windows-1251"?><a/>')
    'cp1251'
    >>> declared_encoding(b"Title: Candide\n\nCharacter set encoding: ISO Latin-1\n")
    'cp1252'
    """
    head = data[:_DECLARATION_BYTES]
    for pattern in _DECLARATIONS:
        match = pattern.search(head)
        name = match and encoding_of_label(match[1].decode("ascii", "replace"))
        if name:
            return name
    return None


def encoding_of_label(label: str) -> str | None:
    """Return Python's name of an encoding by its name in a declaration; None if it is unknown.

    >>> encoding_of_label("ISO-8859-1"), encoding_of_label("Unicode UTF-8"), encoding_of_label("klingon")
    ('cp1252', 'utf-8', None)
    """
    label = label.strip().lower().removeprefix("x-")
    if "utf" in label or label == "unicode":
        return None if "utf-7" in label or "utf7" in label else "utf-8"
    label = re.sub(r"^iso[ _-]?(?:646.*|latin)", lambda match: "ascii" if "646" in match[0] else "latin", label)
    label = re.sub(r"^(?:win(?:dows)?|code ?page|windows code ?page|cp|ibm)[ _-]?(?=\d+$)", "cp", label)
    label = re.sub(r"^latin[ _-]?(?=\d+$)", "latin", label)
    for name in (_LABELS.get(label), label, label.replace("-", "_"), f"x-{label}"):
        try:
            codec = codecs.lookup(name or "")
        except (LookupError, ValueError):
            continue
        known = _SUPERSETS.get(codec.name, codec.name)
        return None if known in _CODECS_NOT_FOR_FILES or not codec._is_text_encoding else known
    return None
