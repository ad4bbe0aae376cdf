"""Reads of campaigns, one module per noun."""
