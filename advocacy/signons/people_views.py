"""Signing a letter for oneself: the form's way in, and the pages behind the links of the mails."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries as coalition_queries
from advocacy.consent import queries as consent
from advocacy.core import clock
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.signons import people_queries, queries, rules
from advocacy.signons.models import LetterState, SignOnLetter
from advocacy.signons.people_forms import PersonConfirmForm, PersonForm, PersonManageForm
from advocacy.signons.people_models import PersonalSignOn
from advocacy.signons.services import personal
from advocacy.signons.views import PAGE_S, letter_page
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("signon_people", __name__)
for _code, _sentence in (
    ("person-signed", _l("Thank you. Your name stands under the letter.")),
    ("person-changed", _l("Your choice is saved.")),
    ("person-again", _l("Thank you. Your name counts again.")),
    ("person-gone", _l("Your name is taken back and erased.")),
):
    notices.register(_code, _sentence)


@bp.post("/sign-on-letters/<slug:slug>/signatures")
@access.public
@csrf.same_site
def sign(slug: str) -> Response | BaseResponse:
    """Take a name; the answer is the same for a new one, a double and a held one."""
    letter = queries.public_letter(slug)
    form = PersonForm(request.form)
    if not form.validate():
        return letter_page(letter, 422, form=form)
    limits.require("sign_network", f"letter:{letter.id}:{limits.client_network(request)}")
    try:
        personal.give_name(slug, _given(form))
    except RuleBroken as error:
        form.refuse(error)
        return letter_page(letter, 422, form=form)
    except Conflict as refusal:
        form.text_version.data = form.text_version.raw_data = None  # the next press is for the words as they are now
        return letter_page(letter, refusal.status, form=form, refusal=refusal.message)
    return respond.see_other(f"/sign-on-letters/{letter.slug}/check-your-email")


@bp.get("/sign-on-letters/<slug:slug>/signatures")
@access.public
def back_to_form(slug: str) -> BaseResponse:
    """Lead people who load a page of errors anew back to the form."""
    return respond.see_other(f"/sign-on-letters/{queries.public_letter(slug).slug}")


@bp.get("/sign-on-letters/<slug:slug>/check-your-email")
@access.public
def check_your_email(slug: str) -> Response:
    """Say what happens next."""
    days = current_app.extensions["advocacy.settings"].petitions.confirm_days
    page = respond.page("signons/people/check_your_email.html", letter=queries.public_letter(slug), days=days)
    return respond.cacheable(page, PAGE_S)


@bp.get("/letter-signatures/confirm/<token:token>")
@access.link
def ask_to_confirm(token: str) -> Response:
    """Show the letter and one button; mail scanners that follow links change nothing."""
    try:
        row, letter = personal.waiting(token)
    except personal.LinkUsed as used:
        return _ended(used)
    return _confirm_page(token, row, letter)


@bp.post("/letter-signatures/confirm/<token:token>")
@access.link
@csrf.capability
def confirm(token: str) -> Response | BaseResponse:
    """Let the name count."""
    limits.require("confirm_network", limits.client_network(request))
    try:
        row = personal.confirm(token, PersonConfirmForm(request.form).text_version.data)
    except personal.LinkUsed as used:
        return _ended(used)
    except Conflict as refusal:
        return _confirm_page(token, *personal.waiting(token), refusal.status, refusal=refusal.message)
    letter = people_queries.letter_of(row)
    return respond.see_other(f"/sign-on-letters/{letter.slug}", done="person-signed")


@bp.get("/letter-signatures/manage/<token:token>")
@access.link
def manage(token: str) -> Response:
    """Show a person what we hold, and what can be changed."""
    try:
        return _manage_page(token, None)
    except personal.LinkUsed as used:
        return _ended(used)


@bp.post("/letter-signatures/manage/<token:token>")
@access.link
@csrf.capability
def change(token: str) -> Response | BaseResponse:
    """Change how the name stands, confirm new words, or take it back."""
    limits.require("manage_network", limits.client_network(request))
    form = PersonManageForm(request.form)
    here = f"/letter-signatures/manage/{token}"
    try:
        if not form.validate():
            return _manage_page(token, form, 422)
        if form.action.data == "take_back":
            return _taken_back(token)
        if form.action.data == "again":
            personal.confirm_again(token, form.text_version.data)
            return respond.see_other(here, done="person-again")
        personal.change_shown(token, form.shown.data)
    except personal.LinkUsed as used:
        return _ended(used)
    except Conflict as refusal:
        return _manage_page(token, None, refusal.status, refusal=refusal.message)
    return respond.see_other(here, done="person-changed")


def _taken_back(token: str) -> BaseResponse:
    _row, letter = personal.managed(token)
    slug = letter.slug if letter.state in rules.PUBLIC_STATES else None
    personal.take_back(token)
    return respond.see_other(f"/sign-on-letters/{slug}" if slug else "/sign-on-letters", done="person-gone")


def _given(form: PersonForm) -> personal.GivenName:
    return personal.GivenName(
        name=form.name.data or "",
        place=form.place.data or "",
        email=form.email.data or "",
        shown=form.shown.data or "",
        consent=bool(form.consent.data),
        text_version=form.text_version.data,
        locale=str(get_locale() or "en"),
        is_trapped=bool(form.website.data),
    )


def _facts(token: str, row: PersonalSignOn, letter: SignOnLetter) -> dict[str, Any]:
    return {
        "token": token,
        "row": row,
        "letter": letter,
        "name": people_queries.name_of(row),
        "blocks": rules.blocks(queries.text_of(letter).body),
        "bill": queries.bill_of(letter),
        "coalition": coalition_queries.coalition(letter.coalition_id),
        "consent_words": consent.text_by_id(row.consent_text_id).body,
        "is_collecting": rules.is_collecting(letter, clock.now()),
    }


def _confirm_page(
    token: str, row: PersonalSignOn, letter: SignOnLetter, status: int = 200, *, refusal: str = ""
) -> Response:
    return respond.page("signons/people/confirm.html", status, refusal=refusal, **_facts(token, row, letter))


def _manage_page(token: str, form: PersonManageForm | None, status: int = 200, *, refusal: str = "") -> Response:
    row, letter = personal.managed(token)
    return respond.page(
        "signons/people/manage.html",
        status,
        form=form or PersonManageForm(None, shown=row.shown),
        refusal=refusal,
        is_fixed=letter.state != LetterState.COLLECTING,
        **_facts(token, row, letter),
    )


def _ended(used: personal.LinkUsed) -> Response:
    return respond.page("signons/people/link_ended.html", 410, end=used.end, slug=used.slug)
