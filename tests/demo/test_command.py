"""``advocacy demo`` from nothing, as a newcomer runs it."""

from __future__ import annotations

import re
import stat

import requests

from tests.support.servers import Server, free_port


def serve(folder, port):
    env = {"SECURITY__KEY_FILE": str(folder / "instance" / "keys.json"), "MAIL__TRANSPORT": "mailbox"}
    return Server(
        "sqlite:///instance/advocacy.db",
        "--port",
        str(port),
        command="demo",
        env=env,
        cwd=folder,
        port=port,
        within_s=120,
    )


def test_demo_from_nothing_serves_and_a_second_run_keeps_what_is_there(tmp_path):
    """The sign-ins of the first run open the desk also after a restart; no log holds them."""
    port = free_port()
    file = tmp_path / "instance" / "demo-sign-in.txt"
    with serve(tmp_path, port) as server:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        said = file.read_text(encoding="utf-8")
        assert requests.get(f"{server.url}/petitions/warm-line-all-night", timeout=20).status_code == 200
        assert requests.get(f"{server.url}/demo/mailbox", timeout=20).status_code == 200
        log = (tmp_path / f"demo-{port}.log").read_text(encoding="utf-8")
        assert f"Demo sign-ins are in {file}" in log
        assert f"Advocacy is at http://localhost:{port}" in log
        passwords = re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", said)
        assert len(passwords) == 9
        assert not [word for word in [*passwords, "riverbend.example", "Okonkwo"] if word in log]
    with serve(tmp_path, port) as server:
        assert file.read_text(encoding="utf-8") == said
        organizer = re.search(r"^organizer\s+(\S+)\s+(\S+)", said, re.MULTILINE)
        assert organizer
        answer = requests.post(
            f"{server.url}/sign-in",
            data={"email": organizer[1], "password": organizer[2]},
            headers={"Origin": server.url},
            allow_redirects=False,
            timeout=20,
        )
        assert answer.status_code == 303
