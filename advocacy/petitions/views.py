"""Pages for everybody: the list, a petition, its numbers, and signing it."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.services import street
from advocacy.coalitions import queries as coalition_queries
from advocacy.coalitions.organization_models import Membership
from advocacy.core import clock
from advocacy.core.errors import RuleBroken
from advocacy.petitions import queries, rules, sharing
from advocacy.petitions.forms import SignForm, StreetSignForm, new_stamp
from advocacy.petitions.models import Petition
from advocacy.petitions.services import signing
from advocacy.web import access, csrf, limits, respond

bp = Blueprint("petitions", __name__)

PAGE_S = 0.4
"""How long a copy of a petition's page is given to everybody. Units: seconds."""
OLD_S = 2.0
KEY_LENGTH = 200


@bp.get("/petitions")
@access.public
def list_petitions() -> Response:
    """Show what can be signed, then what was."""
    before = request.args.get("before", type=int)
    running = queries.open_petitions() if before is None else []
    past = queries.past_petitions(before if before is None or 0 < before < 2**63 else None)
    shown = past[: queries.LIST_SIZE]
    counts = queries.shown_counts([petition.id for petition in [*running, *shown]])
    response = respond.page(
        "petitions/list.html",
        running=running,
        past=shown,
        counts=counts,
        older=f"/petitions?before={shown[-1].id}" if len(past) > len(shown) else None,
        is_first=before is None,
        owners=coalition_queries.coalition_names(sorted({petition.coalition_id for petition in [*running, *shown]})),
    )
    return respond.cacheable(response, PAGE_S)


@bp.get("/petitions/<slug:slug>")
@access.public
def show_petition(slug: str) -> Response:
    """Show a petition with its form, or with its result."""
    petition = queries.public_petition(slug)
    facts = page_facts(petition)
    form = (StreetSignForm if facts["street_asked"] else SignForm)(None, stamp=new_stamp(slug))
    return respond.cacheable(respond.page("petitions/show.html", form=form, **facts), PAGE_S, etag=content_tag(facts))


@bp.get("/petitions/<slug:slug>.json")
@access.public
def petition_json(slug: str) -> Response:
    """Give the facts to programs."""
    petition = queries.public_petition(slug)
    count = queries.shown_count(petition.id)
    return respond.public_json(
        {
            "slug": petition.slug,
            "title": petition.title,
            "state": petition.state,
            "signature_count": count.count,
            "goal": petition.goal,
            "opened_at": petition.opened_at.isoformat() if petition.opened_at else None,
            "closes_at": petition.closes_at.isoformat() if petition.closes_at else None,
            "as_of": count.as_of.isoformat(),
            "url": f"{current_app.extensions['advocacy.settings'].base_url}/petitions/{petition.slug}",
        }
    )


@bp.get("/petitions/<slug:slug>/count.json")
@access.public
def count_json(slug: str) -> Response:
    """Give the shown number and the instant it is true for."""
    count = queries.shown_count(queries.public_petition(slug).id)
    return respond.public_json({"count": count.count, "as_of": count.as_of.isoformat()})


@bp.post("/petitions/<slug:slug>/signatures")
@access.public
@csrf.same_site
def sign(slug: str) -> Response | BaseResponse:
    """Take a signature; the answer is the same for a new one, a double and a held one."""
    form = (StreetSignForm if "street" in request.form else SignForm)(request.form)
    try:
        if form.validate():
            signing.sign_petition(slug, given(slug, form))
            return respond.see_other(f"/petitions/{slug}/check-your-email")
    except RuleBroken as error:
        form.refuse(error)
    except signing.PetitionClosed:
        return respond.page("petitions/show.html", 409, form=form, **page_facts(queries.public_petition(slug)))
    form.renew_stamp(slug)
    facts = page_facts(queries.public_petition(slug))
    return respond.page("petitions/show.html", 422 if facts["is_open"] else 409, form=form, **facts)


@bp.get("/petitions/<slug:slug>/signatures")
@access.public
def back_to_form(slug: str) -> BaseResponse:
    """Lead people who load a page of errors anew back to the form."""
    return respond.see_other(f"/petitions/{queries.public_petition(slug).slug}")


@bp.get("/petitions/<slug:slug>/check-your-email")
@access.public
def check_your_email(slug: str) -> Response:
    """Say what happens next."""
    petition = queries.public_petition(slug)
    days = current_app.extensions["advocacy.settings"].petitions.confirm_days
    return respond.cacheable(respond.page("petitions/check_your_email.html", petition=petition, days=days), PAGE_S)


def content_tag(facts: dict[str, Any]) -> str:
    """A short name of what a page says; its time stamp does not count."""
    petition: Petition = facts["petition"]
    parts = [facts[name] for name in ("is_old", "is_open", "signers", "receivers", "street_asked")]
    look = current_app.config["STATIC_PREFIX"]  # changes with templates and static files
    known = f"{petition.version} {facts['count'].count} {parts} {get_locale()} {look}"
    return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def given(
    slug: str, form: SignForm, *, partner_page_id: int | None = None, partner_updates: bool = False
) -> signing.NewSignature:
    """What the visitor typed, as the service takes it."""
    key = request.headers.get("Idempotency-Key", "")[:KEY_LENGTH]
    return signing.NewSignature(
        name=form.name.data,
        email=form.email.data,
        postal_code=form.postal_code.data or "",
        country=form.country.data,
        comment=form.comment.data or "",
        display=form.display.data,
        updates=bool(form.updates.data),
        network=limits.client_network(request),
        held_reason=form.held_reason(slug),
        idempotency_key=key or None,
        locale=str(get_locale() or "en"),
        partner_page_id=partner_page_id,
        partner_updates=partner_updates,
        street=(form.street.data or "") if isinstance(form, StreetSignForm) else "",
    )


def page_facts(petition: Petition, partner: Membership | None = None) -> dict[str, Any]:
    """What the page shows of a petition besides its form."""
    count = queries.shown_count(petition.id)
    coalition = coalition_queries.coalition(petition.coalition_id)
    return {
        "petition": petition,
        "coalition": coalition,
        "partner": partner,
        "partner_page": None,
        "receivers": sharing.receivers(coalition, partner),
        "count": count,
        "is_old": count.age_s > OLD_S,
        "is_open": rules.is_signing_open(petition, clock.now()),
        "signers": queries.latest_signers(petition.id),
        "street_asked": _street_asked(petition),
    }


def _street_asked(petition: Petition) -> list[str]:
    """Who is asked where a signer's street lies; empty where it is not asked for."""
    return [source.title for source in street.geocoders()] if petition.asks_street else []
