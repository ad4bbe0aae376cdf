"""Tests of contacts and lobbying ledgers."""
