"""Who signs in: accounts, passwords, second factors, sessions, known devices, mailed links.

Tables: ``user_account``, ``platform_role``, ``user_session``, ``known_device``, ``set_up_link``, ``account_link``,
``recovery_request``, ``totp_factor``, ``passkey``, ``passkey_challenge``, ``recovery_code``, ``pending_sign_in``.
Doors: ``services`` (registering, signing_in, enrolling, sessions), ``queries`` (contact, find_user_id, …), ``rules``.
Never: knows a coalition or its roles; stores an address, a name or a token in the clear.
"""
