"""Reading pack files: strict, bounded, without touching the database."""
