"""Every contact with a lawmaker, who of us knows them, and what each organization wrote down of its lobbying.

Tables: ``contact_log`` with ``contact_member`` and ``contact_bill``, ``lawmaker_relationship``, ``lawmaker_position``
(append-only), ``lawmaker_commitment``, ``whip_line``, ``lobbying_period``, ``lobbying_entry``, ``lobbying_year``,
``lobbying_prompt``.
Doors: ``services`` (contacting, holding, positioning, promising, recording, closing, prompting), ``queries`` and its
kin, ``rules`` (the limits of section 501(h)).
Never: says how a vote will end; shows an organization's ledger to anybody of another one; changes a closed period;
gives legal advice.
"""
