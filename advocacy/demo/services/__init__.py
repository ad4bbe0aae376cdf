"""What the demonstration does: ``seeding`` (everything at once), ``crowd`` (believable signers)."""
