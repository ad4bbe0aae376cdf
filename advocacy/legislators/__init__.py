"""Legislators: whom we ask. The look-up for visitors and the directory, on top of the civic packs.

For: visitors who want to know who speaks for them; rooms that link to a person in office.
Tables: ``lookup_report`` (what visitors said was wrong); the packs are civic's.
Doors: ``/representatives`` (page and JSON), ``/legislators``; at the desk ``/desk/legislators``, where higher rooms put
what they know of a person at ``legislator.more`` (facts: ``key``, ``name``); templates ``legislators/_parts.html``.
Never: keeps, logs or puts into a URL the address, point or ZIP code that somebody looked up.
"""
