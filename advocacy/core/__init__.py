"""Foundation without nouns of the field: settings, time, database, keys, text, errors.

Every other room may import it; it imports none of them.
Tables: ``data_key`` (wrapped keys of coalitions and persons).
Never: knows what a petition or a person is, talks HTTP to the outside, commits anywhere but in ``uow``.
"""
