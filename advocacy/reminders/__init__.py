"""Deadlines: say this then, if it still matters.

Tables: ``deadline`` (one per thing and kind), ``reminder`` (what was said to whom, once), ``own_deadline`` and
``own_deadline_person`` (dates that a coalition keeps itself, and whom they concern),
``calendar_feed`` (a person's private calendar).

Doors: ``services.deadlines.set_deadline`` and ``drop_deadline``; ``services.deriving.set_deadlines`` (of an event, by
rules); ``ReminderKind`` in a room's manifest; ``rules``, ``kinds``; ``/desk/deadlines``.

It never knows what a deadline belongs to, never sends by itself, and never reminds twice.
"""
