"""The tenant: coalitions, who holds which role in them, and what each role may do.

Tables: ``coalition``, ``membership_role``, ``invitation``.
Doors: ``queries`` (coalition_by_slug, user_ids_with, …), ``services`` (founding, inviting, granting), ``rules``.
Never: knows what a petition is; lets anybody grant a role to themselves.
"""
