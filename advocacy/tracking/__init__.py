"""Tracking: what the sources outside say of the bills that a coalition follows, put before an organizer.

Tables: ``bill_watch`` (which bill is asked for, where), ``upstream_poll`` (how far a list was read), ``bill_change``
(what changed there, to be accepted or dismissed), ``campaign_told`` (when a campaign was last written to).
Doors: ``services`` (watching, settling, searching; polling and telling for the worker); ``/desk/changes``; panels at
``bill.top``, ``bills.actions`` and ``desk.waiting``; the mail ``tracking.changes``.
Never: changes a bill or a hearing by itself; suggests the same change twice; asks outside while a transaction is open.
"""
