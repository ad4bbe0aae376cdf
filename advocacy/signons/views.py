"""Letters for everybody: the list, a letter with its signers, to print and as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from advocacy.coalitions import queries as coalition_queries
from advocacy.consent import queries as consent
from advocacy.core import clock
from advocacy.core.errors import NotFound
from advocacy.signons import people_queries, people_words, queries, rules
from advocacy.signons.models import SignOnLetter
from advocacy.signons.people_forms import PersonForm
from advocacy.web import access, respond

bp = Blueprint("signons", __name__)
PAGE_S = 1.0


@bp.get("/sign-on-letters")
@access.public
def index() -> Response:
    """Letters that organizations sign together, newest first."""
    page = queries.public_letters(request.args.get("before", type=int))
    response = respond.page(
        "signons/list.html",
        page=page,
        counts=queries.counts_of([letter.id for letter in page.rows]),
        people=people_queries.counts([letter.id for letter in page.rows]),
        bills=queries.bills_of(page.rows),
        owners=coalition_queries.coalition_names(sorted({letter.coalition_id for letter in page.rows})),
    )
    return respond.cacheable(response, PAGE_S)


@bp.get("/sign-on-letters/<slug:slug>")
@access.public
def show(slug: str) -> Response:
    """A letter, who signed it and how many."""
    return respond.cacheable(letter_page(queries.public_letter(slug)), PAGE_S)


@bp.get("/sign-on-letters/<slug:slug>/print")
@access.public
def print_page(slug: str) -> Response:
    """The same on paper."""
    letter = queries.public_letter(slug)
    page = respond.page("signons/print.html", **_facts(letter), named=people_queries.named(letter, None))
    return respond.cacheable(page, PAGE_S)


@bp.get("/sign-on-letters/<slug:slug>/letter.pdf")
@access.public
def pdf(slug: str) -> Response:
    """The frozen letter as it was drawn."""
    letter = queries.public_letter(slug)
    document = queries.document_of(letter)
    if document is None:
        raise NotFound
    response = Response(document.content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{letter.slug}.pdf"'
    return respond.cacheable(response, PAGE_S)


def letter_page(
    letter: SignOnLetter, status: int = 200, *, form: PersonForm | None = None, refusal: str = ""
) -> Response:
    """A letter, who signed it, and where people may sign for themselves the form for it."""
    facts = _facts(letter)
    people = people_queries.of_letter(letter.id)
    takes_people = people is not None and people.is_open and facts["is_collecting"]
    form = form or PersonForm(None)
    form.text_version.data = form.text_version.data or letter.text_version
    return respond.page(
        "signons/show.html",
        status,
        form=form,
        refusal=refusal,
        takes_people=takes_people,
        consent_words=consent.text_by_id(people.consent_text_id).body if people is not None and takes_people else "",
        named=people_queries.named(letter),
        most_named=people_queries.SHOWN_ON_PAGE,
        **facts,
    )


def _facts(letter: SignOnLetter) -> dict[str, Any]:
    signers = queries.signers(letter)
    counts = queries.counts_of([letter.id])[letter.id]
    return {
        "letter": letter,
        "blocks": rules.blocks(queries.text_of(letter).body),
        "signers": signers,
        "counts": counts,
        "people_count": people_queries.counts([letter.id])[letter.id],
        "unnamed": counts.signed - len(signers),
        "bill": queries.bill_of(letter),
        "coalition": coalition_queries.coalition(letter.coalition_id),
        "is_collecting": rules.is_collecting(letter, clock.now()),
        "unnamed_people": people_words.unnamed,
        "has_pdf": queries.has_document(letter),
    }
