"""What people do: add a lawmaker, note an office and who works there, bring in a list."""
