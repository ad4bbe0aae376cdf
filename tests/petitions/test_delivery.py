"""Deliveries: what stands in them, what never does, and the proof (domain J6, I-108 to I-110)."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import exc, insert, select, update

from advocacy.audit.models import AuditEvent
from advocacy.civic.services import demo_pack
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions import delivery_queries
from advocacy.petitions.delivery_models import Delivery, DeliveryItem, DeliveryManifest, DeliveryMethod, DeliveryState
from advocacy.petitions.models import HeldReason, Petition, PetitionState, Signature
from advocacy.petitions.services import delivering, drafting, managing
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition, manage_token, signatures
from tests.factories.signatures import add_signatures, given
from tests.support.work import run_due

HOUSE = "ocd-division/country:us/state:zz/cd:"
pytestmark = pytest.mark.settings(demo={"enabled": True})


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def petition(app, coalition):
    """Four placed, one in a split ZIP who did not say where, one elsewhere; pending and held ones do not count."""
    with uow.unit():
        demo_pack.install()
    made = make_petition(coalition)
    add_signatures(
        made,
        [
            given("Ana Vega", postal_code="99961"),
            given("Luis Vega", postal_code="99961"),
            given("Noor Karimi", postal_code="99963"),
            given("Mei Chen", postal_code="99963", division_id=f"{HOUSE}2"),
            given("Abe Collins", postal_code="99965"),
            given("Tom Marsh", postal_code="10001"),
            given("Pending Person", postal_code="99961", verified_at=None),
            given("Held Person", postal_code="99961", verified_at=None, held_reason=HeldReason.NETWORK),
        ],
    )
    return made


@pytest.fixture
def desk(app, coalition):
    return sign_in(app.test_client(), make_member(coalition, "organizer"))


def build(petition):
    with uow.unit():
        made = delivering.begin_delivery(
            system_actor(), db.session.get_one(Petition, petition.id), DeliveryMethod.IN_PERSON
        )
        return made.id


def sheets(delivery_id):
    db.session.rollback()
    return delivery_queries.sheets_of(db.session.get_one(Delivery, delivery_id))


def withdraw(petition, name_index):
    row = signatures(petition.id)[name_index]
    with uow.unit():
        managing.withdraw_signature(manage_token(row))


@pytest.mark.both_databases
def test_i108_delivery_holds_verified_signatures_by_district_with_not_placed_last(petition):
    found = sheets(build(petition))
    assert [(group.state, group.division[-4:], group.count) for group in found.groups] == [
        ("ZZ", "cd:1", 2),
        ("ZZ", "cd:2", 1),
        ("ZZ", "cd:3", 1),
        ("NY", "", 1),
        ("ZZ", "", 1),
    ]
    assert found.groups[0].representatives == "Rosalind Delgado-Finch"
    assert found.groups[0].senators == "Harriet Lindqvist; Teodor Marchbank"
    assert found.groups[2].representatives == "Seat is vacant"
    assert (found.signature_count, found.not_placed_count, found.withdrawn_count) == (6, 2, 0)
    assert len(found.manifest_hash) == 64


@pytest.mark.both_databases
def test_i108_database_refuses_an_item_that_is_not_verified(petition, app):
    delivery_id = build(petition)
    pending = signatures(petition.id)[6]
    item = insert(DeliveryItem).values(
        delivery_id=delivery_id, signature_id=pending.id, coalition_id=petition.coalition_id, digest=b"x"
    )
    for state in (DeliveryState.BUILT, DeliveryState.BUILDING):
        with uow.unit():
            db.session.execute(update(Delivery).values(state=state))
        with pytest.raises((exc.IntegrityError, exc.OperationalError, exc.InternalError)), uow.unit():
            db.session.execute(item)


@pytest.mark.both_databases
@pytest.mark.parametrize("table", [DeliveryItem, DeliveryManifest])
def test_i109_manifest_and_items_never_change(petition, table):
    build(petition)
    with pytest.raises((exc.IntegrityError, exc.OperationalError, exc.InternalError)), uow.unit():
        db.session.execute(table.__table__.delete())


def test_i109_withdrawn_after_delivery_is_left_out_and_counted_next_time(petition):
    first = build(petition)
    withdraw(petition, 0)
    line = delivery_queries.line_of(db.session.get_one(Delivery, first))
    assert line.withdrawn_since == 1
    second = sheets(build(petition))
    assert (second.signature_count, second.withdrawn_count) == (5, 1)


def test_manifest_hash_tells_when_rows_were_changed(petition, monkeypatch):
    delivery_id = build(petition)
    delivery = db.session.get_one(Delivery, delivery_id)
    assert delivering.is_whole(delivery)
    chunks = [chunk[:-1] for chunk in delivery_queries.digests_of(delivery_id)]
    monkeypatch.setattr(delivery_queries, "digests_of", lambda _id: chunks)
    assert not delivering.is_whole(delivery)


def test_item_keeps_no_name(petition):
    build(petition)
    rows = db.session.execute(select(DeliveryItem)).scalars().all()
    assert all(len(row.digest) == 32 and b"Vega" not in row.digest for row in rows)


@pytest.mark.both_databases
def test_big_delivery_is_built_by_the_job_in_steps(app, petition, desk, monkeypatch):
    monkeypatch.setattr(delivering, "AT_ONCE", 0)
    monkeypatch.setattr(delivering, "STEP", 2)
    url = f"/desk/petitions/{petition.public_id}/delivery"
    answer = desk.post(url, data={"csrf_token": csrf_token(desk), "method": "post"})
    assert "delivery-begun" in answer.location
    page = desk.get(answer.location).get_data(as_text=True)
    assert "0 of about 6 signatures are in it" in page
    again = desk.post(url, data={"csrf_token": csrf_token(desk), "method": "post"})
    assert again.status_code == 409
    run_due(app)
    page = desk.get(answer.location).get_data(as_text=True)
    assert "Rosalind Delgado-Finch" in page
    found = sheets(db.session.execute(select(Delivery.id)).scalar_one())
    assert found.signature_count == 6


def test_delivery_without_signatures_is_refused_kindly(app, coalition, desk):
    empty = make_petition(coalition)
    url = f"/desk/petitions/{empty.public_id}/delivery"
    assert desk.post(url, data={"csrf_token": csrf_token(desk), "method": "post"}).status_code == 422
    assert "No signature is confirmed yet" in desk.get(url).get_data(as_text=True)


def test_pages_and_files_of_a_delivery(app, petition, desk):
    url = f"/desk/petitions/{petition.public_id}/delivery"
    answer = desk.post(url, data={"csrf_token": csrf_token(desk), "method": "in_person"})
    page_url = answer.location.partition("?")[0]
    page = desk.get(f"{page_url}?check=1").get_data(as_text=True)
    assert "what is stored still gives exactly this proof" in page
    printed = desk.get(f"{page_url}/sheets").get_data(as_text=True)
    for words in (
        "Ana Vega",
        "Noor Karimi",
        "Rosalind Delgado-Finch",
        "Harriet Lindqvist",
        "Columbia (made up), district 1",
    ):
        assert words in printed
    assert "Pending Person" not in printed
    assert "Held Person" not in printed
    assert printed.count('class="paper-page') == 1 + 1 + 5
    data = desk.get(f"{page_url}/file.csv")
    rows = list(csv.DictReader(io.StringIO(data.get_data(as_text=True))))
    assert [row["name"] for row in rows] == [
        "Ana Vega",
        "Luis Vega",
        "Mei Chen",
        "Abe Collins",
        "Tom Marsh",
        "Noor Karimi",
    ]
    assert rows[0]["representative"] == "Rosalind Delgado-Finch"
    assert rows[5]["district"] == "not placed"
    withdraw(petition, 0)
    assert "Ana Vega" not in desk.get(f"{page_url}/sheets").get_data(as_text=True)
    assert "Ana Vega" not in desk.get(f"{page_url}/file.csv").get_data(as_text=True)
    assert "1 withdrawn since" in desk.get(url).get_data(as_text=True)
    db.session.rollback()
    reads = db.session.execute(select(AuditEvent.facts).where(AuditEvent.action == "delivery.read")).scalars().all()
    assert [event["form"] for event in reads] == ["sheets", "csv", "sheets", "csv"]


def test_marking_a_closed_petition_as_handed_over_makes_it_delivered(app, petition, desk):
    with uow.unit():
        drafting.close_petition(system_actor(), petition.id)
    delivery_id = build(petition)
    public_id = db.session.get_one(Delivery, delivery_id).public_id
    url = f"/desk/petitions/{petition.public_id}/delivery/{public_id}/delivered"
    assert desk.post(url, data={"csrf_token": csrf_token(desk)}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Petition, petition.id).state == PetitionState.DELIVERED
    assert desk.post(url, data={"csrf_token": csrf_token(desk)}).status_code == 409


def test_z01_delivery_of_another_petition_or_coalition_is_404(app, petition, coalition, desk):
    """Z-01."""
    public_id = db.session.get_one(Delivery, build(petition)).public_id
    other = make_petition(coalition)
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    for client, of in ((desk, other), (stranger, petition)):
        base = f"/desk/petitions/{of.public_id}/delivery/{public_id}"
        for path in ("", "/sheets", "/file.csv"):
            assert client.get(base + path).status_code == 404
        assert client.post(f"{base}/delivered", data={"csrf_token": csrf_token(client)}).status_code == 404


def test_volunteer_sees_counts_but_takes_no_names_out(app, petition, coalition):
    public_id = db.session.get_one(Delivery, build(petition)).public_id
    volunteer = sign_in(app.test_client(), make_member(coalition, "volunteer"))
    base = f"/desk/petitions/{petition.public_id}/delivery/{public_id}"
    assert volunteer.get(base).status_code == 200
    assert volunteer.get(f"{base}/sheets").status_code == 403
    assert volunteer.get(f"{base}/file.csv").status_code == 403


def test_signature_verified_after_the_snapshot_waits_for_the_next(petition, monkeypatch):
    delivery_id = build(petition)
    add_signatures(petition, [given("Late Person", postal_code="99961")])
    items = db.session.execute(select(DeliveryItem.signature_id)).scalars().all()
    late = db.session.execute(select(Signature.id).order_by(Signature.id.desc()).limit(1)).scalar_one()
    assert late not in items
    assert sheets(delivery_id).signature_count == 6


@pytest.mark.parametrize("file", ["sheets", "file.csv"])
def test_n08_names_leave_only_for_somebody_who_proved_who_they_are_lately(petition, desk, move_clock, file):
    build(petition)
    delivery = db.session.execute(select(Delivery.public_id)).scalar_one()
    url = f"/desk/petitions/{petition.public_id}/delivery/{delivery}/{file}"
    assert desk.get(url).status_code == 200
    move_clock(11 * 60)
    answer = desk.get(url)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in/again?next=")
    assert file.partition(".")[0] in answer.location


@pytest.mark.both_databases
@pytest.mark.settings(limits={"export_user": 2}, demo={"enabled": True})
def test_l01_exports_of_all_kinds_share_one_limit_a_day(petition, desk, move_clock):
    build(petition)
    delivery = db.session.execute(select(Delivery.public_id)).scalar_one()
    db.session.rollback()
    at = f"/desk/petitions/{petition.public_id}"
    sheet, file = (f"{at}/delivery/{delivery}/{name}" for name in ("sheets", "file.csv"))

    def export():
        return desk.post(f"{at}/export.csv", data={"csrf_token": csrf_token(desk)})

    assert [desk.get(sheet).status_code, export().status_code] == [200, 200]
    for answer in (desk.get(sheet), desk.get(file), export()):
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 86_401
    with uow.reading():
        noted = db.session.execute(select(AuditEvent.action)).scalars().all()
    assert (noted.count("delivery.read"), noted.count("petition.exported")) == (1, 1)
    move_clock(86_400)
    again = sign_in(desk, desk_user(petition))
    assert again.get(file).status_code == 200


def desk_user(petition):
    return make_member(petition.coalition_id, "organizer")
