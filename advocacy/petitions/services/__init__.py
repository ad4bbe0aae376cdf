"""One module per intention: drafting, signing, verifying, managing, tallying."""
