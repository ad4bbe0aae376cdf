"""O-06, R-32: hostile requests as bytes against the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import databases, headers, raw_http
from tests.support.servers import Server

FORM = b"Content-Type: application/x-www-form-urlencoded"
REFUSED = {0, 400, 411, 413, 417, 431, 501, 505}
"""0: the server closed the connection."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Server(databases.new_sqlite(), "--no-worker") as server:
        yield server.port


@pytest.fixture(autouse=True)
def still_well(port: int) -> Iterator[None]:
    """After each attack the next visitor is served."""
    yield
    assert raw_http.get(port).status == 200


def test_w06_server_says_no_version(port):
    answer = raw_http.get(port, "/")
    assert answer.status == 200
    assert not any(char.isdigit() for char in answer.header("Server") or "")
    assert answer.header("X-Powered-By") is None
    headers.check_csp(answer.header("Content-Security-Policy"))


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG", "X" * 40])
def test_o06_odd_method_is_refused(port, method):
    answer = raw_http.get(port, "/healthz", b"X-Secret: canary", method=method)
    assert answer.status in REFUSED | {405}
    assert b"canary" not in answer.body


@pytest.mark.parametrize(
    "host", [b"evil.example", b"localhost:8000@evil.example", b"evil.example\r\nX: y", b"'\"><script>", b"a" * 5_000]
)
def test_o06_foreign_host_is_not_repeated(port, host):
    for path in ("/", "/sign-in", "/desk", "/nothing-here"):
        answer = raw_http.send(
            port, f"GET {path} HTTP/1.1\r\nConnection: close\r\nHost: ".encode() + host + b"\r\n\r\n"
        )
        assert b"evil.example" not in answer.body
        assert "evil.example" not in answer.head
        assert b"<script>" not in answer.body


def test_o06_chunked_body_is_411(port):
    answer = raw_http.post(port, b"5\r\nemail\r\n0\r\n\r\n", FORM, b"Transfer-Encoding: chunked", length=False)
    assert answer.status == 411


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
FRAMINGS = {
    "two different lengths": (b"Content-Length: 3\r\nContent-Length: 4\r\n", b"a=b"),
    "length and chunked": (b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + HIDDEN),
    "chunked and length": (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n" + HIDDEN),
    "plus sign": (b"Content-Length: +3\r\n", b"a=b"),
    "minus": (b"Content-Length: -1\r\n", b"a=b"),
    "hex": (b"Content-Length: 0x3\r\n", b"a=b"),
    "list": (b"Content-Length: 3, 4\r\n", b"a=b"),
    "no number": (b"Content-Length: three\r\n", b"a=b"),
    "huge": (b"Content-Length: 99999999999999999999\r\n", b"a=b"),
    "folded": (b"Content-Length:\r\n 3\r\n", b"a=b"),
    "space before colon": (b"Content-Length : 3\r\n", b"a=b"),
    "odd coding": (b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + HIDDEN),
    "coding twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n" + HIDDEN),
    "coding with tab": (b"Transfer-Encoding:\tchunked\r\n", b"0\r\n\r\n"),
    "bad chunk": (b"Transfer-Encoding: chunked\r\n", b"zz\r\nabc\r\n0\r\n\r\n"),
    "nul in a name": (b"X-\x00Y: 1\r\nContent-Length: 3\r\n", b"a=b"),
    "line feed in a value": (b"X-Y: 1\rContent-Length: 9\r\nContent-Length: 3\r\n", b"a=b"),
}


@pytest.mark.parametrize("name", FRAMINGS)
def test_o06_unclear_framing_is_refused_and_hides_no_second_request(port, name):
    lines, body = FRAMINGS[name]
    request = (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + FORM + b"\r\n" + lines + b"\r\n" + body
    )
    answer = raw_http.send(port, request)
    assert answer.status in REFUSED, answer
    assert answer.count <= 1, "the server took the body for a second request"


@pytest.mark.parametrize(
    "line",
    [
        b"GET  / HTTP/1.1",
        b"GET / HTTP/9.9",
        b"GET /\x00 HTTP/1.1",
        b"GET",
        b"\x16\x03\x01\x02\x00",
        b"GET http://evil.example/ HTTP/1.1",
        b"GET / HTTP/1.1 x",
    ],
)
def test_o06_odd_request_line_is_no_500(port, line):
    answer = raw_http.send(port, line + b"\r\n" + raw_http.HEAD + b"\r\n")
    assert answer.status < 500 or answer.status in REFUSED
    assert b"evil.example" not in answer.body


def test_r32_megabyte_of_headers_is_refused(port):
    assert raw_http.get(port, "/", b"X-Big: " + b"x" * 1_000_000).status in {0, 400, 431}
    assert raw_http.get(port, "/", *[b"X-%d: y" % number for number in range(20_000)]).status in {0, 400, 431}
    assert raw_http.get(port, "/" + "a" * 1_000_000).status in {0, 400, 414, 431}


def test_r32_100_000_fields_are_refused(port):
    body = b"&".join(b"f%d=x" % number for number in range(100_000))
    assert raw_http.post(port, body, FORM).status in {400, 413, 422}


def test_r32_20_000_parts_are_413(port):
    part = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx\r\n'
    answer = raw_http.post(port, part * 20_000 + b"--b--\r\n", b"Content-Type: multipart/form-data; boundary=b")
    assert answer.status == 413


def test_r32_body_above_the_limit_is_413(port):
    assert raw_http.post(port, b"x" * 3_000_000, FORM).status in {0, 413}


@pytest.mark.parametrize(
    "body",
    [
        b"email=%00",
        b"email=\xff\xfe",
        b"email=%ed%a0%80",
        b"\x00" * 1000,
        b"email=" + "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_r33_malformed_text_over_the_wire_is_no_500(port, body):
    assert raw_http.post(port, body, FORM).status in {303, 400, 403, 422}


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd",
        "/static/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/\\..\\..",
        "/%00",
    ],
)
def test_path_out_of_the_house_is_not_found(port, path):
    answer = raw_http.get(port, path)
    assert answer.status in {308, 400, 404}
    assert b"root:" not in answer.body
