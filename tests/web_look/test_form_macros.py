"""What the form macros emit, for people who hear a form rather than see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from wtforms import EmailField, Form, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

ROOT = Path(__file__).resolve().parents[2]


class SignForm(Form):
    name = StringField("Your name", [InputRequired("Enter your name.")])
    email = EmailField("Email")
    password = PasswordField("Password")
    display = RadioField("Shown as", choices=[SelectChoice("full", "Full name"), SelectChoice("hidden", "Not at all")])


@pytest.fixture
def macros():
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)
    env.globals.update(icon_svg=lambda name: Markup("<svg></svg>"), csrf_token=lambda: "secret")
    return env.get_template("macros/forms.html").module


@pytest.fixture
def refused():
    form = SignForm(data={"password": "typed"})
    form.name.errors = ["Enter your name."]
    form.display.errors = ["Choose one."]
    return form


def test_field_with_error_names_its_hint_and_its_error(macros, refused):
    html = macros.field(refused.name, hint="As lawmakers will read it.")
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-required="true"' in html
    assert 'id="name-error"' in html


def test_field_that_may_stay_empty_says_optional(macros):
    assert "(optional)" in macros.field(SignForm().email)
    assert "(optional)" not in macros.field(SignForm().name)


def test_field_escapes_what_was_typed(macros):
    html = macros.field(SignForm(data={"name": '"><script>'}).name)
    assert "<script>" not in html


def test_field_never_sends_a_password_back(macros, refused):
    assert "typed" not in macros.field(refused.password)


def test_error_summary_links_to_each_field_and_to_the_first_radio_button(macros, refused):
    html = macros.error_summary(refused)
    assert 'href="#name"' in html
    assert 'href="#display-0"' in html
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html


def test_error_summary_of_a_form_without_error_is_empty(macros):
    assert macros.error_summary(SignForm()).strip() == ""


def test_choice_group_is_a_fieldset_with_a_legend(macros, refused):
    html = macros.choice_group(refused.display, hints={"full": "Printed in the list."})
    assert "<fieldset" in html
    assert "<legend>Shown as</legend>" in html
    assert 'aria-describedby="display-0-hint"' in html


def test_button_form_asks_before_it_acts(macros):
    html = macros.button_form("/withdraw", "Withdraw", confirm="Your name will not be counted.")
    assert "<details" in html
    assert 'name="csrf_token" value="secret"' in html
    assert "csrf_token" not in macros.button_form("/withdraw", "Withdraw", csrf=False)
