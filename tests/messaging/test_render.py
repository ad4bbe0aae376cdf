"""Mails from templates, outside any request."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from advocacy.messaging import render

FOLDER = "room/emails/hello"
TEMPLATES = {
    f"{FOLDER}/subject.txt": "Dear {{ name }},\n  it is {{ _('Open') }}\n",
    f"{FOLDER}/body.txt": "\nDear {{ name }} & friends\n\n",
    f"{FOLDER}/body.html": (
        '{% extends "layouts/mail.html" %}'
        '{% block content %}<p class="action"><a class="button" href="{{ url }}">{{ name }}</a></p>{% endblock %}'
        "{% block reason %}{{ to }} {{ locale }}{% endblock %}"
    ),
}


@pytest.fixture
def templates(app: Flask) -> None:
    """The templates of this test before the real ones."""
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])  # type: ignore[list-item]


def test_content_escapes_html_only_and_makes_one_line_of_the_subject(app: Flask, templates: None) -> None:
    found = render.content(FOLDER, "zoe@example.org", name="<b>Zoë & Co</b>", url="https://example.org/?a=1&b=2")
    assert found.to == "zoe@example.org"
    assert found.subject == "Dear <b>Zoë & Co</b>, it is Open"
    assert found.text == "Dear <b>Zoë & Co</b> & friends\n"
    assert "&lt;b&gt;Zoë &amp; Co&lt;/b&gt;" in found.html
    assert "<b>Zoë" not in found.html


def test_content_has_its_style_on_each_element(app: Flask, templates: None) -> None:
    html = render.content(FOLDER, "zoe@example.org", name="Z", url="https://example.org/").html
    link = html[html.index("<a ") : html.index("</a>")]
    assert "background-color: #14613f" in link
    assert "prefers-color-scheme: dark" in html
    assert "zoe@example.org en" in html


def test_content_in_an_unknown_language_is_in_english(app: Flask, templates: None) -> None:
    assert render.content(FOLDER, "a@example.org", locale="xx", name="Z", url="/").subject.endswith("it is Open")


def test_content_of_a_template_that_lacks_a_value_says_so(app: Flask, templates: None) -> None:
    app.jinja_env.loader = DictLoader(TEMPLATES | {f"{FOLDER}/body.txt": "{{ missing.part }}"})
    with pytest.raises(UndefinedError):
        render.content(FOLDER, "a@example.org", name="Z", url="/")
