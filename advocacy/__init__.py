"""Advocacy: a self-hosted platform on which coalitions run advocacy campaigns."""
