"""What the demonstration does: ``seeding`` (everything), ``campaigning`` (the campaign), ``crowd`` (signers)."""
