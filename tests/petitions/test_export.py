"""Exports: whole, inert, bounded, noted."""

from __future__ import annotations

import csv
import io
import stat
import tracemalloc

import pytest
from sqlalchemy import select

from advocacy.audit.models import AuditEvent
from advocacy.core import safe_csv, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.models import HeldReason, Petition
from advocacy.petitions.services import exporting
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition
from tests.factories.signatures import add_signatures, given

NAMES = ("Zoë Ndiaye", "O'Brien, Siobhán", "李明", "نور", 'Łukasz "Luki" Wójcik')
COMMENT = '=HYPERLINK("http://bad.example","x")\nsecond line, with comma'


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def export(client, petition, **data):
    return client.post(
        f"/desk/petitions/{petition.public_id}/export.csv", data={"csrf_token": csrf_token(client), **data}
    )


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.mark.both_databases
def test_i03_export_holds_verified_signatures_inert_and_gives_them_back(app, coalition):
    """I-03."""
    petition = make_petition(coalition)
    rows = [given(name, comment=COMMENT) for name in NAMES]
    rows += [given("Pending", verified_at=None), given("Held", verified_at=None, held_reason=HeldReason.TRAP)]
    add_signatures(petition, rows)
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    answer = export(desk, petition)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    found = read(answer.data)
    assert [row["name"] for row in found] == list(NAMES)
    assert list(found[0]) == list(exporting.COLUMNS)
    assert all(row["comment"].startswith("'=") for row in found)
    assert safe_csv.restore(found[0]["comment"]) == COMMENT
    assert found[0]["signed_on"]
    event = db.session.execute(select(AuditEvent).where(AuditEvent.action == "petition.exported")).scalar_one()
    assert event.facts == {"with_email": False}


def test_export_holds_addresses_only_when_asked(app, coalition):
    petition = make_petition(coalition)
    add_signatures(petition, [given(email="zoe@example.org")])
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    assert b"zoe@example.org" not in export(desk, petition).data
    assert read(export(desk, petition, with_email="y").data)[0]["email"] == "zoe@example.org"


def test_export_without_signatures_is_a_header(app, coalition):
    petition = make_petition(coalition)
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    assert export(desk, petition).data.decode().strip() == ",".join(exporting.COLUMNS)


@pytest.mark.settings(limits={"export_user": 2})
def test_export_too_often_is_429(app, coalition):
    petition = make_petition(coalition)
    desk = sign_in(app.test_client(), make_member(coalition, "organizer"))
    assert [export(desk, petition).status_code for _ in range(3)] == [200, 200, 429]


def test_command_writes_a_private_file_in_one_piece(app, coalition, tmp_path):
    petition = make_petition(coalition)
    add_signatures(petition, [given(name) for name in NAMES])
    out = tmp_path / "signatures.csv"
    out.write_text("older", encoding="utf-8")
    result = run(app, "petition", "export", petition.slug, "--out", str(out))
    assert result.exit_code == 0, result.output
    assert [row["name"] for row in read(out.read_bytes())] == list(NAMES)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["signatures.csv"]


def test_command_for_an_unknown_petition_ends_with_1_and_no_file(app, tmp_path):
    out = tmp_path / "x.csv"
    result = run(app, "petition", "export", "there-is-none", "--out", str(out))
    assert result.exit_code == 1
    assert not out.exists()


def test_command_for_a_folder_that_is_missing_ends_with_2_and_one_line(app, coalition, tmp_path):
    petition = make_petition(coalition)
    result = run(app, "petition", "export", petition.slug, "--out", str(tmp_path / "no" / "x.csv"))
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1


def test_export_memory_does_not_grow_with_the_rows(app, coalition, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH", 50)
    peaks = []
    for size in (600, 3000):
        petition = make_petition(coalition)
        add_signatures(petition, (given() for _ in range(size)))
        with uow.unit():
            blocks = exporting.export_signatures(system_actor(), db.session.get_one(Petition, petition.id))
        for _warm in zip(range(1), blocks, strict=False):
            pass
        tracemalloc.start()
        total = sum(block.count(b"\r\n") for block in blocks)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert total <= size
    assert peaks[1] < peaks[0] * 2


def run(app, *args):
    import click
    from click.testing import CliRunner

    from advocacy.petitions.manifest import MANIFEST

    root = click.Group("advocacy", commands={command.name: command for command in MANIFEST.commands})
    return CliRunner().invoke(root, args, obj=lambda: app)
