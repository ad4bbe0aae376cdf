"""Tests of sign-on letters."""
