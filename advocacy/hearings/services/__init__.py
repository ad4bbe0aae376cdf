"""What can be done with hearings."""
