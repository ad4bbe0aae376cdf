"""Who signs in: accounts, passwords, sessions, known devices, the set-up link.

Tables: ``user_account``, ``platform_role``, ``user_session``, ``known_device``, ``set_up_link``.
Doors: ``services`` (registering, signing_in, sessions), ``queries`` (contact, find_user_id, …), ``rules`` (passwords).
Never: knows a coalition or its roles; stores an address, a name or a token in the clear.
"""
