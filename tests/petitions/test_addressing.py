"""Which addresses are one mailbox."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.core import uow
from advocacy.core.db import db
from advocacy.core.errors import RuleBroken
from advocacy.petitions.models import EmailDomainRule
from advocacy.petitions.services.addressing import canonical_address
from tests.factories.petitions import make_petition, sign, signatures, wide


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Zoe@Example.ORG", "zoe@example.org"),
        ("z.o.e+news@gmail.com", "zoe@gmail.com"),
        ("z.o.e@googlemail.com", "zoe@gmail.com"),
        ("z.o.e+x@example.org", "z.o.e@example.org"),
        ("+zoe@example.org", "+zoe@example.org"),
        (wide("zoe@gmail.com"), "zoe@gmail.com"),
        ("zoe@B\u00dcCHER.example", "zoe@xn--bcher-kva.example"),
        ("zoe@xn--bcher-kva.example", "zoe@xn--bcher-kva.example"),
        ("zoe@example\u3002org", "zoe@example.org"),
        ("zo\u0065\u0308@example.org", "zo\u00eb@example.org"),
        ("zoe@pm.me", "zoe@proton.me"),
        ("...@gmail.com", "...@gmail.com"),
    ],
)
def test_spellings_fold_to_one_form(typed: str, canonical: str):
    assert canonical_address(typed) == canonical


def test_domain_that_cannot_exist_is_refused():
    with pytest.raises(RuleBroken) as broken:
        canonical_address("zoe@-x-.example")
    assert broken.value.field == "email"


def test_stored_rule_overrules_the_defaults(app: Flask, client: FlaskClient):
    with uow.unit():
        db.session.add(EmailDomainRule(domain="hyphen.example", strip="", tag_separator="-", alias_of=""))
    petition = make_petition()
    sign(client, petition.slug, "zoe-news@hyphen.example")
    sign(client, petition.slug, "zoe@hyphen.example")
    sign(client, petition.slug, "zoe+news@hyphen.example")
    assert len(signatures(petition.id)) == 2
