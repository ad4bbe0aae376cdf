"""The words for states and kinds, each with the kind of badge that shows it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from advocacy.campaigns.models import (
    ActionKind,
    BillStatus,
    CampaignState,
    Exposure,
    MilestoneState,
    Stance,
    TargetKind,
    TaskState,
)

STATES = {
    CampaignState.DRAFT: (_l("Draft"), "plain"),
    CampaignState.ACTIVE: (_l("Active"), "good"),
    CampaignState.PAUSED: (_l("Paused"), "warn"),
    CampaignState.WON: (_l("Won"), "good"),
    CampaignState.LOST: (_l("Lost"), "plain"),
    CampaignState.CLOSED: (_l("Closed"), "plain"),
    CampaignState.ARCHIVED: (_l("Archived"), "plain"),
}
STEPS = {
    CampaignState.ACTIVE: _l("Make it active"),
    CampaignState.PAUSED: _l("Pause"),
    CampaignState.WON: _l("Mark as won"),
    CampaignState.LOST: _l("Mark as lost"),
    CampaignState.CLOSED: _l("Close"),
    CampaignState.ARCHIVED: _l("Archive"),
}
MILESTONES = {
    MilestoneState.PLANNED: (_l("Planned"), "info"),
    MilestoneState.REACHED: (_l("Reached"), "good"),
    MilestoneState.MISSED: (_l("Missed"), "warn"),
    MilestoneState.DROPPED: (_l("Dropped"), "plain"),
}
MILESTONE_STEPS = {
    MilestoneState.PLANNED: _l("Plan it again"),
    MilestoneState.REACHED: _l("Reached"),
    MilestoneState.MISSED: _l("Missed"),
    MilestoneState.DROPPED: _l("Drop"),
}
TASKS = {
    TaskState.OPEN: _l("To do"),
    TaskState.DOING: _l("Doing"),
    TaskState.DONE: _l("Done"),
    TaskState.DROPPED: _l("Dropped"),
}
EXPOSURES = {
    Exposure.NONE: _l("Nothing is public"),
    Exposure.LOW: _l("A few people see it"),
    Exposure.PUBLIC: _l("Everybody can see it"),
}
TARGETS = {
    TargetKind.LEGISLATOR: _l("A legislator"),
    TargetKind.COMMITTEE: _l("A committee"),
    TargetKind.OTHER: _l("Somebody else"),
}
ACTIONS = {
    ActionKind.PETITION: (_l("Sign a petition"), "signature"),
    ActionKind.SIGN_ON: (_l("Sign on as an organization"), "pen-line"),
    ActionKind.LETTER: (_l("Write a letter"), "mail"),
    ActionKind.CALL: (_l("Call"), "phone"),
    ActionKind.EVENT: (_l("Come along"), "calendar-days"),
    ActionKind.TESTIMONY: (_l("Speak at a hearing"), "mic-vocal"),
    ActionKind.POSITION_ONLY: (_l("Know where we stand"), "book-open"),
    ActionKind.SHARE: (_l("Tell somebody"), "share-2"),
    ActionKind.MEDIA_RESPONSE: (_l("Answer a news story"), "newspaper"),
}
BILLS = {
    BillStatus.INTRODUCED: (_l("Introduced"), "info"),
    BillStatus.IN_COMMITTEE: (_l("In committee"), "info"),
    BillStatus.ON_FLOOR: (_l("Before the chamber"), "info"),
    BillStatus.PASSED_ONE: (_l("Passed one chamber"), "info"),
    BillStatus.PASSED_BOTH: (_l("Passed both chambers"), "good"),
    BillStatus.ENACTED: (_l("Became law"), "good"),
    BillStatus.VETOED: (_l("Vetoed"), "warn"),
    BillStatus.FAILED: (_l("Did not pass"), "plain"),
}
STANCES = {
    Stance.SUPPORT: (_l("We support it"), "good"),
    Stance.SUPPORT_IF_AMENDED: (_l("We support it if it is amended"), "good"),
    Stance.OPPOSE: (_l("We oppose it"), "warn"),
    Stance.OPPOSE_UNLESS_AMENDED: (_l("We oppose it unless it is amended"), "warn"),
    Stance.NEUTRAL: (_l("We are neutral"), "plain"),
    Stance.WATCH: (_l("We watch it"), "info"),
}
