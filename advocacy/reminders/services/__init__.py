"""What the room does, one module per verb."""
