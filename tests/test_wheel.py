"""The wheel holds templates, static files and migrations, and works from any directory."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_wheel_holds_its_folders_and_works_from_any_directory(tmp_path: Path) -> None:
    builder = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", builder, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wheel = tmp_path / built.stdout.strip().splitlines()[-1]
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in ("templates/layouts/base.html", "static/css/theme.css", "migrations/env.py"):
        assert f"advocacy/{name}" in names
    assert any(name.startswith("advocacy/migrations/versions/") for name in names)

    # The installed dependencies of this environment, the package from the wheel alone.
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    packages = next((tmp_path / "env/lib").glob("python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    mine = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(f"import sys; sys.path.append({str(mine)!r})\n", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = "from advocacy import cli, core; import sys; sys.argv = ['advocacy', *sys.argv[1:]]; print(core.__file__); cli.main()"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ADVOCACY", "PYTHON"))}
    for command in (["db", "upgrade"], ["coalition", "create", "a", "--name", "A", "--timezone", "UTC"]):
        done = subprocess.run(
            [str(tmp_path / "env/bin/python"), "-c", run, *command],
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert str(packages) in done.stdout
    assert (elsewhere / "instance/advocacy.db").is_file()
