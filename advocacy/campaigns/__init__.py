"""Campaigns: one goal each, what is asked, who does what by when, and the bills and facts behind it.

Tables: ``campaign``, ``campaign_*`` (evidence, old_slug, indicator, measurement, milestone, target, task, action, fact,
bill, news), ``policy_ask``, ``policy_ask_fact``, ``fact_card``, ``bill``, ``bill_*``
(version, action, position, position_proposal).
Doors: ``queries`` (campaigns, actions, bills, …), ``services`` (drafting, moving, working, tracking, …); action rooms
put theirs on the page with ``campaign_actions`` in their manifest; higher rooms put panels at ``campaign.more``,
``campaign.desk``, ``bill.top``, ``bill.more`` and ``bills.actions``, and add to a bill's timeline with ``bill_days``;
its own panels stand at ``coalition.campaigns``, ``coalition.actions``, ``decision.more`` and on the start page.
Never: knows an action room; counts a position that no decision carries; shows a fact without its source.
"""
