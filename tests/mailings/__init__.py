"""Tests of broadcasts and ladders."""
