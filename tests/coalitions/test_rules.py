"""Who may do what."""

from __future__ import annotations

import pytest

from advocacy.coalitions import queries
from advocacy.core import uow
from tests.factories.accounts import sign_in
from tests.factories.coalitions import make_coalition, make_member


@pytest.mark.both_databases
def test_user_ids_with_a_verb_gives_only_roles_that_hold_it(app):
    coalition_id = make_coalition()
    organizer = make_member(coalition_id, "organizer")
    make_member(coalition_id, "speaker")
    with uow.reading():
        assert queries.user_ids_with(coalition_id, "petitions.manage") == [organizer]


def test_actor_of_a_signed_in_organizer_holds_the_roles_of_the_coalition_in_view(app, client):
    coalition_id = make_coalition()
    sign_in(client, make_member(coalition_id, "organizer"))
    assert client.get("/healthz").status_code == 200
