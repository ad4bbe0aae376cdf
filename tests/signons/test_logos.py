"""Organizations' logos under letters: beside those that stand there in full, under the leave for the logo."""

from __future__ import annotations

from itertools import count

import pytest

from advocacy.coalitions.services import organizing
from advocacy.core import uow
from advocacy.core.actor import system_actor
from advocacy.signons.services import ending, signing
from tests.factories import logos, signons
from tests.factories.coalitions import make_coalition
from tests.support.queries import count_queries

_fresh = count(1)
FORM = {"name": "Ingrid Vale", "title": "Director", "place": "Salem", "email": "ingrid@org.example", "authority": "y"}


def page_of(client, letter):
    return client.get(f"/sign-on-letters/{letter.slug}?fresh={next(_fresh)}").text


def signed(letter, membership, **facts):
    token = signons.invite(letter, membership)[0]
    with uow.unit():
        signing.sign(token, signons.given(letter, **facts))
    return token


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("logo_use", "facts", "is_shown"),
    [
        ("always", {}, True),
        ("always", {"shown": "organization"}, False),
        ("always", {"shown": "counted"}, False),
        ("ask_each", {}, False),
        ("ask_each", {"with_logo": True}, True),
        ("ask_each", {"with_logo": True, "shown": "organization"}, False),
        ("never", {"with_logo": True}, False),
    ],
)
def test_s108_a_logo_stands_beside_who_signed_in_full_under_its_leave(app, client, logo_use, facts, is_shown):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    membership = signons.make_organization(coalition_id, name_use="ask_each", logo_use=logo_use)
    address = logos.make_logo(membership)
    assert client.get(address).status_code == 404
    signed(letter, membership, **facts)
    assert (address in page_of(client, letter)) is is_shown
    assert client.get(address).status_code == (200 if is_shown else 404)


def test_s108_the_question_of_a_letter_speaks_of_the_logo_only_to_who_wants_to_be_asked(app, client):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    for logo_use, asks in (("always", False), ("ask_each", True), ("never", False)):
        membership = signons.make_organization(coalition_id, logo_use=logo_use)
        page = client.get(f"/sign-ons/{signons.invite(letter, membership)[0]}").text
        assert ("Organization with its logo, your name and your title" in page) is asks
        assert ('name="about_logo"' in page) is asks


def test_s108_a_yes_to_words_without_the_logo_is_no_yes_to_the_logo(app, client):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    for about_logo, is_shown in (({}, False), ({"about_logo": "yes"}, True)):
        membership = signons.make_organization(coalition_id, logo_use="ask_each")
        address = logos.make_logo(membership)
        token = signons.invite(letter, membership)[0]
        sent = FORM | {"shown": "full", "text_version": str(letter.text_version)} | about_logo
        assert client.post(f"/sign-ons/{token}", data=sent).status_code == 303
        assert (address in page_of(client, letter)) is is_shown


def test_k8_the_logo_of_who_left_is_gone_from_the_letter_and_the_name_stays(app, client):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    membership = signons.make_organization(coalition_id, "Harbor House", logo_use="always")
    address = logos.make_logo(membership)
    signed(letter, membership)
    assert address in page_of(client, letter)
    with uow.unit():
        organizing.move_organization(system_actor(coalition_id=coalition_id), membership.public_id, "left")
    page = page_of(client, letter)
    assert "Harbor House" in page
    assert address not in page
    assert client.get(address).status_code == 404


def test_the_logo_goes_with_the_signature(app, client):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    kept, taken = (signons.make_organization(coalition_id, name_use="ask_each", logo_use="always") for _ in range(2))
    address, stays = logos.make_logo(taken), logos.make_logo(kept, colour="red")
    token = signed(letter, taken)
    signed(letter, kept)
    actor = system_actor(coalition_id=coalition_id)
    with uow.unit():
        ending.freeze_letter(actor, letter.public_id)
    assert address in page_of(client, letter)
    with uow.unit():
        signing.rescind(token)
    page = page_of(client, letter)
    assert "withdrew on" in page
    assert address not in page
    assert stays in page
    assert client.get(address).status_code == 404


def test_letter_page_asks_the_database_as_often_for_many_logos_as_for_one(app, client):
    coalition_id = make_coalition()
    letter = signons.make_letter(coalition_id)
    members = [signons.make_organization(coalition_id, logo_use="always") for _ in range(8)]
    for membership in members:
        logos.make_logo(membership)
    signed(letter, members[0])
    with count_queries() as one:
        assert page_of(client, letter).count("/logos/") == 1
    for membership in members[1:]:
        signed(letter, membership)
    with count_queries() as many:
        assert page_of(client, letter).count("/logos/") == 8
    assert many.count == one.count
