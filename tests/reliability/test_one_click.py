"""One click out of a mailing, as mail programs and link scanners do it: bytes on a socket, nothing else known (C-07)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from advocacy.core.errors import RuleBroken
from tests.factories.mailings import begin_sending
from tests.factories.supporters import make_supporter
from tests.reliability.conftest import Running
from tests.support import raw_http

FORM = b"Content-Type: application/x-www-form-urlencoded"
PRESS = b"List-Unsubscribe=One-Click"
TABLES = ("opt_in", "suppression", "contact_preference", "audit_event", "mail_return")


def test_c07_one_press_on_a_socket_stops_and_looking_ten_times_does_not(running: Running) -> None:
    on_stage, email = running.stage, "ana.one.click@example.org"
    with on_stage.app.app_context():
        make_supporter(on_stage.coalition_id, "Ana Lima", email)
        begin_sending(on_stage.coalition_id)
    running.sink.wait(1, 30, until=lambda: bool(running.sink.to(email)))
    (mail,) = running.sink.to(email)
    assert mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    path = urlsplit(mail.header("List-Unsubscribe").strip("<>")).path

    def rows() -> dict[str, list[tuple[object, ...]]]:
        return {name: on_stage.rows(f"SELECT * FROM {name} ORDER BY id") for name in TABLES}  # noqa: S608 - ours

    before = rows()
    for _look in range(10):
        looked = raw_http.get(running.server.port, path)
        assert (looked.status, looked.header("Set-Cookie")) == (200, None)
    assert rows() == before
    after = []
    for _press in range(3):
        pressed = raw_http.post(running.server.port, PRESS, FORM, path=path)
        assert (pressed.status, pressed.count) == (200, 1)
        assert pressed.header("Set-Cookie") is None
        assert pressed.header("Location") is None
        after.append(rows())
    assert after[0] != before
    assert after[1:] == after[:1] * 2
    with on_stage.app.app_context(), pytest.raises(RuleBroken, match="Nobody is in this audience"):
        begin_sending(on_stage.coalition_id, subject="More news")
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert raw_http.post(running.server.port, PRESS, FORM, path=forged).status in {404, 410}
