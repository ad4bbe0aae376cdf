"""The tables of campaigns, one module per noun; other rooms take the names from here."""

from __future__ import annotations

from advocacy.campaigns.models.action import ActionKind, CampaignAction
from advocacy.campaigns.models.ask import Ask, AskFact, CampaignFact, Fact
from advocacy.campaigns.models.bill import Bill, BillAction, BillStatus, BillVersion, CampaignBill
from advocacy.campaigns.models.campaign import Campaign, CampaignState, Evidence, OldSlug
from advocacy.campaigns.models.news import News
from advocacy.campaigns.models.plan import (
    Indicator,
    Measurement,
    Milestone,
    MilestoneState,
    Target,
    TargetKind,
)
from advocacy.campaigns.models.position import Position, PositionProposal, Stance
from advocacy.campaigns.models.task import Exposure, Task, TaskState

__all__ = [
    "ActionKind",
    "Ask",
    "AskFact",
    "Bill",
    "BillAction",
    "BillStatus",
    "BillVersion",
    "Campaign",
    "CampaignAction",
    "CampaignBill",
    "CampaignFact",
    "CampaignState",
    "Evidence",
    "Exposure",
    "Fact",
    "Indicator",
    "Measurement",
    "Milestone",
    "MilestoneState",
    "News",
    "OldSlug",
    "Position",
    "PositionProposal",
    "Stance",
    "Target",
    "TargetKind",
    "Task",
    "TaskState",
]
