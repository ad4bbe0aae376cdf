"""What campaigns do, one module per kind of work."""
