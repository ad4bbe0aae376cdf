"""``make bench``: ratios between our paths and bare ones, alternated in one run on one machine.

Three rounds, medians. Rates move with the machine; ratios and CPU per visit are what counts. ``BENCH_SECONDS`` (3),
``BENCH_ROUNDS`` (3), ``BENCH_ROWS`` (1000000) and ``BENCH_DATABASES`` (``sqlite,postgresql``) change the size.
"""

from __future__ import annotations

import itertools
import os
import re
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from advocacy.app import create_app
from advocacy.coalitions.services.founding import create_coalition
from advocacy.core import clock, crypto, uow
from advocacy.core.actor import system_actor
from advocacy.petitions.services import drafting
from bench import load, mails, seats, servers, sweep
from bench.fill import fill
from tests.support import databases

SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
CONNECTIONS = 8
SMALL, LARGE = "bench-small", "bench-large"
BARE_TABLE = (
    "CREATE TABLE bare_signature (id {key}, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, postal_code TEXT NOT NULL)"
)
_COOKIE = re.compile(rb"(?i)set-cookie: (session=[^;]+)")
_TOKEN = re.compile(rb'name="token" value="([0-9a-f]+)"')
_counter = itertools.count(1)


def visitor(slug: str) -> Callable[[], list[load.type_step]]:
    """A whole new visitor of ours: the form, then the post; unique address, unique client network."""

    def visit() -> list[load.type_step]:
        n, forwarded = _next_visitor()
        body = urlencode({**_fields(n), "country": "US", "display": "hidden"})
        return [load.get(f"/petitions/{slug}", forwarded), load.post(f"/petitions/{slug}/signatures", body, forwarded)]

    return visit


def bare_visitor() -> list[load.type_step]:
    """A whole new visitor of the bare app, who keeps the cookie and sends the token back."""
    n, forwarded = _next_visitor()

    def post(page: bytes) -> bytes:
        cookie = _COOKIE.search(page)
        token = _TOKEN.search(page)
        if cookie is None or token is None:
            sys.exit("the bare page gave no cookie or no token")
        body = urlencode({**_fields(n), "token": token[1].decode()})
        return load.post("/sign", body, f"{forwarded}Cookie: {cookie[1].decode()}\r\n")

    return [load.get("/page", forwarded), post]


def _next_visitor() -> tuple[int, str]:
    n = next(_counter)
    return n, f"X-Forwarded-For: 10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}\r\n"


def _fields(n: int) -> dict[str, str]:
    return {"name": f"Visitor Number {n}", "email": f"visitor{n}.{os.getpid()}@example.org", "postal_code": "55401"}


def reader(path: str) -> Callable[[], list[load.type_step]]:
    """One GET."""
    request = load.get(path)
    return lambda: [request]


def asker(path: str, codes: list[str], headers: str = "") -> Callable[[], list[load.type_step]]:
    """One post of the next ZIP code, each from another network."""
    turn = itertools.cycle(codes)

    def visit() -> list[load.type_step]:
        _n, forwarded = _next_visitor()
        return [load.post(path, f"postal_code={next(turn)}", f"{forwarded}{headers}")]

    return visit


def make_bare(kind: str) -> str:
    """A database with the bare table."""
    if kind == "sqlite":
        path = databases.work_folder() / f"bare-{os.getpid()}.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(BARE_TABLE.format(key="INTEGER PRIMARY KEY"))
        return f"sqlite:///{path}"
    url = databases.new_postgres()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(BARE_TABLE.format(key="BIGSERIAL PRIMARY KEY"))
    return url


def make_ours(kind: str) -> tuple[str, list[str]]:
    """A database with two open petitions, one of them with many signatures, and packs; gives the packs' ZIP codes."""
    url = databases.new_database(kind)
    app = create_app(databases.make_settings(url))
    crypto.data_keys.clear()  # the keys of the database before
    with app.app_context():
        actor = system_actor()
        with uow.unit():
            coalition = create_coalition(actor, slug="bench", name="Bench Coalition", tz="America/Chicago")
            text = "Please fund a crisis centre that is open at night.\n\n" * 40
            for slug in (SMALL, LARGE):
                petition = drafting.create_petition(
                    actor,
                    coalition_id=coalition.id,
                    slug=slug,
                    title="A crisis centre open at night",
                    text=text,
                    goal=5000,
                )
                drafting.open_petition(actor, petition.id)
        began = time.perf_counter()
        fill(SMALL, 1000)
        fill(LARGE, ROWS)
        print(f"  stored {ROWS:,} signatures in {time.perf_counter() - began:.0f} s", flush=True)
        codes = seats.fill()
    return url, codes


class Table:
    """Medians by row name, printed with ratios."""

    def __init__(self) -> None:
        self.rows: dict[str, list[load.Result]] = {}

    def add(self, name: str, result: load.Result, expected: set[int]) -> None:
        """Take a round in; any unexpected answer ends the run."""
        wrong = {status: count for status, count in result.statuses.items() if status not in expected}
        if wrong:
            sys.exit(f"{name}: unexpected answers {wrong}")
        self.rows.setdefault(name, []).append(result)

    def median(self, name: str, figure: Callable[[load.Result], float]) -> float:
        """The median of a figure over the rounds."""
        return statistics.median(figure(result) for result in self.rows[name])

    def show(self) -> None:
        """Print every row."""
        print(f"  {'':34}{'visits/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}")
        for name in self.rows:
            figures = (
                self.median(name, lambda r: r.rate),
                self.median(name, lambda r: r.percentile(0.5)),
                self.median(name, lambda r: r.percentile(0.99)),
                self.median(name, lambda r: r.cpu_ms),
            )
            print(f"  {name:34}{figures[0]:10,.0f}{figures[1]:9.2f}{figures[2]:9.2f}{figures[3]:9.3f}")

    def ratio(self, name: str, other: str, figure: Callable[[load.Result], float]) -> float:
        """The median of the ratios round by round."""
        return statistics.median(figure(a) / figure(b) for a, b in zip(self.rows[name], self.rows[other], strict=True))


def verify(kind: str, url: str, visits: int) -> None:
    """Every acknowledged visit is a stored row."""
    statement = "SELECT count(*) FROM signature WHERE state IN ('pending', 'quarantined')"
    if kind == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            stored = connection.execute(statement).fetchone()[0]
    else:
        with psycopg.connect(url) as connection:
            stored = connection.execute(statement).fetchone()[0]
    print(f"  verified: {stored == visits} ({stored:,} rows for {visits:,} acknowledged signatures)")
    if stored != visits:
        sys.exit(1)


def bench(kind: str) -> None:
    """One database: sign and page, ours beside bare, small petition beside large."""
    print(f"\n{kind}", flush=True)
    bare_url, (our_url, codes) = make_bare(kind), make_ours(kind)
    seats.fill_bare(bare_url, codes)
    table, signed = Table(), 0
    postgres = _postgres_pids() if kind == "postgresql" else []
    workers = 1 if kind == "sqlite" else 2  # as ``advocacy serve`` starts them
    print(f"  {workers} web processes x {servers.THREADS} threads each side, {CONNECTIONS} connections", flush=True)
    with servers.bare(bare_url, workers) as bare, servers.ours(our_url, databases.key_file(), workers) as ours:

        def run(server: servers.Running, visit: Callable[[], list[load.type_step]]) -> load.Result:
            return load.run(
                server.port, visit, seconds=SECONDS, connections=CONNECTIONS, server_pids=[server.pid, *postgres]
            )

        ask_bare, ask_page = asker("/seat", codes), asker("/representatives", codes)
        ask_json = asker("/representatives", codes, "Accept: application/json\r\n")
        sign = {slug: visitor(slug) for slug in (SMALL, LARGE)}
        for visit in (reader("/hello"), bare_visitor):
            run(bare, visit)  # warm-up
        for slug in (SMALL, LARGE):
            signed += run(ours, sign[slug]).visits
            run(ours, reader(f"/petitions/{slug}"))
        for server, visit in ((bare, ask_bare), *[(ours, ask_page)] * 3, *[(ours, ask_json)] * 2):
            run(server, visit)  # until most districts came up once
        for _round in range(ROUNDS):
            table.add("bare page, one SELECT", run(bare, ask_bare), {200})
            table.add("our representatives, page by ZIP", run(ours, ask_page), {200})
            table.add("our representatives, JSON by ZIP", run(ours, ask_json), {200})
            table.add("Flask hello", run(bare, reader("/hello")), {200})
            table.add("our page, 1 k stored", run(ours, reader(f"/petitions/{SMALL}")), {200})
            table.add("our page, many stored", run(ours, reader(f"/petitions/{LARGE}")), {200})
            table.add("bare sign", run(bare, bare_visitor), {200, 303})
            for slug, name in ((SMALL, "our sign, 1 k stored"), (LARGE, "our sign, many stored")):
                result = run(ours, sign[slug])
                table.add(name, result, {200, 303})
                signed += result.visits
    table.show()
    verify(kind, our_url, signed)
    rate, cpu = (lambda r: r.rate), (lambda r: r.cpu_ms)
    bare_seat = "bare page, one SELECT"
    goals = [
        (
            "representatives page / bare page (aim 0.6)",
            table.ratio("our representatives, page by ZIP", bare_seat, rate),
        ),
        ("representatives page CPU / bare page CPU", table.ratio("our representatives, page by ZIP", bare_seat, cpu)),
        (
            "representatives JSON / bare page (aim 0.6)",
            table.ratio("our representatives, JSON by ZIP", bare_seat, rate),
        ),
        ("representatives JSON CPU / bare page CPU", table.ratio("our representatives, JSON by ZIP", bare_seat, cpu)),
        ("sign rate / bare sign (aim 0.45)", table.ratio("our sign, 1 k stored", "bare sign", rate)),
        ("sign CPU / bare sign CPU (aim at most 2.5)", table.ratio("our sign, 1 k stored", "bare sign", cpu)),
        ("page rate / Flask hello (aim 0.9)", table.ratio("our page, 1 k stored", "Flask hello", rate)),
        ("page CPU / Flask hello CPU", table.ratio("our page, 1 k stored", "Flask hello", cpu)),
        (
            f"sign CPU, {ROWS:,} / 1 k stored (aim at most 1.1)",
            table.ratio("our sign, many stored", "our sign, 1 k stored", cpu),
        ),
        (
            f"page CPU, {ROWS:,} / 1 k stored (aim at most 1.1)",
            table.ratio("our page, many stored", "our page, 1 k stored", cpu),
        ),
        (f"sign rate, {ROWS:,} / 1 k stored", table.ratio("our sign, many stored", "our sign, 1 k stored", rate)),
    ]
    for name, value in goals:
        print(f"  {name:58}{value:7.2f}")


def _postgres_pids() -> list[int]:
    """The server's root process, so that its CPU is charged too."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if re.search(rb"bin/postgres\0", command):
                found.append(int(entry.name))
    return found


def main() -> None:
    """Run what was asked for."""
    print(f"{os.cpu_count()} cores, {ROUNDS} rounds of {SECONDS:g} s, started {clock.now():%Y-%m-%d %H:%M} UTC")
    for kind in os.environ.get("BENCH_DATABASES", "sqlite,postgresql").split(","):
        bench(kind)
        sweep.bench(kind, ROWS)
        mails.bench(kind, ROWS, min(ROWS, 10_000))


if __name__ == "__main__":
    main()
