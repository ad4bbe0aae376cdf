"""W-01, W-09, W-10: what other sites can make a browser do here: nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from advocacy.web.respond import own_path
from tests.factories.accounts import PASSWORD, csrf_token, make_user, sign_in, user_email
from tests.support import walk

BASE = "http://localhost:8000"
FOREIGN = (
    "https://evil.example",
    "http://localhost",
    "http://localhost:8001",
    "https://localhost:8000",
    "http://localhost:8000.evil.example",
    "http://localhost:80000",
    "http://evil.example/http://localhost:8000",
    "null",
    "",
    "http://LOCALHOST:8000 ",
    "http://localhost:8000/",
    "http://user@localhost:8000",
    "http://127.0.0.1:8000",
    "http://[::1]:8000",
    "file://",
    "chrome-extension://abc",
    "about:blank",
    "http://localhost:8000,https://evil.example",
    "https://sub.localhost:8000",
    "data:text/html,x",
)
CROSS = [{"Origin": origin} for origin in FOREIGN if origin] + [
    {"Sec-Fetch-Site": value} for value in ("cross-site", "same-site", "x", "")
]


def test_w01_open_route_refuses_other_sites(app, known, client):
    before = walk.fingerprint()
    for route, method in walk.unsafe(app, known):
        if route.csrf == "open":
            for headers in CROSS:
                answer = client.open(route.path, method=method, headers=headers, data={"x": "y"})
                assert answer.status_code == 403, f"{method} {route.path} {headers}"
    assert walk.fingerprint() == before


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": BASE}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_w01_open_route_accepts_own_pages_and_programs(app, known, client, headers):
    for route, method in walk.unsafe(app, known):
        if route.csrf == "open":
            assert client.open(route.path, method=method, headers=headers).status_code != 403, route


def test_w01_session_route_refuses_missing_and_foreign_tokens(app, known, visitors):
    stranger = sign_in(app.test_client(), make_user())
    tokens = ("", "x", csrf_token(stranger))
    before = walk.fingerprint()
    for client in visitors.values():
        for route, method in walk.unsafe(app, known):
            if route.csrf == "session":
                for token in tokens:
                    answer = client.open(
                        route.path, method=method, data={"csrf_token": token}, headers={"X-CSRFToken": token}
                    )
                    assert answer.status_code == 403, f"{method} {route.path}"
    assert walk.fingerprint() == before


RECORDS_READS = frozenset({"audit_event"})
"""Reading out sealed data is recorded, in a transaction of its own behind the answer."""
EXPORTS = ("/file.csv", "/sheets")
"""What takes many addresses out of the house is also counted for its daily limit."""


def test_w01_get_and_head_change_nothing(app, known, visitors):
    wrong = []
    for name, client in visitors.items():
        for route in walk.readable(app, known):
            before = walk.fingerprint()
            client.get(route.path)
            client.head(route.path)
            client.get(f"{route.path}?done=saved&next=/desk&after=1&action=delete&_method=POST")
            client.get(route.path, headers={"X-HTTP-Method-Override": "POST"})
            recorded = RECORDS_READS | ({"throttle"} if route.path.endswith(EXPORTS) else set())
            changed = {table for table, rows in walk.fingerprint().items() if rows != before[table]} - recorded
            if changed:
                wrong.append(f"GET {route.path} as {name} changed {changed}")
    assert wrong == []


PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-CSRFToken"}


def test_w09_no_origin_is_reflected_and_credentials_are_never_allowed(app, known, visitors):
    """All origins where an answer is open to other sites, some everywhere."""
    for client in visitors.values():
        for route in walk.routes(app, known):
            first = client.options(route.path, headers={"Origin": FOREIGN[0]} | PREFLIGHT)
            is_open = route.path.endswith(".json") or "Access-Control-Allow-Origin" in first.headers
            for origin in FOREIGN if is_open else FOREIGN[:1]:
                answers = [client.options(route.path, headers={"Origin": origin} | PREFLIGHT)]
                if "GET" in route.methods:
                    answers.append(client.get(route.path, headers={"Origin": origin}))
                for answer in answers:
                    assert answer.headers.get("Access-Control-Allow-Origin") in {None, "*"}, route
                    assert "Access-Control-Allow-Credentials" not in answer.headers
                    assert "Access-Control-Allow-Headers" not in answer.headers
                    if "Access-Control-Allow-Origin" in answer.headers:
                        assert route.access == "public"
                        assert answer.mimetype == "application/json"


LEAVING = (
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "http:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "evil.example",
    "@evil.example",
    "https://localhost@evil.example",
    "/" * 600,
    "//evil.example/%2f..",
    "\x00/desk",
    "//[::1]",
    "",
)


@pytest.mark.parametrize("target", LEAVING)
def test_w10_target_that_leaves_is_replaced(target):
    found = own_path(target, "/home")
    assert found == "/home" or (found.startswith("/") and not found.startswith("//"))
    assert urlsplit(found).netloc == ""


@pytest.mark.parametrize("target", ["/desk", "/desk?after=3", "/petitions/a-b#form", "/%E2%82%AC"])
def test_w10_own_target_stays(target):
    assert own_path(target, "/") == target


def stays_here(location: str) -> bool:
    parts = urlsplit(location)
    return (
        parts.netloc in {"", urlsplit(BASE).netloc, "localhost"}
        and parts.scheme in {"", "http"}
        and not location.startswith(("//", "/\\"))
    )


def targeted(client, route, target: str) -> list[TestResponse]:
    query = dict.fromkeys(("next", "return_to", "url", "back", "done", "r"), target)
    answers = [client.get(route.path, query_string=query)] if "GET" in route.methods else []
    if route.csrf in {"open", "capability"}:
        answers.append(client.post(route.path, query_string=query, data=query))
    return [answer for answer in answers if 300 <= answer.status_code < 400]


def test_w10_no_route_redirects_away(app, known, visitors):
    """All targets where a route redirects, one everywhere."""
    for client in visitors.values():
        for route in walk.routes(app, known):
            for target in LEAVING if targeted(client, route, LEAVING[0]) else LEAVING[:1]:
                for answer in targeted(client, route, target):
                    assert stays_here(answer.headers["Location"]), f"{route.path} {target!r}"


@pytest.mark.parametrize("target", LEAVING)
def test_w10_sign_in_with_a_password_stays_here(app, client, target):
    user_id = make_user()
    data = {"email": user_email(user_id), "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 303
    assert stays_here(answer.headers["Location"])


def test_o06_foreign_host_is_never_repeated(app, known, visitors):
    for client in visitors.values():
        for route in walk.readable(app, known):
            answer = client.get(
                route.path,
                headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
            )
            assert b"evil.example" not in answer.data, route.path
            assert "evil.example" not in answer.headers.get("Location", ""), route.path
