from __future__ import annotations

from html import unescape

import pytest

PAGES = ["/", "/privacy", "/accessibility", "/help"]


@pytest.mark.parametrize("path", PAGES)
def test_page_of_the_site_answers_without_cookie(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("public")


def test_home_without_petitions_teaches(client):
    assert "No petition is open right now" in client.get("/").text


def test_security_txt_without_operator_is_not_found(client):
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.settings(mail={"operator": "ops@example.org"})
def test_security_txt_with_operator_names_the_contact(client):
    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert lines[0] == "Contact: mailto:ops@example.org"
    assert lines[1].startswith("Expires: ")
    assert lines[1].endswith("Z")


def test_robots_keeps_programs_off_personal_pages(client):
    text = client.get("/robots.txt").text
    assert "Disallow: /signatures" in text
    assert "Disallow: /desk" in text


def test_favicon_by_the_old_name_is_a_picture(client):
    answer = client.get("/favicon.ico")
    assert answer.mimetype.startswith("image/")
    assert len(answer.data) > 100


@pytest.mark.settings(demo={"enabled": True})
def test_demo_says_so_on_every_page(client):
    assert "/demo/mailbox" in client.get("/").text


def test_privacy_lists_what_the_cleaning_works_by(app, client):
    """The table that people read is the one that the purge job runs."""
    page = unescape(client.get("/privacy").text)
    for item in app.extensions["advocacy.house"].retention:
        assert not item.label or str(item.label) in page
    assert "2 days" in page
