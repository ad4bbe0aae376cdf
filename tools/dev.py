#!/usr/bin/env python3
"""Do what the Makefile offers: run, test, check and the rest, from a bare Python.

Standard library only, and older Pythons must be able to parse this file: they get one sentence, not a traceback.
The environment lies in `.venv`; a stamp inside it, written last, says for which locks it is complete, so an unchanged
checkout starts without asking an installer, and an interrupted install is taken up again.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an old Python is exactly who must be told
    sys.stderr.write("Advocacy needs Python 3.11 or newer; this is {}.{}.\n".format(*sys.version_info[:2]))
    sys.exit(2)

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".advocacy-stamp.json"
AUDIT_VENV = ROOT / ".venv-audit"

BOOT_LOCK = "requirements-boot.lock"
LOCKS = {
    "run": ("requirements.lock", BOOT_LOCK),
    "dev": ("requirements-dev.lock", BOOT_LOCK),
}
# The parts of pyproject.toml that an editable install writes into the environment.
INSTALLED_TABLES = ("build-system", "project")

COMPILE = (
    "pip compile --quiet --universal --python-version 3.11 --generate-hashes "
    "--no-emit-index-url --no-emit-find-links --no-annotate --no-header"
).split()
# In this order: each lock is constrained by an earlier one, so that they can be installed together.
COMPILE_TARGETS = (
    ("pyproject.toml", "-o", "requirements.lock"),
    ("pyproject.toml", "--group", "dev", "-c", "requirements.lock", "-o", "requirements-dev.lock"),
    ("--group", "boot", "-c", "requirements-dev.lock", "-o", BOOT_LOCK),
    ("--group", "audit", "-o", "requirements-audit.lock"),
)

CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy", "advocacy")),
    ("layers", ("lint-imports",)),
    ("templates", ("djlint", "templates", "--lint", "--quiet")),
    ("dependencies", ("deptry", "advocacy", "migrations")),
    ("security", ("bandit", "--quiet", "-ll", "-c", "pyproject.toml", "-r", "advocacy", "migrations", "tools")),
    ("vendored files", ("python", "tools/vendor.py", "--check")),
)

CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis", "build", "dist")


def stop(sentence: str, status: int = 2) -> NoReturn:
    """End with one plain sentence."""
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(status)


def say(text: str) -> None:
    """Tell the person at the terminal what goes on."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def child_environment(**extra: str) -> dict[str, str]:
    """Return the environment for child processes, without what would lead them to another Python."""
    misleading = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
    kept = {name: value for name, value in os.environ.items() if name not in misleading}
    path = f"{VENV / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return kept | {"PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"} | extra


def call(*command: str | Path) -> None:
    """Run a command in the checkout.

    Raises: CalledProcessError when it fails, OSError when it cannot start.
    """
    subprocess.run([str(part) for part in command], cwd=ROOT, env=child_environment(), check=True)


# --- the environment --------------------------------------------------------------------------------------------------


def digest(*parts: bytes) -> str:
    """Return a short name for these bytes."""
    joined = hashlib.sha256()
    for part in parts:
        joined.update(hashlib.sha256(part).digest())
    return joined.hexdigest()


def wanted_stamp(kind: str) -> dict[str, Any]:
    """Return what the stamp says once the environment of this kind is complete."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = {table: project[table] for table in INSTALLED_TABLES}
    installed["hatch"] = project["tool"]["hatch"]
    return {
        "root": str(ROOT),  # a moved environment is broken: its scripts name the old place
        "kind": kind,
        "locks": {name: digest(*((ROOT / lock).read_bytes() for lock in locks)) for name, locks in LOCKS.items()},
        "project": digest(json.dumps(installed, sort_keys=True).encode()),
        "complete": True,
    }


def read_stamp() -> dict[str, Any]:
    """Return the stamp of the present environment, empty where there is none to trust."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    usable = isinstance(stamp, dict) and stamp.get("root") == str(ROOT) and os.access(PYTHON, os.X_OK)
    return stamp if usable else {}


def write_stamp(stamp: dict[str, Any]) -> None:
    """Put the stamp in place whole, never in parts."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    fresh.replace(STAMP)


def is_current(stamp: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Tell whether the environment serves; one made for development also serves `run`."""
    kind = wanted["kind"]
    return (
        bool(stamp.get("complete"))
        and stamp.get("kind") in {kind, "dev"}
        and stamp.get("project") == wanted["project"]
        and stamp.get("locks", {}).get(kind) == wanted["locks"][kind]
    )


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one process at a time change the environment; a crash leaves no lock behind."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another command that prepares the environment ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment, in place of whatever lies there."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        stop("This Python cannot make virtual environments; on Debian and Ubuntu, install the package python3-venv.")
    if folder.is_symlink():
        folder.unlink()
    call(sys.executable, "-m", "venv", "--clear", folder)


def install(stamp: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Bring the environment to what the locks say; the stamp becomes complete last."""
    if not stamp:
        make_venv(VENV)
    # After an interruption a package may look installed and lack files.
    interrupted = bool(stamp) and not stamp.get("complete")
    write_stamp(wanted | {"complete": False})
    uv = VENV / "bin" / "uv"
    if stamp.get("locks") != wanted["locks"] or interrupted or not uv.exists():
        again = ("--force-reinstall",) if interrupted else ()
        call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *again, "-r", BOOT_LOCK)
    again = ("--reinstall",) if interrupted else ()
    call(uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", *again, *LOCKS[wanted["kind"]])
    call(uv, "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "-e", ".")
    write_stamp(wanted)


def ensure_environment(kind: str) -> None:
    """Make `.venv` serve for `run` or for `dev`; return at once where it already does."""
    if is_current(read_stamp(), wanted_stamp(kind)):
        return
    with one_at_a_time():
        stamp = read_stamp()
        if is_current(stamp, wanted_stamp(kind)):
            return
        # Packages for development, once there, stay: `run` only ever adds.
        wanted = wanted_stamp("dev" if stamp.get("kind") == "dev" else kind)
        say("Preparing the environment in .venv (once; again only when the locks change) ...")
        begun = time.monotonic()
        try:
            try:
                install(stamp, wanted)
            except (subprocess.CalledProcessError, OSError):
                if not stamp:
                    raise
                say("The environment cannot be mended, making it anew ...")
                install({}, wanted)
        except (subprocess.CalledProcessError, OSError) as error:
            stop(f"The environment could not be made: {error}", 1)
        say(f"Environment ready after {time.monotonic() - begun:.0f} s.")


def replace_process(*command: str | Path, **extra: str) -> NoReturn:
    """Become this command, so that signals and the exit status are its own."""
    parts = [str(part) for part in command]
    os.chdir(ROOT)
    try:
        os.execve(parts[0], parts, child_environment(**extra))  # noqa: S606 - our own program, no shell wanted
    except OSError as error:
        stop(f"{parts[0]} could not be started: {error.strerror}.", 1)


# --- the verbs --------------------------------------------------------------------------------------------------------


def run(_extra: list[str]) -> NoReturn:
    """Serve the demo coalition at PORT (8000) on HOST (127.0.0.1)."""
    port = os.environ.get("PORT") or "8000"
    host = os.environ.get("HOST") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
        stop(f"PORT must be a number from 1 to 65535, not {port!r}.")
    ensure_environment("run")
    replace_process(VENV / "bin" / "advocacy", "demo", "--host", host, "--port", port)


def core_count() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pytest_command(extra: list[str]) -> list[str]:
    """Return the command that runs the tests, on all cores unless the arguments say otherwise."""
    arguments = [*shlex.split(os.environ.get("ARGS", "")), *extra]
    chosen = any(part.startswith(("-n", "--numprocesses", "--pdb")) or part == "no:xdist" for part in arguments)
    spread = [] if chosen else ["-n", str(min(core_count(), 8)), "--dist", "loadgroup"]
    return [str(PYTHON), "-m", "pytest", *spread, *arguments]


def test(extra: list[str]) -> NoReturn:
    """Run the whole test suite; ARGS or arguments after `--` go to pytest."""
    ensure_environment("dev")
    replace_process(*pytest_command(extra))


def test_long(extra: list[str]) -> NoReturn:
    """Run the test suite with the slow races, loads and crashes included."""
    ensure_environment("dev")
    replace_process(*pytest_command(extra), ADVOCACY_TEST_LONG="1")


def check(_extra: list[str]) -> int:
    """Run every static check, report each, fail if any failed."""
    ensure_environment("dev")

    def one(job: tuple[str, tuple[str, ...]]) -> tuple[str, int, str, float]:
        name, (program, *arguments) = job
        begun = time.monotonic()
        command = [str(VENV / "bin" / program), *arguments]
        result = subprocess.run(
            command,
            cwd=ROOT,
            env=child_environment(NO_COLOR="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return name, result.returncode, result.stdout, time.monotonic() - begun

    failed = []
    with ThreadPoolExecutor(max_workers=core_count()) as pool:
        for name, status, output, seconds in pool.map(one, CHECKS):
            say(f"{'ok  ' if status == 0 else 'FAIL'} {name} ({seconds:.1f} s)")
            if status:
                failed.append(name)
                say(output.rstrip())
    if failed:
        stop(f"Not in order: {', '.join(failed)}.", 1)
    return 0


def bench(extra: list[str]) -> NoReturn:
    """Run the benchmarks; they print a table of ratios."""
    ensure_environment("dev")
    replace_process(PYTHON, "-m", "bench", *shlex.split(os.environ.get("ARGS", "")), *extra)


def lock(extra: list[str]) -> int:
    """Remake the lock files from pyproject.toml; `-- --upgrade` also moves what is not pinned there."""
    arguments = [*shlex.split(os.environ.get("ARGS", "")), *extra]
    if not (VENV / "bin" / "uv").exists():
        ensure_environment("run")
    for target in COMPILE_TARGETS:
        try:
            call(VENV / "bin" / "uv", *COMPILE, *target, *arguments)
        except subprocess.CalledProcessError:
            stop("The locks could not be made; those already written stay.", 1)
        if "://" in (ROOT / target[-1]).read_text(encoding="utf-8"):
            stop(f"{target[-1]} names an address; a lock holds names, versions and hashes only.", 1)
        say(f"{target[-1]} made")
    return 0


# Run by the audit environment's Python: the names in a lock that apply to this Python and platform.
NAMES_IN_LOCK = """
import sys
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
for line in open(sys.argv[1], encoding="utf-8"):
    if "==" in line and not line.startswith((" ", "#")):
        requirement = Requirement(line.rstrip().rstrip(chr(92)))
        if requirement.marker is None or requirement.marker.evaluate():
            print(canonicalize_name(requirement.name))
"""


def locked_names(lock_name: str) -> set[str]:
    """Return the names of the packages that a lock file pins for this Python and platform."""
    command = [str(AUDIT_VENV / "bin" / "python"), "-c", NAMES_IN_LOCK, lock_name]
    return set(subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.split())


def audit(_extra: list[str]) -> int:
    """Look every locked package up in the advisory database; what could not be looked up is a failure too."""
    with one_at_a_time():
        make_venv(AUDIT_VENV)
        call(AUDIT_VENV / "bin" / "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-audit.lock")
    report = ROOT / "build" / "audit.json"
    bill = ROOT / "build" / "sbom.cdx.json"
    report.parent.mkdir(exist_ok=True)
    for old in (report, bill):
        old.unlink(missing_ok=True)
    source = "--strict --require-hashes --disable-pip --progress-spinner off -r requirements-dev.lock".split()
    program = str(AUDIT_VENV / "bin" / "pip-audit")
    status = 0
    for form, target in (("json", report), ("cyclonedx-json", bill)):
        command = [program, *source, "--format", form, "--output", str(target)]
        status = max(status, subprocess.run(command, cwd=ROOT, env=child_environment(), check=False).returncode)
    try:
        rows = json.loads(report.read_text(encoding="utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        stop("Nothing was audited: the advisory database gave no answer.", 1)
    unknown = locked_names("requirements-dev.lock") - {row["name"].lower() for row in rows if "skip_reason" not in row}
    weak = [row for row in rows if row.get("vulns")]
    for row in weak:
        say(f"{row['name']} {row.get('version')}: {', '.join(vulnerability['id'] for vulnerability in row['vulns'])}")
    if unknown:
        say(f"Not audited: {', '.join(sorted(unknown))}")
    if unknown or weak or status:
        stop(f"{len(weak)} packages with advisories, {len(unknown)} not audited.", 1)
    say(f"{len(rows)} packages audited, no advisory; the bill of materials is {bill.relative_to(ROOT)}.")
    return 0


def clean(_extra: list[str]) -> int:
    """Remove the environment and every cache; the data in instance/ stays."""
    with one_at_a_time():
        for name in (VENV.name, AUDIT_VENV.name, *CACHES):
            shutil.rmtree(ROOT / name, ignore_errors=True)
        for folder in list(ROOT.rglob("__pycache__")):
            shutil.rmtree(folder, ignore_errors=True)
        for file in ROOT.glob(".coverage*"):
            file.unlink()
    return 0


VERBS = {
    "run": run,
    "test": test,
    "test-long": test_long,
    "check": check,
    "bench": bench,
    "lock": lock,
    "audit": audit,
    "clean": clean,
}


def main() -> int:
    """Do one verb."""
    lines = [f"  {name:<10} {(verb.__doc__ or '').splitlines()[0]}" for name, verb in VERBS.items()]
    parser = argparse.ArgumentParser(
        prog="tools/dev.py",
        description="Work on Advocacy.",
        epilog="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verb", choices=VERBS, metavar="verb", help="what to do, see below")
    parser.add_argument("extra", nargs=argparse.REMAINDER, help="passed on to the program behind the verb")
    if not sys.argv[1:]:
        parser.print_help(sys.stderr)
        return 2
    arguments = parser.parse_args()
    extra = arguments.extra[1:] if arguments.extra[:1] == ["--"] else arguments.extra
    try:
        return VERBS[arguments.verb](extra)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
