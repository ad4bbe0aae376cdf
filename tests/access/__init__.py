"""Who may enter where, and what becomes of a request for something of somebody else's."""
