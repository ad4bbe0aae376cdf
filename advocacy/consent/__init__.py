"""What a person allowed: opt-ins to be written to, with the words they read and the proof.

Tables: ``consent_text`` (append-only), ``opt_in``.
Doors: ``services`` (current_text, opt_in, withdraw_opt_in), ``queries`` (has_opt_in); ``/unsubscribe`` and
``/preferences`` behind the links of mails.
Never: takes silence for consent; takes leave given to an organization for the coalition's; changes the
words that somebody has agreed to.
"""
