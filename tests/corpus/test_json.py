"""Read JSON in the layouts of real files; damaged values are reported, and the others are read."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.corpus.formats import json as reader
from dedup.corpus.formats.json import read_json, read_jsonl
from dedup.corpus.json import wrapped
from dedup.corpus.json.values import (
    SPACE,
    SPACE_AND_COMMA,
    InvalidJson,
    JsonDecoder,
    JsonText,
    Value,
    parse_all,
)
from dedup.corpus.json.wrapped import choose_wrapped
from dedup.corpus.records import Record
from dedup.corpus.report import ReportBuilder, Unreadable

READERS = {"json": read_json, "jsonl": read_jsonl}


def read(data: bytes | str, kind: str = "json", **options: Any) -> tuple[list[Record], ReportBuilder]:
    content = data.encode() if isinstance(data, str) else data
    report = ReportBuilder()
    records = READERS[kind](io.BufferedReader(io.BytesIO(content), 1 << 20), "f", report, **options)  # type: ignore[arg-type]
    return list(records), report


def rows(data: bytes | str, kind: str = "json", **options: Any) -> list[tuple[int | None, Any]]:
    return [(record.line, record.values.get("text")) for record in read(data, kind, **options)[0]]


def skips(report: ReportBuilder) -> list[tuple[int | None, str]]:
    return [(item.line, item.reason) for item in report.skipped]


# Layouts.

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
objects = st.builds(lambda rest, text: {**rest, "text": text}, st.dictionaries(texts, values, max_size=3), texts)
spaces = st.sampled_from(["", " ", "\n", "\r\n", "\t", "\n\n", " \n  "])


def write(
    records: list[dict[str, Any]], layout: str, options: dict[str, Any], space: Callable[[], str]
) -> tuple[str, list[int]]:
    """Write objects in a layout; return the text and the first line of each object."""
    parts, lines = [], []
    before, between, after = {
        "lines": ("", "\n", "\n"),
        "lines with commas": ("", ",\n", "\n"),
        "no space": ("", "", ""),
        "sequence": ("\x1e", "\n\x1e", "\n"),
        "array": ("[", ",", "]"),
        "array on lines": ("[\n", ",\n", "\n]\n"),
        "wrapped": ('{"status": "ok", "data": [', ",", '], "total": 3}'),
        "wrapped twice": ('{"n": 1, "response":\n {"docs": [', ",\n", ']},\n"total": {"x": [1]}}'),
        "arrays": ("[", "]\n[", "]"),
    }[layout]
    on_lines = layout in ("lines", "lines with commas", "sequence")
    parts.append(before)
    for number, record in enumerate(records):
        parts.append(between if number else "")
        parts.append("" if on_lines and not options.get("indent") else space())
        lines.append("".join(parts).count("\n") + 1)
        parts.append(json.dumps(record, **options))
    return "".join([*parts, after]), lines


LAYOUTS = ["lines", "lines with commas", "no space", "sequence", "array", "array on lines", "arrays"]
WRAPPED = ["wrapped", "wrapped twice"]


@given(
    st.lists(objects, min_size=1, max_size=5),
    st.sampled_from([*LAYOUTS, *WRAPPED]),
    st.fixed_dictionaries({"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 0, 1, "\t"])}),
    st.sampled_from(["json", "jsonl"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.data(),
)
def test_each_layout_gives_the_same_rows(
    records: list[dict[str, Any]], layout: str, options: dict[str, Any], kind: str, encoding: str, data: st.DataObject
) -> None:
    text, lines = write(records, layout, options, lambda: data.draw(spaces))
    found, report = read(text.encode(encoding), kind)
    assert [record.values for record in found] == records
    assert [record.line for record in found] == lines
    assert [record.row for record in found] == list(range(len(records)))
    assert report.skipped == []
    assert bool(report.build().notes) == (layout in WRAPPED)


@given(
    st.lists(objects, min_size=1, max_size=4),
    st.sampled_from([*LAYOUTS, *WRAPPED]),
    st.sampled_from([None, 1]),
    st.integers(1, 9),
)
def test_blocks_do_not_change_the_rows(
    records: list[dict[str, Any]], layout: str, indent: int | None, size: int
) -> None:
    text, lines = write(records, layout, {"indent": indent}, lambda: "\n ")

    def cut(stream: object, report_guess: object, report_replaced: object) -> Iterator[str]:
        del stream, report_guess, report_replaced
        yield from (text[at : at + size] for at in range(0, len(text), size))
        yield ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "decode_blocks", cut)
        if layout in WRAPPED:
            patch.setattr(wrapped, "_WHOLE_OBJECT_CHARACTERS", 60)  # their records are found in a part of them
        patch.setattr(reader, "has_objects_on_lines", lambda *_, **__: False)
        found, report = read(text)
    assert [(record.line, record.values) for record in found] == list(zip(lines, records, strict=True))
    assert report.skipped == []


@given(st.lists(objects, min_size=2, max_size=6))
def test_lines_are_read_as_the_standard_library_reads_them(records: list[dict[str, Any]]) -> None:
    data = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    found, _ = read(data, "jsonl")
    assert [record.values for record in found] == [json.loads(line) for line in data.split("\n")[:-1]]
    assert [record.size for record in found] == [len(line) + 1 for line in data.encode().split(b"\n")[:-1]]


json_lines = st.lists(
    st.sampled_from(
        [
            *[
                '{"text": "a"}',
                '{"text": "b", "text": "c"}',
                '{"text": "x\ty"} ',
                ' {"text": "d"}',
                '{"text": "e"},',
                "[1]",
            ],
            *[
                '{"text": "f"}{"text": "g"}',
                '{"text": "cut',
                'cut"}',
                '{"text": "h"}\r',
                "",
                "nonsense",
                '\x1e{"text": "i"}',
            ],
            *['\x1e{"text": "i"}', '{"a": [', '{"text": ', '"j"}', '{"n": ' + "9" * 5000 + "}", '{"n": ' + "[" * 2000],
        ]
    ),
    max_size=8,
)


@given(json_lines)
def test_the_fast_path_of_lines_changes_nothing(lines: list[str]) -> None:
    data = "\n".join(['{"text": "0"}', '{"text": "1"}', *lines])
    found, report = read(data, "jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_LINE_ENDS", ())  # each line takes the slow path
        again, again_report = read(data, "jsonl")
    assert [record._replace(size=0) for record in again] == [record._replace(size=0) for record in found]
    assert again_report.skipped == report.skipped


# Damage.

edits = st.lists(
    st.tuples(st.sampled_from(["replace", "insert", "delete"]), st.integers(0, 10_000), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


def damage(data: bytes, changes: list[tuple[str, int, int]]) -> bytes:
    damaged = bytearray(data)
    for change, place, byte in changes:
        at = place % len(damaged)
        if change == "insert":
            damaged.insert(at, byte)
        elif change == "delete":
            del damaged[at]
        else:
            damaged[at] = byte
    return bytes(damaged)


def is_named(report: ReportBuilder, line: int) -> bool:
    for item in report.skipped:
        assert item.line is not None
        covered = re.search(r"lines (\d+) to (\d+) were not read", item.reason)
        last = int(covered[2]) if covered else line if "from here on" in item.reason else item.line
        if item.line <= line <= last:
            return True
    return False


@given(
    st.integers(1, 8),
    edits,
    st.sampled_from(["lines", "array on lines", "indented array"]),
    st.sampled_from([*READERS]),
)
@example(3, [("insert", 40, 10)], "lines", "jsonl")
def test_undamaged_lines_are_read_or_named(
    count: int, changes: list[tuple[str, int, int]], layout: str, kind: str
) -> None:
    records = [
        {"id": number, "text": f"{number} [bridge] {{over}} \u00e9, \t river", "n": [1, {"a": 2}]}
        for number in range(count)
    ]
    if layout == "indented array":
        data = json.dumps(records, indent=2).encode()
    else:
        data = write(records, layout, {}, str)[0].encode()
    damaged = damage(data, changes)
    try:
        found, report = read(damaged, kind)
    except (Unreadable, UnicodeDecodeError):
        return  # the loader reports these as skipped
    by_line = {record.line: record.values for record in found}
    for number, line in enumerate(damaged.split(b"\n"), 1):
        original = next((record for record in records if json.dumps(record).encode() == line.strip(b", ")), None)
        if original is not None:
            assert by_line.get(number) == original or is_named(report, number)
    assert all(record.row >= 0 for record in found)


def test_broken_values_are_named_and_the_next_ones_are_read() -> None:
    found, report = read('{"text": "a"}\n{"text": b}\nnonsense\n{"text": "c"}\n{"text": "d', "jsonl")
    assert [(record.row, record.line, record.values["text"]) for record in found] == [(0, 1, "a"), (3, 4, "c")]
    assert [line for line, _ in skips(report)] == [2, 3, 5]
    found, report = read('[\n  {"text": "a"},\n  {"text": b},\n  {"text": "c"}\n]')
    assert [record.line for record in found] == [2, 4]
    assert [line for line, _ in skips(report)] == [3]
    indented = json.dumps([{"text": text, "list": [{"text": "inner"}]} for text in "abc"], indent=1)
    found, report = read(indented.replace('"b"', "b"))
    assert [record.values["text"] for record in found] == ["a", "c"]
    [(line, reason)] = skips(report)
    assert line == 10
    assert "lines 10 to 17" in reason


def test_objects_in_a_broken_object_are_not_read_as_rows() -> None:
    flat = json.dumps([{"text": text, "list": [{"text": "inner"}]} for text in "abc"], indent=0)
    found, report = read(flat.replace('"b"', "b"))  # without indentation, inner objects look like rows
    assert [record.values["text"] for record in found] == ["a"]
    assert "not read from here on" in skips(report)[0][1]


def test_a_string_with_line_breaks_is_joined() -> None:
    found, report = read('{"text": "a"}\n{"text": "b\n\nc"}\n{"text": "d"}\n', "jsonl")
    assert [(record.line, record.values["text"]) for record in found] == [(1, "a"), (2, "b\n\nc"), (5, "d")]
    assert "control characters" in report.build().notes[0]


@pytest.mark.parametrize("kind", READERS)
def test_a_file_that_begins_in_the_middle(kind: str) -> None:
    found, report = read('cut"}\n{"text": "a"}\n{"text": "b"}\n', kind)
    assert [record.line for record in found] == [2, 3]
    assert [line for line, _ in skips(report)] == [1]
    found, report = read('{"text": "cu\n{"text": "a"}\n{"text": "b"}\n', kind)
    assert [record.line for record in found] == [2, 3]
    assert [line for line, _ in skips(report)] == [1]


def test_indented_objects_among_lines() -> None:
    found, report = read('{"text": "a"}\n{\n "text": "b",\n "x": {\n  "y": 1\n }\n}\n{"text": "c"}\n', "jsonl")
    assert [(record.line, record.values["text"]) for record in found] == [(1, "a"), (2, "b"), (8, "c")]
    assert report.skipped == []


def test_files_joined_with_byte_order_marks() -> None:
    assert rows("\ufeff" + '{"text": "a"}\n{"text": "b"}\n\ufeff{"text": "c"}\n', "jsonl") == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
    ]
    assert rows('\ufeff[{"text": "a"}]\n\ufeff[{"text": "b"}]') == [(1, "a"), (2, "b")]


# What is not strict JSON.


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("character", ["\t", "\v", "\x00", "\x1f", "\r"])
def test_unescaped_control_characters_are_read_and_noted(character: str, kind: str) -> None:
    lines = [f'{{"text": "a{character}b"}}', '{"text": "c"}']
    for data in ("\n".join(lines), f"[{','.join(lines)}]"):
        found, report = read(data, kind)
        assert [record.values["text"] for record in found] == [f"a{character}b", "c"]
        assert report.skipped == []
        assert ["in 1 value" in note for note in report.build().notes] == [True]


def test_repeated_keys_are_noted() -> None:
    found, report = read('{"text": "a", "x": {"k": 1, "k": 2}}\n{"text": "b"}\n{"text": "c", "text": "d"}\n')
    assert [record.values["text"] for record in found] == ["a", "b", "d"]
    assert report.build().notes == ("f: in 2 objects, a key occurs twice (such as `k`); the last value was read",)


def test_numbers_are_kept() -> None:
    found, _ = read('{"text": "a", "x": 123456789012345678901234567890}\n{"text": "b", "x": Infinity}\n')
    assert [record.values["x"] for record in found] == [123456789012345678901234567890, float("inf")]


# Records in an object.


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"data": [{"text": "a"}]}, ("data",)),
        ({"response": {"docs": [{"body": "a"}], "start": 0}}, ("response", "docs")),
        ({"hits": {"total": 1, "hits": [{"_id": "1", "_source": {"content": "a"}}]}}, ("hits", "hits")),
        ({"features": [{"name": "x"}], "rows": [{"row": {"text": "a"}}]}, ("rows",)),
        ({"status": "ok", "results": [{"abstract": "a"}]}, ("results",)),
        ({"text": "x", "comments": [{"text": "a"}]}, None),
        ({"posts": [{"text": "a"}], "comments": [{"text": "a"}]}, None),
        ({"story": "long " * 50, "images": [{"url": "a"}]}, None),
        ({"a": {"b": {"c": {"d": [{"text": "a"}]}}}}, None),
        ({"a": [], "status": "ok"}, None),
        ({"tags": ["a", "b"]}, None),
        ([{"text": "a"}], None),
    ],
)
def test_records_in_an_object(value: Any, path: tuple[str, ...] | None) -> None:
    found = choose_wrapped(value, None)
    assert (found and found.path) == path


def test_the_named_column_decides_what_the_record_is() -> None:
    data = json.dumps({"story": "a", "images": [{"caption": "b"}]})
    assert [record.values for record in read(data)[0]] == [{"caption": "b"}]
    assert [record.values for record in read(data, text_column="caption")[0]] == [{"caption": "b"}]
    assert [list(record.values) for record in read(data, text_column="story")[0]] == [["story", "images"]]
    data = json.dumps({"page": {"story": "a"}, "images": [{"caption": "b"}]})
    assert [list(record.values) for record in read(data, text_column="page.story")[0]] == [["page", "images"]]


def test_note_of_wrapped_records() -> None:
    data = {"status": "ok", "data": [{"_id": 1, "id": 2, "_source": {"id": 3, "text": "a"}}, {"x": 1}], "total": 2}
    found, report = read(json.dumps(data))
    assert [record.values for record in found] == [{"id": 3, "text": "a", "_id": 1, "outer_id": 2}]
    assert report.build().notes == (
        "f: the records are those under `data._source`; what is beside them is not carried: `status`, `total`",
    )
    assert [(item.row, item.reason) for item in report.skipped] == [(1, "null, not an object")]


def test_several_objects_around_records_are_left_alone() -> None:
    page = json.dumps({"data": [{"text": "a"}]})
    found, report = read(f"{page}\n{page}\n")
    assert [list(record.values) for record in found] == [["data"], ["data"]]
    assert report.build().notes == ()


@pytest.mark.parametrize("indent", [None, 1])
def test_a_long_object_is_read_from_its_list(indent: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapped, "_WHOLE_OBJECT_CHARACTERS", 1 << 10)
    records = [{"text": f"{number} " + "x" * 500} for number in range(9000)]
    value = {"features": [{"name": "x"}], "page": {"size": 1}, "data": records, "comments": [{"text": "no"}], "n": 1}
    found, report = read(json.dumps(value, indent=indent))
    assert [record.values for record in found] == records
    assert len(report.build().notes) == 1
    assert "not carried: `features`, `page`, `comments`, `n`" in report.build().notes[0]
    assert [reason for _, reason in skips(report)] == [
        "`comments` was not read, since the records are those under `data`"
    ]


def test_a_damaged_list_of_records_is_named() -> None:
    data = json.dumps({"data": [{"text": "a"}, {"text": "b"}]}).replace('"b"', "b")
    found, report = read(data)
    assert [list(record.values) for record in found] == []
    assert "not read from here on" in skips(report)[0][1]


# Long files.


def test_time_is_linear_in_the_length_of_a_value() -> None:
    long = {"text": "a" * 3_000_000, "list": [{"x": number} for number in range(50_000)]}
    data = json.dumps([long, {"text": "b"}], indent=1)
    assert [(record.values["text"][:1]) for record in read(data)[0]] == ["a", "b"]
    cut = '{"text": "a"}\n{"text": "b"}\n' + '{"x": [\n' * 20_000
    found, report = read(cut, "jsonl")
    assert len(found) == 2
    assert len(report.skipped) == 20_000


@given(st.lists(st.sampled_from(['{"a": 1}', "[", "]", '"x', "{", "}", ",", "\n", " ", "1", "\x1e"]), max_size=12))
def test_blocks_do_not_change_the_values(parts: list[str]) -> None:
    text = "".join(parts)
    found, error = parse_all(JsonDecoder(), text)
    blocks = JsonText(iter([*text, ""]))  # one character at a time
    again: list[Value] = []
    with contextlib.suppress(InvalidJson):
        while blocks.peek(SPACE_AND_COMMA if again else SPACE):
            again.append(blocks.parse())
        assert error is None
    assert again == found
