"""An account's text messages, and the door where a service posts what readers answer."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import escape
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from advocacy.core.db import db
from advocacy.core.errors import NotAllowed, NotFound, RuleBroken, TooMany
from advocacy.core.links import absolute
from advocacy.messaging import text_rules
from advocacy.messaging.services import agreeing, numbering
from advocacy.messaging.text_models import TextNumber
from advocacy.web import access, csrf, limits, notices, respond
from advocacy.web.forms import Form

bp = Blueprint("texts", __name__)
PAGE = "/account/texts"
HEADER = "X-Twilio-Signature"
_MAX_BYTES = 64_000
_CODES_A_DAY = 5
_TRIES = 5
_CODE_S = 600
notices.register("texts-on", _l("You will get a text beside each reminder."))
notices.register("texts-off", _l("You will get no more texts, and your number is forgotten."))


class NumberForm(Form):
    """The number."""

    number = StringField(_l("Mobile number"), [InputRequired(_l("Enter a number.")), Length(max=40)])


class CodeForm(Form):
    """The code that came."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the code.")), Length(max=20)])


@bp.get(PAGE)
@access.signed_in
def page() -> Response:
    """Say whether texts come, and where they go."""
    return _page()


@bp.post(PAGE)
@access.signed_in
@csrf.session
def ask() -> BaseResponse:
    """Send a code to a number."""
    _is_on()
    actor, form = access.current_actor(), NumberForm.of_request()
    if not form.validate():
        return _page(form)
    number = text_rules.number_of(form.number.data or "") or ""
    for subject in (f"user:{actor.user_id}", f"number:{number}"):
        if number and not limits.take("text_code", subject, limits.DAY_S, _CODES_A_DAY):
            raise TooMany(_("These were many codes for one day."), retry_after_s=limits.seconds_left(limits.DAY_S))

    def act() -> BaseResponse:
        agreeing.ask_for_code(actor, form.number.data or "")
        return respond.see_other(PAGE)

    return form.carry_out(act) or _page(form)


@bp.post(f"{PAGE}/code")
@access.signed_in
@csrf.session
def confirm() -> BaseResponse:
    """Take the code."""
    _is_on()
    actor, form = access.current_actor(), CodeForm.of_request()
    if form.validate() and not limits.take("text_code_try", str(actor.user_id), _CODE_S, _TRIES):
        raise TooMany(_("These were many tries."), retry_after_s=limits.seconds_left(_CODE_S))

    def act() -> BaseResponse:
        agreeing.confirm(actor, form.code.data or "")
        return respond.see_other(PAGE, done="texts-on")

    return form.carry_out(act) or _page(code_form=form)


@bp.post(f"{PAGE}/off")
@access.signed_in
@csrf.session
def off() -> BaseResponse:
    """End texts."""
    agreeing.withdraw(access.current_actor())
    return respond.see_other(PAGE, done="texts-off")


@bp.post("/sms/inbound")
@access.public
@csrf.same_site
def inbound() -> Response:
    """Take what a reader answered: STOP, START, HELP; anything else is answered by nothing."""
    settings = current_app.extensions["advocacy.settings"].sms
    _is_on()
    if (request.content_length or 0) > _MAX_BYTES:
        raise RuleBroken(_("This is too much at once."))
    given = request.form.to_dict(flat=False)
    token = settings.token.get_secret_value()
    is_ours = text_rules.is_signed(request.headers.get(HEADER, ""), absolute("/sms/inbound"), given, token)
    if not is_ours or request.form.get("AccountSid") != settings.account:
        raise NotAllowed(_("This signature is not right."))
    number = text_rules.number_of(request.form.get("From", ""))
    word = text_rules.word_of(request.form.get("Body", ""))
    if number is not None:
        agreeing.take_word(access.current_actor(), number, word)
    return Response(_twiml(word), mimetype="text/xml")


def _twiml(word: text_rules.Word | None) -> str:
    said = {
        text_rules.Word.STOP: _("You will get no more texts. Answer START to get them again."),
        text_rules.Word.START: _("You will get texts again. Answer STOP to end them."),
        text_rules.Word.HELP: _("Reminders you asked for in your account. Answer STOP to end them."),
    }
    if word is None:
        return "<Response/>"
    name = current_app.extensions["advocacy.settings"].server.name
    return f"<Response><Message>{escape(text_rules.signed(name, said[word]))}</Message></Response>"


def _is_on() -> None:
    if not numbering.is_on():
        raise NotFound


def _page(form: NumberForm | None = None, code_form: CodeForm | None = None) -> Response:
    _is_on()
    row = db.session.get(TextNumber, access.current_actor().user_id or 0)
    return respond.page(
        "messaging/texts.html",
        422 if form or code_form else 200,
        form=form or NumberForm(None),
        code_form=code_form or CodeForm(None),
        refused=form or code_form,
        row=row,
        number=numbering.opened(row) if row else "",
        is_stopped=row is not None and numbering.is_stopped(bytes(row.number_key)),
        wording=agreeing.wording(),
    )
