"""Every contact with a lawmaker, who of us knows them, and what each organization wrote down of its lobbying.

Tables: ``contact_log`` with ``contact_member`` and ``contact_bill``, ``lawmaker_relationship``, ``lobbying_period``,
``lobbying_entry``, ``lobbying_year``, ``lobbying_prompt``.
Doors: ``services`` (contacting, holding, recording, closing, prompting), ``queries`` and its kin, ``rules`` (the limits
of section 501(h)).
Never: shows an organization's ledger to anybody of another one; changes a closed period; gives legal advice.
"""
