"""Tests of civic."""
