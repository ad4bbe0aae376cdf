"""Tests of legislators."""
