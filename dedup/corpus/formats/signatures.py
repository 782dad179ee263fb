"""Recognise files that are not text by their first bytes, and say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TABLE = "export its tables to Parquet or CSV first"
_CONVERT = "convert it to Parquet first, for example with pyarrow or Polars"
_TEXT = "extract its text first"
_OFFICE = f"{_TEXT}, for example with LibreOffice or pandoc"
_UNPACK = "unpack it first"
_MAIL = f"{_TEXT}, for example with Python's `mailbox` and `email`"
_NO_TEXT = "it is not text"
_MEDIA = "transcribe it first"


@dataclass(frozen=True, slots=True)
class Signature:
    """First bytes of a kind of file."""

    start: bytes
    """The bytes."""
    what: str
    """What the file is, with its article."""
    advice: str = _NO_TEXT
    """Advice to the user."""
    offset: int = 0
    """Where the bytes are."""
    is_letters: bool = False
    """Whether a text may begin with these bytes too; then the file must contain NUL in its first bytes."""
    check: re.Pattern[bytes] | None = None
    """A further pattern that must match at the start."""

    def matches(self, head: bytes) -> bool:
        """Return whether a file with these first bytes is of this kind."""
        if not head.startswith(self.start, self.offset):
            return False
        if self.is_letters and b"\0" not in head[:_NUL_BYTES]:
            return False
        return self.check is None or self.check.match(head) is not None


# First bytes in which a file of a binary format contains NUL.
_NUL_BYTES = 4096

SIGNATURES = (
    Signature(b"%PDF-", "a PDF", f"{_TEXT}, for example with pdftotext", check=re.compile(rb"%PDF-\d\.\d\s*[\r\n%]")),
    Signature(b"%!PS", "PostScript", f"{_TEXT}, for example with ps2ascii", check=re.compile(rb"%!PS[-\s]")),
    Signature(b"{\\rtf", "a document in Rich Text Format", _OFFICE, check=re.compile(rb"\{\\rtf\d?\s*[\\{]")),
    Signature(b"\xdb\xa5\x2d\0", "a Word 2 document", _OFFICE),
    Signature(b"\xffWPC", "a WordPerfect document", _OFFICE),
    Signature(b"BOOKMOBI", "a Kindle book", f"{_TEXT}, for example with Calibre", 60),
    Signature(b"ITSF", "a Windows Help file (CHM)", _TEXT, is_letters=True),
    Signature(b"AT&TFORM", "a DjVu document", f"{_TEXT}, for example with djvutxt"),
    Signature(b"!BDN", "an Outlook mailbox (PST)", f"{_TEXT}, for example with readpst", is_letters=True),
    # Tables and databases.
    Signature(b"PARE", "an encrypted Parquet file", "decrypt it first", is_letters=True),
    Signature(b"SQLite format 3\0", "an SQLite database", _TABLE),
    Signature(b"DUCK", "a DuckDB database", _TABLE, 8, is_letters=True),
    Signature(b"\0\1\0\0Standard Jet DB", "an Access database", _TABLE),
    Signature(b"\0\1\0\0Standard ACE DB", "an Access database", _TABLE),
    Signature(b"ARROW1\0\0", "an Arrow file", _CONVERT),
    Signature(
        b"\xff\xff\xff\xff", "an Arrow stream", _CONVERT, check=re.compile(rb"\xff{4}.[^\0]?[^\0]?\0", re.DOTALL)
    ),
    Signature(b"FEA1", "a Feather file", _CONVERT, is_letters=True),
    Signature(b"ORC", "an ORC file", _CONVERT, is_letters=True),
    Signature(b"Obj\1", "an Avro file", _CONVERT),
    Signature(b"\x89HDF\r\n\x1a\n", "an HDF5 file", _CONVERT),
    Signature(b"CDF\1", "a NetCDF file", _CONVERT),
    Signature(b"CDF\2", "a NetCDF file", _CONVERT),
    Signature(b"\x93NUMPY", "a NumPy array", _CONVERT),
    Signature(b"\x80", "a Python pickle", _CONVERT, check=re.compile(rb"\x80[\x02-\x05][\x80-\x95(\]}cX\x8c]")),
    Signature(b"MATLAB 5.0 MAT", "a MATLAB file", _CONVERT, is_letters=True),
    Signature(b"RDX", "an R data file", _CONVERT, is_letters=True),
    Signature(b"RDA", "an R data file", _CONVERT, is_letters=True),
    Signature(b"X\n\0\0\0", "an R data file", _CONVERT),
    Signature(b"<stata_dta>", "a Stata data file", _CONVERT),
    Signature(b"$FL", "an SPSS data file", _CONVERT, is_letters=True),
    Signature(b"\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60", "a SAS data file", _CONVERT),
    Signature(b"bplist00", "a binary property list (Apple)", "convert it to XML first, with plutil"),
    Signature(b"GGUF", "model weights (GGUF)", is_letters=True),
    Signature(b"\0", "model weights (safetensors)", offset=7, check=re.compile(rb"....\0\0\0\0\{\"", re.DOTALL)),
    Signature(b"filedesc://", "a web archive in the format ARC", "convert it to WARC first, with warcio"),
    # Archives that are not read.
    Signature(b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    Signature(b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    Signature(b"MSCF\0\0\0\0", "a CAB archive", _UNPACK),
    Signature(b"!<arch>\n", "a package or library (ar archive)", _UNPACK),
    Signature(b"\xed\xab\xee\xdb", "an RPM package", _UNPACK),
    Signature(b"\x1f\x9d", "a file compressed with compress (.Z)", "unpack it first, with gunzip"),
    Signature(b"\xff\x06\0\0sNaPpY", "a file compressed with Snappy", _UNPACK),
    Signature(b"LZIP\1", "a file compressed with lzip", _UNPACK),
    Signature(b"PACK\0\0\0", "a Git pack"),
    # Images, audio and video.
    Signature(b"\x89PNG\r\n\x1a\n", "a PNG image"),
    Signature(b"\xff\xd8\xff", "a JPEG image"),
    Signature(b"GIF8", "a GIF image", is_letters=True, check=re.compile(rb"GIF8[79]a")),
    Signature(b"RIFF", "a WebP image", check=re.compile(rb"RIFF....WEBP", re.DOTALL)),
    Signature(b"RIFF", "a WAV recording", _MEDIA, check=re.compile(rb"RIFF....WAVE", re.DOTALL)),
    Signature(b"RIFF", "an AVI video", _MEDIA, check=re.compile(rb"RIFF....AVI ", re.DOTALL)),
    Signature(b"II*\0", "a TIFF image"),
    Signature(b"MM\0*", "a TIFF image"),
    Signature(b"BM", "a BMP image", check=re.compile(rb"BM....\0\0\0\0", re.DOTALL)),
    Signature(b"8BPS\0\1", "a Photoshop image"),
    Signature(b"\0\0\1\0", "an icon", check=re.compile(rb"\0\0\x01\0[^\0]\0")),
    Signature(b"\0\0\0\x0cjP  \r\n", "a JPEG 2000 image"),
    Signature(b"ftyp", "an image", offset=4, check=re.compile(rb"\0\0..ftyp(?:hei|hev|mif|avi)", re.DOTALL)),
    Signature(b"ftyp", "an audio file", _MEDIA, 4, check=re.compile(rb"\0\0..ftypM4[AB]", re.DOTALL)),
    Signature(b"ftyp", "a video", _MEDIA, 4, check=re.compile(rb"\0\0..ftyp", re.DOTALL)),
    Signature(b"\x1aE\xdf\xa3", "a Matroska or WebM video", _MEDIA),
    Signature(b"FLV\1", "a Flash video", _MEDIA),
    Signature(b"\0\0\1\xba", "an MPEG video", _MEDIA),
    Signature(b"\0\0\1\xb3", "an MPEG video", _MEDIA),
    Signature(b"ID3", "an MP3 recording", _MEDIA, check=re.compile(rb"ID3[\x02-\x04].", re.DOTALL)),
    Signature(
        b"\xff", "an MP3 recording", _MEDIA, is_letters=True, check=re.compile(rb"\xff[\xf2\xf3\xfa\xfb][\x10-\xeb]")
    ),
    Signature(b"fLaC\0", "a FLAC recording", _MEDIA),
    Signature(b"OggS\0", "an Ogg recording", _MEDIA),
    Signature(b"MThd\0\0\0", "a MIDI file"),
    # Programs and fonts.
    Signature(b"\x7fELF", "a program"),
    Signature(b"MZ", "a Windows program", is_letters=True),
    Signature(b"\xca\xfe\xba\xbe", "a Java class or a macOS program"),
    Signature(b"\xcf\xfa\xed\xfe", "a macOS program"),
    Signature(b"\0asm", "a WebAssembly module"),
    Signature(b"\0\1\0\0\0", "a font", check=re.compile(rb"\0\x01\0\0\0.......[A-Za-z/]{4}", re.DOTALL)),
    Signature(b"OTTO\0", "a font"),
    Signature(b"wOF", "a font", is_letters=True, check=re.compile(rb"wOF[F2]")),
)
"""Kinds of files that are recognised by their first bytes; the first that matches counts."""

_BY_FIRST_BYTE = {
    byte: tuple(signature for signature in SIGNATURES if signature.offset or signature.start[0] == byte)
    for byte in {signature.start[0] for signature in SIGNATURES if not signature.offset}
}
_WITH_OFFSET = tuple(signature for signature in SIGNATURES if signature.offset)

_OLE_KINDS = {
    b"doc": ("a Word 97 document", _OFFICE),
    b"dot": ("a Word 97 document", _OFFICE),
    b"xls": ("an Excel 97 workbook", "save it as CSV first"),
    b"ppt": ("a PowerPoint 97 presentation", _OFFICE),
    b"msg": ("an Outlook e-mail", _MAIL),
    b"hwp": ("a Hangul Word Processor document", _OFFICE),
    b"db": ("a Windows thumbnail cache", _NO_TEXT),
    b"msi": ("a Windows installer", _NO_TEXT),
}
_ZIP_KINDS = {
    "word": ("a Word document (DOCX)", _OFFICE),
    "xl": ("an Excel workbook (XLSX)", "save it as CSV first"),
    "ppt": ("a PowerPoint presentation (PPTX)", _OFFICE),
    "visio": ("a Visio drawing (VSDX)", _OFFICE),
    "odf": ("an OpenDocument file (ODT, ODS or ODP)", _OFFICE),
    "epub": ("an e-book (EPUB)", f"{_TEXT}, for example with pandoc or Calibre"),
    "iwork": ("an Apple Pages, Numbers or Keynote document", "export it as text first"),
    "office": ("a Microsoft Office document", _OFFICE),
    "jar": ("a Java or Android program (JAR or APK)", _NO_TEXT),
    "npz": ("NumPy arrays (NPZ)", _CONVERT),
    "torch": ("model weights (PyTorch)", _NO_TEXT),
    "kmz": ("a map (KMZ)", "unpack it first"),
}
_ZIP_NAMES = {
    b"docx": "word",
    b"docm": "word",
    b"dotx": "word",
    b"xlsx": "xl",
    b"xlsm": "xl",
    b"xlsb": "xl",
    b"pptx": "ppt",
    b"pptm": "ppt",
    b"ppsx": "ppt",
    b"vsdx": "visio",
    b"odt": "odf",
    b"ods": "odf",
    b"odp": "odf",
    b"ott": "odf",
    b"epub": "epub",
    b"pages": "iwork",
    b"numbers": "iwork",
    b"key": "iwork",
    b"jar": "jar",
    b"war": "jar",
    b"apk": "jar",
    b"npz": "npz",
    b"pt": "torch",
    b"pth": "torch",
    b"kmz": "kmz",
}

_LFS_POINTER = re.compile(
    rb"version https://(?:git-lfs|hawser)\.github\.com/spec/v1\r?\n(?:ext-\d-[^\n]*\n)*"
    rb"oid sha256:[0-9a-f]{64}\r?\nsize \d+\s*"
)
_ANNEX_POINTER = re.compile(rb"/annex/objects/[A-Z0-9_]+-s\d+[^\s]*\s*")
_MAX_POINTER_BYTES = 1024

_MBOX_LINE = re.compile(
    rb"From [^\r\n]{1,200}?[ ](?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ ]+(?:[A-Z][a-z]{2}[ ]+\d\d?|\d\d?[ ]+[A-Z][a-z]{2})"
    rb"[ ][^\r\n]*\d\d:\d\d[^\r\n]*\r?\n"
)
_HEADER_BLOCK = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_HEADER_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)
_MAIL_HEADERS = frozenset(
    (b"from", b"to", b"date", b"subject", b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to")
)
_MIN_MAIL_HEADERS = 3
_SAVED_PAGE = re.compile(rb"\A(?:From: <Saved by|[^\0]{0,2000}?Content-Type: multipart/related)", re.IGNORECASE)

# First members of the files of Microsoft Office.
_OFFICE_MEMBERS = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"customXml/", b"word/document.xml")
_ZIP_MEMBER = b"PK\x03\x04"
_ZIP_HEADER_BYTES = 30
_MAX_ZIP_MEMBERS = 200


def is_pointer(head: bytes) -> str | None:
    """Return why a file is not read if it is only a pointer to another one, as Git LFS and git-annex write; else None.

    Args:
        head: The whole file, if it is short.

    >>> is_pointer(b"version https://git-lfs.github.com/spec/v1\\noid sha256:" + b"0" * 64 + b"\\nsize 5\\n")
    'a Git LFS pointer, not the file itself; run `git lfs pull`'
    """
    if len(head) > _MAX_POINTER_BYTES:
        return None
    if _LFS_POINTER.fullmatch(head):
        return "a Git LFS pointer, not the file itself; run `git lfs pull`"
    if _ANNEX_POINTER.fullmatch(head):
        return "a git-annex pointer, not the file itself; run `git annex get`"
    return None


def describe_unread(ending: bytes, head: bytes) -> str | None:
    """Describe a file that is not text and cannot be read, with advice; return None for other files.

    Args:
        ending: Ending of its name, in lower case and without the dot.
        head: Its first bytes.

    >>> describe_unread(b"pdf", b"%PDF-1.7\\n")
    'a PDF; extract its text first, for example with pdftotext'
    >>> describe_unread(b"txt", b"%PDF- is how it begins.") is None
    True
    """
    found: tuple[str, str] | None = None
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        found = _OLE_KINDS.get(ending, ("a Microsoft Office 97 file (OLE)", _OFFICE))
    elif head.startswith(_ZIP_MEMBER):
        kind = _zip_kind(ending, head)
        found = None if kind is None else _ZIP_KINDS[kind]
    else:
        possible = _BY_FIRST_BYTE.get(head[0], _WITH_OFFSET) if head else ()
        signature = next((signature for signature in possible if signature.matches(head)), None)
        found = None if signature is None else (signature.what, signature.advice)
    return None if found is None else f"{found[0]}; {found[1]}"


def describe_mail(ending: bytes, head: bytes) -> str | None:
    """Describe a file that contains e-mails, with advice; return None for other files.

    A mailbox is recognised by its first line. A single e-mail also needs the file name of one, since texts such as
    those of newsgroups have the same headers.

    >>> describe_mail(b"", b"From a@b.org Tue Jan  2 10:00:00 2024\\nFrom: a@b.org\\nDate: x\\n\\nHello")
    "a mailbox (mbox); extract its text first, for example with Python's `mailbox` and `email`"
    """
    line = _MBOX_LINE.match(head)
    if line is not None and _mail_headers(head, line.end()):
        return f"a mailbox (mbox); {_MAIL}"
    if ending in (b"mht", b"mhtml") and _SAVED_PAGE.search(head):
        return "a page saved with its images (MHTML); save it as HTML first"
    if ending == b"emlx":
        head = head[head.find(b"\n") + 1 :]
    if ending in (b"eml", b"emlx") and len(_mail_headers(head, 0)) >= _MIN_MAIL_HEADERS:
        return f"an e-mail; {_MAIL}"
    return None


def _mail_headers(head: bytes, at: int) -> frozenset[bytes]:
    """Return the names of the usual headers of e-mails in the block of headers at an offset."""
    block = _HEADER_BLOCK.match(head, at)
    if block is None:
        return frozenset()
    return _MAIL_HEADERS & {name.lower() for name in _HEADER_NAME.findall(block[0])}


def _zip_kind(ending: bytes, head: bytes) -> str | None:
    """Return the kind of a ZIP file that is not an archive of files; None if it is one."""
    names = list(_zip_members(head))
    first = names[0] if names else b""
    if first.startswith(_OFFICE_MEMBERS):
        folders = {name.partition(b"/")[0] for name in names}
        by_folder = next((kind for kind in ("word", "xl", "ppt", "visio") if kind.encode() in folders), None)
        return by_folder or _ZIP_NAMES.get(ending, "office")
    if first == b"mimetype":
        return "epub" if b"application/epub+zip" in head[:200] else "odf"
    if first in (b"META-INF/", b"META-INF/MANIFEST.MF", b"AndroidManifest.xml"):
        return "jar"
    if names and all(name.endswith(b".npy") for name in names):
        return "npz"
    if first.endswith((b"/data.pkl", b"/version")) and ending != b"zip":
        return "torch"
    return _ZIP_NAMES.get(ending)


def _zip_members(head: bytes) -> Iterator[bytes]:
    """Yield the names of the first members of a ZIP file, up to one whose size is not known in advance."""
    at = 0
    for _ in range(_MAX_ZIP_MEMBERS):
        header = head[at : at + _ZIP_HEADER_BYTES]
        if len(header) < _ZIP_HEADER_BYTES or not header.startswith(_ZIP_MEMBER):
            return
        size = int.from_bytes(header[18:22], "little")
        name_size, extra_size = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        start = at + _ZIP_HEADER_BYTES
        yield head[start : start + name_size]
        has_descriptor = header[6] & 8
        at = start + name_size + extra_size + size
        if has_descriptor:  # the size may follow the data instead
            at = head.find(_ZIP_MEMBER, start + name_size)
            if at < 0:
                return
