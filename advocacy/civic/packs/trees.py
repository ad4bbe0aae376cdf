"""A folder, a tar archive or a single file of many small text files, read one by one without unpacking to disk."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

from advocacy.civic.packs import files
from advocacy.civic.packs.files import PackRefused
from advocacy.core import clock

MAX_FILES = 60_000
MAX_ONE = 8 * 1024 * 1024
_WANTED = frozenset({".yml", ".yaml", ".csv"})


@dataclass(frozen=True)
class Leaf:
    """One text file of a tree."""

    path: PurePosixPath
    data: bytes
    changed_on: date


def leaves(source: Path) -> Iterator[Leaf]:
    """Every YAML and CSV file of a folder, of a tar archive (gzipped or not), or the one file given.

    Raises: PackRefused on links, devices, paths out of the archive, too many or too large files.
    """
    total = 0
    for count, leaf in enumerate(_leaves(source), start=1):
        total += len(leaf.data)
        if count > MAX_FILES:
            raise PackRefused(f"{source.name}: more than {MAX_FILES} files inside")
        if total > files.MAX_PLAIN:
            raise _too_much(source.name)
        yield leaf


def _leaves(source: Path) -> Iterator[Leaf]:
    if source.is_dir():
        yield from _folder(source)
    elif source.name.lower().endswith((".tar", ".tar.gz", ".tgz")):
        yield from _archive(source)
    else:
        file = files.read(source)
        name = file.name.removesuffix(".gz")
        yield Leaf(PurePosixPath(name), file.data, file.changed_on)


def _folder(source: Path) -> Iterator[Leaf]:
    try:
        for folder, folders, names in os.walk(source, followlinks=False):
            folders.sort()
            here = Path(folder)
            if any((here / name).is_symlink() for name in folders):
                raise PackRefused(f"{source.name}: holds a link")
            for name in sorted(names):
                path = here / name
                if path.suffix.lower() not in _WANTED:
                    continue
                facts = path.lstat()
                if path.is_symlink() or not path.is_file():
                    raise PackRefused(f"{source.name}: holds a link or a device")
                if facts.st_size > MAX_ONE:
                    raise PackRefused(f"{source.name}: {name[:60]} is larger than {MAX_ONE // 1024 // 1024} MB")
                relative = PurePosixPath(path.relative_to(source).as_posix())
                yield Leaf(relative, path.read_bytes(), _day(facts.st_mtime))
    except OSError as error:
        raise PackRefused(f"{source.name}: {error.strerror}") from None


class SupportsRead(Protocol):
    """Anything that bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


class _Bounded(io.RawIOBase):
    """A stream that refuses to grow without end: what a gzip bomb does."""

    def __init__(self, stream: SupportsRead, name: str) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._left = files.MAX_PLAIN

    def read(self, size: int = -1) -> bytes:
        """The next bytes, a megabyte at most."""
        data = self._stream.read(min(size, 1024 * 1024) if size >= 0 else 1024 * 1024)
        self._left -= len(data)
        if self._left < 0:
            raise _too_much(self._name)
        return data


def _archive(source: Path) -> Iterator[Leaf]:
    try:
        if source.stat().st_size > files.MAX_FILE:
            raise PackRefused(f"{source.name}: larger than {files.MAX_FILE // 1024 // 1024} MB")
        is_packed = not source.name.lower().endswith(".tar")
        with (
            gzip.open(source, "rb") if is_packed else source.open("rb") as stream,
            tarfile.open(fileobj=cast("IO[bytes]", _Bounded(stream, source.name)), mode="r|") as archive,
        ):
            for member in archive:
                path = PurePosixPath(member.name.replace("\\", "/"))
                if path.is_absolute() or ".." in path.parts or ":" in member.name:
                    raise PackRefused(f"{source.name}: holds a path that leads out of the archive")
                if not (member.isfile() or member.isdir()):
                    raise PackRefused(f"{source.name}: holds a link or a device")
                if member.isdir() or path.suffix.lower() not in _WANTED:
                    continue
                if member.size > MAX_ONE:
                    raise PackRefused(f"{source.name}: a file inside is larger than {MAX_ONE // 1024 // 1024} MB")
                content = archive.extractfile(member)
                data = content.read() if content is not None else b""
                yield Leaf(path, data, _day(member.mtime))
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError):
        raise PackRefused(f"{source.name}: not to be read, or a damaged archive") from None


def _day(stamp: float) -> date:
    return min(datetime.fromtimestamp(max(stamp, 0), UTC).date(), clock.now().date())


def _too_much(name: str) -> PackRefused:
    return PackRefused(f"{name}: unpacks to more than {files.MAX_PLAIN // 1024 // 1024} MB")
