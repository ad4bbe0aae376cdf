"""Bad input in every field: a 422 that names the field, or stored and shown inert; never a 500 (R-33, I-03, W-03)."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from advocacy.core import crypto
from advocacy.petitions.queries import signer_name
from tests.factories.petitions import GIVEN, confirm_token, make_petition, sign, sign_and_confirm, signatures

FIELDS = ("name", "email", "postal_code", "country", "comment", "display", "updates", "website", "stamp")
HOSTILE = {
    "empty": "",
    "blank": "   \t ",
    "long": "x" * 10_000,
    "nul": "Zoë\x00Ndiaye",
    "escape": "Zoë\x1b[31m",
    "override": "Zoë \u202eexe.txt",
    "surrogate": "Zoë \udcff",
    "formula": '=HYPERLINK("https://evil.example","x")',
    "wide formula": "\uff1dcmd",
    "at": "@SUM(1)",
    "coded": "=?utf-8?b?DQpCY2M6IHg=?=",
    "coded later": "Zoë =?utf-8?b?DQpCY2M6IHg=?=",
    "header": "Zoë\r\nBcc: x@evil.example",
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror=alert(1)>'",
    "template": "{{ 7*7 }}{% raw %}",
    "url": "buy www.evil.example/pills",
    "quote": "'; DROP TABLE signature; --",
}
NAMES = {
    "latin": "Zoë O'Brien-Ñúñez",
    "vietnamese": "Nguyễn Thị Thuỷ",
    "greek": "Ελένη Παπαδοπούλου",
    "cyrillic": "Ольга Щербакова",
    "armenian": "Արմեն Սարգսյան",
    "georgian": "ნინო ბერიძე",
    "hebrew": "נועה כהן",
    "arabic": "فاطمة الزهراء",
    "devanagari": "अनिल शर्मा",
    "bengali": "শর্মিলা ঠাকুর",
    "tamil": "கமலா செல்வன்",
    "thai": "สมชาย ใจดี",
    "chinese": "王小明",
    "japanese": "さくら 田中",
    "korean": "김민준",
    "amharic": "አበበ ቢቂላ",
}


@pytest.mark.both_databases
def test_r33_every_hostile_value_in_every_field_is_refused_by_name_or_inert(app: Flask, client: FlaskClient):
    petition = make_petition()
    for field in FIELDS:
        for kind, value in HOSTILE.items():
            data = {**GIVEN, "email": f"{field}-{kind.replace(' ', '-')}@example.org", field: value}
            raw = "&".join(f"{name}={quoted(text)}" for name, text in data.items())
            answer = client.post(
                f"/petitions/{petition.slug}/signatures",
                data=raw,
                content_type="application/x-www-form-urlencoded",
            )
            assert answer.status_code in {303, 422}, (field, kind, answer.status_code)
            page = answer.get_data(as_text=True)
            if answer.status_code == 422:
                assert f'href="#{field}' in page, (field, kind)
                assert 'id="error-summary"' in page
            assert "<script>alert" not in page
            assert "<img src=x" not in page


def quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text.encode("utf-8", "surrogateescape"), safe="")


def test_r33_invalid_utf8_is_replaced_and_never_an_error(app: Flask, client: FlaskClient):
    petition = make_petition()
    for field in FIELDS:
        data = {**GIVEN, "email": "a@example.org", field: ""}
        raw = "&".join(f"{name}={quoted(text)}" for name, text in data.items() if name != field)
        answer = client.post(
            f"/petitions/{petition.slug}/signatures",
            data=f"{raw}&{field}=%ff%fe%c0%af",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code in {303, 400, 422}, field


@pytest.mark.both_databases
@pytest.mark.parametrize("script", sorted(NAMES))
def test_r33_real_names_come_back_nfc_equal(app: Flask, client: FlaskClient, script: str):
    petition = make_petition()
    name = NAMES[script]
    for form in ("NFC", "NFD"):
        sign(client, petition.slug, f"{form}@example.org".lower(), name=unicodedata.normalize(form, name))
    for row in signatures(petition.id):
        assert signer_name(row) == unicodedata.normalize("NFC", name)
    token = confirm_token(signatures(petition.id)[0])
    assert str(escape(unicodedata.normalize("NFC", name))) in client.get(f"/signatures/confirm/{token}").get_data(
        as_text=True
    )


@pytest.mark.both_databases
def test_w03_comment_and_name_are_inert_wherever_they_show(app: Flask, client: FlaskClient):
    petition = make_petition()
    row = sign_and_confirm(
        client, petition, name="<b>Zoë</b> & <i>x", comment="<script>alert(1)</script>", display="full"
    )
    comment = crypto.open_sealed(row.comment, table="signature", column="comment", row=row.public_id)
    assert comment == "<script>alert(1)</script>"
    page = client.get(f"/petitions/{petition.slug}?x=1").get_data(as_text=True)
    assert "&lt;b&gt;Zoë&lt;/b&gt; &amp; &lt;i&gt;x" in page
    assert "<b>Zoë" not in page


def test_errors_keep_what_was_typed_and_say_what_to_do(app: Flask, client: FlaskClient):
    petition = make_petition()
    answer = sign(client, petition.slug, "not an address", name="Zoë Ndiaye", comment="My words", display="full")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Zoë Ndiaye"' in page
    assert 'value="not an address"' in page
    assert "My words</textarea>" in page
    assert "name@example.org" in page
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_w01_cross_site_post_is_refused(app: Flask, client: FlaskClient, headers):
    petition = make_petition()
    assert sign(client, petition.slug, headers=headers).status_code == 403
    assert signatures(petition.id) == []


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost:8000"}]
)
def test_w01_own_and_headerless_posts_pass(app: Flask, client: FlaskClient, headers):
    petition = make_petition()
    assert sign(client, petition.slug, headers=headers).status_code == 303


@pytest.mark.parametrize(
    ("country", "given", "stored"),
    [
        ("US", "97201 1234", "97201-1234"),
        ("US", "97201", "97201"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("DE", "10115", "10115"),
        ("HK", "", ""),
    ],
)
def test_postal_code_is_stored_as_its_country_writes_it(app, client, country, given, stored):
    petition = make_petition()
    assert sign(client, petition.slug, country=country, postal_code=given).status_code == 303
    assert signatures(petition.id)[0].postal_code == stored


@pytest.mark.parametrize(
    ("country", "given"), [("US", "9720"), ("US", "K1A 0B1"), ("CA", "97201"), ("DE", "!"), ("XX", "1")]
)
def test_postal_code_of_no_place_is_refused(app, client, country, given):
    petition = make_petition()
    assert sign(client, petition.slug, country=country, postal_code=given).status_code == 422
