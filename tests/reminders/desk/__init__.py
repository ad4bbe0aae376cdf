"""Tests of deadlines at the desk."""
