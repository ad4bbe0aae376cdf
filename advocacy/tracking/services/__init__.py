"""What tracking does, one module per kind of work."""
