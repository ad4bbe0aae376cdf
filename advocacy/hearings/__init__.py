"""Hearings: when and where a committee hears a bill, and how that changed.

Tables: ``hearing``, ``hearing_bill``, ``hearing_rev`` (each state that a hearing had; append-only).
Doors: ``services.placing`` (add, change, link, note a check), ``queries``, ``words.moment`` (a day and time in words);
``/desk/hearings``; panels at ``bill.more`` and ``desk.due``; days of a bill's timeline (``bill_days``).
Never: says a time without its zone, forgets when and where a hearing was to be before it moved.
"""
