"""Advocacy: a home for coalitions that petition, write, call and testify."""
