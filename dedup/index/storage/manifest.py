"""The manifest of an index: its version, settings and segments. A commit replaces it in one step."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dedup.errors import IndexDamaged, IndexFolderError, IndexMismatch, NotAnIndex, SettingsError
from dedup.index.storage.layout import KEY_FILES, MANIFEST_FILE, MANIFEST_PART, TEXTS_FILE, UNIT_FILES, UnitKind
from dedup.kernels.text.folding import TOKEN_RULES
from dedup.runtime.storage.paths import parse_remote
from dedup.settings import Settings, option_name

FORMAT = 1
"""Version of the files of an index."""
HASH_RULES = 1
"""Version of the hashes of tokens, shingles, bands and texts; a test compares it with the hashes of a known text."""
_RULES = {"token_rules": TOKEN_RULES, "hash_rules": HASH_RULES}
_NAMES = {
    "shingle_documents": "--shingle for documents",
    "shingle_paragraphs": "--shingle for paragraphs",
    "permutations": "permutations",
}
_REBUILD = "Build the index again with dedup index add, in another folder."


@dataclass(frozen=True)
class FileRecord:
    """The record of a file in the manifest, by which changes are detected."""

    rows: int
    """Number of rows."""
    bytes: int
    """Its size."""
    footer: int
    """CRC-32 of the metadata at its end; the pages have their own checksums."""


@dataclass(frozen=True)
class Segment:
    """The record of an addition or a compaction in the manifest."""

    name: str
    """Name of its folder: the version that made it, six digits."""
    documents: int
    """Number of documents that were added, kept or not."""
    files: dict[str, FileRecord]
    """Its files by name."""

    @property
    def kept_documents(self) -> int:
        """Number of kept documents."""
        return self.files[TEXTS_FILE].rows

    @property
    def bytes(self) -> int:
        """Size of its files."""
        return sum(file.bytes for file in self.files.values())

    @property
    def inputs(self) -> int:
        """Number of inputs that were read."""
        return self.files[KEY_FILES["inputs"]].rows

    def units(self, kind: UnitKind) -> int:
        """Return the number of stored units."""
        file = self.files.get(UNIT_FILES[kind])
        return file.rows if file else 0


@dataclass(frozen=True)
class Manifest:
    """A version of an index."""

    version: int
    """Number of commits so far."""
    settings: Settings
    """Settings of the first addition, which hold for all others."""
    segments: tuple[Segment, ...]
    """Segments in the order in which their documents were added."""
    created: str
    """When the first version was committed, in ISO 8601, UTC."""
    updated: str
    """When this version was committed."""

    @property
    def documents(self) -> int:
        """Number of documents that were added, kept or not: the rank of the next one."""
        return sum(segment.documents for segment in self.segments)

    @property
    def kept_documents(self) -> int:
        """Number of kept documents."""
        return sum(segment.kept_documents for segment in self.segments)

    @property
    def inputs(self) -> int:
        """Number of inputs that were read."""
        return sum(segment.inputs for segment in self.segments)

    def units(self, kind: UnitKind) -> int:
        """Return the number of stored units: the number of the next one."""
        return sum(segment.units(kind) for segment in self.segments)

    def next(self, segments: Iterable[Segment]) -> "Manifest":
        """Return the next version, with other segments."""
        return Manifest(self.version + 1, self.settings, tuple(segments), self.created or _now(), _now())

    def to_dict(self) -> dict[str, Any]:
        """Return the content of ``manifest.json``."""
        totals = {"documents": self.documents, "kept_documents": self.kept_documents, "inputs": self.inputs}
        return {
            "dedup": "index",
            "format": FORMAT,
            "version": self.version,
            "created": self.created,
            "updated": self.updated,
            "versions": {"dedup": version("dedup-text"), **_RULES},
            "fingerprint": self.settings.fingerprint(),
            "settings": asdict(self.settings),
            "totals": totals | {"paragraphs": self.units("paragraphs")},
            "segments": [asdict(segment) for segment in self.segments],
        }


def new_manifest(settings: Settings) -> Manifest:
    """Return the manifest of an index before its first commit: version 0, without segments."""
    return Manifest(0, settings, (), "", "")


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of an index.

    Args:
        folder: The index.

    Raises:
        IndexFolderError: The folder is in an object store.
        NotAnIndex: There is no index.
        IndexDamaged: The manifest cannot be read.
        IndexMismatch: Another version of dedup wrote it.
    """
    check_local(folder)
    path = folder / MANIFEST_FILE
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        reason = "it is a file" if folder.is_file() else "there is no such folder"
        reason = f"it has no {MANIFEST_FILE}" if folder.is_dir() else reason
        raise NotAnIndex(
            f"{folder} is not an index: {reason}. Name an index, or create it with dedup index add."
        ) from None
    except OSError as error:
        raise IndexDamaged(
            f"{path} cannot be read: {error.strerror}. Check the permissions of the folder and the disk."
        ) from None
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(content, dict) or content.get("dedup") != "index":
        raise NotAnIndex(f"{folder} is not an index: dedup did not write its {MANIFEST_FILE}. Name another folder.")
    _check_versions(folder, content)
    try:
        return _parse(content)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, SettingsError):
        raise _damaged(path) from None


def manifest_identity(folder: Path) -> tuple[int, int]:
    """Return numbers that identify a manifest of the index; (0, 0) if there is none."""
    try:
        found = (folder / MANIFEST_FILE).stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def check_local(folder: Path) -> None:
    """Raise IndexFolderError if a folder is in an object store."""
    if parse_remote(folder) is not None:
        raise IndexFolderError(f"{folder} is in an object store; an index is a local folder. Copy it to a local disk.")


def _damaged(path: Path) -> IndexDamaged:
    return IndexDamaged(
        f"{path} is damaged: it does not describe an index. Restore it from a copy, or {_lower(_REBUILD)}"
    )


def _lower(sentence: str) -> str:
    """Return a sentence with its first letter in lower case, to continue another one."""
    return sentence[0].lower() + sentence[1:]


def _check_versions(folder: Path, content: dict[str, Any]) -> None:
    """Raise IndexMismatch if other rules made the index."""
    versions = content.get("versions")
    stored = versions if isinstance(versions, dict) else {}
    pairs = [("format of index files", content.get("format"), FORMAT)]
    pairs += [(name.replace("_", " "), stored.get(name), ours) for name, ours in _RULES.items()]
    differences = [f"version {theirs} of the {name}, not {ours}" for name, theirs, ours in pairs if theirs != ours]
    settings = content.get("settings")
    if isinstance(settings, dict) and (others := settings.keys() ^ {item.name for item in fields(Settings)}):
        differences.append(f"other settings ({', '.join(sorted(others))})")
    if differences:
        raise IndexMismatch(
            f"{folder} was written by dedup {stored.get('dedup')}, which has {' and '.join(differences)}. Use that "
            f"version of dedup. Or: {_lower(_REBUILD)}"
        )


def _parse(content: dict[str, Any]) -> Manifest:
    """Return a manifest; raise an error if it is not one that `prepare_manifest` writes."""
    segments = tuple(
        Segment(
            str(item["name"]),
            int(item["documents"]),
            {
                name: FileRecord(**{key: int(value) for key, value in file.items()})
                for name, file in item["files"].items()
            },
        )
        for item in content["segments"]
    )
    settings, times = Settings(**content["settings"]), (str(content["created"]), str(content["updated"]))
    manifest = Manifest(int(content["version"]), settings, segments, *times)
    # Numbers of units and documents are sums over the segments: a wrong count would shift all that follow.
    expected = json.loads(json.dumps(manifest.to_dict()))
    if expected != {**content, "versions": expected["versions"]}:
        raise ValueError("the types, the totals or the fingerprint do not fit")
    return manifest


def prepare_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest under a temporary name."""
    with (folder / MANIFEST_PART).open("w", encoding="utf-8") as file:
        file.write(json.dumps(manifest.to_dict(), indent=1, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    sync(folder)


def replace_manifest(folder: Path) -> None:
    """Put the prepared manifest in place of the previous one, in one step that is on disk when this returns."""
    (folder / MANIFEST_PART).replace(folder / MANIFEST_FILE)
    sync(folder)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def differing_settings(stored: Settings, wanted: Settings, names: Iterable[str]) -> str:
    """Return which settings differ from those of an index, for a message; "" if all are equal.

    Args:
        stored: Settings of the index.
        wanted: Settings of a run.
        names: Fields of `Settings` that matter.

    >>> differing_settings(Settings(), Settings(threshold=0.9, shingle_documents=4), ["threshold", "shingle_documents"])
    '--threshold is 0.9, but 0.8 in the index; --shingle for documents is 4, but 5 in the index'
    """
    return "; ".join(
        f"{_NAMES.get(name, option_name(name))} is {_show(getattr(wanted, name))}, but {_show(getattr(stored, name))} "
        "in the index"
        for name in names
        if getattr(wanted, name) != getattr(stored, name)
    )


def _show(value: object) -> str:
    """Return a value of an option as a user writes it."""
    if value is None or value == () or isinstance(value, bool):
        return "on" if value is True else "not given"
    return ", ".join(map(repr, value)) if isinstance(value, tuple) else str(value)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
