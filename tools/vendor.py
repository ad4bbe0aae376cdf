"""Copy the front-end files that this project serves itself, and prove they are unchanged.

For developers only; nothing at run time or in the tests needs Node.

    python tools/vendor.py           fetch every package by name with ``npm pack`` and copy its members
    python tools/vendor.py --check   recompute the hashes of the committed files; exit 1 if one differs

``static/vendor/manifest.json`` lists every file with its package, version, member, SHA-256 and licence.
A pointer to a source map is cut from each file, so that no browser asks for a map we do not ship.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path("static/vendor")
TEST_VENDOR = Path("tests/vendor")
MANIFEST = VENDOR / "manifest.json"
SOURCE_MAP = re.compile(rb"\s*(?://[#@]\s*sourceMappingURL=\S+|/\*[#@]\s*sourceMappingURL=[^*]*\*/)\s*$")

ICONS = """
    accessibility archive arrow-left arrow-right ban bell book-open building-2 calendar-days chart-column
    check chevron-down chevron-left chevron-right circle-alert circle-check circle-question-mark
    circle-user-round circle-x clock coffee copy door-open download ellipsis external-link eye eye-off
    file-text fingerprint-pattern flag funnel gavel globe graduation-cap hand-heart handshake heart
    heart-handshake history
    hourglass house inbox info key-round landmark languages layers leaf life-buoy link list-checks lock
    log-in log-out mail mail-check map map-pin megaphone menu message-square message-square-quote
    mic-vocal newspaper pen-line pencil phone plus printer qr-code refresh-cw scale scroll-text search
    send settings share-2 shield-check signature smartphone sprout square-pen star tag target ticket trash-2
    triangle-alert undo-2 upload user user-plus users vote x
""".split()


@dataclass(frozen=True)
class Package:
    """One package, and the members of it that we keep."""

    name: str
    version: str
    licence: str
    folder: Path
    members: dict[str, str]


@dataclass(frozen=True)
class Kept:
    """One committed file, as the manifest lists it."""

    package: str
    version: str
    member: str
    file: str
    sha256: str
    licence: str


PACKAGES = (
    Package(
        "bootstrap",
        "5.3.8",
        "MIT",
        VENDOR / "bootstrap-5.3.8",
        {
            "dist/css/bootstrap.min.css": "bootstrap.min.css",
            "dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "0BSD",
        VENDOR / "htmx-2.0.11",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
    ),
    Package(
        "chart.js",
        "4.6.1",
        "MIT",
        VENDOR / "chartjs-4.6.1",
        {"dist/chart.umd.min.js": "chart.umd.min.js", "LICENSE.md": "LICENSE.md"},
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        "OFL-1.1",
        VENDOR / "atkinson-hyperlegible-next-5.3.0",
        {
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "latin.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "latin-ext.woff2",
            "files/atkinson-hyperlegible-next-latin-wght-italic.woff2": "latin-italic.woff2",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "@fontsource-variable/bricolage-grotesque",
        "5.3.0",
        "OFL-1.1",
        VENDOR / "bricolage-grotesque-5.3.0",
        {
            "files/bricolage-grotesque-latin-wght-normal.woff2": "latin.woff2",
            "files/bricolage-grotesque-latin-ext-wght-normal.woff2": "latin-ext.woff2",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        "lucide-static",
        "1.62.0",
        "ISC",
        VENDOR / "lucide-1.62.0",
        {"LICENSE": "LICENSE", **{f"icons/{icon}.svg": f"{icon}.svg" for icon in ICONS}},
    ),
    Package(
        "@simplewebauthn/browser",
        "14.0.0",
        "MIT",
        VENDOR / "simplewebauthn-browser-14.0.0",
        {"dist/bundle/index.umd.min.js": "simplewebauthn.min.js", "LICENSE.md": "LICENSE.md"},
    ),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        TEST_VENDOR / "axe-4.14.1",
        {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE"},
    ),
)


def sha256_of(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def without_source_map(data: bytes) -> bytes:
    """Cut the pointer to a source map from the end of a script or style sheet."""
    return SOURCE_MAP.sub(b"\n", data)


def fetch(package: Package, scratch: Path) -> Path:
    """Download one package by name and version; return the archive."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=scratch, check=True, capture_output=True, text=True)
    return scratch / done.stdout.strip().splitlines()[-1]


def copy_members(package: Package, archive: Path, root: Path) -> list[Kept]:
    """Write the wanted members below the root and describe what was written."""
    kept = []
    with tarfile.open(archive) as tar:
        for member, name in package.members.items():
            stream = tar.extractfile(f"package/{member}")
            if stream is None:
                message = f"{package.name} {package.version} has no {member}"
                raise SystemExit(message)
            data = stream.read()
            if name.endswith((".js", ".css")):
                data = without_source_map(data)
            file = package.folder / name
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).write_bytes(data)
            kept.append(Kept(package.name, package.version, member, file.as_posix(), sha256_of(data), package.licence))
    return kept


def refresh(root: Path) -> list[Kept]:
    """Fetch every package, write its files and the manifest."""
    kept: list[Kept] = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            kept += copy_members(package, fetch(package, Path(scratch)), root)
    text = json.dumps([asdict(one) for one in kept], indent=1) + "\n"
    (root / MANIFEST).write_text(text, encoding="utf-8")
    return kept


def faults(root: Path) -> list[str]:
    """List what differs between the manifest and the committed files."""
    entries = [Kept(**entry) for entry in json.loads((root / MANIFEST).read_text(encoding="utf-8"))]
    listed = {entry.file for entry in entries} | {MANIFEST.as_posix()}
    found = []
    for entry in entries:
        path = root / entry.file
        if not path.is_file():
            found.append(f"{entry.file}: missing")
        elif sha256_of(path.read_bytes()) != entry.sha256:
            found.append(f"{entry.file}: differs from the manifest")
    for folder in (VENDOR, TEST_VENDOR):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in listed:
                found.append(f"{name}: not in the manifest")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Refresh or check, as asked on the command line."""
    parser = argparse.ArgumentParser(description="Copy or check the vendored front-end files.")
    parser.add_argument("--check", action="store_true", help="only recompute the hashes")
    if parser.parse_args(arguments).check:
        found = faults(ROOT)
        sys.stderr.write("".join(f"{fault}\n" for fault in found))
        return 1 if found else 0
    sys.stdout.write(f"{len(refresh(ROOT))} files written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
