"""D-04: the record is append-only, and the chain names what was changed behind its back."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import exc, select, text

from advocacy.audit import services
from advocacy.audit.commands import audit
from advocacy.audit.models import AuditEvent
from advocacy.audit.queries import Proof, has_unsealed, is_sealing, verify_chain
from advocacy.core import uow
from advocacy.core.actor import Actor, system_actor
from advocacy.core.db import db
from advocacy.queue.port import enqueue
from tests.support.work import run_due

pytestmark = pytest.mark.both_databases
COPY = (
    "INSERT INTO audit_event (id, public_id, at, actor, action, object_kind, object_id, facts, request_id) "
    "SELECT :id, :public_id, at, actor, action, object_kind, object_id, facts, request_id FROM audit_event WHERE id = :of"
)


def record(count: int) -> None:
    for number in range(count):
        services.record(
            Actor(user_id=7, coalition_id=3), "petition.open", "petition", number, facts={"from": "draft", "é": 1.5}
        )
    uow.commit()


def seal() -> int:
    sealed = services.seal_events()
    uow.commit()
    return sealed


def tamper(*statements: str, **params: object) -> None:
    """Change rows the way somebody with the database's password could: without the triggers."""
    kind = db.engine.dialect.name
    tables = ("audit_event", "audit_seal")
    db.session.rollback()
    if kind == "sqlite":
        for table in tables:
            for verb in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in statements:
        db.session.execute(text(statement), params)
    uow.commit()
    db.session.expire_all()


def prove(noted_end: tuple[int, str] | None = None) -> Proof:
    uow.rollback()
    with uow.reading():
        return verify_chain(noted_end)


def fault() -> str | None:
    return prove().fault


def ids() -> list[int]:
    return list(db.session.execute(select(AuditEvent.id).order_by(AuditEvent.id)).scalars())


def test_chain_untouched_is_whole(app):
    record(5)
    assert has_unsealed()
    assert seal() == 5
    record(3)
    assert seal() == 3
    proof = prove()
    assert (proof.sealed_count, proof.waiting_count, proof.fault) == (8, 0, None)
    assert not has_unsealed()


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_append_only_tables_refuse_change(app, table, change):
    record(1)
    seal()
    column = "action = 'x'" if table == "audit_event" else "chain = chain"
    with pytest.raises(exc.DBAPIError):
        db.session.execute(text(change.format(table, column)))
    db.session.rollback()


@pytest.mark.parametrize(
    "column",
    [
        "action = 'other'",
        "actor = 'user:8'",
        "user_id = 8",
        "coalition_id = 4",
        "object_id = '9'",
        "request_id = 'r'",
        "facts = '{}'",
    ],
)
def test_event_edited_is_named(app, column):
    record(5)
    seal()
    third = ids()[2]
    tamper(f"UPDATE audit_event SET {column} WHERE id = :id", id=third)  # noqa: S608 - our own list
    assert fault() == f"event {third} (seal 3) was changed, moved or inserted"


def test_event_deleted_is_named(app):
    record(5)
    seal()
    second = ids()[1]
    tamper("DELETE FROM audit_seal WHERE event_id = :id", "DELETE FROM audit_event WHERE id = :id", id=second)
    assert fault() == "seal 2 was deleted"


def test_events_reordered_are_named(app):
    record(4)
    seal()
    first, second = ids()[:2]
    tamper(
        "UPDATE audit_seal SET event_id = -1 * event_id WHERE seq IN (1, 2)",
        "UPDATE audit_seal SET event_id = :second WHERE seq = 1",
        "UPDATE audit_seal SET event_id = :first WHERE seq = 2",
        first=first,
        second=second,
    )
    assert fault() == f"event {second} (seal 1) was changed, moved or inserted"


def test_event_inserted_with_a_seal_is_named(app):
    record(3)
    seal()
    tamper(
        COPY,
        "INSERT INTO audit_seal (seq, event_id, chain) SELECT 4, :id, chain FROM audit_seal WHERE seq = 3",
        id=1000,
        public_id="x" * 22,
        of=ids()[0],
    )
    assert fault() == "event 1000 (seal 4) was changed, moved or inserted"


def test_event_inserted_long_behind_the_end_is_never_sealed_and_named(app, move_clock):
    record(2)
    first = ids()[0]
    tamper("UPDATE audit_event SET id = id + 9000 WHERE id > :first", first=first)
    seal()
    tamper(COPY, id=50, public_id="y" * 22, of=first)
    assert seal() == 0
    assert fault() is None
    move_clock(60)
    assert fault().startswith("event 50 has no seal (1 wait)")


def test_tail_cut_off_is_named_and_sealing_refuses_to_hide_it(app):
    record(5)
    seal()
    last = ids()[-1]
    tamper("DELETE FROM audit_seal WHERE event_id >= :id", "DELETE FROM audit_event WHERE id >= :id", id=last)
    assert fault() == "seals 5 to 5 were cut off"
    record(2)
    with pytest.raises(services.ChainBroken):
        services.seal_events()
    db.session.rollback()
    assert fault() == "seals 5 to 5 were cut off"


@pytest.mark.parametrize(
    "change", ["UPDATE audit_head SET seq = 2", "UPDATE audit_head SET mac = chain FROM audit_seal WHERE seq = 1"]
)
def test_head_changed_is_named(app, change):
    record(3)
    seal()
    tamper(change.replace("WHERE seq", "WHERE audit_seal.seq"))
    assert "head of the chain was changed" in fault()


def test_head_deleted_is_named(app):
    record(3)
    seal()
    tamper("DELETE FROM audit_head")
    assert fault() == "the head of the chain was deleted"


def test_whole_chain_rolled_back_is_named_by_a_noted_end(app):
    """Old rows put back with their old head look whole from inside; the end noted outside does not fit."""
    record(3)
    seal()
    seq, _, link = prove().end.partition(":")
    tamper("DELETE FROM audit_head", "DELETE FROM audit_seal", "DELETE FROM audit_event")
    assert prove().fault is None
    assert "noted before" in prove((int(seq), link)).fault


def test_unsealed_tail_waits_30_seconds_then_is_named(app, move_clock):
    record(2)
    assert prove().waiting_count == 2
    assert fault() is None
    move_clock(31)
    assert "has no seal (2 wait)" in fault()


def test_seal_with_another_key_does_not_verify(app, monkeypatch):
    record(2)
    monkeypatch.setattr(services, "chain_key", lambda: b"k" * 32)
    seal()
    assert fault() is not None


@pytest.mark.parametrize("is_bad", [False, True])
def test_command_verify_says_it_by_exit_status(app, is_bad):
    record(3)
    seal()
    if is_bad:
        tamper("UPDATE audit_event SET action = 'z' WHERE id = :id", id=ids()[1])
    db.session.remove()
    outcome = CliRunner().invoke(audit, ["verify"], obj=lambda: app)
    assert outcome.exit_code == (1 if is_bad else 0), outcome.output
    assert ("was changed" in outcome.output) is is_bad


def test_record_in_a_unit_rolled_back_leaves_nothing(app):
    services.record(system_actor(), "a.b", "thing", 1)
    uow.rollback()
    assert ids() == []


def test_doctor_sees_a_cut_and_a_sealer_that_sleeps(app, move_clock):
    record(3)
    seal()
    assert is_sealing()[0]
    record(1)
    assert is_sealing()[0]
    uow.rollback()
    move_clock(60)
    assert is_sealing() == (False, "events wait for their seal since 60 s")
    tamper("DELETE FROM audit_seal WHERE seq = 3")
    assert is_sealing()[1].startswith("seals 3 to 3 were cut off")


def test_job_seals_within_its_rounds(app):
    record(3)
    with uow.unit():
        enqueue(db.session(), "audit.seal", {})
    run_due(app)
    assert prove().sealed_count == 3
