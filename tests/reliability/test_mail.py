"""Mail of signers, counted by a real mail server that behaves and misbehaves."""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.reliability.conftest import Running
from tests.support.signing_load import Crowd, percentile, sign_once
from tests.support.waiting import wait

pytestmark = pytest.mark.xdist_group("reliability")

IS_LONG = bool(os.environ.get("ADVOCACY_TEST_LONG"))
RETRIED = [
    ("connect", "421 4.3.2 not now"),
    ("connect", "reset"),
    ("connect", "hang"),
    ("connect", "garbage"),
    ("hello", "421 4.3.2 not now"),
    ("mail", "451 4.3.0 later"),
    ("rcpt", "451 4.7.1 greylisted"),
    ("rcpt", "421 4.3.2 closing"),
    ("data", "451 4.3.0 later"),
    ("data", "reset"),
    ("after_data", "452 4.3.1 full"),
    ("after_data", "reset"),
    ("after_data", "hang"),
    ("after_data", "slow"),
]
FINAL = ("rcpt", "550 5.1.1 nobody of that name")
LOST = ("after_data", "lost")


def test_f02_one_address_gets_five_mails_at_most_and_counts_once_when_confirmed(running: Running) -> None:
    slug = running.new_petition()
    spellings = ["Paola.Sanz+a@gmail.com", "paolasanz@googlemail.com", "PAOLA.SANZ@gmail.com", "paolasanz@gmail.com"]
    answers = {sign_once(running.url, slug, spelling, address="192.0.2.7") for spelling in spellings * 2}
    assert len(answers) == 1, "a double looks different from a fresh signature"
    wait(lambda: len(_mails_to(running, "paola")) >= 5, 30, "five mails")
    fresh = f"control-{slug}@example.org"
    sign_once(running.url, slug, fresh, address="192.0.2.8")
    running.sink.wait(1, 30, until=lambda: bool(running.sink.to(fresh)))  # what was queued before it is sent by now
    mails = _mails_to(running, "paola")
    assert len(mails) == 5

    count = f"{running.url}/petitions/{slug}/count.json"
    link = next(link for link in mails[-1].links if "/confirm/" in link)
    assert requests.get(link, timeout=20).status_code == 200
    time.sleep(1.0)
    assert requests.get(count, timeout=20).json()["count"] == 0, "looking at the link counted"
    assert requests.post(link, timeout=20, allow_redirects=False).status_code == 303
    wait(lambda: requests.get(count, timeout=20).json()["count"] == 1, 10, "the confirmed signature counts")
    assert requests.post(link, timeout=20, allow_redirects=False).status_code == 410
    time.sleep(1.0)
    assert requests.get(count, timeout=20).json()["count"] == 1


def _mails_to(running: Running, name: str) -> list:
    return [mail for mail in running.sink.messages if name in mail.recipients[0].casefold()]


def test_r13_mails_are_handed_over_within_ten_seconds(running: Running) -> None:
    seconds, people = (60, 25) if IS_LONG else (4, 10)
    slug = running.new_petition()
    with Crowd(running.url, slug, people=people, pause_s=0.5, prefix=slug) as crowd:
        time.sleep(seconds)
    told = crowd.ledger.acknowledged
    assert len(told) > people, "hardly anybody signed"
    arrived: dict[str, float] = {}

    def has_all() -> bool:
        arrived.update({mail.recipients[0]: mail.at for mail in running.sink.messages})
        return told.keys() <= arrived.keys()

    wait(has_all, 60, "every mail arrives")
    took = [arrived[email] - at for email, at in told.items()]
    assert percentile(took, 0.95) < 10.0
    assert set(
        Counter(mail.recipients[0] for mail in running.sink.messages if slug in mail.recipients[0]).values()
    ) == {1}


@pytest.mark.timeout(900)
def test_r12_a_mail_server_in_trouble_disturbs_no_signer_and_gets_all_mail_afterwards(running: Running) -> None:
    each_s = 20.0 if IS_LONG else 0.5
    slug = running.new_petition()
    usual = _signing_under(running, slug, "usual", each_s * 2)
    troubled: list[float] = []
    for number, (stage, answer) in enumerate([*RETRIED, LOST, FINAL]):
        running.sink.behave()
        running.sink.mode(stage=stage, answer=answer)
        before = len(running.sink.faults)
        running.clock.move(120)  # pauses and waits of the mode before are over
        ledger = _signing_under(running, slug, f"mode{number}", each_s)
        troubled += ledger.took_s
        wait(lambda before=before: _is_met(running, before), 60, f"the mail server meets {stage} {answer}")
    allowed_s = 1.2 * percentile(usual.took_s, 0.99) + (0.05 if IS_LONG else 0.5)
    assert percentile(troubled, 0.99) <= allowed_s

    running.sink.behave()
    running.clock.move(3600)
    wait(lambda: _all_have_ended(running), 120, "every mail has ended")
    _compare_with_sink(running, slug)


def _is_met(running: Running, before: int) -> bool:
    """Whether the fault struck; else the pause that what was in hand brought about is waited for by the clock."""
    if len(running.sink.faults) > before:
        return True
    running.clock.move(60)
    time.sleep(1.0)
    return False


def _all_have_ended(running: Running) -> bool:
    """Whether no mail waits; an hour goes by each time those left are only waiting for their next try.

    A conversation that was under way when the server recovered may still break, and an old mail then waits an hour.
    """
    rows = running.stage.rows("SELECT state, next_at FROM mail WHERE state IN ('queued', 'claimed', 'failed')")
    if not rows:
        return True
    now = datetime.now(UTC) + timedelta(seconds=running.clock.offset_s)
    tries = [datetime.fromisoformat(next_at).replace(tzinfo=UTC) for _state, next_at in rows]
    if min(tries) > now and all(state != "claimed" for state, _next_at in rows):
        running.clock.move(3600)
    time.sleep(1.0)
    return False


def _signing_under(running: Running, slug: str, name: str, seconds: float):
    with Crowd(running.url, slug, people=4, pause_s=0.02, prefix=f"{slug}-{name}") as crowd:
        time.sleep(seconds)
    assert set(crowd.ledger.statuses) == {303}, f"{name}: {crowd.ledger.statuses}"
    assert not crowd.ledger.breaks
    return crowd.ledger


def _compare_with_sink(running: Running, slug: str) -> None:
    """Each mail once, but for those whose acceptance never reached us: these again, as the same message."""
    by_address: dict[str, list[str]] = {}
    for mail in running.sink.messages:
        if slug in mail.recipients[0]:
            by_address.setdefault(mail.recipients[0], []).append(mail.message_id)
    assert all(len(set(ids)) == 1 for ids in by_address.values())
    lost_replies = sum(stage == "after_data" for stage, _address, _at in running.sink.faults)
    assert sum(len(ids) - 1 for ids in by_address.values()) <= lost_replies
    sent = running.stage.value(
        "SELECT COUNT(*) FROM mail m JOIN signature s ON m.object_kind = 'signature' AND m.object_id = s.id "
        "JOIN petition p ON p.id = s.petition_id WHERE p.slug = :slug AND m.state = 'sent'",
        slug=slug,
    )
    assert sent == len(by_address)


def test_r14_one_poisoned_mail_holds_up_no_other_and_ends_as_a_dead_letter(running: Running) -> None:
    slug = running.new_petition()
    poisoned = f"poisoned-{slug}@example.org"
    running.sink.behave()
    running.sink.mode(poisoned, "reset", stage="after_data")
    others = [f"other{number}-{slug}@example.org" for number in range(12)]
    for email in [poisoned, *others]:
        assert sign_once(running.url, slug, email, address="192.0.2.9")[0] == 303
    wait(lambda: all(running.sink.to(email) for email in others), 45, "the others' mails arrive")
    assert any(address == poisoned for _stage, address, _at in running.sink.faults)
    running.clock.move(73 * 3600)
    state = (
        "SELECT m.state FROM mail m JOIN signature s ON m.object_kind = 'signature' AND m.object_id = s.id "
        "JOIN petition p ON p.id = s.petition_id WHERE p.slug = :slug AND m.state <> 'sent'"
    )
    wait(lambda: running.stage.rows(state, slug=slug) == [("dead",)], 60, "the poisoned mail is given up")
    assert len(running.sink.to(poisoned)) == 0
    running.sink.behave()


def test_r39_readiness_names_mail_that_does_not_leave_and_recovers(running: Running) -> None:
    slug = running.new_petition()

    def red() -> set[str]:
        checks = requests.get(f"{running.url}/readyz", timeout=30).json()["checks"]
        return {name for name, check in checks.items() if not check["ok"]}

    wait(lambda: not red(), 60, "it is ready")
    running.sink.behave()
    running.sink.mode("for-days@example.org", "451 4.7.1 later")
    assert sign_once(running.url, slug, "for-days@example.org", address="192.0.2.39")[0] == 303
    before = len(running.sink.faults)
    wait(lambda: len(running.sink.faults) > before, 30, "the recipient is put off")
    running.clock.move(3600)
    wait(lambda: not red(), 30, "one recipient that is put off says nothing of the rest")
    running.sink.mode(stage="connect", answer="reset")
    assert sign_once(running.url, slug, f"waiting-{slug}@example.org", address="192.0.2.39")[0] == 303
    wait(lambda: ("connect", "") in {fault[:2] for fault in running.sink.faults[before:]}, 30, "the server is away")
    running.clock.move(660)
    wait(lambda: "mail" in red(), 30, "mail that does not leave is named")
    running.sink.behave()
    running.clock.move(3600)
    wait(lambda: running.sink.to(f"waiting-{slug}@example.org"), 60, "the mail that waited leaves")
    wait(lambda: not red(), 60, "all is well again")
