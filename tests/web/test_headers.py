"""W-05, W-06, W-11: headers of every route for everybody, and of every kind of error."""

from __future__ import annotations

import pytest

from tests.support import faults, headers, walk


def test_w06_every_route_sends_every_header(app, known, visitors):
    wrong = []
    for name, client in visitors.items():
        for route in walk.readable(app, known):
            for answer in (client.get(route.path), client.head(route.path)):
                if answer.status_code >= 500 and route.endpoint != "ops.readyz":
                    wrong.append(f"{route.path} as {name}: {answer.status_code}")
                is_link = route.access == "link"
                headers.check(answer, is_link=is_link)
    assert wrong == []


@pytest.mark.settings(server={"base_url": "https://example.org"})
def test_w06_https_routes_send_hsts(app, known, client):
    for route in walk.readable(app, known):
        headers.check(client.get(route.path), is_https=True, is_link=route.access == "link")


@pytest.mark.parametrize("status", faults.HTTP)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_w06_error_page_sends_every_header(app_with_faults, status, accept):
    answer = app_with_faults.test_client().get(f"/fault/{status}", headers={"Accept": accept})
    assert answer.status_code == status
    headers.check(answer)
    assert ("Retry-After" in answer.headers) is (status in {429, 503})


def test_w06_errors_of_the_edge_send_every_header(app, client):
    answers = {
        404: client.get("/nothing-here"),
        405: client.post("/privacy"),
        403: client.post("/sign-in", headers={"Origin": "https://evil.example"}),
        411: client.post("/sign-in", headers={"Transfer-Encoding": "chunked"}),
        413: client.post("/sign-in", data={"email": "x" * 3_000_000}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        headers.check(answer)
    assert answers[405].headers["Allow"] == "GET, HEAD, OPTIONS"


def test_w06_static_files_are_kept_for_ever_and_run_nothing(app, client):
    answer = client.get(f"{app.config['STATIC_PREFIX']}/css/theme.css", buffered=True)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "charset=" in answer.headers["Content-Type"]


def test_w11_reader_gets_no_cookie_anywhere(app, known, client):
    for route in walk.readable(app, known):
        for path in (route.path, f"{route.path}?done=saved&next=/desk"):
            assert "Set-Cookie" not in client.get(path).headers, path
    assert not client._cookies


@pytest.mark.parametrize(
    "path",
    [
        "/static/../config.toml",
        "/static/%2e%2e/keys.json",
        "/.git/config",
        "/.env",
        "/console",
        "/metrics",
        "/openapi.json",
        "/debug",
    ],
)
def test_o05_nothing_of_the_workshop_is_public(client, path):
    answer = client.get(path)
    assert answer.status_code in {303, 404}
