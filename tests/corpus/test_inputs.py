"""Test how inputs are named: lists of paths, and paths that would be read twice."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

import dedup
from dedup.cli.commands import cli
from dedup.corpus.files import InputFile
from dedup.corpus.inputs import _NamedPath, _refuse_overlaps, parse_list, real_path, resolve_inputs
from dedup.corpus.report import ReportBuilder
from dedup.errors import InputError

PATHS = st.text(st.characters(exclude_characters="\0\n\r", exclude_categories=["Cs"]), min_size=1)


@given(st.lists(PATHS), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_lists_of_lines_are_read_back(paths: list[str], end: str, encoding: str) -> None:
    content = "".join(path + end for path in paths).encode(encoding)
    expected = [
        (number, path) for number, path in enumerate(paths, 1) if path.encode().strip() and not path.startswith("#")
    ]
    assert list(parse_list(content)) == expected or "\ufeff" in paths[0]


@given(st.lists(st.binary(min_size=1).filter(lambda path: b"\0" not in path), min_size=1))
@example([b"# a\n", b" "])
def test_lists_with_nul_are_taken_literally(paths: list[bytes]) -> None:
    content = b"\0".join(paths) + b"\0"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        assert [os.fsencode(path) for _, path in parse_list(content)] == paths


def test_a_list_without_line_breaks_has_one_path() -> None:
    assert list(parse_list(b"a\r")) == [(1, "a\r")]
    assert list(parse_list(b"a\r\nb")) == [(1, "a"), (2, "b")]
    assert list(parse_list(b"a\r\nb\nc\r\n")) == [(1, "a\r"), (2, "b"), (3, "c\r")]
    assert list(parse_list(b"")) == []


@pytest.fixture(name="folder")
def make_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with files."""
    monkeypatch.chdir(tmp_path)
    for name in ("c.txt", "a.txt", "sub/b.txt", "sub/.hidden", "#d", "@e", " f "):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(f"text of {name}")
    return tmp_path


def paths_of(*inputs: str | Path) -> list[str]:
    return dedup.clean(list(inputs)).clean["path"].to_pylist()  # type: ignore[no-any-return]


def test_files_are_read_in_the_order_of_the_list(folder: Path) -> None:
    Path("list").write_text("# comment\nsub\n\nc.txt\r\n./#d\na.txt\n@e\n f \n".replace("\r", ""))
    expected = ["sub/b.txt", "c.txt", "./#d", "a.txt", "@e", " f "]
    assert paths_of("@list") == expected
    assert paths_of(f"@{folder}/list") == expected
    Path("list").write_bytes(b"#d\0sub/b.txt\0")
    assert paths_of("@list") == ["#d", "sub/b.txt"]
    Path("list").write_text("sub/b.txt\n")
    assert paths_of("@list") == ["sub/b.txt"]


@pytest.mark.usefixtures("folder")
def test_a_name_that_starts_with_an_at_sign_is_a_path_if_it_is_not_a_string() -> None:
    assert paths_of(Path("@e")) == ["@e"]
    assert paths_of("./@e") == ["@e"]
    with pytest.raises(InputError, match=r'e cannot be read as a list .* is named "./@e"'):
        paths_of("@e")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a.txt\nnone.txt\n", r"none.txt \(line 2 of list\) does not exist"),
        ("a.txt\n./a.txt\n", r"\./a.txt \(line 2 of list\) is the same as a.txt \(line 1 of list\)"),
        ("sub/b.txt\nsub\n", r"sub/b.txt \(line 1 of list\) is the same as sub \(line 2 of list\) or is contained"),
        ("-\n", 'Line 1 of list is "-"'),
        ("# nothing\n", "Nothing to read in @list"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_names_what_is_wrong_in_a_list(content: str, message: str) -> None:
    Path("list").write_text(content)
    with pytest.raises(InputError, match=message):
        dedup.scan("@list")


def test_the_command_line_takes_lists(folder: Path) -> None:
    Path("list").write_text("c.txt\na.txt\n")
    run = CliRunner().invoke
    for arguments, listed in (
        (["--files-from", "list", "sub"], None),
        (["sub", "@list"], None),
        (["--files-from", "-", "sub"], "c.txt\na.txt\n"),
        (["sub", "@-"], "c.txt\0a.txt"),
    ):
        out = folder / "out"
        result = run(cli, ["clean", "-q", "--overwrite", "-o", str(out), *arguments], input=listed)
        assert (result.exit_code, result.stderr) == (0, "")
        assert [path for batch in dedup.restore(out) for path in batch["path"].to_pylist()] == [
            "sub/b.txt",
            "c.txt",
            "a.txt",
        ]
    assert "Missing argument 'PATH…'" in run(cli, ["scan"]).stderr
    assert "named twice" in run(cli, ["scan", "-", "@-"], input="a.txt").stderr
    assert "No such option" not in run(cli, ["align", "--files-from", "list"]).stderr


NAMED = st.lists(st.lists(st.sampled_from(["a", "b", "ab", "é"]), max_size=4).map("/".join), max_size=6)


@given(NAMED)
def test_overlaps_are_found_as_by_comparing_all_pairs(paths: list[str]) -> None:
    def contains(outer: str, inner: str) -> bool:
        return Path(inner).resolve().is_relative_to(Path(outer).resolve())

    expected = any(contains(left, right) or contains(right, left) for left, right in combinations(paths, 2))
    try:
        _refuse_overlaps([_NamedPath(path) for path in paths])
    except InputError:
        assert expected
    else:
        assert not expected


@given(st.lists(st.sampled_from(["link", "a", "..", ".", "", "file", "none"]), max_size=5).map("/".join))
def testreal_paths_are_those_of_the_system(path: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as temp:
        Path(temp, "a/a").mkdir(parents=True)
        Path(temp, "a/link").symlink_to("..")
        Path(temp, "link").symlink_to("a")
        Path(temp, "a/file").symlink_to("a")
        folders: dict[str, str] = {}
        for _ in range(2):
            assert real_path(f"{temp}/{path}", folders) == os.path.realpath(f"{temp}/{path}").rstrip("/")


def test_many_listed_files_are_one_list_that_is_read_together(tmp_path: Path) -> None:
    names = [f"{number}.txt" for number in range(2000)]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "list").write_text("".join(f"{tmp_path / name}\n" for name in names))
    [files] = resolve_inputs([f"@{tmp_path / 'list'}"], [], ReportBuilder())
    assert isinstance(files, list)
    assert [Path(file.path).name for file in files] == names
    assert all(isinstance(file, InputFile) for file in files)


def test_a_path_with_nul_does_not_exist() -> None:
    with pytest.raises(InputError, match="does not exist"):
        dedup.scan("a\0b")
