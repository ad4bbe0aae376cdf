"""Open a file somebody hands us: bounded in size, never unpacked to disk, one line when it is not what it should be."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from advocacy.core import clock
from advocacy.core.errors import RuleBroken

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

MAX_FILE = 120 * 1024 * 1024
MAX_PLAIN = 400 * 1024 * 1024
MAX_IN_MEMORY = 150 * 1024 * 1024
"""Of a single file, which is held whole; the largest real one, all House lines in full, has about 110."""
MAX_MEMBERS = 64
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_CHUNK = 1024 * 1024


class PackRefused(RuleBroken):
    """A pack file that cannot be taken in; the message is one line that names the file or the row."""


@dataclass(frozen=True)
class PackFile:
    """A file in memory, unpacked when it was gzipped."""

    name: str
    data: bytes
    sha256: str
    changed_on: date

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip archive."""
        return self.data[:4] == _ZIP


def read(path: Path) -> PackFile:
    """Read a file, through gzip where it is so packed.

    Raises: PackRefused when it is missing, empty or too large.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise PackRefused(f"{path.name}: not a file")
        if size > MAX_FILE:
            raise PackRefused(f"{path.name}: larger than {MAX_FILE // 1024 // 1024} MB")
        data = path.read_bytes()
        changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a usable name"
        raise PackRefused(f"{path.name}: {reason}") from None
    digest = hashlib.sha256(data).hexdigest()
    if data[:2] == _GZIP:
        data = _gunzip(path.name, data)
    if not data.strip():
        raise PackRefused(f"{path.name}: empty")
    return PackFile(path.name, data, digest, min(changed, clock.now().date()))


def _gunzip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()  # gives its bytes without a copy
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)
                if out.tell() > _most():
                    raise _too_much(name)
    except (OSError, EOFError, zlib.error):
        raise PackRefused(f"{name}: damaged gzip data") from None
    return out.getvalue()


def _most() -> int:
    return min(MAX_PLAIN, MAX_IN_MEMORY)


def _too_much(name: str) -> PackRefused:
    return PackRefused(f"{name}: unpacks to more than {_most() // 1024 // 1024} MB")


def unzip(file: PackFile, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    """The members of an archive with these endings, by ending; nothing is written to disk.

    Raises: PackRefused on a path out of the archive, too many or too large members, two files of one kind.
    """
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise PackRefused(f"{file.name}: more than {MAX_MEMBERS} files inside")
            if sum(member.file_size for member in members) > _most():
                raise _too_much(file.name)
            for member in members:
                path = PurePosixPath(member.filename.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or ":" in member.filename:
                    raise PackRefused(f"{file.name}: holds a path that leads out of the archive")
                ending = path.suffix.lower()
                if ending in suffixes and not member.is_dir():
                    if ending in found:
                        raise PackRefused(f"{file.name}: holds two {ending} files")
                    found[ending] = _unzip_one(file.name, archive, member)
    # zipfile says NotImplementedError to a compression it does not know, RuntimeError where a password is wanted.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise PackRefused(f"{file.name}: damaged or encrypted zip archive") from None
    return found


def _unzip_one(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) > member.file_size:
        raise PackRefused(f"{name}: a file inside is larger than it says")
    return data


def text_of(file: PackFile) -> str:
    """The file as UTF-8 text."""
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PackRefused(f"{file.name}: not UTF-8 text") from None


def load_json(file: PackFile) -> Any:  # noqa: ANN401 - whatever the file holds
    """Parse JSON."""
    try:
        return json.loads(text_of(file), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise PackRefused(f"{file.name}: not well-formed JSON") from None


def _no_number(name: str) -> None:
    """Python's parser lets NaN and Infinity pass; JSON has neither."""
    raise ValueError(name)


def load_yaml(file: PackFile) -> Any:  # noqa: ANN401 - whatever the file holds
    """Parse YAML with the safe loader: plain values only."""
    try:
        return yaml.load(text_of(file), Loader=SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise PackRefused(f"{file.name}: not well-formed YAML, or not plain data") from None


def load_csv(file: PackFile, needed: frozenset[str]) -> list[dict[str, str]]:
    """Rows of a CSV whose heading holds at least ``needed``."""
    reader = csv.DictReader(io.StringIO(text_of(file), newline=""))
    try:
        missing = needed - set(reader.fieldnames or ())
        if missing:
            raise PackRefused(f"{file.name}: the columns {', '.join(sorted(missing))} are missing")
        rows = [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in reader]
    except csv.Error:
        raise PackRefused(f"{file.name}: not well-formed CSV") from None
    if not rows:
        raise PackRefused(f"{file.name}: no rows")
    return rows
