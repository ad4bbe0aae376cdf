"""What coalitions do: make one, give and end roles, put one in view."""
