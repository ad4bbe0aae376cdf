"""Whole journeys through real servers."""
