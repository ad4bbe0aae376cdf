"""The processes of an installation: look before starting, start, watch, stop in order; bring the schema up to date.

Tables: none.
Doors: the commands ``serve``, ``worker`` and ``db``.
Never: knows what the rooms do.
"""
