"""The organizer's pages of sign-on letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.accounts import queries as accounts
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions import rules as coalition_rules
from advocacy.core.actor import Actor
from advocacy.core.errors import NotFound, RuleBroken
from advocacy.signons import people_queries, queries, rules
from advocacy.signons.forms import LetterForm, NewLetterForm, WordsForm, suggested_slug
from advocacy.signons.models import LetterState, SignOnLetter
from advocacy.signons.services import ending, inviting, lettering, wording
from advocacy.web import access, csrf, notices, respond

bp = Blueprint("signons_desk", __name__, url_prefix="/desk/sign-on-letters")
VIEW, MANAGE = queries.VIEW, queries.MANAGE

STEPS: dict[str, Callable[[Actor, str], SignOnLetter]] = {
    "review": lambda actor, public_id: lettering.move_letter(actor, public_id, LetterState.REVIEW),
    "draft": lambda actor, public_id: lettering.move_letter(actor, public_id, LetterState.DRAFT),
    "open": lambda actor, public_id: lettering.move_letter(actor, public_id, LetterState.COLLECTING),
    "freeze": ending.freeze_letter,
    "deliver": ending.deliver_letter,
    "archive": lambda actor, public_id: ending.end_letter(actor, public_id, LetterState.ARCHIVED),
    "withdraw": lambda actor, public_id: ending.end_letter(actor, public_id, LetterState.WITHDRAWN),
}
for _code, _sentence in (
    ("letter-saved", _l("The letter is saved.")),
    ("letter-review", _l("The letter waits for a review.")),
    ("letter-draft", _l("The letter is a draft again.")),
    ("letter-open", _l("The letter is open. Now ask organizations to sign.")),
    ("letter-freeze", _l("The letter is frozen. Its PDF is being drawn.")),
    ("letter-deliver", _l("Noted: the letter was handed over.")),
    ("letter-archive", _l("The letter is archived.")),
    ("letter-withdraw", _l("The letter is withdrawn. Nobody is asked any more.")),
    ("letter-invited", _l("The mails are on their way.")),
    ("letter-reminded", _l("Everybody who has not answered gets one mail, at most one a day.")),
    ("letter-reworded", _l("The words are saved. Everybody who had signed is asked to confirm again.")),
    ("letter-correction", _l("The typing error waits for a second person.")),
    ("letter-approved", _l("The typing error is mended. Signatures stay.")),
    ("letter-refused", _l("The words stay as they are.")),
):
    notices.register(_code, _sentence)


@bp.get("")
@access.needs(VIEW)
def index() -> Response:
    """All letters of the coalition."""
    page = queries.letters_of(access.current_actor(), request.args.get("before", type=int))
    return _desk_page(
        "signons/desk/index.html", page=page, counts=queries.counts_of([letter.id for letter in page.rows])
    )


@bp.get("/new")
@access.needs(MANAGE)
def new() -> Response:
    """An empty form."""
    return _new_page(NewLetterForm.of_request())


@bp.post("/new")
@access.needs(MANAGE)
@csrf.session
def create() -> Response | BaseResponse:
    """Write a draft."""
    actor = access.current_actor()
    form = NewLetterForm.of_request()
    coalition = coalition_queries.coalition(_coalition_id(actor))
    form.offer_bills(queries.bill_choices(coalition.id))
    if not form.validate():
        return _new_page(form, 422)
    slug = form.slug.data or suggested_slug(form.title.data or "")
    try:
        letter = lettering.create_letter(
            actor, coalition.id, form.facts(coalition.tz), slug=slug, body=form.body.data or ""
        )
    except RuleBroken as error:
        form.refuse(error)
        return _new_page(form, 422)
    return _to(letter.public_id, "letter-saved")


@bp.get("/<token:public_id>")
@access.needs(VIEW)
def show(public_id: str) -> Response:
    """How a letter stands, and who has answered."""
    letter = queries.letter_at_desk(access.current_actor(), public_id)
    return _show_page(letter)


@bp.get("/<token:public_id>/edit")
@access.needs(MANAGE)
def edit(public_id: str) -> Response:
    """The facts, filled."""
    letter = queries.letter_at_desk(access.current_actor(), public_id, MANAGE)
    return _edit_page(letter, _form_of(letter))


@bp.post("/<token:public_id>/edit")
@access.needs(MANAGE)
@csrf.session
def change(public_id: str) -> Response | BaseResponse:
    """Change the facts."""
    actor = access.current_actor()
    letter = queries.letter_at_desk(actor, public_id, MANAGE)
    form = _form_of(letter)
    form.offer_bills(queries.bill_choices(letter.coalition_id))
    if not form.validate():
        return _edit_page(letter, form, 422)
    try:
        lettering.change_letter(actor, public_id, form.facts(letter.tz), version=form.version.data)
    except RuleBroken as error:
        form.refuse(error)
        return _edit_page(letter, form, 422)
    return _to(public_id, "letter-saved")


@bp.post("/<token:public_id>/<any(review, draft, open, freeze, deliver, archive, withdraw):step>")
@access.needs(MANAGE)
@csrf.session
def step(public_id: str, step: str) -> BaseResponse:
    """Take a letter a step further."""
    STEPS[step](access.current_actor(), public_id)
    return _to(public_id, f"letter-{step}")


@bp.post("/<token:public_id>/invitations")
@access.needs(MANAGE)
@csrf.session
def invite(public_id: str) -> Response | BaseResponse:
    """Ask organizations to sign."""
    actor = access.current_actor()
    letter = queries.letter_at_desk(actor, public_id, MANAGE)
    try:
        inviting.invite(actor, public_id, request.form.getlist("organizations"))
    except RuleBroken as error:
        return _show_page(letter, 422, refusal=error.message)
    return _to(public_id, "letter-invited")


@bp.post("/<token:public_id>/remind")
@access.needs(MANAGE)
@csrf.session
def remind(public_id: str) -> BaseResponse:
    """Write again to organizations that have not answered."""
    inviting.remind(access.current_actor(), public_id)
    return _to(public_id, "letter-reminded")


@bp.get("/<token:public_id>/text")
@access.needs(VIEW)
def words(public_id: str) -> Response:
    """The words, their earlier wordings, and the form to change them."""
    letter = queries.letter_at_desk(access.current_actor(), public_id)
    return _words_page(letter, WordsForm.of_request(body=queries.text_of(letter).body, version=letter.version))


@bp.post("/<token:public_id>/text")
@access.needs(MANAGE)
@csrf.session
def reword(public_id: str) -> Response | BaseResponse:
    """Save other words, or suggest how to mend a typing error."""
    actor = access.current_actor()
    letter = queries.letter_at_desk(actor, public_id, MANAGE)
    form = WordsForm.of_request()
    if not form.validate():
        return _words_page(letter, form, 422)
    is_typo = form.change.data == "typo" and letter.state == LetterState.COLLECTING
    was_collecting = letter.state == LetterState.COLLECTING
    change_words = wording.suggest_correction if is_typo else wording.reword
    try:
        change_words(actor, public_id, form.body.data or "", version=form.version.data)
    except RuleBroken as error:
        form.refuse(error)
        return _words_page(letter, form, 422)
    done = "letter-correction" if is_typo else "letter-reworded" if was_collecting else "letter-saved"
    return respond.see_other(url_for("signons_desk.words", public_id=public_id), done)


@bp.post("/<token:public_id>/corrections/<token:correction_id>/<any(approve, refuse):verdict>")
@access.needs(MANAGE)
@csrf.session
def settle(public_id: str, correction_id: str, verdict: str) -> BaseResponse:
    """Approve a typing error, or leave the words as they are."""
    wording.settle_correction(access.current_actor(), public_id, correction_id, approve=verdict == "approve")
    done = "letter-approved" if verdict == "approve" else "letter-refused"
    return respond.see_other(url_for("signons_desk.words", public_id=public_id), done)


def _show_page(letter: SignOnLetter, status: int = 200, *, refusal: str = "") -> Response:
    is_open = letter.state == LetterState.COLLECTING
    return _desk_page(
        "signons/desk/show.html",
        status,
        letter=letter,
        refusal=refusal,
        counts=queries.counts_of([letter.id])[letter.id],
        lines=queries.board(letter),
        invitable=queries.invitable(letter) if is_open else [],
        bill=queries.bill_of(letter),
        people=people_queries.of_letter(letter.id),
        steps=rules.LETTER_STEPS[letter.state],
        manifest=queries.manifest_of(letter.id),
        has_pdf=queries.has_document(letter),
        is_public=letter.state in rules.PUBLIC_STATES,
        is_whole=ending.is_whole(letter) if "check" in request.args and letter.manifest_hash else None,
    )


def _words_page(letter: SignOnLetter, form: WordsForm, status: int = 200) -> Response:
    texts = queries.texts_of(letter)
    correction = queries.waiting_correction(letter.id)
    people = {one for text in texts for one in (text.written_by, text.approved_by) if one is not None}
    if correction is not None:
        people.add(correction.written_by)
    return _desk_page(
        "signons/desk/words.html",
        status,
        letter=letter,
        form=form,
        texts=texts,
        correction=correction,
        names=accounts.names(people),
        blocks=rules.blocks(texts[0].body),
        blocks_of=rules.blocks,
        can_change=letter.state in rules.EDITABLE or letter.state == LetterState.COLLECTING,
        counts=queries.counts_of([letter.id])[letter.id],
    )


def _form_of(letter: SignOnLetter) -> LetterForm:
    people = people_queries.of_letter(letter.id)
    return LetterForm.of_letter(letter, takes_people=people is not None and people.is_open)


def _new_page(form: NewLetterForm, status: int = 200) -> Response:
    coalition = coalition_queries.coalition(_coalition_id(access.current_actor()))
    form.offer_bills(queries.bill_choices(coalition.id))
    return _desk_page("signons/desk/form.html", status, form=form, letter=None, zone=coalition.tz)


def _edit_page(letter: SignOnLetter, form: LetterForm, status: int = 200) -> Response:
    form.offer_bills(queries.bill_choices(letter.coalition_id))
    return _desk_page("signons/desk/form.html", status, form=form, letter=letter, zone=letter.tz)


def _desk_page(template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - template context
    may_manage = coalition_rules.can(access.current_actor(), MANAGE)
    return respond.page(template, status, may_manage=may_manage, **context)


def _to(public_id: str, done: str) -> BaseResponse:
    return respond.see_other(url_for("signons_desk.show", public_id=public_id), done)


def _coalition_id(actor: Actor) -> int:
    if actor.coalition_id is None:
        raise NotFound(_("Choose a coalition first."))
    return actor.coalition_id
