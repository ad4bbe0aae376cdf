"""Campaigns: one goal, and the actions that serve it.

Tables: ``campaign``.
Doors: ``services`` (create_campaign, change_campaign), ``queries`` (campaigns, campaign_by_slug, public_campaigns).
Never: knows an action; rooms above put theirs on the page through panels at ``campaign.actions``.
"""
