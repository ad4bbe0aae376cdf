"""What people do with sign-on letters: write, word, invite, sign, end, draw."""
