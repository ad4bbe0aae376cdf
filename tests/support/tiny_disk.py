"""A disk so small that it can be filled."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def tiny_disk(size_mb: int) -> Iterator[Path]:
    """A file system of this size in memory; skipped where mounting is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="advocacy-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("mounting a tiny disk needs the rights of root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def fill(folder: Path, leave_kb: int = 0) -> Path:
    """Fill the disk up, but for ``leave_kb``; gives the file to remove for space."""
    filler = folder / "filler"
    space = os.statvfs(folder)
    count = space.f_bavail * space.f_frsize - leave_kb * 1024
    with filler.open("wb", buffering=0) as file:
        try:
            for _ in range(0, max(count, 0), 4096):
                file.write(b"\0" * 4096)
        except OSError:  # it is full
            return filler
    return filler
