"""WARC files: documents, what is left out, encodings of HTTP, and damage."""

from __future__ import annotations

import gzip
import io
import itertools
import zlib
from typing import Any

import brotli
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus.formats.http import Response, decode_body, join_chunks, parse_headers, parse_response
from dedup.corpus.formats.warc import read_warc
from dedup.corpus.packed.pieces import DamagedData, PieceReader
from dedup.corpus.report import ReportBuilder, Unreadable

PAGE = b"<html><title>T</title><p>Some text</html>"


def record(kind: str, content: bytes, uri: str = "http://a/", length: object = None, **headers: str) -> bytes:
    lines = [f"WARC-Type: {kind}", f"WARC-Target-URI: {uri}", "WARC-Date: 2024-01-02T03:04:05Z"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines.append(f"Content-Length: {len(content) if length is None else length}")
    return b"WARC/1.0\r\n" + "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


def http(body: bytes, content_type: str = "text/html", status: int = 200, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} OK", f"Content-Type: {content_type}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def page(body: bytes = PAGE, uri: str = "http://a/", **headers: str) -> bytes:
    return record("response", http(body, **headers), uri, Content_Type="application/http; msgtype=response")


def conversion(text: str, uri: str = "http://a/", **headers: Any) -> bytes:
    return record("conversion", text.encode(), uri, Content_Type="text/plain", **headers)


def chunked(body: bytes, size: int = 7) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def read(data: bytes | io.BufferedReader, report: ReportBuilder | None = None) -> list[dict[str, Any]]:
    stream = data if isinstance(data, io.BufferedReader) else io.BufferedReader(io.BytesIO(data))
    records = list(read_warc(stream, "a.warc", report or ReportBuilder(), "all"))
    assert all(found.line is None for found in records)
    return [found.values for found in records]


def test_reads_pages_with_their_columns() -> None:
    head = b"<meta property='og:site_name' content='Outlet'><meta name=date content=2020-01-01>"
    assert read(page(b"<title>T</title>" + head + b"<p>One<p>Two")) == [
        {
            "url": "http://a/",
            "date": "2024-01-02T03:04:05Z",
            "text": "One\nTwo",
            "title": "T",
            "outlet": "Outlet",
            "published": "2020-01-01",
        }
    ]


def test_leaves_out_other_records_and_counts_them() -> None:
    report = ReportBuilder()
    data = (
        record("warcinfo", b"software: x\r\n", Content_Type="application/warc-fields")
        + record("request", b"GET / HTTP/1.1\r\n\r\n", Content_Type="application/http; msgtype=request")
        + page(b"\x89PNG", content_type="image/png") * 2
        + page(b"x()", content_type="application/javascript")
        + page(status=404)
        + page(status=301) * 2
        + record("response", b"a. IN A 1.2.3.4", "dns:a", Content_Type="text/dns")
        + record("revisit", http(b""), Content_Type="application/http")
        + page()
        + record("metadata", b"{}", Content_Type="application/json")
    )
    assert [values["text"] for values in read(data, report)] == ["Some text"]
    assert report.build().notes == (
        "a.warc: records that are not text were left out: 2 of image/png, 1 of application/javascript, 1 of text/dns",
        "a.warc: responses with a status other than 200 were left out: 2 with 301, 1 with 404",
    )
    assert report.skipped == []


def test_says_that_there_are_no_texts() -> None:
    report = ReportBuilder()
    assert read(record("metadata", b"{}") * 3, report) == []
    assert report.build().notes == ("a.warc: there are no pages or texts, only other records: 3 metadata",)


LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t", exclude_characters="\ufeff")


@given(st.lists(st.text(LETTERS), max_size=5))
def test_reads_converted_texts_exactly(texts: list[str]) -> None:
    data = b"".join(conversion(text, f"http://a/{row}") for row, text in enumerate(texts))
    assert [values["text"] for values in read(data)] == texts


BODIES = st.binary(max_size=300).map(lambda body: b"<p>" + body.hex().encode())


@given(st.lists(st.tuples(BODIES, st.booleans(), st.sampled_from(["", "gzip", "deflate", "br", "zstd"])), max_size=5))
def test_reads_what_fastwarc_reads(bodies: list[tuple[bytes, bool, str]]) -> None:
    """The reference is another implementation. It reads one record: some responses end its reading of a file."""
    encoders = {
        "": bytes,
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }
    data, expected = b"", []
    for row, (body, is_chunked, encoding) in enumerate(bodies):
        headers = {"Content_Encoding": encoding} if encoding else {}
        sent = encoders[encoding](body)
        if is_chunked:
            headers["Transfer_Encoding"], sent = "chunked", chunked(sent)
        response = page(sent, f"http://a/{row}", **headers)
        data += response + record("request", b"GET / HTTP/1.1\r\n\r\n")
        reference = next(iter(ArchiveIterator(io.BytesIO(response), auto_decode="all")))
        expected.append((reference.headers["WARC-Target-URI"], reference.reader.read()[3:].decode()))
    assert [(values["url"], values["text"]) for values in read(data)] == expected
    assert len(expected) == len(bodies)


CUT_TEXTS = st.sampled_from(["One", "Two\n\nWARC/1.0 is a format", "", "é" * 50])


@given(st.lists(CUT_TEXTS, min_size=1, max_size=4), st.data())
def test_names_what_is_cut(texts: list[str], data: st.DataObject) -> None:
    records = [conversion(text, f"http://a/{row}") for row, text in enumerate(texts)]
    cut = data.draw(st.integers(1, sum(map(len, records))))
    report = ReportBuilder()
    found = [values["text"] for values in read(b"".join(records)[:cut], report)]
    ends = list(itertools.accumulate(map(len, records)))
    complete = sum(end - len("\r\n\r\n") <= cut for end in ends)
    begun = sum(start < cut for start in (0, *ends[:-1]))
    assert found == texts[:complete]
    assert [skipped.row for skipped in report.skipped] == list(range(complete, begun))


@pytest.mark.parametrize("length", [0, 5, 100, 10**6, 10**12, 10**30, "x", "", -1])
def test_reads_the_records_after_a_damaged_length(length: object) -> None:
    damaged = conversion("This is the second text.", "http://a/2", length=length)
    report = ReportBuilder()
    found = read(conversion("One", "http://a/1") + damaged + conversion("Three") + conversion("Four"), report)
    if length == 10**12:  # too long to search for records
        assert [values["text"] for values in found] == ["One"]
    else:
        assert [values["text"] for values in found] == ["One", "Three", "Four"]
    assert [skipped.row for skipped in report.skipped] == [1]


def test_reads_the_records_after_garbage() -> None:
    report = ReportBuilder()
    found = read(conversion("One") + b"garbage\r\nmore\r\n" + conversion("Two"), report)
    assert [values["text"] for values in found] == ["Two"]
    assert "Content-Length is wrong" in report.skipped[0].reason
    report = ReportBuilder()
    assert len(read(conversion("One") + b"\0" * 512, report)) == 1
    assert report.skipped == []


def test_raises_the_damage_of_the_stream_after_the_records() -> None:
    def pieces() -> Any:
        yield conversion("One") + conversion("Two")[:-9]
        raise DamagedData("broken")

    found = read_warc(PieceReader(pieces()), "a", ReportBuilder(), "all")
    assert next(found).values["text"] == "One"
    with pytest.raises(DamagedData, match="broken"):
        next(found)


def test_refuses_other_files() -> None:
    with pytest.raises(Unreadable, match="not a WARC file"):
        read(b"some text\n")
    assert read(b"") == []


def test_names_records_that_are_not_text() -> None:
    report = ReportBuilder()
    data = page(b"\0\1\2" * 50, content_type="text/plain") + record("response", b"<p>no header") + page()
    assert len(read(data, report)) == 1
    assert [(skipped.row, skipped.reason) for skipped in report.skipped] == [
        (0, "http://a/: binary (contains NUL bytes)"),
        (1, "http://a/: not an HTTP response: it has no status line"),
    ]


def test_the_declaration_of_http_precedes_that_of_the_page() -> None:
    body = "<meta charset=iso-8859-1><p>Привет".encode("cp1251")
    assert read(page(body, content_type="text/html; charset=windows-1251"))[0]["text"] == "Привет"
    assert read(page("<p>café".encode(), content_type="text/html; charset=iso-8859-1"))[0]["text"] == "café"
    text = "naïve café".encode("latin-1")
    assert read(page(text, content_type='text/plain; charset="ISO-8859-1"'))[0]["text"] == "naïve café"


def test_recognises_pages_without_a_type() -> None:
    data = record("response", b"HTTP/1.1 200 OK\r\n\r\n<!DOCTYPE html><p>Text")
    assert read(data)[0]["text"] == "Text"
    identified = {"WARC_Identified_Payload_Type": "text/html"}
    data = record("response", http(b"<p>Text", content_type=""), **identified)
    assert read(data)[0]["text"] == "Text"


def test_reads_cut_content_only_if_the_crawler_cut_it() -> None:
    body = http(gzip.compress(b"<p>" + b"text " * 5000)[:-20], Content_Encoding="gzip")
    report = ReportBuilder()
    assert read(record("response", body), report) == []
    assert "cut off" in report.skipped[0].reason
    report = ReportBuilder()
    [values] = read(record("response", body, WARC_Truncated="length"), report)
    assert values["text"].startswith("text text")
    assert report.build().notes == ("a.warc: texts that the crawler cut off (WARC-Truncated): 1",)


def test_reads_languages_of_wet_records() -> None:
    assert read(conversion("Text", WARC_Identified_Content_Language="eng"))[0]["language"] == "eng"


@given(st.binary(max_size=500), st.integers(1, 99))
def test_joins_chunks(body: bytes, size: int) -> None:
    assert join_chunks(chunked(body, size)) == (body, None)
    assert join_chunks(chunked(body, size).replace(b"\r\n", b";name=value\r\n", 1)) == (body, None)


@given(st.binary(min_size=1, max_size=500), st.integers(1, 99), st.data())
def test_names_missing_chunks(body: bytes, size: int, data: st.DataObject) -> None:
    sent = chunked(body, size)
    cut = data.draw(st.integers(4 + size.bit_length(), len(sent)))
    found, problem = join_chunks(sent[:cut])
    if b"\n" in sent[:cut] and problem is None:
        assert found == body or found == sent[:cut]
    elif problem is not None:
        assert body.startswith(found)


def encoded(body: bytes, encoding: str, **headers: str) -> tuple[bytes, str | None]:
    return decode_body(Response(200, {"content-encoding": encoding, **headers}, body))


RAW_DEFLATE = zlib.compressobj(wbits=-15)
RAW = RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("x-gzip", gzip.compress(PAGE, mtime=0)),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0)),
        ("gzip", PAGE),
        ("br", PAGE),
        ("deflate", PAGE),
        ("zstd", PAGE),
        ("utf-8", PAGE),
        ("identity", PAGE),
        ("deflate", RAW),
        ("deflate", zlib.compress(PAGE)),
        ("gzip", gzip.compress(PAGE, mtime=0) + b"garbage"),
        ("GZIP", gzip.compress(PAGE, mtime=0)),
        ("br", brotli.compress(PAGE)),
        ("gzip", b""),
    ],
)
def test_undoes_encodings_that_are_applied(encoding: str, body: bytes) -> None:
    assert encoded(body, encoding) == (PAGE if body else b"", None)


def test_undoes_no_chunks_that_were_joined_already() -> None:
    assert encoded(PAGE, "", **{"transfer-encoding": "chunked"}) == (PAGE, None)


def test_undoes_large_contents_in_pieces() -> None:
    body = b"a" * 5_000_000
    assert encoded(brotli.compress(body), "br") == (body, None)
    found, problem = encoded(brotli.compress(body)[:-2], "br")
    assert body.startswith(found)
    assert problem is not None


def test_refuses_unknown_encodings() -> None:
    with pytest.raises(Unreadable, match="compress"):
        encoded(b"\x1f\x9d", "compress")


@given(st.binary(max_size=99))
def test_parses_any_headers(block: bytes) -> None:
    assert all(name == name.strip().lower() for name in parse_headers(block))
    if block.startswith(b"HTTP/"):
        parse_response(b"HTTP/1.1 200\r\n" + block)


@pytest.mark.parametrize(
    ("block", "status", "body"),
    [
        (b"HTTP/1.1 200\r\n\r\nabc", 200, b"abc"),
        (b"HTTP/1.0 404 Not Found\nA: b\n\nabc", 404, b"abc"),
        (b"HTTP/2 200 \r\nno colon\r\n\r\n", 200, b""),
        (b"HTTP/1.1 200 OK\r\nA: b", 200, b""),
    ],
)
def test_parses_unusual_responses(block: bytes, status: int, body: bytes) -> None:
    found = parse_response(block)
    assert (found.status, found.body) == (status, body)
