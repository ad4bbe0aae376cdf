"""The room of mail to many."""

from __future__ import annotations

from advocacy.rooms import MANIFESTS


def test_mailings_stand_above_the_actions_whose_people_they_write_to():
    order = [manifest.name for manifest in MANIFESTS]
    assert order.index("mailings") > max(order.index("petitions"), order.index("consent"), order.index("campaigns"))
