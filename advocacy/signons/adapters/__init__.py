"""The world outside: the typesetter."""
