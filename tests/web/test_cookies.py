"""W-11: cookies are locked to this host, hidden from scripts, and only for people who sign in."""

from __future__ import annotations

import pytest

from tests.factories.accounts import PASSWORD, make_user, user_email
from tests.factories.petitions import confirm_token, manage_token, sign, signatures
from tests.support import walk


def set_cookies(answer) -> list[tuple[str, dict[str, str]]]:
    found = []
    for line in answer.headers.getlist("Set-Cookie"):
        pair, *rest = [part.strip() for part in line.split(";")]
        marks = dict(part.partition("=")[::2] for part in rest)
        found.append((pair.partition("=")[0], {name.lower(): value for name, value in marks.items()}))
    return found


def sign_in_answer(client):
    answer = client.post("/sign-in", data={"email": user_email(make_user()), "password": PASSWORD})
    assert answer.status_code == 303
    return answer


@pytest.mark.settings(server={"base_url": "https://example.org"})
def test_w11_under_https_every_cookie_is_locked(app, client):
    found = set_cookies(sign_in_answer(client))
    assert found
    for name, marks in found:
        assert name.startswith("__Host-")
        assert {"secure", "httponly"} <= set(marks)
        assert marks["samesite"] in {"Lax", "Strict"}
        assert marks["path"] == "/"
        assert "domain" not in marks


def test_w11_on_loopback_http_names_are_plain(app, client):
    found = set_cookies(sign_in_answer(client))
    assert found
    for name, marks in found:
        assert not name.startswith("__")
        assert "secure" not in marks
        assert "httponly" in marks
        assert marks["samesite"] in {"Lax", "Strict"}


def test_w11_signer_never_gets_a_cookie(app, known, client):
    """Read, sign, confirm, look at the thank-you page, change the choice: no cookie."""
    answers = [client.get(f"/petitions/{known['slug']}"), sign(client, known["slug"])]
    petition_rows = signatures(1)
    waiting = petition_rows[-1]
    answers.append(client.post(f"/signatures/confirm/{confirm_token(waiting)}"))
    answers.append(client.get(answers[-1].headers["Location"]))
    answers.append(
        client.post(f"/signatures/manage/{manage_token(waiting)}", data={"action": "display", "display": "hidden"})
    )
    answers += [client.get(route.path) for route in walk.readable(app, known)]
    assert [answer.request.path for answer in answers if answer.headers.getlist("Set-Cookie")] == []
    assert not client._cookies
