"""D-05: nothing of a person reaches a log, whatever fails."""

from __future__ import annotations

import json
import logging

import pytest

from advocacy.core import logs, uow
from advocacy.ops.services.doctor import diagnose
from tests.support import faults, walk
from tests.support.canary import PERSON, Net, traces_in


@pytest.mark.settings(logs={"level": "debug"})
def test_d05_canary_through_every_route_leaves_no_trace(app, known, visitors):
    with Net() as net:
        for client in visitors.values():
            for route in walk.routes(app, {"token": PERSON["token"]} | known):
                ask = {
                    "query_string": PERSON,
                    "headers": {
                        "User-Agent": PERSON["name"],
                        "X-Forwarded-For": PERSON["ip"],
                        "Referer": PERSON["email"],
                    },
                }
                ask["environ_overrides"] = {"REMOTE_ADDR": PERSON["ip"]}
                for method in sorted(route.methods):
                    client.open(route.path, method=method, data=None if method == "GET" else PERSON, **ask)
                    client.open(route.path, method=method, json=PERSON, **ask)
        net.assert_clean()


@pytest.mark.settings(logs={"level": "debug"})
@pytest.mark.parametrize("what", [*faults.EXPECTED, *faults.UNEXPECTED, *faults.REAL, *map(str, faults.HTTP)])
def test_d05_provoked_error_logs_where_and_never_what(app_with_faults, monkeypatch, what):
    monkeypatch.setattr(faults, "SECRET", PERSON["email"])
    with Net() as net:
        app_with_faults.test_client().get(f"/fault/{what}", query_string=PERSON)
        net.assert_clean()
    if what in faults.UNEXPECTED:
        assert "faults.py" in net.text


def test_d05_line_break_in_a_value_stays_one_line(app):
    with Net() as net:
        logs.get("web").info("odd", value='a\r\nb {"event": "forged"}\x1b[31m')
        logging.getLogger("other").warning("line\nbreak")
    lines = net.text.splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0])["event"] == "odd"


def test_d05_secret_in_a_path_is_cut(app):
    assert "AAAA" not in logs.safe_path(f"/signatures/confirm/{'A' * 43}")


def test_net_catches_what_it_must(app):
    """The net itself works: a canary in a log is caught, plain, coded and in base64."""
    with Net() as net:
        logs.get("web").info("bad", value=PERSON["email"])
    assert traces_in(net.text)
    assert traces_in("quillandra.vexworthy%2Bcanary")
    assert traces_in("eA== UXVpbGxhbmRyYSBWZXh3b3J0aHk=")


@pytest.mark.settings(
    mail={"transport": "smtp", "host": "127.0.0.1", "port": 1, "username": "canary", "password": PERSON["password"]},
    logs={"level": "debug"},
)
def test_o01_secret_of_the_settings_is_told_nowhere(app, client):
    """O-01: neither log, nor page, nor doctor, nor repr."""
    with Net() as net:
        said = [
            client.get(path, headers={"Accept": accept}).text
            for path in ("/", "/readyz", "/nowhere")
            for accept in ("text/html", "application/json")
        ]
        said += [repr(app.config), repr(app.extensions["advocacy.settings"]), repr(app.extensions["advocacy.keys"])]
        with uow.reading():
            said += [line.detail for line in diagnose()]
    keys = json.loads(app.extensions["advocacy.settings"].security.key_file.read_text())["keys"].values()
    for text in [*said, net.text]:
        assert PERSON["password"] not in text
        assert not [key for key in keys if key in text]
