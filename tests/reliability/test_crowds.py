"""Many people at once: behind one address, with one address, and in everybody's way."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.reliability.conftest import Running
from tests.support.signing_load import Crowd, connect, sign, sign_once
from tests.support.stage import Stage

pytestmark = pytest.mark.xdist_group("reliability")

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))
STATES = (
    "SELECT s.state, COUNT(*) FROM signature s JOIN petition p ON p.id = s.petition_id WHERE p.slug = :slug "
    "GROUP BY s.state"
)
MOST_WAL_BYTES = 64 * 2**20


def _at_once(base_url: str, count: int, each: Callable[[int], dict[str, str]], slug: str) -> Counter[tuple[int, bytes]]:
    """``count`` people press the button at the same moment, over connections that stand already."""
    answers: Counter[tuple[int, bytes]] = Counter()
    lock = threading.Lock()
    ready = threading.Barrier(count)

    def press(number: int) -> None:
        connection = connect(base_url)
        connection.connect()
        ready.wait()
        try:
            answer = sign(connection, slug, **each(number))
        finally:
            connection.close()
        with lock:
            answers[answer] += 1

    threads = [threading.Thread(target=press, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_l02_two_hundred_people_behind_one_address_can_all_sign(running: Running) -> None:
    slug = running.new_petition()
    school = "198.51.100.20"
    answers = _at_once(
        running.url, 200, lambda number: {"email": f"pupil{number}-{slug}@example.org", "address": school}, slug
    )
    assert list(answers.values()) == [200], f"not all were told the same: {[answer[0] for answer in answers]}"
    assert {status for status, _body in answers} == {303}
    assert running.stage.rows(STATES, slug=slug) == [("pending", 200)]
    # Control: the limit is there, and those above it hear the same.
    more = {sign_once(running.url, slug, f"more{number}-{slug}@example.org", address=school) for number in range(230)}
    assert more == set(answers)
    assert dict(running.stage.rows(STATES, slug=slug))["quarantined"] > 0


def _race(stage: Stage, base_url: str, slug: str, seed: int) -> int:
    chance = random.Random(seed)
    local = "r.o.s.a.okafor"

    def alias(number: int) -> dict[str, str]:
        letters = "".join(char for char in local if char != "." or chance.random() < 0.5)
        spelling = f"{letters.upper() if chance.random() < 0.5 else letters}+{number}@googlemail.com"
        return {"email": spelling, "address": f"10.9.{number}.1"}

    answers = _at_once(base_url, 100, alias, slug)
    assert {status for status, _body in answers} == {303}, f"{[(key[0], count) for key, count in answers.items()]}"
    assert len(answers) == 1, "doubles look different"
    assert (
        stage.value(
            "SELECT COUNT(*) FROM mail m JOIN signature s ON m.object_kind = 'signature' AND m.object_id = s.id "
            "JOIN petition p ON p.id = s.petition_id WHERE p.slug = :slug GROUP BY s.id LIMIT 1",
            slug=slug,
        )
        <= 5
    )
    return sum(count for _state, count in stage.rows(STATES, slug=slug))


@pytest.mark.both_databases
def test_f01_a_hundred_simultaneous_signatures_with_one_address_are_one_row(on_stage: Stage, seed: int) -> None:
    with on_stage.server("--no-worker") as server:
        assert _race(on_stage, f"http://127.0.0.1:{server.port}", on_stage.slug, seed) == 1
        # Control: it is the database that refuses the others.
        for index in ("uq_signature_live_name", "uq_signature_live_place"):
            on_stage.change(f"DROP INDEX {index}")
        on_stage.new_petition("without-the-index")
        assert _race(on_stage, f"http://127.0.0.1:{server.port}", "without-the-index", seed) > 1


def test_r04_what_is_acknowledged_can_be_read_by_others_at_once(running: Running) -> None:
    slug = running.new_petition()
    count = "SELECT COUNT(*) FROM signature s JOIN petition p ON p.id = s.petition_id WHERE p.slug = :slug"
    for number in range(30):
        assert sign_once(running.url, slug, f"{slug}-{number}@example.org", address=f"10.8.{number}.1")[0] == 303
        assert running.stage.value(count, slug=slug) == number + 1


def test_r19_thirty_two_writers_never_find_the_database_locked_and_its_journal_stays_small(running: Running) -> None:
    seconds = 300 if IS_LONG else 6
    slug = running.new_petition()
    journal = Path(f"{running.stage.file}-wal")
    before = len(running.server.log)
    biggest = 0
    told: Counter[int] = Counter()
    stop = threading.Event()

    def read(path: str) -> None:
        with requests.Session() as session:
            while not stop.is_set():
                told[session.get(f"{running.url}{path}", timeout=30).status_code] += 1

    readers = [
        threading.Thread(target=read, args=(path,), daemon=True)
        for path in (f"/petitions/{slug}", f"/petitions/{slug}/count.json", f"/petitions/{slug}.json", "/petitions")
    ]
    with Crowd(running.url, slug, people=32, prefix=slug) as crowd:
        for reader in readers:
            reader.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            biggest = max(biggest, journal.stat().st_size)
            time.sleep(0.1)
    stop.set()
    for reader in readers:
        reader.join(60)
    assert set(crowd.ledger.statuses) == {303}, crowd.ledger.statuses
    assert not crowd.ledger.breaks
    assert set(told) == {200}, told
    assert len(crowd.ledger.acknowledged) > 32
    assert 0 < biggest < MOST_WAL_BYTES
    assert '"event": "database"' not in running.server.log[before:]
    assert '"event": "queue_trouble"' not in running.server.log[before:]
