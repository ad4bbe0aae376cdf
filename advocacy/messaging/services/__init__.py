"""What rooms ask of messaging."""
