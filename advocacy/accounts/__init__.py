"""Who signs in: accounts, passwords, sessions, known devices, the set-up link.

Tables: ``user_account``, ``platform_role``, ``user_session``, ``known_device``, ``set_up_link``.
Doors: ``services`` (create_user, sign_in, …), ``queries`` (contact, find_user_id, session_of, …), ``rules`` (passwords).
Never: knows a coalition or its roles; stores an address, a name or a token in the clear.
"""
