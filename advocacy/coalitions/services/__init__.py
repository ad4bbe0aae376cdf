"""What coalitions do: ``founding`` (make one), ``granting`` (give and end roles), ``viewing`` (the coalition in view)."""
