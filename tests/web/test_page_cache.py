"""The page cache: one rendering a moment, never a personal page, never a stale one for long."""

from __future__ import annotations

import threading

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from advocacy.core import clock
from advocacy.web.page_cache import MARK, PageCache


class Pages:
    """A small app that counts how often it renders."""

    def __init__(self) -> None:
        self.count = 0
        self.headers = {MARK: "10", "X-Request-Id": "a" * 32}
        self.status = 200
        self.gate: threading.Event | None = None
        self.entered = threading.Event()

    def __call__(self, environ, start_response):
        self.count += 1
        number = self.count
        self.entered.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        request = Request(environ)
        response = Response(f"{request.path} {number}", self.status, dict(self.headers), mimetype="text/plain")
        return response(environ, start_response)


@pytest.fixture
def now(monkeypatch):
    found = [100.0]
    monkeypatch.setattr(clock, "monotonic", lambda: found[0])
    return found


@pytest.fixture
def pages():
    return Pages()


@pytest.fixture
def client(pages):
    return Client(PageCache(pages, lambda accept: "es" if accept.startswith("es") else "en"))


def test_page_within_its_time_is_rendered_once(client, pages, now):
    assert [client.get("/a").text for _ in range(3)] == ["/a 1"] * 3
    now[0] += 10.1
    assert client.get("/a").text == "/a 2"


def test_mark_and_request_id_never_reach_the_reader(client):
    for answer in (client.get("/a"), client.get("/a"), client.head("/a"), client.get("/a?x=1"), client.post("/a")):
        assert MARK not in answer.headers
    assert "X-Request-Id" not in client.get("/a").headers


def test_each_language_has_its_own_copy(client):
    assert client.get("/a").text == "/a 1"
    assert client.get("/a", headers={"Accept-Language": "es"}).text == "/a 2"
    assert client.get("/a", headers={"Accept-Language": "de"}).text == "/a 1"


def test_query_string_and_other_methods_pass_by(client, pages):
    client.get("/a")
    client.get("/a?done=x")
    client.post("/a")
    assert pages.count == 3
    assert client.get("/a").text == "/a 1"


@pytest.mark.parametrize("status", [301, 303, 404, 500])
def test_answer_that_is_no_page_is_not_kept(client, pages, status):
    pages.status = status
    client.get("/a")
    client.get("/a")
    assert pages.count == 2


def test_answer_with_a_cookie_is_never_kept(client, pages):
    """W-11: one reader's cookie must not reach another."""
    pages.headers["Set-Cookie"] = "session=secret"
    client.get("/a")
    pages.headers.pop("Set-Cookie")
    answer = client.get("/a")
    assert (pages.count, "Set-Cookie" in answer.headers) == (2, False)


def test_page_without_mark_is_not_kept(client, pages):
    pages.headers.pop(MARK)
    client.get("/a")
    client.get("/a")
    assert pages.count == 2


def test_known_etag_is_answered_without_body(client):
    etag = client.get("/a").headers["ETag"]
    answer = client.get("/a", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_etag_given_by_the_view_names_the_content(client, pages):
    pages.headers[MARK] = "10 abc"
    assert client.get("/a").headers["ETag"] == '"abc"'


@pytest.mark.parametrize(("late_s", "second_reader_waits"), [(0.5, False), (60, True)])
def test_while_one_renders_anew_others_get_a_copy_only_just_stale(client, pages, now, late_s, second_reader_waits):
    client.get("/a")
    now[0] += 10 + late_s
    pages.gate, pages.entered = threading.Event(), threading.Event()
    got: list[str] = []
    first = threading.Thread(target=lambda: got.append(client.get("/a").text))
    first.start()
    assert pages.entered.wait(5)
    second = threading.Thread(target=lambda: got.append(client.get("/a").text))
    second.start()
    second.join(1)
    assert second.is_alive() is second_reader_waits
    pages.gate.set()
    first.join(5)
    second.join(5)
    assert sorted(got) == (["/a 2", "/a 3"] if second_reader_waits else ["/a 1", "/a 2"])


def test_error_while_rendering_leaves_the_cache_usable(client, pages, now):
    client.get("/a")
    now[0] += 11
    pages.headers[MARK] = "no number"
    with pytest.raises(ValueError, match="could not convert"):
        client.get("/a")
    pages.headers[MARK] = "10"
    assert client.get("/a").text == "/a 3"


def test_cache_does_not_grow_without_bound(pages):
    cache = PageCache(pages, lambda _accept: "en")
    client = Client(cache)
    for number in range(1500):
        client.get(f"/{number}")
    assert len(cache._copies) <= 512


def test_head_is_answered_from_the_copy_and_makes_one(client, pages):
    assert client.head("/a").headers["ETag"] == client.get("/a").headers["ETag"]
    assert pages.count == 1
    pages.headers.pop(MARK)
    assert (client.head("/b").status_code, client.head("/b").data) == (200, b"")
