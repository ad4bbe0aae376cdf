"""What civic does for other rooms."""
