"""Other houses' answers turned into our values; every parse is a pure function."""
