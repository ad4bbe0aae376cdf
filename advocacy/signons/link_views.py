"""The page behind an organization's link: GET shows, only its buttons act."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries as coalition_queries
from advocacy.core import clock
from advocacy.core.errors import Conflict, RuleBroken
from advocacy.signons import queries, rules
from advocacy.signons.forms import AnswerForm, SignForm
from advocacy.signons.models import Shown
from advocacy.signons.services import signing
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("signon_links", __name__)
for _code, _sentence in (
    ("sign-on-signed", _l("Thank you. Your organization stands under the letter.")),
    ("sign-on-declined", _l("Your answer is noted. Nobody will ask you about this letter again.")),
    ("sign-on-statement", _l("Thank you. The coalition knows that you offer a statement of your own.")),
    ("sign-on-rescinded", _l("Your organization's name is taken back.")),
    ("sign-on-withdrew", _l("Noted: your organization withdrew. The day stands beside its name.")),
    ("sign-on-forgotten", _l("The name and the address of who signed are erased. Your organization stays.")),
    ("sign-on-waits", _l("Not signed yet. It waits until somebody with the authority to sign opens this page.")),
):
    notices.register(_code, _sentence)


@bp.get("/sign-ons/<token:token>")
@access.link
def page(token: str) -> Response:
    """Show the letter, where the organization stands with it, and the form."""
    return _page(token, None)


@bp.post("/sign-ons/<token:token>")
@access.link
@csrf.capability
def answer(token: str) -> Response | BaseResponse:
    """Sign, say no, offer a statement, or take the name back."""
    limits.require("manage_network", limits.client_network(request))
    here = f"/sign-ons/{token}"
    action = AnswerForm(request.form).action.data
    if action == "decline":
        signing.decline(token)
        return respond.see_other(here, done="sign-on-declined")
    if action == "statement":
        signing.decline(token, wants_statement=True)
        return respond.see_other(here, done="sign-on-statement")
    if action == "forget":
        signing.forget_name(token)
        return respond.see_other(here, done="sign-on-forgotten")
    if action == "rescind":
        row = signing.rescind(token)
        return respond.see_other(here, done="sign-on-withdrew" if row.withdrew_at else "sign-on-rescinded")
    return _sign(token, here)


def _sign(token: str, here: str) -> Response | BaseResponse:
    membership = signing.linked(token).membership
    form = SignForm(request.form, shown=rules.shown_at_first(membership.name_use))
    form.offer_shown(rules.shown_choices(membership.name_use))
    given_about_logo = form.about_logo.data == "yes"
    if rules.asks_for_logo(membership):
        form.speak_of_logo()
    if not form.validate():
        return _page(token, form, 422)
    try:
        signing.sign(token, _given(form, with_logo=given_about_logo))
    except signing.MayNotLobby as refusal:
        return _page(token, form, refusal.status, refusal=refusal.message)
    except signing.LacksAuthority:
        signing.ask_for_authority(token)
        return respond.see_other(here, done="sign-on-waits")
    except RuleBroken as error:
        form.refuse(error)
        return _page(token, form, 422)
    except Conflict as refusal:
        form.text_version.data = form.text_version.raw_data = None  # the next press is for the words as they are now
        return _page(token, form, refusal.status, refusal=refusal.message)
    return respond.see_other(here, done="sign-on-signed")


def _given(form: SignForm, *, with_logo: bool) -> signing.Signature:
    return signing.Signature(
        name=form.name.data or "",
        title=form.title.data or "",
        place=form.place.data or "",
        email=form.email.data or "",
        authority=bool(form.authority.data),
        text_version=form.text_version.data,
        shown=form.shown.data or Shown.FULL,
        with_logo=with_logo,
    )


def _page(token: str, form: SignForm | None, status: int = 200, *, refusal: str = "") -> Response:
    found = signing.linked(token)
    letter = found.letter
    if form is None:
        row = found.row
        form = SignForm(
            None,
            name=queries.signer_name(row),
            title=row.title,
            place=row.place,
            email=queries.contact_of(row) if row.signed_at else "",
            shown=row.shown if row.signed_at else rules.shown_at_first(found.membership.name_use),
        )
        form.offer_shown(rules.shown_choices(found.membership.name_use))
        if rules.asks_for_logo(found.membership):
            form.speak_of_logo()
    form.text_version.data = form.text_version.data or letter.text_version
    return respond.page(
        "signons/sign.html",
        status,
        token=token,
        form=form,
        refusal=refusal,
        row=found.row,
        letter=letter,
        organization=found.membership.name,
        may_not_lobby=found.may_not_lobby,
        blocks=rules.blocks(queries.text_of(letter).body),
        bill=queries.bill_of(letter),
        coalition=coalition_queries.coalition(letter.coalition_id),
        is_collecting=rules.is_collecting(letter, clock.now()),
        is_fixed=letter.state in signing.FIXED,
    )
