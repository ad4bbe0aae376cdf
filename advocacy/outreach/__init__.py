"""Every contact with a lawmaker, and what each organization wrote down of its lobbying.

Tables: ``contact_log``, ``lobbying_period``, ``lobbying_entry``, ``lobbying_year``, ``lobbying_prompt``.
Doors: ``services`` (contacting, recording, closing, prompting), ``queries``, ``rules`` (the limits of section 501(h)).
Never: shows an organization's ledger to anybody of another one; changes a closed period; gives legal advice.
"""
