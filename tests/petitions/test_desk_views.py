"""The organizer's pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from advocacy.audit.models import AuditEvent
from advocacy.campaigns.queries import campaigns as campaign_queries
from advocacy.core import clock
from advocacy.core.db import db
from advocacy.messaging.models import Mail
from advocacy.petitions.models import Petition, PetitionState, SignatureState
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.campaigns import make_campaign
from tests.factories.coalitions import make_coalition, make_member
from tests.factories.petitions import make_petition, sign, sign_and_confirm, signatures, tally

FORM = {"title": "Keep the warm line open", "text": "Two peers on **every** night shift."}


@pytest.fixture
def coalition(app):
    return make_coalition()


@pytest.fixture
def desk(app, coalition):
    return sign_in(app.test_client(), make_member(coalition, "organizer"))


def post(client, url, **data):
    return client.post(url, data={"csrf_token": csrf_token(client), **data})


def actions():
    db.session.rollback()
    return list(db.session.execute(select(AuditEvent.action).order_by(AuditEvent.id)).scalars())


def fresh(petition):
    db.session.rollback()
    return db.session.get(Petition, petition.id)


def test_list_without_petitions_teaches_and_offers_to_begin(desk):
    page = desk.get("/desk/petitions").get_data(as_text=True)
    assert "No petitions yet" in page
    assert "/desk/petitions/new" in page


def test_list_shows_state_count_and_closing(app, desk, coalition, client):
    petition = make_petition(coalition, goal=5)
    sign_and_confirm(client, petition)
    tally()
    page = desk.get("/desk/petitions").get_data(as_text=True)
    assert petition.title in page
    assert re.search(r">1</strong>\s*of 5", page)
    assert "Closes" in page


def test_list_pages_by_key(app, desk, coalition):
    made = [make_petition(coalition, is_open=False, title=f"Petition number {n}") for n in range(33)]
    first = desk.get("/desk/petitions").get_data(as_text=True)
    assert "Petition number 32" in first
    assert "Petition number 2<" not in first
    second = desk.get(f"/desk/petitions?before={made[3].id}").get_data(as_text=True)
    assert "Petition number 2<" in second


def test_create_without_slug_makes_a_draft_with_one_from_the_title(app, desk, coalition):
    answer = post(desk, "/desk/petitions/new", **FORM, closes_on="2031-03-14", closes_time="18:30", goal="500")
    assert answer.status_code == 303
    petition = db.session.execute(select(Petition)).scalar_one()
    assert (petition.slug, petition.state, petition.goal) == ("keep-the-warm-line-open", PetitionState.DRAFT, 500)
    assert petition.closes_at.isoformat() == "2031-03-14T22:30:00+00:00"
    assert "<strong>every</strong>" in petition.text_html
    assert "petition.created" in actions()


def test_create_with_nothing_gives_422_and_names_each_field(desk):
    answer = post(desk, "/desk/petitions/new", title="", text="")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Give the petition a title." in page
    assert "Say what you ask for, and why." in page


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_create_with_a_year_that_is_a_slip_gives_422(desk, day):
    answer = post(desk, "/desk/petitions/new", **FORM, closes_on=day, closes_time="23:59")
    assert answer.status_code == 422
    assert "Check the year of this date." in answer.get_data(as_text=True)


def test_create_with_a_taken_slug_gives_422_and_keeps_what_was_typed(app, desk, coalition):
    make_petition(coalition, "beds")
    answer = post(desk, "/desk/petitions/new", **FORM, slug="beds")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Another petition has this address already." in page
    assert "Two peers on **every** night shift." in page


def test_preview_shows_the_text_and_stores_nothing(app, desk):
    answer = post(desk, "/desk/petitions/new", **FORM, preview="y")
    assert "<strong>every</strong>" in answer.get_data(as_text=True)
    assert db.session.execute(select(Petition)).first() is None


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", "![x](http://bad.example/x.png)", "[a](javascript:alert(1))"]
)
def test_preview_of_hostile_markdown_is_inert(desk, nasty):
    page = post(desk, "/desk/petitions/new", title="A", text=nasty, preview="y").get_data(as_text=True)
    shown = page.split('id="preview"')[1]
    assert "<script>alert" not in shown
    assert "<img" not in shown.split("</section>")[0]
    assert 'href="javascript' not in shown


def test_edit_with_an_old_version_gives_409(app, desk, coalition):
    petition = make_petition(coalition, is_open=False)
    url = f"/desk/petitions/{petition.public_id}/edit"
    assert post(desk, url, **FORM, version=str(petition.version)).status_code == 303
    assert post(desk, url, **FORM, version=str(petition.version)).status_code == 409


def test_steps_open_pause_close_archive_follow_the_table(app, desk, coalition):
    petition = make_petition(coalition, is_open=False)
    url = f"/desk/petitions/{petition.public_id}"
    for step, state in (
        ("open", "open"),
        ("pause", "paused"),
        ("open", "open"),
        ("close", "closed"),
        ("archive", "archived"),
    ):
        assert post(desk, f"{url}/{step}").status_code == 303
        assert fresh(petition).state == state
    assert post(desk, f"{url}/open").status_code == 409
    assert {"petition.open", "petition.closed", "petition.archived"} <= set(actions())


def test_show_tells_the_numbers_and_when_it_reminds(app, desk, coalition, client):
    petition = make_petition(coalition, goal=10, closes_in=timedelta(days=10))
    sign_and_confirm(client, petition, comment="It helped my brother.")
    sign(client, petition.slug)
    tally()
    page = desk.get(f"/desk/petitions/{petition.public_id}").get_data(as_text=True)
    for words in (
        "1 person has confirmed",
        "Not confirmed yet",
        "As of",
        "Signatures a day",
        "Mail to the organizers",
        "It helped my brother.",
        "Not placed",
    ):
        assert words in page
    assert page.count("Mail to the organizers") == 3


def test_signatures_mask_addresses_unless_one_may_manage(app, desk, coalition, client):
    petition = make_petition(coalition)
    sign_and_confirm(client, petition, "zoe.ndiaye@example.org")
    url = f"/desk/petitions/{petition.public_id}/signatures"
    assert "zoe.ndiaye@example.org" in desk.get(url).get_data(as_text=True)
    volunteer = sign_in(app.test_client(), make_member(coalition, "volunteer"))
    page = volunteer.get(url).get_data(as_text=True)
    assert "z…@example.org" in page
    assert "zoe.ndiaye" not in page


def test_z01_objects_of_another_coalition_are_404(app, coalition, client):
    """Z-01."""
    petition = make_petition(coalition)
    signature = sign_and_confirm(client, petition)
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "admin"))
    base = f"/desk/petitions/{petition.public_id}"
    for path in ("", "/edit", "/preview", "/signatures", "/delivery"):
        assert stranger.get(base + path).status_code == 404, path
    unsafe = ("/edit", "/open", "/pause", "/close", "/archive", "/export.csv", "/delivery")
    for path in (
        *unsafe,
        f"/signatures/{signature.public_id}/release",
        f"/signatures/{signature.public_id}/invalidate",
    ):
        assert post(stranger, base + path, **FORM).status_code == 404, path
    assert fresh(petition).state == PetitionState.OPEN


def test_z01_volunteer_may_look_but_not_act(app, coalition, client):
    """Z-01."""
    petition = make_petition(coalition)
    volunteer = sign_in(app.test_client(), make_member(coalition, "volunteer"))
    base = f"/desk/petitions/{petition.public_id}"
    assert volunteer.get(base).status_code == 200
    for path in ("/close", "/export.csv", "/delivery"):
        assert post(volunteer, base + path).status_code == 403


def test_w01_steps_without_the_token_are_refused(app, desk, coalition):
    """W-01."""
    petition = make_petition(coalition)
    for path in ("close", "pause", "export.csv", "delivery"):
        assert desk.post(f"/desk/petitions/{petition.public_id}/{path}").status_code == 403
    assert fresh(petition).state == PetitionState.OPEN


def held(client, petition):
    sign(client, petition.slug, website="http://robot.example")
    return signatures(petition.id)[-1]


def test_release_of_a_held_signature_sends_the_confirmation(app, desk, coalition, client):
    petition = make_petition(coalition)
    signature = held(client, petition)
    assert signature.state == SignatureState.QUARANTINED
    url = f"/desk/petitions/{petition.public_id}/signatures"
    assert "hidden field" in desk.get(f"{url}?state=quarantined").get_data(as_text=True)
    assert post(desk, f"{url}/{signature.public_id}/release").status_code == 303
    row = signatures(petition.id)[-1]
    assert (row.state, row.held_reason, row.mail_count) == (SignatureState.PENDING, None, 1)
    assert len(db.session.execute(select(Mail)).scalars().all()) == 1
    assert post(desk, f"{url}/{signature.public_id}/release").status_code == 409
    assert "signature.released" in actions()


def test_invalidate_of_a_counted_signature_takes_it_from_the_count(app, desk, coalition, client):
    petition = make_petition(coalition)
    signature = sign_and_confirm(client, petition)
    tally()
    url = f"/desk/petitions/{petition.public_id}/signatures/{signature.public_id}/invalidate"
    assert post(desk, url, state="verified").status_code == 303
    tally()
    assert signatures(petition.id)[-1].state == SignatureState.INVALIDATED
    assert app.test_client().get(f"/petitions/{petition.slug}/count.json").get_json()["count"] == 0
    assert post(desk, url, state="verified").status_code == 409
    assert "signature.invalidated" in actions()


def test_desk_panels_say_what_is_due_what_waits_and_what_moved(app, desk, coalition, client):
    due = make_petition(coalition, title="Closes in a week", closes_in=timedelta(days=7))
    make_petition(coalition, title="Closes much later", closes_in=timedelta(days=70))
    make_petition(coalition, title="Still a draft", is_open=False)
    held(client, due)
    sign_and_confirm(client, due)
    tally()
    page = desk.get("/desk").get_data(as_text=True)
    for words in ("Closes in a week", "1 held signature to look at", "Still a draft", "so far today"):
        assert words in page
    assert "Closes much later" not in page


def test_desk_panels_show_nothing_of_another_coalition(app, coalition):
    make_petition(coalition, title="Closes in a week", closes_in=timedelta(days=7))
    stranger = sign_in(app.test_client(), make_member(make_coalition(), "organizer"))
    assert "Closes in a week" not in stranger.get("/desk").get_data(as_text=True)


def test_closing_time_before_now_cannot_be_opened(app, desk, coalition):
    petition = make_petition(coalition, is_open=False, closes_at=clock.now() - timedelta(days=1))
    assert post(desk, f"/desk/petitions/{petition.public_id}/open").status_code == 422


def test_list_asks_the_database_as_often_for_one_petition_as_for_many(app, desk, coalition):
    make_petition(coalition)
    one = statements(desk, "/desk/petitions")
    for _more in range(12):
        make_petition(coalition)
    assert statements(desk, "/desk/petitions") == one


def statements(client, url):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    client.get(url)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_edit_chooses_and_changes_the_campaign(app, desk, coalition, client):
    one, other = make_campaign(coalition, title="Beds close to home"), make_campaign(coalition, title="Warm lines")
    foreign = make_campaign(make_coalition())
    petition = make_petition(coalition)
    path = f"/desk/petitions/{petition.public_id}/edit"
    assert "Beds close to home" in desk.get(path).get_data(as_text=True)

    def save(**fields):
        now = fresh(petition)
        words = {"title": now.title, "text": now.text, "version": now.version}
        return post(desk, path, **words, **fields).status_code

    for chosen in (one, other):
        assert save(campaign=str(chosen)) == 303
        assert fresh(petition).campaign_id == chosen
        assert re.search(rf'<option value="{chosen}" selected', desk.get(path).get_data(as_text=True))
    assert save(campaign=str(foreign)) == 422
    assert fresh(petition).campaign_id == other
    assert save() == 303  # a form that does not speak of it
    assert fresh(petition).campaign_id == other
    assert save(campaign="") == 303
    assert fresh(petition).campaign_id is None


def test_edit_goes_on_offering_a_campaign_that_many_newer_ones_hide(app, desk, coalition):
    number = make_campaign(coalition, title="Beds close to home")
    petition = make_petition(coalition, campaign_id=number)
    for _number in range(campaign_queries.PAGE):
        make_campaign(coalition, active=False)
    page = desk.get(f"/desk/petitions/{petition.public_id}/edit").get_data(as_text=True)
    assert re.search(rf'<option value="{number}" selected', page)
