"""Addresses as forms take them: syntax only, nothing is looked up."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from advocacy.web.fields import MailField
from advocacy.web.forms import Form


class AddressForm(Form):
    """One address."""

    email = MailField("Email")


@pytest.mark.parametrize("text", ["ana@example.org", "ana@drill.test", "zoë@bücher.example"])
def test_address_of_any_well_formed_domain_is_taken(text: str) -> None:
    assert AddressForm(MultiDict({"email": text})).validate()


@pytest.mark.parametrize(
    "text", ["ana", "ana@", "ana@localhost", "a b@example.org", '"a"@example.org', "=a@example.org"]
)
def test_text_that_is_no_address_is_refused(text: str) -> None:
    assert not AddressForm(MultiDict({"email": text})).validate()
