"""Legislators: whom we ask. The look-up for visitors and the directory, on top of the civic packs.

For: visitors who want to know who speaks for them; coalitions that note how an office is reached, and add people whom
no pack names; rooms that link to a person in office.
Tables: ``lookup_report`` (what visitors said was wrong); ``lawmaker``, ``lawmaker_term``, ``lawmaker_office``,
``staff_contact``, ``office_preference``; ``roster``, ``roster_change`` (lists as files, and how to undo them); the
packs are civic's.
Doors: ``/representatives`` (page and JSON), ``/legislators``; at the desk ``/desk/legislators``, where higher rooms put
what they know of a person at ``legislator.more`` (facts: ``key``, ``name``); ``services.asking`` (whom a source outside
names today); templates ``legislators/_parts.html``.
Never: shows a visitor or another coalition what one coalition noted; stores a home; keeps, logs or puts into a URL the
address, point or ZIP code that somebody looked up.
"""
