"""Who did what to which thing, and proof that nobody changed the record.

Tables: ``audit_event`` and ``audit_seal`` (append-only by trigger), ``audit_head`` (the keyed end of the chain).
Doors: ``services.record``; ``queries.events``; command ``advocacy audit verify``.
Never: holds a name, an address or free text of a person, so that erasing one keeps the chain valid.
"""
