"""The tenant: coalitions, their organizations, who holds which role or seat in them, and what they decide together.

Tables: ``coalition``, ``membership_role``, ``invitation``, ``organization``, ``membership``, ``membership_person``,
``join_request``, ``name_request``, ``organization_logo``, ``committee``, ``seat``, ``seat_term``, ``decision``,
``vote``, ``seat_voice``.
Doors: ``queries`` (coalition_by_slug, user_ids_with, …), ``organization_queries``, ``committee_queries``,
``decision_queries`` (passed_decision, …), ``services``, ``rules`` (what each role may do), signals
``decision_opened``, ``decision_passed``, ``membership_activated``, ``membership_ended``; panel places
``coalition.actions``, ``coalition.campaigns``, ``organization.more``, ``decision.more``.
Never: knows what a petition is; lets anybody give a role, a seat or a voice to themselves; changes a vote; shows a
name or a logo without leave; shows a seat more than it concerns.
"""
