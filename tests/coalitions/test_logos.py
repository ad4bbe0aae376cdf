"""Organizations' logos: who uploads one, where it stands under the leave, and that it goes with the organization."""

from __future__ import annotations

import io
from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from advocacy.audit.models import AuditEvent
from advocacy.coalitions.logo_models import OrganizationLogo
from advocacy.coalitions.models import Coalition
from advocacy.coalitions.name_models import NameRequest
from advocacy.coalitions.organization_models import Membership
from advocacy.coalitions.services import organizing, picturing
from advocacy.core import clock, uow
from advocacy.core.actor import ANONYMOUS, system_actor
from advocacy.core.db import db
from advocacy.core.errors import Conflict, NotAllowed
from tests.factories import logos, organizations
from tests.factories.accounts import csrf_token, sign_in
from tests.factories.coalitions import make_coalition, make_member

_fresh = count(1)
OWN = "/desk/coalition/logo"


def upload(client, path=OWN, data=None, *, name="logo.png", version=0):
    sent = {"csrf_token": csrf_token(client), "version": str(version)}
    if data is not None:
        sent["logo"] = FileStorage(io.BytesIO(data), name)
    boundary, body = encode_multipart(sent)
    return client.post(path, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def store(row):
    with uow.unit():
        db.session.add(row)
        db.session.flush()


def change(membership, **facts):
    with uow.unit():
        for name, value in facts.items():
            setattr(db.session.get_one(Membership, membership.id), name, value)


def page_of(client, slug):
    """The coalition's page as it is now, not as it was kept for a second."""
    return client.get(f"/coalitions/{slug}?fresh={next(_fresh)}").text


def actions():
    with uow.reading():
        rows = select(AuditEvent.action).where(AuditEvent.action.startswith("logo.")).order_by(AuditEvent.id)
        return list(db.session.execute(rows).scalars())


@pytest.mark.both_databases
def test_s108_who_acts_for_an_organization_uploads_replaces_and_deletes_its_logo(app):
    membership = organizations.make_organization(make_coalition(), "Harbor House")
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    assert "There is none yet." in theirs.get(OWN).text
    assert upload(theirs, data=logos.picture(size=(960, 240))).status_code == 303
    first = logos.logo_of(membership)
    assert (first.width, first.height, first.version) == (480, 120, 1)
    page = theirs.get(OWN).text
    assert f'src="/logos/{membership.public_id}/{first.sha256}.png" width="480" height="120" alt="Harbor House"' in page
    assert theirs.get(f"/logos/{membership.public_id}/{first.sha256}.png").data == first.png
    assert upload(theirs, data=logos.picture(colour="red", kind="JPEG"), name="x.exe", version=1).status_code == 303
    second = logos.logo_of(membership)
    assert second.sha256 != first.sha256
    assert theirs.get(f"/logos/{membership.public_id}/{first.sha256}.png").status_code == 404
    assert theirs.post(f"{OWN}/remove", data={"csrf_token": csrf_token(theirs)}).status_code == 303
    assert logos.logo_of(membership) is None
    assert theirs.post(f"{OWN}/remove", data={"csrf_token": csrf_token(theirs)}).status_code == 303
    assert upload(theirs, data=logos.picture()).status_code == 303
    assert actions() == ["logo.stored", "logo.replaced", "logo.deleted", "logo.stored"]


def test_s108_who_looks_after_the_organizations_uploads_for_them(app):
    coalition_id = make_coalition()
    membership = organizations.make_organization(coalition_id, "Harbor House")
    admin = sign_in(app.test_client(), make_member(coalition_id, "admin"))
    here = f"/desk/coalition/organizations/{membership.public_id}"
    assert f"{here}/logo" in admin.get(here).text
    assert upload(admin, f"{here}/logo", logos.picture()).status_code == 303
    assert logos.logo_of(membership) is not None
    assert "/logos/" in admin.get(here).text
    assert admin.post(f"{here}/logo/remove", data={"csrf_token": csrf_token(admin)}).status_code == 303
    assert logos.logo_of(membership) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "Choose a file."),
        (b"", "This file is empty."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG files can hold programs"),
        (b"MZ\x90\0", "not a whole PNG"),
        (b"\0" * 1_200_000, "larger than one megabyte"),
    ],
)
def test_refused_file_is_named_at_its_field(app, data, words):
    membership = organizations.make_organization(make_coalition())
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    answer = upload(theirs, data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-describedby="logo-hint logo-error"' in answer.text
    assert 'href="#logo"' in answer.text
    assert logos.logo_of(membership) is None


def test_file_larger_than_any_form_is_refused_before_it_is_read(app):
    membership = organizations.make_organization(make_coalition())
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    assert upload(theirs, data=b"\0" * 3_000_000).status_code == 413


def test_somebody_who_was_slower_is_told(app):
    membership = organizations.make_organization(make_coalition())
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    assert upload(theirs, data=logos.picture()).status_code == 303
    assert upload(theirs, data=logos.picture(colour="red")).status_code == 409
    assert logos.logo_of(membership).version == 1


def test_s108_nobody_else_uploads_or_deletes(app):
    coalition_id = make_coalition()
    membership = organizations.make_organization(coalition_id)
    rival = organizations.make_organization(coalition_id)
    theirs = organizations.acting(rival, organizations.make_representative(rival))
    for act in (
        lambda: picturing.store_logo(theirs, membership, logos.drawn(), version=0),
        lambda: picturing.remove_logo(theirs, membership),
        lambda: picturing.store_logo(ANONYMOUS, membership, logos.drawn(), version=0),
    ):
        with uow.reading(), pytest.raises(NotAllowed):
            act()


@pytest.mark.both_databases
def test_s108_a_logo_stands_only_where_the_name_does_and_only_under_its_own_leave(app, client):
    coalition_id = make_coalition("valley-logos")
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="always", logo_use="always")
    address = logos.make_logo(membership)
    for name_use, logo_use, yes, is_shown in (
        ("always", "always", None, True),
        ("always", "never", None, False),
        ("always", "ask_each", None, False),
        ("never", "always", None, False),
        ("ask_each", "always", None, False),
        ("ask_each", "always", "name", True),
        ("ask_each", "ask_each", "name", False),
        ("ask_each", "ask_each", "logo", True),
        ("always", "ask_each", "logo", True),
        ("never", "ask_each", "logo", False),
        ("ask_each", "never", "logo", False),
    ):
        change(membership, name_use=name_use, logo_use=logo_use)
        if yes == "name":
            with uow.unit():
                db.session.execute(update(NameRequest).values(answer="yes", answered_at=clock.now()))
        elif yes == "logo":
            with uow.unit():
                db.session.execute(update(NameRequest).values(with_logo=True))
        elif not db.session.execute(select(NameRequest.id)).first():
            organizations.ask_name(membership)
        db.session.rollback()
        case = (name_use, logo_use, yes)
        assert (address in page_of(client, "valley-logos")) is is_shown, case
        assert client.get(address).status_code == (200 if is_shown else 404), case


def test_s108_the_question_says_whether_it_is_one_about_the_logo_too(app, client):
    coalition_id = make_coalition("valley-asks")
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="ask_each", logo_use="never")
    address = logos.make_logo(membership)
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    request_id = organizations.ask_name(membership)
    ours = "/desk/coalition/names/ours"
    page = theirs.get(ours).text
    assert "Yes, show our name" in page
    assert "name and logo</button>" not in page
    # An answer to the old words does not cover the logo, not even when the leave changed while they stood there.
    change(membership, logo_use="ask_each")
    given = {"csrf_token": csrf_token(theirs), "answer": "yes", "about": "name"}
    assert theirs.post(f"{ours}/{request_id}", data=given).status_code == 303
    assert "Harbor House" in page_of(client, "valley-asks")
    assert address not in page_of(client, "valley-asks")
    page = theirs.get(ours).text
    assert "the yes was for the name alone" in page
    assert "Yes, show our name and logo" in page
    assert theirs.post(f"{ours}/{request_id}", data=given | {"about": "logo"}).status_code == 303
    assert address in page_of(client, "valley-asks")
    assert "Yes, show our name and logo" not in theirs.get(ours).text
    assert theirs.post(f"{ours}/{request_id}", data=given | {"answer": "no"}).status_code == 303
    assert address not in page_of(client, "valley-asks")


def test_s108_who_is_always_named_can_be_asked_about_the_logo_alone(app, client):
    coalition_id = make_coalition("valley-alone")
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="always", logo_use="ask_each")
    address = logos.make_logo(membership)
    admin = sign_in(app.test_client(), make_member(coalition_id, "organizer"))
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    here = f"/desk/coalition/organizations/{membership.public_id}"
    assert "Ask to show its logo on" in admin.get(here).text
    ask = f"/desk/coalition/names/ask/{membership.public_id}"
    assert admin.post(ask, data={"csrf_token": csrf_token(admin)}).status_code == 303
    ours = "/desk/coalition/names/ours"
    assert "Yes, show our logo" in theirs.get(ours).text
    with uow.reading():
        request_id = db.session.execute(select(NameRequest.public_id)).scalar_one()
    given = {"csrf_token": csrf_token(theirs), "answer": "yes", "about": "logo"}
    theirs.post(f"{ours}/{request_id}", data=given)
    assert address in page_of(client, "valley-alone")
    theirs.post(f"{ours}/{request_id}", data=given | {"answer": "no"})
    assert address not in page_of(client, "valley-alone")
    assert "Harbor House" in page_of(client, "valley-alone")


@pytest.mark.parametrize(
    ("leave", "words"),
    [
        ({"logo_use": "never"}, "stands on no public page"),
        ({"logo_use": "always", "name_use": "never"}, "stands on no public page"),
        ({"logo_use": "ask_each"}, "said yes to both"),
        ({"logo_use": "always"}, "wherever the name does"),
    ],
)
def test_form_says_where_the_logo_will_stand(app, leave, words):
    membership = organizations.make_organization(make_coalition(), **leave)
    theirs = sign_in(app.test_client(), organizations.make_representative(membership))
    assert words in theirs.get(OWN).text


@pytest.mark.both_databases
def test_k8_when_an_organization_leaves_its_logo_goes_at_once_with_its_bytes(app, client):
    coalition_id = make_coalition("valley-left")
    membership = organizations.make_organization(coalition_id, "Harbor House", name_use="always", logo_use="always")
    address = logos.make_logo(membership)
    assert address in page_of(client, "valley-left")
    with uow.unit():
        organizing.move_organization(system_actor(coalition_id=coalition_id), membership.public_id, "left")
    assert address not in page_of(client, "valley-left")
    assert client.get(address).status_code == 404
    assert logos.logo_of(membership) is None
    assert actions() == ["logo.stored", "logo.deleted"]
    with pytest.raises(Conflict):
        logos.make_logo(membership)
    admin = sign_in(app.test_client(), make_member(coalition_id, "admin"))
    assert 'type="file"' not in admin.get(f"/desk/coalition/organizations/{membership.public_id}/logo").text


def test_a_suspended_organizations_logo_is_kept_and_not_shown(app, client):
    coalition_id = make_coalition("valley-waits")
    membership = organizations.make_organization(coalition_id, name_use="always", logo_use="always")
    address = logos.make_logo(membership)
    with uow.unit():
        organizing.move_organization(system_actor(coalition_id=coalition_id), membership.public_id, "suspended")
    assert client.get(address).status_code == 404
    assert logos.logo_of(membership) is not None


def test_a_logo_that_stands_nowhere_is_for_people_of_the_coalition(app, client):
    coalition_id, elsewhere = make_coalition(), make_coalition()
    membership = organizations.make_organization(coalition_id, logo_use="never")
    address = logos.make_logo(membership)
    ours = sign_in(app.test_client(), make_member(coalition_id, "volunteer"))
    others = sign_in(app.test_client(), make_member(elsewhere, "admin"))
    answer = ours.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    for who in (client, others):
        assert who.get(address).status_code == 404
    assert ours.get(f"/logos/{membership.public_id}/{'0' * 64}.png").status_code == 404


def test_a_dissolved_coalitions_logos_are_on_no_page(app, client):
    coalition_id = make_coalition()
    address = logos.make_logo(organizations.make_organization(coalition_id, name_use="always", logo_use="always"))
    assert client.get(address).status_code == 200
    with uow.unit():
        db.session.execute(update(Coalition).where(Coalition.id == coalition_id).values(state="dissolved"))
    assert client.get(address).status_code == 404


def test_logo_in_public_is_kept_for_a_year_and_any_other_is_not_kept(app, client):
    membership = organizations.make_organization(make_coalition(), name_use="always", logo_use="always")
    address = logos.make_logo(membership)
    answer = client.get(address)
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    etag = answer.headers["ETag"]
    assert etag == f'"{logos.logo_of(membership).sha256}"'
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200
    head = client.head(address)
    assert (head.status_code, head.data, int(head.headers["Content-Length"])) == (200, b"", len(answer.data))
    change(membership, logo_use="never")
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 0},
        {"width": 481},
        {"height": 241},
        {"png": b""},
        {"png": b"\0" * 524_289},
        {"sha256": "short"},
        {"coalition_id": 987_654},
    ],
)
def test_the_database_refuses_a_logo_of_another_size_or_coalition(app, wrong):
    membership = organizations.make_organization(make_coalition())
    facts = {"coalition_id": membership.coalition_id, "membership_id": membership.id}
    facts |= {"png": b"x", "sha256": "0" * 64, "width": 1, "height": 1, "created_at": clock.now()}
    with pytest.raises(IntegrityError):
        store(OrganizationLogo(**facts | wrong))


@pytest.mark.both_databases
def test_the_database_refuses_a_second_logo_and_a_yes_to_a_logo_without_a_yes(app):
    membership = organizations.make_organization(make_coalition())
    logos.make_logo(membership)
    organizations.ask_name(membership)
    facts = {"coalition_id": membership.coalition_id, "membership_id": membership.id, "created_at": clock.now()}
    with pytest.raises(IntegrityError):
        store(OrganizationLogo(**facts, png=b"x", sha256="1" * 64, width=1, height=1))
    with pytest.raises(IntegrityError), uow.unit():
        db.session.execute(update(NameRequest).values(with_logo=True))
