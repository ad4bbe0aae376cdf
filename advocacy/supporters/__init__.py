"""People that a coalition knows, and how to reach them.

Tables: ``person``, ``contact_point``.
Doors: ``services`` (person_for_email), ``queries`` (person_address, person_name), ``models``.
Never: stores a name or an address in the clear; looks across coalitions.
"""
