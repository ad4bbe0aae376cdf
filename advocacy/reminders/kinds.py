"""What deadlines are for: the start set of the field (domain 4.12), as data."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from advocacy.reminders.rules import Business, Elapsed, Wall, type_rule


class DeadlineKind(StrEnum):
    """What falls due; a room may announce kinds of its own beside these."""

    REGISTRATION_OPENS = "registration_opens"
    REGISTRATION_CLOSES = "registration_closes"
    WRITTEN_DUE = "written_due"
    REMOTE_TEST = "remote_test"
    ACCOMMODATION_REQUEST = "accommodation_request"
    INTERPRETER_REQUEST = "interpreter_request"
    PAPER_COPIES = "paper_copies"
    SIGN_ON_INTERNAL = "sign_on_internal"
    SIGN_ON_FINAL = "sign_on_final"
    PETITION_CLOSE = "petition_close"
    PETITION_DELIVERY = "petition_delivery"
    BILL_CROSSOVER = "bill_crossover"
    COMMENT_PERIOD = "comment_period"
    BUDGET_HEARING = "budget_hearing"
    PREP_DUE = "prep_due"
    ONE_MINUTE_VERSION = "one_minute_version"
    TRAVEL_ADVANCE = "travel_advance"
    DEBRIEF_OFFER = "debrief_offer"
    CHECK_IN = "check_in"
    OUTCOME_NOTE = "outcome_note"
    PERIODIC_REVIEW = "periodic_review"
    CONSENT_EXPIRY = "consent_expiry"
    RESOURCE_REVIEW = "resource_review"
    RULE_REVERIFY = "rule_reverify"
    TRAINING_LAPSE = "training_lapse"
    LOBBYING_REPORT = "lobbying_report"
    LOBBYING_PERIOD_CLOSE = "lobbying_period_close"
    GRIEVANCE_ACK = "grievance_ack"
    GRIEVANCE_DECISION = "grievance_decision"
    BIAS_REPORT_REPLY = "bias_report_reply"
    MOU_RENEWAL = "mou_renewal"
    SERVICE_HOURS_RECONFIRM = "service_hours_reconfirm"
    OTHER = "other"


LABELS: Mapping[DeadlineKind, Any] = {
    DeadlineKind.REGISTRATION_OPENS: _l("Registration to testify opens"),
    DeadlineKind.REGISTRATION_CLOSES: _l("Registration to testify closes"),
    DeadlineKind.WRITTEN_DUE: _l("Written testimony is due"),
    DeadlineKind.REMOTE_TEST: _l("Test of the remote connection"),
    DeadlineKind.ACCOMMODATION_REQUEST: _l("Last day to ask for an accommodation"),
    DeadlineKind.INTERPRETER_REQUEST: _l("Last day to ask for an interpreter"),
    DeadlineKind.PAPER_COPIES: _l("Paper copies are due"),
    DeadlineKind.SIGN_ON_INTERNAL: _l("Our own last day to collect sign-ons"),
    DeadlineKind.SIGN_ON_FINAL: _l("A sign-on letter is due"),
    DeadlineKind.PETITION_CLOSE: _l("A petition closes"),
    DeadlineKind.PETITION_DELIVERY: _l("A petition is delivered"),
    DeadlineKind.BILL_CROSSOVER: _l("Bills must have crossed to the other chamber"),
    DeadlineKind.COMMENT_PERIOD: _l("A comment period ends"),
    DeadlineKind.BUDGET_HEARING: _l("Budget hearing"),
    DeadlineKind.PREP_DUE: _l("Preparation is due"),
    DeadlineKind.ONE_MINUTE_VERSION: _l("The one-minute version is due"),
    DeadlineKind.TRAVEL_ADVANCE: _l("Travel money is paid ahead"),
    DeadlineKind.DEBRIEF_OFFER: _l("Offer a talk afterwards"),
    DeadlineKind.CHECK_IN: _l("Ask how it goes"),
    DeadlineKind.OUTCOME_NOTE: _l("Tell what came of it"),
    DeadlineKind.PERIODIC_REVIEW: _l("Regular review"),
    DeadlineKind.CONSENT_EXPIRY: _l("A consent ends"),
    DeadlineKind.RESOURCE_REVIEW: _l("A resource is to be checked again"),
    DeadlineKind.RULE_REVERIFY: _l("A rule is to be checked again"),
    DeadlineKind.TRAINING_LAPSE: _l("A training lapses"),
    DeadlineKind.LOBBYING_REPORT: _l("A lobbying report is due"),
    DeadlineKind.LOBBYING_PERIOD_CLOSE: _l("A lobbying period closes"),
    DeadlineKind.GRIEVANCE_ACK: _l("A grievance is to be acknowledged"),
    DeadlineKind.GRIEVANCE_DECISION: _l("A grievance is to be decided"),
    DeadlineKind.BIAS_REPORT_REPLY: _l("A report of bias is to be answered"),
    DeadlineKind.MOU_RENEWAL: _l("An agreement is to be renewed"),
    DeadlineKind.SERVICE_HOURS_RECONFIRM: _l("Service hours are to be confirmed again"),
    DeadlineKind.OTHER: _l("Something else"),
}
"""What people read."""

USUAL: Mapping[DeadlineKind, tuple[type_rule, ...]] = {
    DeadlineKind.DEBRIEF_OFFER: (Elapsed(-24),),
    DeadlineKind.CHECK_IN: (Wall(-7),),
    DeadlineKind.OUTCOME_NOTE: (Wall(-30),),
    DeadlineKind.PERIODIC_REVIEW: (Wall(-90),),
    DeadlineKind.CONSENT_EXPIRY: (Wall(30), Wall(7)),
    DeadlineKind.GRIEVANCE_ACK: (Business(-5),),
    DeadlineKind.GRIEVANCE_DECISION: (Wall(-30),),
    DeadlineKind.BIAS_REPORT_REPLY: (Business(-3),),
    DeadlineKind.SERVICE_HOURS_RECONFIRM: (Wall(-90),),
}
"""How some are counted from their event where nobody says otherwise."""
