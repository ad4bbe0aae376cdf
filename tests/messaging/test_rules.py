"""When to try again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from advocacy.messaging.rules import Outcome, Stage, masked, next_try, pause, triage

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def test_r12_next_try_grows_ends_after_the_hours_and_stays_within_half_of_the_wait() -> None:
    began, now, tries = NOW, NOW, 0
    while (found := next_try(began, now, 72)) is not None:
        wait, age = (found - now).total_seconds(), (now - began).total_seconds()
        assert 8 <= wait <= max(12, min(age * 0.6, 4320))
        now, tries = found, tries + 1
    assert timedelta(hours=72) <= now - began < timedelta(hours=74)
    assert 70 < tries < 130


def test_next_try_when_the_clock_was_set_back_waits_a_moment() -> None:
    found = next_try(NOW + timedelta(days=1), NOW, 72)
    assert found is not None
    assert found - NOW < timedelta(seconds=13)


def test_r12_next_try_of_many_mails_is_spread() -> None:
    assert len({next_try(NOW - timedelta(hours=1), NOW, 72) for _ in range(50)}) > 40


def test_pause_is_short_so_that_all_mail_leaves_soon_after_recovery() -> None:
    assert pause(1) < timedelta(seconds=7)
    assert pause(10_000) <= timedelta(seconds=36)


@given(st.sampled_from(Stage), st.integers(-1, 999))
def test_triage_of_any_reply_is_final_only_for_5xx_after_hello(stage: Stage, code: int) -> None:
    outcome = triage(stage, code).outcome
    if stage in {Stage.CONNECT, Stage.HELLO}:
        assert outcome is Outcome.DOWN
    else:
        assert (outcome is Outcome.DEAD) == (500 <= code <= 599)


def test_masked_shows_the_outline_only() -> None:
    assert masked("zoe.smith@mail.example.org") == "z…@m….org"
    assert masked("x@localhost") == "x…@l…"
    assert masked("") == "…@…"
