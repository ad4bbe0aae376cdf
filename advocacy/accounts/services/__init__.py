"""What accounts do: make and disable them, set them up, sign in within limits, keep sessions, hash passwords."""
