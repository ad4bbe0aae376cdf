"""R-37, R-39: an orderly end while people sign and mails leave; a worker that is missed."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from datetime import UTC, datetime

import pytest
import requests

from advocacy.core.db import instant_param
from tests.support.signing_load import sign_once
from tests.support.smtp_sink import SmtpSink
from tests.support.stage import START_S, DrillClock, Stage, mail_to, stage
from tests.support.waiting import wait

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))


def test_r37_sigterm_lets_requests_and_mails_in_hand_end(on_stage: Stage) -> None:
    with SmtpSink() as sink, on_stage.server(**mail_to(sink)) as server:
        url = f"http://127.0.0.1:{server.port}"
        sink.mode(stage="after_data", answer="slow")
        for number in range(8):
            assert sign_once(url, on_stage.slug, f"before{number}@example.org")[0] == 303
        wait(lambda: sink.faults, 30, "a mail is in hand")

        answers: list[int] = []
        emails = [f"during{number}@example.org" for number in range(4)]
        threads = [
            threading.Thread(target=lambda email=email: answers.append(sign_once(url, on_stage.slug, email)[0]))
            for email in emails
        ]
        holder = sqlite3.connect(on_stage.file, isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")  # so that the requests are under way when the signal comes
        for thread in threads:
            thread.start()
        time.sleep(0.7)
        assert not answers, "the requests were over before the signal"  # control
        release = threading.Timer(1.5, lambda: holder.execute("ROLLBACK"))
        release.start()
        began = time.monotonic()
        assert server.term() == 0
        assert 1.0 < time.monotonic() - began < 35
        for thread in threads:
            thread.join(30)
        release.join()
        holder.close()
        assert answers == [303] * 4
    assert on_stage.signature_count() == 12
    now = instant_param(datetime.now(UTC), "sqlite")
    held = "SELECT COUNT(*) FROM job WHERE state = 'running' AND lease_until > :now"
    assert on_stage.value(held, now=now) == 0, "a job is held by a worker that has left"
    assert on_stage.value("SELECT COUNT(*) FROM mail WHERE state = 'claimed'") == 0
    assert on_stage.value("SELECT COUNT(*) FROM mail WHERE state = 'sent'") == len(sink.messages)


@pytest.mark.timeout(300)
def test_r39_readiness_names_a_missing_worker_and_recovers(database_url: str, drill_clock: DrillClock) -> None:
    with stage(database_url, drill_clock) as on_stage, on_stage.server("--no-worker") as server:
        base = f"http://127.0.0.1:{server.port}"
        assert requests.get(f"{base}/healthz", timeout=30).text == "ok"

        def red() -> set[str]:
            answer = requests.get(f"{base}/readyz", timeout=30)
            assert (answer.status_code == 503) == (not answer.json()["ready"])
            return {name for name, check in answer.json()["checks"].items() if not check["ok"]}

        assert "worker" in red()
        with on_stage.server(command="worker") as worker:
            wait(lambda: not red(), START_S, "it is ready with a worker")
            worker.kill9()
        if not IS_LONG:
            drill_clock.move(25)
        wait(lambda: "worker" in red(), 30, "the missing worker is named")
        assert requests.get(f"{base}/healthz", timeout=30).status_code == 200
        with on_stage.server(command="worker"):
            wait(lambda: not red(), START_S, "it is ready again")
