"""Benchmarks: our paths beside bare ones, alternated in one run on one machine."""
