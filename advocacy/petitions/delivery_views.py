"""Take the signatures out of the house: export, deliveries, sheets to print."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, request, stream_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.coalitions import queries as coalition_queries
from advocacy.core import safe_csv, uow
from advocacy.core.errors import Conflict, NotFound
from advocacy.petitions import delivery_queries, desk_pages, desk_queries, seats
from advocacy.petitions.delivery_models import DeliveryMethod
from advocacy.petitions.delivery_queries import Group, Sheets
from advocacy.petitions.desk_forms import DeliveryForm, ExportForm
from advocacy.petitions.models import Petition
from advocacy.petitions.services import delivering, exporting
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("petitions_delivery", __name__, url_prefix="/desk/petitions/<token:public_id>")
VIEW, EXPORT, MANAGE = "petitions.view", "petitions.export", "petitions.manage"
CSV_COLUMNS = ("state", "district", "representative", "senators", "name", "town", "signed_on")
NOT_PLACED = "not placed"
notices.register("delivery-begun", _l("The delivery is on its way."))
notices.register("delivery-built", _l("The delivery is ready."))
notices.register("delivery-delivered", _l("Noted: it was handed over."))


@bp.post("/export.csv")
@access.needs(EXPORT)
@access.fresh
@csrf.session
def export(public_id: str) -> Response:
    """Every verified signature as CSV; noted in the audit record before the first byte leaves."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, EXPORT)
    limits.require_export(actor)
    form = ExportForm.of_request()
    blocks = exporting.export_signatures(actor, petition, with_email=bool(form.with_email.data))
    return respond.csv(blocks, f"{petition.slug}-signatures.csv")


@bp.get("/delivery")
@access.needs(VIEW)
def index(public_id: str) -> Response:
    """What was handed over, and a form to prepare the next delivery."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id)
    return desk_pages.page(
        "petitions/desk/deliveries.html",
        petition=petition,
        form=DeliveryForm.of_request(),
        count=desk_queries.numbers(actor, petition),
        deliveries=delivery_queries.deliveries_of(actor, petition),
    )


@bp.post("/delivery")
@access.needs(EXPORT)
@csrf.session
def begin(public_id: str) -> Response | BaseResponse:
    """Take the snapshot."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, EXPORT)
    form = DeliveryForm.of_request()
    if not form.validate():
        raise Conflict(_("Please choose how you will hand it over."))
    delivery = delivering.begin_delivery(actor, petition, DeliveryMethod(form.method.data))
    built = delivery_queries.sheets_of(delivery) is not None
    return respond.see_other(
        url_for("petitions_delivery.show", public_id=public_id, delivery_id=delivery.public_id),
        "delivery-built" if built else "delivery-begun",
    )


@bp.get("/delivery/<token:delivery_id>")
@access.needs(VIEW)
def show(public_id: str, delivery_id: str) -> Response:
    """One delivery: how far it is, or what it holds."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id)
    delivery = delivery_queries.delivery_at_desk(actor, petition, delivery_id)
    sheets = delivery_queries.sheets_of(delivery)
    return desk_pages.page(
        "petitions/desk/delivery.html",
        petition=petition,
        line=delivery_queries.line_of(delivery),
        sheets=sheets,
        is_whole=delivering.is_whole(delivery) if sheets and "check" in request.args else None,
    )


@bp.post("/delivery/<token:delivery_id>/delivered")
@access.needs(MANAGE)
@csrf.session
def delivered(public_id: str, delivery_id: str) -> BaseResponse:
    """It was handed over."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, MANAGE)
    delivering.mark_delivered(actor, petition, delivery_queries.delivery_at_desk(actor, petition, delivery_id, MANAGE))
    return respond.see_other(
        url_for("petitions_delivery.show", public_id=public_id, delivery_id=delivery_id), "delivery-delivered"
    )


@bp.get("/delivery/<token:delivery_id>/sheets")
@access.needs(EXPORT)
@access.fresh
def sheets(public_id: str, delivery_id: str) -> Response:
    """Cover and sheets, ready to print; streamed, however many names there are."""
    petition, found = _built(public_id, delivery_id, "sheets")
    app = _app()
    return Response(
        stream_template(
            "petitions/desk/sheets.html",
            title=petition.title,
            text_html=petition.text_html,
            zone=petition.tz,
            coalition=coalition_queries.coalition(petition.coalition_id).name,
            back=url_for("petitions_delivery.show", public_id=public_id, delivery_id=delivery_id),
            sheets=found,
            states=_by_state(found),
            names=lambda group: delivery_queries.names_in(app, found.line.id, group),
        ),
        mimetype="text/html",
    )


@bp.get("/delivery/<token:delivery_id>/file.csv")
@access.needs(EXPORT)
@access.fresh
def file(public_id: str, delivery_id: str) -> Response:
    """The same as CSV, grouped by district and representative."""
    petition, found = _built(public_id, delivery_id, "csv")
    return respond.csv(safe_csv.lines(_rows(_app(), found)), f"{petition.slug}-delivery.csv")


def _built(public_id: str, delivery_id: str, form: str) -> tuple[Petition, Sheets]:
    """A built delivery; that its names are read is recorded before they leave."""
    actor = access.current_actor()
    petition = desk_queries.petition_at_desk(actor, public_id, EXPORT)
    found = delivery_queries.sheets_of(delivery_queries.delivery_at_desk(actor, petition, delivery_id, EXPORT))
    if found is None:
        raise NotFound
    limits.require_export(actor)
    uow.afterwards(lambda: delivering.note_reading(actor, found.line.id, found.coalition_id, form))
    return petition, found


def _by_state(found: Sheets) -> list[tuple[str, str, str, list[Group]]]:
    """States that have senators: code, name, senators, placed groups."""
    states: dict[str, list[Group]] = {}
    for group in found.groups:
        states.setdefault(group.state, []).append(group)
    return [
        (state, seats.place_name(state), groups[0].senators, [group for group in groups if group.division])
        for state, groups in states.items()
        if groups[0].senators
    ]


def _rows(app: Flask, found: Sheets) -> Iterator[tuple[str, ...]]:
    yield CSV_COLUMNS
    for group in found.groups:
        head = (group.state, group.district or NOT_PLACED, group.representatives, group.senators)
        for name in delivery_queries.names_in(app, found.line.id, group):
            yield (*head, name.name, name.town, name.signed_on)


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]  # noqa: SLF001 - it outlives the request
