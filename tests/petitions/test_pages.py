"""Public pages of petitions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from advocacy.core import clock, uow
from advocacy.core.actor import system_actor
from advocacy.core.db import db
from advocacy.petitions.models import SignatureDelta
from advocacy.petitions.services import drafting
from tests.factories.petitions import make_petition, sign, sign_and_confirm, tally


def fresh(app: Flask) -> FlaskClient:
    """A client in front of an empty page cache."""
    return app.test_client()


@pytest.mark.both_databases
def test_page_shows_form_text_and_count(app: Flask, client: FlaskClient):
    petition = make_petition(text="Open **ten beds** <script>alert(1)</script>", goal=1000)
    sign_and_confirm(client, petition)
    tally()
    answer = client.get(f"/petitions/{petition.slug}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "<strong>ten beds</strong>" in page
    assert "<script>alert" not in page
    assert "1 person has signed. The goal is 1,000." in page
    for name in ("name", "email", "postal_code", "country", "comment", "display", "updates", "website", "stamp"):
        assert f'name="{name}"' in page
    assert 'name="updates" value="y" checked' not in page
    assert f'property="og:title" content="{petition.title}' in page


@pytest.mark.parametrize("path", ["", ".json", "/count.json", "/check-your-email", "/signatures"])
def test_draft_answers_in_the_same_words_as_nothing(app: Flask, client: FlaskClient, path: str):
    """Nobody learns by guessing addresses what a coalition is about to ask for."""
    draft = make_petition(is_open=False)
    json = {"Accept": "application/json"}
    first, second = (client.get(f"/petitions/{slug}{path}", headers=json) for slug in (draft.slug, "nothing-here"))
    assert first.status_code == second.status_code == 404
    assert first.json["message"] == second.json["message"]


def test_draft_is_not_found(app: Flask, client: FlaskClient):
    petition = make_petition(is_open=False)
    assert client.get(f"/petitions/{petition.slug}").status_code == 404
    assert client.get(f"/petitions/{petition.slug}.json").status_code == 404
    assert sign(client, petition.slug).status_code == 404


def test_unknown_petition_is_not_found(app: Flask, client: FlaskClient):
    assert client.get("/petitions/nothing-here").status_code == 404
    assert sign(client, "nothing-here").status_code == 404


@pytest.mark.both_databases
def test_closed_petition_shows_result_without_form(app: Flask, client: FlaskClient):
    petition = make_petition()
    with uow.unit():
        drafting.close_petition(system_actor(), petition.id)
    page = client.get(f"/petitions/{petition.slug}").get_data(as_text=True)
    assert "This petition is closed" in page
    assert 'name="email"' not in page
    answer = sign(client, petition.slug)
    assert answer.status_code == 409
    assert "This petition is closed" in answer.get_data(as_text=True)


@pytest.mark.both_databases
def test_petition_closed_behind_the_cache_is_refused_by_the_insert(app: Flask, client: FlaskClient):
    petition = make_petition()
    assert sign(client, petition.slug).status_code == 303  # fills the cache of facts
    with uow.unit():
        drafting.close_petition(system_actor(), petition.id)
    assert sign(client, petition.slug).status_code == 409


def test_petition_past_its_time_takes_nothing_even_before_the_job_closes_it(app, client, move_clock):
    petition = make_petition(closes_in=timedelta(hours=1))
    move_clock(3601)
    assert sign(client, petition.slug).status_code == 409
    assert "takes no signatures now" in client.get(f"/petitions/{petition.slug}").get_data(as_text=True)


@pytest.mark.both_databases
def test_list_shows_open_first_and_pages_by_key(app: Flask, client: FlaskClient):
    assert "No petition is open right now" in client.get("/petitions").get_data(as_text=True)
    opened = make_petition(title="Open one")
    ended = make_petition(title="Ended one")
    draft = make_petition(title="Draft one", is_open=False)
    with uow.unit():
        drafting.close_petition(system_actor(), ended.id)
    page = client.get("/petitions?x=1").get_data(as_text=True)
    assert page.index(opened.title) < page.index(ended.title)
    assert draft.title not in page
    older = client.get(f"/petitions?before={ended.id}").get_data(as_text=True)
    assert "Nothing older" in older
    assert client.get("/petitions?before=999999999999999999999").status_code == 200


def test_json_is_public_and_named_as_promised(app: Flask, client: FlaskClient):
    """W-09: any site may read it, without credentials."""
    petition = make_petition(goal=50)
    answer = client.get(f"/petitions/{petition.slug}.json", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    found = answer.get_json()
    assert {"slug", "title", "state", "signature_count", "goal", "closes_at", "as_of"} <= set(found)
    assert (found["slug"], found["state"], found["signature_count"], found["goal"]) == (petition.slug, "open", 0, 50)
    count = client.get(f"/petitions/{petition.slug}/count.json")
    assert set(count.get_json()) == {"count", "as_of"}
    assert count.headers["Access-Control-Allow-Origin"] == "*"
    page = client.get(f"/petitions/{petition.slug}", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in page.headers


@pytest.mark.both_databases
def test_f07_number_that_is_behind_is_labelled_with_its_age(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign_and_confirm(client, petition)
    with uow.unit():
        for delta in db.session.query(SignatureDelta):
            delta.at = clock.now() - timedelta(minutes=5)
    page = fresh(app).get(f"/petitions/{petition.slug}?x=1").get_data(as_text=True)
    assert "Newer signatures are being added" in page
    tally()
    page = fresh(app).get(f"/petitions/{petition.slug}?x=2").get_data(as_text=True)
    assert "Newer signatures are being added" not in page


def test_page_has_the_same_etag_for_the_same_content(app: Flask, client: FlaskClient):
    petition = make_petition()
    first = client.get(f"/petitions/{petition.slug}")
    again = client.get(f"/petitions/{petition.slug}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.both_databases
def test_names_are_shown_as_their_owners_chose(app: Flask, client: FlaskClient):
    petition = make_petition()
    sign_and_confirm(client, petition, name="Hidden Person", display="hidden")
    sign_and_confirm(client, petition, name="Amara Okafor", display="first_town")
    sign_and_confirm(client, petition, name="Luis Vega", display="full")
    sign(client, petition.slug, name="Not Confirmed", display="full")
    page = client.get(f"/petitions/{petition.slug}?x=1").get_data(as_text=True)
    assert "Luis Vega" in page
    assert "Amara" in page
    for name in ("Okafor", "Hidden", "Not Confirmed"):
        assert name not in page


def test_page_of_errors_loaded_anew_leads_back_to_the_form(app: Flask, client: FlaskClient):
    petition = make_petition()
    answer = client.get(f"/petitions/{petition.slug}/signatures")
    assert (answer.status_code, answer.location) == (303, f"/petitions/{petition.slug}")
    assert client.get("/petitions/nothing/signatures").status_code == 404


@pytest.mark.parametrize("path", ["", ".json", "/count.json"])
def test_head_of_a_page_has_the_headers_of_get(app: Flask, client: FlaskClient, path: str):
    """Whoever keeps a copy may ask by HEAD whether it is still good."""
    petition = make_petition()
    url = f"/petitions/{petition.slug}{path}"
    for head in (fresh(app).head(url), client.head(url)):  # made for it, and from the cache
        page = client.get(url)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == page.headers["ETag"]
        assert head.headers["Content-Length"] == page.headers["Content-Length"]
    known = client.head(url, headers={"If-None-Match": page.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/petitions/nothing-here/count.json", "/petitions/nothing-here.json", "/petitions/N O.json"]
)
def test_unknown_petition_is_not_found_in_json_for_every_site(app: Flask, client: FlaskClient, path: str):
    answer = client.get(path, headers={"Accept": "*/*", "Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert "Access-Control-Allow-Origin" not in client.get("/petitions/nothing-here").headers
