"""Visitors say that an answer is wrong; whoever looks after the data settles it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from advocacy.civic.services import directory, lookup
from advocacy.core.errors import RuleBroken
from advocacy.legislators.report_models import LookupReport, ReportOutcome
from advocacy.legislators.reports_form import ReportForm, outcome_words, reason_words
from advocacy.legislators.services import reporting
from advocacy.web import access, csrf, limits, notices, respond

bp = Blueprint("reports", __name__)
PAGE_S = 30
notices.register("report-kept", _l("Thank you. Somebody looks at what you told us."))
notices.register("report-settled", _l("Settled."))


@bp.get("/representatives/report")
@access.public
def ask() -> Response:
    """Show the form by itself."""
    return respond.cacheable(respond.page("legislators/report.html", form=ReportForm().name_people({})), PAGE_S)


@bp.post("/representatives/report")
@access.public
@csrf.same_site
def report() -> Response | BaseResponse:
    """Take a complaint: the seat and what was expected, never a place."""
    limits.require("report_network", limits.client_network(request))
    form = ReportForm(request.form)
    form.name_people(directory.names([form.person.data or ""]))
    try:
        if form.validate():
            reporting.report_answer(
                access.current_actor(),
                reason=form.reason.data,
                divisions=form.divisions.data,
                person=form.person.data,
                expected=form.expected.data,
            )
            return respond.see_other("/representatives", done="report-kept")
    except RuleBroken as error:
        form.refuse(error)
    return respond.page("legislators/report.html", 422, form=form)


@bp.get("/desk/wrong-answers")
@access.needs(reporting.VERB)
def queue() -> Response:
    """What waits, or what was settled."""
    is_settled = request.args.get("state") == "settled"
    rows = reporting.reports(access.current_actor(), settled=is_settled)
    return respond.page("legislators/desk/wrong_answers.html", **_queue_words(rows, is_settled=is_settled))


@bp.post("/desk/wrong-answers")
@access.needs(reporting.VERB)
@csrf.session
def settle() -> BaseResponse:
    """Say what became of one."""
    reporting.settle_report(access.current_actor(), request.form.get("report", ""), request.form.get("outcome", ""))
    return respond.see_other("/desk/wrong-answers", done="report-settled")


def _queue_words(rows: Any, *, is_settled: bool) -> dict[str, Any]:  # noqa: ANN401 - rows of the queue
    found: list[LookupReport] = list(rows)
    return {
        "rows": found,
        "is_settled": is_settled,
        "places": lookup.names_of({row.division_id for row in found if row.division_id}),
        "people": directory.names({row.person_key for row in found if row.person_key}),
        "reasons": reason_words(),
        "outcomes": outcome_words(),
        "choices": [str(one) for one in ReportOutcome],
    }
